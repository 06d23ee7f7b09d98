"""Forms of those who answer proposals, vote on them, and answer searches that found nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assortment.models import Proposal, Stance
from catalog.models import Item
from categories.fields import CategoryField
from categories.models import Category
from core.forms import DayField
from procurement.forms import LONGEST_REASON, quantity_field

MOST_DAYS = 90
LONGEST_NAME = 150


class AnswerForm(forms.Form):
    """Yes or no, and why."""

    answer = forms.ChoiceField(
        label=_("Ditt svar"),
        choices=[("yes", _("Ja")), ("no", _("Nej"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj ja eller nej")},
    )
    reason = forms.CharField(
        label=_("Skäl"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Den som föreslog får texten, och den står kvar på artikeln."),
        error_messages={"required": _("Skriv varför")},
    )


class QuestionForm(forms.Form):
    """A question to whoever proposed."""

    question = forms.CharField(
        label=_("Din fråga"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Skriv din fråga")},
    )


class CouncilForm(forms.Form):
    """Until when the council votes."""

    through_date = DayField(
        label=_("Rådet röstar till och med"), error_messages={"required": _("Ange sista dagen att rösta")}
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        """Know which day it is."""
        self.day = day
        super().__init__(*args, **kwargs)

    def clean_through_date(self) -> date:
        """A vote does not go on for ever."""
        chosen: date = self.cleaned_data["through_date"]
        if chosen > self.day + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Dagen ligger mer än tre månader fram. Stämmer det?"))
        return chosen


class VoteForm(forms.Form):
    """How a member of the council stands."""

    stance = forms.ChoiceField(
        label=_("Din röst"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Du är jävig om du själv eller någon närstående har något att vinna på beslutet. Då röstar du inte."
        ),
        error_messages={"required": _("Välj hur du röstar")},
    )
    note = forms.CharField(
        label=_("Kommentar"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ProposalCategoryForm(forms.Form):
    """Which category a proposal, or a search, belongs to."""

    category = CategoryField(
        label=_("Kategori"),
        queryset=Category.objects.none(),
        empty_label=_("Välj kategori"),
        error_messages={"required": _("Välj kategori")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories that things are bought in."""
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.leaves().in_tree_order()  # type: ignore[attr-defined]


class TakeInForm(forms.Form):
    """The item that was said yes to: one that is in the register, or a new one."""

    number = forms.CharField(
        label=_("Artikelnummer"), max_length=20, error_messages={"required": _("Ange artikelnumret")}
    )
    name = forms.CharField(
        label=_("Namn"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Lämna tomt om artikeln redan finns i registret."),
    )
    base_unit = forms.CharField(label=_("Basenhet"), max_length=20, required=False)
    order_unit = forms.CharField(label=_("Beställningsenhet"), max_length=20, required=False)
    units_per_order_unit = quantity_field(_("Basenheter per beställningsenhet"), required=False)

    @classmethod
    def filled_in(cls, proposal: Proposal, affected: Sequence[Item]) -> "TakeInForm":
        """With what the proposal says, and the pack of what it replaces unless it counts in something else."""
        initial: dict[str, Any] = {
            "name": proposal.title[:LONGEST_NAME],
            "base_unit": proposal.unit,
            "order_unit": proposal.unit,
        }
        packs = {(each.base_unit, each.order_unit, each.units_per_order_unit) for each in affected}
        if len(packs) == 1:
            base_unit, order_unit, units = packs.pop()
            if proposal.unit in ("", base_unit, order_unit):
                initial |= {"base_unit": base_unit, "order_unit": order_unit, "units_per_order_unit": units}
        return cls(initial=initial)

    def clean(self) -> dict[str, Any]:
        """Find the item, or ask for what a new one needs."""
        values: dict[str, Any] = super().clean() or {}
        number = values.get("number", "").strip()
        values["item"] = Item.objects.filter(number=number).first() if number else None
        if number and values["item"] is None:
            for name in ("name", "base_unit", "order_unit"):
                if not values.get(name):
                    self.add_error(name, _("Behövs för en ny artikel"))
        return values

    @property
    def cells(self) -> dict[str, str]:
        """The columns of the register, as plain text."""
        factor = self.cleaned_data["units_per_order_unit"]
        return {
            "number": self.cleaned_data["number"].strip(),
            "name": self.cleaned_data["name"],
            "base_unit": self.cleaned_data["base_unit"],
            "order_unit": self.cleaned_data["order_unit"],
            "units_per_order_unit": f"{factor.normalize():f}" if factor else "1",
        }


class SynonymForm(forms.Form):
    """The word that was searched for, and the word that the assortment uses."""

    term = forms.CharField(
        label=_("Sökord"), max_length=60, error_messages={"required": _("Ange ordet som söktes")}
    )
    means = forms.CharField(
        label=_("Betyder"), max_length=60, error_messages={"required": _("Ange ordet som katalogen använder")}
    )
