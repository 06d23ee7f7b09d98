"""Forms of those who propose new prices, and decide about them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attachments.forms import FilesField
from catalog.models import Price
from core.forms import AmountInput, DayField, QuantityField
from core.money import to_unit_price
from procurement.forms import LONGEST_REASON

MOST_PERCENT = Decimal(1000)


def _percent_field(label: Any, hint: Any) -> QuantityField:
    return QuantityField(
        label=label,
        help_text=hint,
        required=False,
        min_value=Decimal("0.01"),
        max_value=MOST_PERCENT,
        decimal_places=2,
        widget=AmountInput(unit="%"),
        error_messages={
            "invalid": _("Skriv procenten med siffror, till exempel 2,5"),
            "min_value": _("Skriv minst %(limit_value)s procent"),
            "max_value": _("Skriv högst %(limit_value)s procent"),
        },
    )


class PriceDecisionForm(forms.Form):
    """Yes or no to new prices, perhaps later or lower, and why."""

    answer = forms.ChoiceField(
        label=_("Ditt beslut"),
        choices=[("yes", _("Godkänn")), ("no", _("Avslå"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj om du godkänner eller avslår")},
    )
    scope = forms.ChoiceField(
        label=_("Vilka priser gäller det?"),
        choices=[("all", _("Alla i förslaget")), ("marked", _("Bara de markerade"))],
        widget=forms.RadioSelect,
        initial="all",
        help_text=_("De som inte är markerade väntar kvar."),
    )
    most_percent = _percent_field(
        _("Höj inget pris med mer än"), _("Lämna tomt för att godkänna priserna som de är föreslagna.")
    )
    from_date = DayField(label=_("Gäller från"), required=False)
    reason = forms.CharField(
        label=_("Skäl"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Den som registrerade förslaget får texten. Behövs för ett nej och för ett lägre pris."),
    )

    def __init__(self, *args: Any, can_choose: bool, from_date: date, **kwargs: Any) -> None:
        """Ask which prices only where there are several."""
        super().__init__(*args, **kwargs)
        self.fields["from_date"].initial = from_date
        if not can_choose:
            del self.fields["scope"]

    def clean(self) -> dict[str, Any]:
        """Who says no, or agrees on less, says why."""
        values: dict[str, Any] = super().clean() or {}
        is_no = values.get("answer") == "no"
        if (is_no or values.get("most_percent")) and not values.get("reason", "").strip():
            self.add_error("reason", _("Skriv varför"))
        return values


class PriceRaiseForm(forms.Form):
    """New prices of a supplier under an agreement: one for each item, or all by so many per cent."""

    from_date = DayField(
        label=_("Gäller från"), error_messages={"required": _("Ange från vilken dag priserna ska gälla")}
    )
    percent = _percent_field(
        _("Höj alla priser med"), _("Lämna tomt om du anger nya priser för några artiklar nedan.")
    )
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv varför")},
    )
    letters = FilesField(label=_("Leverantörens brev"), required=False)

    def __init__(self, *args: Any, prices: Sequence[Price], **kwargs: Any) -> None:
        """Have a field for the new price of each."""
        super().__init__(*args, **kwargs)
        self.prices = {f"price_{price.pk}": price for price in prices}
        for name, price in self.prices.items():
            self.fields[name] = unit_price_field(_("Nytt pris på %(item)s") % {"item": price.item})

    @property
    def rows(self) -> list[tuple[Price, forms.BoundField]]:
        """Each price with the field of its new one."""
        return [(price, self[name]) for name, price in self.prices.items()]

    @property
    def new_prices(self) -> Mapping[Price, Decimal]:
        """What was typed, by price."""
        return {
            price: self.cleaned_data[name] for name, price in self.prices.items() if self.cleaned_data[name]
        }

    def clean(self) -> dict[str, Any]:
        """Either a percentage or prices."""
        values: dict[str, Any] = super().clean() or {}
        has_prices = any(values.get(name) for name in self.prices)
        if values.get("percent") and has_prices:
            self.add_error("percent", _("Ange antingen en procent för alla eller nya priser, inte båda."))
        elif not values.get("percent") and not has_prices and not self.errors:
            self.add_error("percent", _("Ange hur mycket priserna ska höjas, eller minst ett nytt pris."))
        return values


def raised(price: Price, percent: Decimal) -> Decimal:
    """A price that is so many per cent higher."""
    return to_unit_price(price.unit_price * (1 + percent / 100))


def unit_price_field(label: Any) -> QuantityField:
    """What one unit costs, or nothing; kronor with at most four decimals."""
    return QuantityField(
        label=label,
        required=False,
        min_value=Decimal("0.0001"),
        max_value=Decimal(100_000_000),
        max_digits=13,
        decimal_places=4,
        widget=AmountInput(),
        error_messages={
            "invalid": _("Skriv priset med siffror, till exempel 61,50"),
            "min_value": _("Priset ska vara större än 0"),
            "max_value": _("Priset är för högt"),
        },
    )
