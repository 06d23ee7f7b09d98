"""Forms of the figures: periods to compare, a cost to register."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import AmountField, DayField, QuantityField


class NetForm(forms.Form):
    """An effect and a cost, each with its own period."""

    effect_starts = DayField(label=_("Hemtagen från och med"))
    effect_ends = DayField(label=_("Hemtagen till och med"))
    cost_starts = DayField(label=_("Kostnad från och med"))
    cost_ends = DayField(label=_("Kostnad till och med"))

    def clean(self) -> dict[str, Any]:
        """Refuse periods that end before they start."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("effect", "cost"):
            starts, ends = cleaned.get(f"{name}_starts"), cleaned.get(f"{name}_ends")
            if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
                self.add_error(f"{name}_ends", _("Perioden slutar innan den börjar"))
        return cleaned


class CostForm(forms.Form):
    """What the purchasing organisation cost during a period."""

    starts = DayField(label=_("Från och med"))
    ends = DayField(label=_("Till och med"))
    persons = QuantityField(label=_("Tjänster"), max_digits=5, decimal_places=1, min_value=Decimal("0.1"))
    amount = AmountField(label=_("Kostnad"))
    note = forms.CharField(label=_("Anteckning"), required=False, max_length=200)
