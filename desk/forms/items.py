"""Forms of an item's life cycle: what each step asks for."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from assortment.models import Proposal
from catalog.models import Equivalence, Item
from catalog.refusals import LARGEST_FACTOR, SMALLEST_FACTOR
from core.forms import DayField, QuantityField
from core.ordering import swedish
from organizations.fields import DepartmentsField
from organizations.models import Department
from procurement.models import Severity

TRIAL_DAYS = timedelta(days=90)
RECEIVED_DAYS = timedelta(days=365)
MOST_SUGGESTED = 12


LONGEST_COMMENT = 200


class CommentForm(forms.Form):
    """A step that asks for nothing but, if one likes, why."""

    comment = forms.CharField(required=False, max_length=LONGEST_COMMENT, label=_("Motivering"))

    def __init__(self, *args: Any, item: Item, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.day = item, day
        self.proposal: Proposal | None = None

    def fill_in(self, proposal: Proposal) -> None:
        """Say what has been decided of a proposal, so that the item's history does; she may say that the step is another's."""
        self.proposal = proposal
        self.fields[f"decision_{proposal.pk}"] = forms.BooleanField(
            required=False,
            initial=True,
            label=_("Genomför beslutet om ”%(title)s”") % {"title": proposal.title},
        )
        decided = _("Enligt beslutet om ”%(title)s”: %(reason)s") % {
            "title": proposal.title,
            "reason": proposal.decision.reason,
        }
        self.initial["comment"] = Truncator(decided).chars(LONGEST_COMMENT)

    @property
    def carried_out(self) -> Proposal | None:
        """The proposal whose decision the step carries out."""
        follows = self.proposal is not None and self.cleaned_data[f"decision_{self.proposal.pk}"]
        return self.proposal if follows else None

    @property
    def wanted(self) -> dict[str, Any]:
        """What the operation is called with."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("decision_")}


class TrialForm(CommentForm):
    """Which departments try it, and when."""

    departments = DepartmentsField(
        label=_("Enheter som prövar"),
        error_messages={"required": _("Ange minst en enhet")},
    )
    first_date = DayField(label=_("Första dag"))
    last_date = DayField(label=_("Sista dag"))

    field_order = ["departments", "first_date", "last_date", "comment"]

    def __init__(self, *args: Any, item: Item, day: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"first_date": day, "last_date": day + TRIAL_DAYS})
        super().__init__(*args, item=item, day=day, **kwargs)
        departments: Any = self.fields["departments"]
        departments.offer(Department.objects.open(day).order_by(swedish("name"), "pk"))


class PhaseOutForm(CommentForm):
    """What replaces it, how, and the last day that it can be ordered."""

    replacement = forms.CharField(
        max_length=20,
        label=_("Ersätts av, artikelnummer"),
        error_messages={"required": _("Ange vad som ersätter artikeln")},
    )
    factor = QuantityField(
        label=_("Antal nya för varje gammal"),
        help_text=_("Räknat i beställningsenheter. En halv ny för varje gammal är 0,5."),
        initial=Decimal(1),
        min_value=SMALLEST_FACTOR,
        max_value=LARGEST_FACTOR,
        max_digits=10,
        decimal_places=4,
    )
    equivalence = forms.ChoiceField(
        choices=[each for each in Equivalence.choices if each[0] != Equivalence.CRISIS_ONLY],
        label=_("Likvärdighet"),
    )
    note = forms.CharField(
        required=False, max_length=200, label=_("Villkor"), help_text=_("Syns för den som beställer.")
    )
    last_order_date = DayField(label=_("Sista beställningsdag"))

    field_order = ["replacement", "factor", "equivalence", "note", "last_order_date", "comment"]

    def fill_in(self, proposal: Proposal) -> None:
        """With the item that was said yes to, in its place."""
        super().fill_in(proposal)
        if proposal.new_item is not None and proposal.new_item != self.item:
            self.initial["replacement"] = proposal.new_item.number

    def clean_replacement(self) -> Item:
        """The item with the number."""
        replacement = Item.objects.filter(number=self.cleaned_data["replacement"].strip()).first()
        if replacement is None:
            raise forms.ValidationError(_("Ingen artikel har det numret"))
        return replacement

    @property
    def wanted(self) -> dict[str, Any]:
        """With the equivalence as what it is."""
        return super().wanted | {"equivalence": Equivalence(self.cleaned_data["equivalence"])}


class RecallForm(forms.Form):
    """Why it is blocked, how grave it is, which batch, and since when receipts are concerned."""

    reason = forms.CharField(
        max_length=200,
        label=_("Varför spärras artikeln?"),
        help_text=_("Syns för alla som letar efter den."),
        error_messages={"required": _("Skriv varför artikeln är spärrad.")},
    )
    severity = forms.ChoiceField(choices=Severity.choices, label=_("Vad ska enheterna göra?"))
    batch = forms.CharField(
        required=False,
        max_length=100,
        label=_("Parti eller lotnummer"),
        help_text=_("Om det bara gäller ett parti makuleras inga ordrar. Då frågar du leverantören."),
    )
    since_date = DayField(label=_("Mottagen från och med"))

    def __init__(self, *args: Any, item: Item, day: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"since_date": day - RECEIVED_DAYS})
        super().__init__(*args, **kwargs)
        self.item, self.day = item, day

    @property
    def wanted(self) -> dict[str, Any]:
        """With the severity as what it is."""
        return dict(self.cleaned_data) | {"severity": Severity(self.cleaned_data["severity"])}


class LiftForm(CommentForm):
    """Why the block is lifted."""

    comment = None  # type: ignore[assignment]
    reason = forms.CharField(
        max_length=200,
        label=_("Varför hävs spärren?"),
        help_text=_("Syns för enheterna som fick veta att den var spärrad."),
        error_messages={"required": _("Skriv varför spärren hävs")},
    )
