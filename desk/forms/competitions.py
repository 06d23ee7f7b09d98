"""Forms of renewed competitions."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from catalog.models import Item, RenewedCompetition
from catalog.operations.competitions import ANSWERS
from catalog.states import BidOutcome
from core.forms import AmountField, DayField

LONGEST_REASON = 1000


class CompetitionForm(forms.Form):
    """What the suppliers were invited to bid for, and by when."""

    subject = forms.CharField(
        max_length=200,
        label=_("Vad gäller den?"),
        error_messages={"required": _("Ange vad konkurrensutsättningen gäller")},
    )
    invited_date = DayField(label=_("Inbjudan skickades"))
    bids_by_date = DayField(label=_("Sista dag för anbud"))
    diary_number = forms.CharField(
        max_length=20, required=False, label=_("Diarienummer"), help_text=_("Till exempel RS 2021/123.")
    )
    items = forms.CharField(
        max_length=12_000,
        required=False,
        label=_("Artikelnummer"),
        help_text=_(
            "Ett per rad. Lämna tomt om den gäller behov utan artikelnummer, till exempel ett uppdrag."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, day: date, waiting: Sequence[Item] = (), **kwargs: Any) -> None:
        """Suggest that they were invited today, to bid for what somebody waits for."""
        super().__init__(*args, **kwargs)
        self.fields["invited_date"].initial = day
        self.fields["items"].initial = "\n".join(item.number for item in waiting)

    def clean_items(self) -> list[str]:
        """The numbers, however they are divided."""
        return re.findall(r"[^\s,;]+", self.cleaned_data["items"])


class InvitationForm(forms.Form):
    """When a supplier that joined the agreement later was invited."""

    invited_date = DayField(label=_("Inbjudan skickades"))

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        """Suggest that it was invited today."""
        super().__init__(*args, **kwargs)
        self.fields["invited_date"].initial = day


class BidForm(forms.Form):
    """What one of the invited answered."""

    outcome = forms.ChoiceField(
        choices=[(each.value, each.label) for each in ANSWERS],
        label=_("Svar"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj vad leverantören svarade")},
    )
    amount = AmountField(
        required=False,
        label=_("Anbudets belopp, exkl. moms"),
        help_text=_("Lämna tomt om leverantören inte har lämnat anbud."),
    )

    def clean(self) -> dict[str, Any]:
        """A bid has an amount, and nothing else has."""
        values: dict[str, Any] = super().clean() or {}
        if (
            values.get("outcome") == BidOutcome.BID
            and not values.get("amount")
            and "amount" not in self.errors
        ):
            self.add_error("amount", _("Ange anbudets belopp"))
        if values.get("outcome") in (BidOutcome.DECLINED, BidOutcome.NO_ANSWER):
            values["amount"] = None
        return values


class CompetitionReasonForm(forms.Form):
    """Why a competition is called off."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label=_("Skäl"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv skälet till beslutet")},
    )


class AwardForm(CompetitionReasonForm):
    """Who won, on which days it may be ordered from, and why."""

    winner = forms.ModelChoiceField(
        Supplier.objects.none(),
        label=_("Vem vann?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Välj vem som vann")},
    )
    from_date = DayField(label=_("Får avropas från och med"))
    through_date = DayField(label=_("Får avropas till och med"))

    field_order = ("winner", "from_date", "through_date", "reason")

    def __init__(self, *args: Any, competition: RenewedCompetition, day: date, **kwargs: Any) -> None:
        """Offer those who have bid, until the agreement's last day."""
        super().__init__(*args, **kwargs)
        bidders = Supplier.objects.filter(
            competition_bids__competition=competition, competition_bids__outcome=BidOutcome.BID
        )
        winner = self.fields["winner"]
        assert isinstance(winner, forms.ModelChoiceField)  # noqa: S101, it is declared above
        winner.queryset = bidders.order_by("competition_bids__amount", "pk")
        self.fields["from_date"].initial = day
        self.fields["through_date"].initial = competition.agreement.end_date
