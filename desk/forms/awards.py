"""The form of a direct award's documentation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.diary import both_notations
from core.forms import AmountField
from procurement.award_records import AwardFacts, Bid
from procurement.models import AwardRecord, Competition
from procurement.models.awards import WRITTEN

FREE_ROWS = 3


class AwardForm(forms.Form):
    """What is written of the award, the suppliers apart; all of it may wait until it is completed."""

    hides_optional = True

    diary_number = forms.CharField(
        label=_("Diarienummer"),
        max_length=20,
        required=False,
        help_text=_("Som RS 2020/653 eller RS 653-2020"),
    )
    subject = forms.CharField(label=_("Vad köptes?"), max_length=300, required=False)
    term = forms.CharField(
        label=_("Löptid"),
        max_length=200,
        required=False,
        help_text=_(
            "Till exempel engångsköp med leverans i juni, eller 2021-06-01 till 2022-05-31 med option på ett år"
        ),
    )
    estimated_amount = AmountField(
        label=_("Uppskattat värde, exkl. moms"),
        required=False,
        help_text=_("Optioner och förlängningar räknas med."),
    )
    competition = forms.ChoiceField(
        label=_("Användes konkurrens?"), choices=[("", _("Välj")), *Competition.choices], required=False
    )
    reasons = forms.CharField(
        label=_("Skälen för beslutet"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Varför leverantören valdes, och det undantag som köpet stöder sig på om det är över gränsen."
        ),
    )

    def __init__(self, *args: Any, record: AwardRecord, **kwargs: Any) -> None:
        """Fill in what is written already."""
        initial = {name: getattr(record, name) for name in WRITTEN}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.fields["diary_number"].help_text = (
            both_notations(record.diary_number) or self.fields["diary_number"].help_text
        )

    def facts(self, bids: "list[Bid]") -> AwardFacts:
        """What is written, as the operation takes it."""
        return AwardFacts(**{name: self.cleaned_data[name] for name in WRITTEN}, bids=bids)


class BidForm(forms.Form):
    """One supplier that was asked, or that offered; an empty row is none."""

    hides_optional = True

    supplier_name = forms.CharField(label=_("Leverantör"), max_length=120, required=False)
    org_number = forms.CharField(label=_("Org.nummer"), max_length=11, required=False)
    was_asked = forms.BooleanField(label=_("Tillfrågad"), required=False, initial=True)
    amount = AmountField(label=_("Anbud, kronor"), required=False)

    def clean(self) -> dict[str, Any]:
        """An offer is somebody's."""
        values = super().clean() or {}
        has_more = bool(values.get("org_number")) or values.get("amount") is not None
        if has_more and not values.get("supplier_name"):
            self.add_error("supplier_name", _("Skriv vilken leverantör det är"))
        return values


BidForms = forms.formset_factory(BidForm, extra=FREE_ROWS, max_num=30)


def bid_forms(record: AwardRecord, posted: Any = None) -> Any:
    """The rows of suppliers, those that are written and some free ones."""
    initial = [
        {
            "supplier_name": each.supplier_name,
            "org_number": each.org_number,
            "was_asked": each.was_asked,
            "amount": each.amount,
        }
        for each in record.bids.order_by("position")
    ]
    return BidForms(posted, initial=initial, prefix="bids")


def bids_of(rows: Any) -> list[Bid]:
    """The suppliers that are named."""
    return [Bid(**each) for each in (row.cleaned_data for row in rows) if each.get("supplier_name")]
