"""Forms of the category manager's decisions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, CallOffMethod, Supplier
from catalog.models import Item
from categories.fields import CategoryField
from categories.models import Category
from core.forms import AmountField
from organizations.models import User
from procurement.competing import CompetitionState, competition_states
from procurement.forms import quantity_field
from procurement.models import ExceptionGround, RejectionReason, RequisitionLine

LONGEST_COMMENT = 500
TOO_LONG = {"max_length": _("Skriv högst %(limit_value)s tecken. Texten är nu %(show_value)s tecken.")}


class Choice(models.TextChoices):
    """The five things that can be done with a line."""

    APPROVE = "approve", _("Godkänn")
    ADJUST = "adjust", _("Ändra antal")
    SUBSTITUTE = "substitute", _("Ersätt med annan artikel")
    RETURN = "return", _("Fråga")
    REJECT = "reject", _("Avslå")


NEEDED: dict[str, dict[str, Any]] = {
    Choice.APPROVE: {},
    Choice.ADJUST: {
        "quantity": _("Ange hur många du godkänner"),
        "adjust_comment": _("Skriv varför du ändrar antalet"),
    },
    Choice.SUBSTITUTE: {
        "substitute_quantity": _("Ange hur många av den andra artikeln"),
        "substitute_comment": _("Skriv varför du byter artikel"),
    },
    Choice.RETURN: {"question": _("Skriv din fråga")},
    Choice.REJECT: {"reason_code": _("Välj ett skäl")},
}
"""Which fields each choice asks for, and what is said when one is empty."""

EXCEPTION = ("exception_ground", "exception_reason")
"""What lets a line pass the direct-award limit, whichever way it is approved."""


class DecisionForm(forms.Form):
    """One decision on one line: five choices, each with its fields; only those of the chosen one are read."""

    hides_optional = True
    """What is needed depends on the choice, so no field is marked as left to the person."""

    decision = forms.ChoiceField(
        choices=Choice.choices,
        error_messages={"required": _("Välj vad du vill göra"), "invalid_choice": _("Välj vad du vill göra")},
    )
    supplier = forms.ModelChoiceField(
        Supplier.objects.none(),
        required=False,
        label=_("Leverantör"),
        empty_label=_("Välj leverantör"),
        error_messages={"invalid_choice": _("Leverantören finns inte eller är spärrad")},
    )
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(),
        required=False,
        label=_("Avtal"),
        empty_label=_("Utanför avtal"),
        error_messages={"invalid_choice": _("Avtalet gäller inte")},
    )
    unit_price = AmountField(required=False, label=_("Pris per enhet, exkl. moms"), decimal_places=4)
    seen_price = forms.DecimalField(required=False, widget=forms.HiddenInput)
    """What one unit of an item costs now, as the page says, when the price has risen."""
    quantity = quantity_field(_("Antal"), required=False)
    adjust_comment = forms.CharField(
        required=False, max_length=LONGEST_COMMENT, label=_("Skäl"), error_messages=TOO_LONG
    )
    item = forms.CharField(required=False, max_length=20, label=_("Artikel"))
    other_item = forms.CharField(required=False, max_length=20, label=_("Annat artikelnummer"))
    substitute_quantity = quantity_field(_("Antal av den andra artikeln"), required=False)
    substitute_comment = forms.CharField(
        required=False, max_length=LONGEST_COMMENT, label=_("Skäl"), error_messages=TOO_LONG
    )
    exception_ground = forms.ChoiceField(
        required=False,
        choices=[("", _("Inget undantag")), *ExceptionGround.choices],
        label=_("Undantag, om köpet går över gränsen för direktupphandling"),
    )
    exception_reason = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        label=_("Varför undantaget gäller"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=TOO_LONG,
    )
    question = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        label=_("Din fråga"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TOO_LONG,
    )
    reason_code = forms.ChoiceField(
        required=False, choices=[("", _("Välj skäl")), *RejectionReason.choices], label=_("Skäl")
    )
    reject_comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        label=_("Vad ska hända i stället?"),
        error_messages=TOO_LONG,
    )

    def __init__(self, *args: Any, line: RequisitionLine, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.day = day
        self.condition_shown = ""
        if self.asks_for_supplier:
            self._offer("supplier", Supplier.objects.filter(blocked_reason="").in_order())
            self._offer(
                "agreement", Agreement.objects.orderable_on(day).in_order().select_related("supplier")
            )
            self.initial.setdefault("unit_price", line.unit_price)
            if (
                won := competition_states([line], day=day).get(line.pk, CompetitionState()).won
            ) is not None and won.winner:
                self.initial.update(supplier=won.winner.supplier_id, agreement=won.agreement_id)
        name = line.requisition.requester.first_name
        for field in ("adjust_comment", "substitute_comment"):
            self.fields[field].label = _("Skäl, skickas till %(name)s") % {"name": name}
        self.fields["question"].label = _("Din fråga till %(name)s") % {"name": name}

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions that stood on the page, by the numbers of the items that replace on them."""
        entries = self.data.getlist("shown_condition") if hasattr(self.data, "getlist") else []
        return {number: text for number, _colon, text in (each.partition(":") for each in entries)}

    @property
    def exception(self) -> Any:
        """The ground on which the line passes the direct-award limit, and the reason, as the operations take them."""
        return {name: self.cleaned_data.get(name, "") for name in EXCEPTION}

    def show_condition(self, text: str) -> None:
        """Let the page show on what condition the chosen item replaces; who saves again has read it."""
        self.condition_shown = f"{self.cleaned_data['item'].number}:{text}"

    @property
    def asks_for_supplier(self) -> bool:
        """Whether a need in the person's own words still lacks its supplier and price."""
        return self.line.supplier_id is None

    @property
    def chosen(self) -> str:
        """The choice as it stands, sent or suggested."""
        return str(self["decision"].value() or "")

    @property
    def is_approval(self) -> bool:
        """Whether approving as asked for is chosen."""
        return self.chosen == Choice.APPROVE

    @property
    def is_adjustment(self) -> bool:
        """Whether another quantity is chosen."""
        return self.chosen == Choice.ADJUST

    @property
    def is_substitution(self) -> bool:
        """Whether another item is chosen."""
        return self.chosen == Choice.SUBSTITUTE

    @property
    def is_question(self) -> bool:
        """Whether a question is chosen."""
        return self.chosen == Choice.RETURN

    @property
    def is_rejection(self) -> bool:
        """Whether a refusal is chosen."""
        return self.chosen == Choice.REJECT

    def _offer(self, name: str, choices: models.QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101, declared so above
        field.queryset = choices

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen decision needs, and for nothing else."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("decision")
        if not chosen:
            return cleaned
        for name, sentence in NEEDED[chosen].items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if chosen == Choice.ADJUST and cleaned.get("quantity") == self.line.quantity:
            self.add_error(
                "quantity", _("Antalet är detsamma som i beställningen. Ändra det, eller välj Godkänn.")
            )
        if chosen == Choice.APPROVE and self.asks_for_supplier:
            self._clean_supplier(cleaned)
        if chosen == Choice.SUBSTITUTE:
            self._clean_item(cleaned)
        if cleaned.get("exception_ground") and not cleaned.get("exception_reason"):
            self.add_error("exception_reason", _("Skriv varför undantaget gäller"))
        self._clear_unchosen(chosen)
        return cleaned

    def _clean_supplier(self, cleaned: dict[str, Any]) -> None:
        agreement, supplier = cleaned.get("agreement"), cleaned.get("supplier")
        if agreement is not None and supplier is None:
            cleaned["supplier"] = supplier = agreement.supplier
        is_competed_for = (
            agreement is not None and agreement.call_off_method == CallOffMethod.MINI_COMPETITION
        )
        if agreement is not None and supplier != agreement.supplier and not is_competed_for:
            self.add_error("agreement", _("Avtalet är med %(supplier)s") % {"supplier": agreement.supplier})
        if supplier is None and "supplier" not in self.errors:
            self.add_error("supplier", _("Välj vem som ska leverera"))
        if cleaned.get("unit_price") is None and "unit_price" not in self.errors:
            self.add_error("unit_price", _("Ange priset"))

    def _clean_item(self, cleaned: dict[str, Any]) -> None:
        number = (cleaned.get("other_item") or cleaned.get("item") or "").strip()
        if not number:
            self.add_error("other_item", _("Välj en artikel eller skriv ett artikelnummer"))
            return
        item = Item.objects.visible().filter(number=number).first()
        if item is None:
            self.add_error(
                "other_item", _("Artikel %(number)s finns inte i sortimentet") % {"number": number}
            )
            return
        cleaned["item"] = item

    def _clear_unchosen(self, chosen: str) -> None:
        """Leave out errors in fields that belong to a choice that was not made."""
        belongs = {
            Choice.APPROVE: {"supplier", "agreement", "unit_price", *EXCEPTION},
            Choice.ADJUST: {"quantity", "adjust_comment", *EXCEPTION},
            Choice.SUBSTITUTE: {
                "item",
                "other_item",
                "substitute_quantity",
                "substitute_comment",
                *EXCEPTION,
            },
            Choice.RETURN: {"question"},
            Choice.REJECT: {"reason_code", "reject_comment"},
        }[Choice(chosen)] | {"decision", "seen_price", "__all__"}
        for name in set(self.errors) - belongs:
            del self.errors[name]


class QuestionForm(forms.Form):
    """A question about one or more lines."""

    question = forms.CharField(
        max_length=LONGEST_COMMENT,
        label=_("Din fråga"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv din fråga"), **TOO_LONG},
    )


class RejectionForm(forms.Form):
    """Why lines are rejected."""

    reason_code = forms.ChoiceField(
        choices=[("", _("Välj skäl")), *RejectionReason.choices],
        label=_("Skäl"),
        error_messages={"required": _("Välj ett skäl"), "invalid_choice": _("Välj ett skäl i listan")},
    )
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        label=_("Vad ska hända i stället?"),
        help_text=_("Den som har beställt får det genast."),
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandOverForm(forms.Form):
    """Who takes over lines, and why."""

    to = forms.TypedChoiceField(
        label=_("Vem ska ha dem?"),
        error_messages={"required": _("Välj vem"), "invalid_choice": _("Välj någon i listan")},
    )
    note = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        label=_("Vad behöver den som tar över veta?"),
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_id = {str(person.pk): person for person in people}
        field = self.fields["to"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101, declared so above
        field.choices = [("", _("Välj person")), *((pk, person.full_name) for pk, person in by_id.items())]
        field.coerce = by_id.__getitem__


class CategoryForm(forms.Form):
    """Which category a line belongs to."""

    category = CategoryField(
        Category.objects.none(),
        label=_("Kategori"),
        empty_label=_("Välj kategori"),
        error_messages={"required": _("Välj en kategori"), "invalid_choice": _("Kategorin finns inte")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101, declared so above
        field.queryset = Category.objects.leaves().in_tree_order()
