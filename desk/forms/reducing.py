"""What is needed no longer of an order that the supplier has."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import QuantityField
from procurement.models import Allocation


class ReductionForm(forms.Form):
    """Why fewer are needed, and which version of the order was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=200,
        label=_("Skäl"),
        help_text=_("Syns för dem som har beställt, inte för leverantören."),
        error_messages={"required": _("Skriv varför färre behövs")},
    )


class ReducedRowForm(forms.Form):
    """How many are still to come of one row."""

    coming = QuantityField(label=_("Ska komma"), min_value=Decimal(0))

    def __init__(self, data: Any = None, *, allocation: Allocation) -> None:
        """Begin with all that is left."""
        self.allocation = allocation
        initial = {"coming": allocation.remaining}
        super().__init__(data, prefix=f"rad-{allocation.pk}", initial=initial)


def quantities_to_come(forms_of_rows: Iterable[ReducedRowForm]) -> dict[int, Decimal]:
    """How many are still to come, by the allocation's id."""
    return {each.allocation.pk: each.cleaned_data["coming"] for each in forms_of_rows}
