"""Forms of renewed competitions."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from catalog.models import Item, RenewedCompetition
from catalog.operations.bid_prices import LARGEST_PACK, OfferedPrice
from catalog.operations.competitions import ANSWERS, MOST_OF_AN_ITEM
from catalog.states import BidOutcome
from core import reader
from core.forms import AmountField, AmountInput, DayField, QuantityField
from desk.bids import BidRow
from desk.forms.prices import unit_price_field

LONGEST_REASON = 1000
NOTHING_WAITS: Mapping[Item, Decimal] = {}


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
        label=_("Artiklar"),
        help_text=_(
            "Ett artikelnummer per rad, och hur många ni frågar efter: 183101 40. Lämna tomt om den gäller behov utan"
            " artikelnummer, till exempel ett uppdrag."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, day: date, waiting: Mapping[Item, Decimal] = NOTHING_WAITS, **kwargs: Any
    ) -> None:
        """Suggest that they were invited today, to bid for what somebody waits for."""
        super().__init__(*args, **kwargs)
        self.fields["invited_date"].initial = day
        self.fields["items"].initial = "\n".join(
            f"{item.number} {reader.typed(quantity)}" for item, quantity in waiting.items()
        )

    def clean_items(self) -> list[tuple[str, Decimal]]:
        """Each number with how many are asked for, one where nothing is said."""
        return [_item_and_quantity(row) for row in self.cleaned_data["items"].splitlines() if row.strip()]


def _item_and_quantity(row: str) -> tuple[str, Decimal]:
    """Read a row: a number, and perhaps how many, which may be written with spaces between the thousands."""
    number, *rest = row.split(maxsplit=1)
    if not rest:
        return number, Decimal(1)
    least = Decimal("0.001")
    try:
        return number, QuantityField(min_value=least, max_value=MOST_OF_AN_ITEM).clean(rest[0])
    except forms.ValidationError as error:
        message = _(
            "Raden ”%(row)s”: skriv ett artikelnummer och hur många ni frågar efter, till exempel 183101 40."
        )
        raise forms.ValidationError(message, params={"row": row.strip()[:60]}) from error


class InvitationForm(forms.Form):
    """When a supplier that joined the agreement later was invited."""

    invited_date = DayField(label=_("Inbjudan skickades"))

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        """Suggest that it was invited today."""
        super().__init__(*args, **kwargs)
        self.fields["invited_date"].initial = day


class BidForm(forms.Form):
    """What one of the invited answered: a bid, what each item costs in it, and what it wants for the whole."""

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

    def __init__(self, *args: Any, offered: Sequence[BidRow] = (), **kwargs: Any) -> None:
        """Ask for the price of each item, in the packs that the supplier sells it in."""
        super().__init__(*args, **kwargs)
        self.offered = {str(number): each for number, each in enumerate(offered)}
        for number, each in self.offered.items():
            facts = {"item": each.asked.item}
            price, unit, pack = (f"{name}_{number}" for name in ("price", "unit", "pack"))
            self.fields[price] = unit_price_field(_("Pris på %(item)s") % facts)
            self.fields[unit] = forms.CharField(
                max_length=20, required=False, label=_("Beställningsenhet för %(item)s") % facts
            )
            self.fields[pack] = QuantityField(
                required=False,
                min_value=Decimal("0.001"),
                max_value=LARGEST_PACK,
                max_digits=10,
                widget=AmountInput(unit=each.asked.item.base_unit),
                label=_("Innehåll i en beställningsenhet av %(item)s") % facts,
            )
            known_pack = "" if each.pack is None else reader.typed(each.pack)
            self.initial.update({price: each.unit_price, unit: each.order_unit, pack: known_pack})
        if offered:
            self.fields["amount"].help_text = _(
                "Lämna tomt för att räkna ut det av priserna och det efterfrågade antalet, eller om leverantören inte har lämnat"
                " anbud."
            )

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        """What is asked of every answer."""
        return [self["outcome"], self["amount"]]

    @property
    def rows(self) -> list[tuple[BidRow, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each item and pack, with the fields of its price, its unit and its pack."""
        return [
            (each, self[f"price_{number}"], self[f"unit_{number}"], self[f"pack_{number}"])
            for number, each in self.offered.items()
        ]

    def clean(self) -> dict[str, Any]:
        """A bid has an amount or a price of each item, and nothing else has either."""
        values: dict[str, Any] = super().clean() or {}
        outcome, amount, prices = values.get("outcome"), values.get("amount"), self._prices(values)
        if outcome == BidOutcome.BID and not amount and "amount" not in self.errors:
            priced = {each.item for each in prices}
            if not self.offered:
                self.add_error("amount", _("Ange anbudets belopp"))
            elif any(each.asked.item not in priced for each in self.offered.values()):
                self.add_error("amount", _("Ange anbudets belopp, eller ett pris på varje artikel"))
        if outcome in (BidOutcome.DECLINED, BidOutcome.NO_ANSWER):
            amount, prices = None, []
        return {"outcome": outcome, "amount": amount or None, "prices": prices}

    def _prices(self, values: Mapping[str, Any]) -> list[OfferedPrice]:
        return [
            OfferedPrice(
                item=each.asked.item,
                unit_price=values[f"price_{number}"],
                order_unit=values.get(f"unit_{number}") or "",
                units_per_order_unit=values.get(f"pack_{number}"),
            )
            for number, each in self.offered.items()
            if values.get(f"price_{number}")
        ]


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
