"""The shape of what is said of a delivery, one form per row."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import QuantityField
from procurement.forms import TOO_MANY
from procurement.models import Allocation, Deviation
from procurement.operations.receipts import ReceiptEntry

NEEDS_QUANTITY = (Deviation.OVER, Deviation.DAMAGED, Deviation.WRONG)


def _quantity(label: Any, *, required: bool = True) -> QuantityField:
    return QuantityField(
        label=label,
        required=required,
        min_value=Decimal(0),
        max_value=Decimal(100_000),
        error_messages={"max_value": TOO_MANY, "max_digits": TOO_MANY, "max_whole_digits": TOO_MANY},
    )


class ReceiptRowForm(forms.Form):
    """What came of one row, and what was wrong with it."""

    quantity = _quantity(_("Antal som har kommit"))
    deviation = forms.ChoiceField(label=_("Vad är fel?"), choices=Deviation.choices, required=False)
    deviation_quantity = _quantity(_("Hur många är fel?"), required=False)
    comment = forms.CharField(label=_("Beskriv felet"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, allocation: Allocation) -> None:
        """Begin with what remains."""
        self.allocation = allocation
        remaining = allocation.due_quantity - allocation.received_quantity
        super().__init__(data, prefix=str(allocation.pk), initial={"quantity": remaining})

    def clean(self) -> dict[str, Any]:
        """What is broken, wrong or too many has a number."""
        given = super().clean() or {}
        if given.get("deviation") in NEEDS_QUANTITY and not given.get("deviation_quantity"):
            self.add_error("deviation_quantity", _("Ange hur många som är fel."))
        return given

    def entry(self) -> ReceiptEntry:
        """The row as the operation takes it."""
        given = self.cleaned_data
        return ReceiptEntry(
            allocation_id=self.allocation.pk,
            quantity=given["quantity"],
            deviation=Deviation(given["deviation"] or Deviation.NONE),
            deviation_quantity=given["deviation_quantity"] or Decimal(0),
            comment=given["comment"],
        )
