"""The shape of what is said of a delivery, one form per row, and of what is said of it afterwards."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, QuantityField
from procurement.forms import TOO_MANY
from procurement.models import (
    Allocation,
    Deviation,
    Expectation,
    ReceiptLine,
    SettlementOutcome,
)
from procurement.operations.receipts import ReceiptEntry

NEEDS_QUANTITY = (Deviation.OVER, Deviation.DAMAGED, Deviation.WRONG, Deviation.NOT_ORDERED)
AS_USUAL = ("", _("Välj om något är fel"))


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
    expects = forms.ChoiceField(
        label=_("Vad ska leverantören göra?"), choices=[AS_USUAL, *Expectation.choices], required=False
    )
    expected_by = DayField(label=_("Senast den"), required=False)

    def __init__(self, data: Any = None, *, allocation: Allocation, scanned: Decimal | None = None) -> None:
        """Begin with what has been scanned, or else with what remains."""
        self.allocation = allocation
        quantity = allocation.remaining if scanned is None else scanned
        super().__init__(data, prefix=str(allocation.pk), initial={"quantity": quantity})

    def clean(self) -> dict[str, Any]:
        """What is broken, wrong or too many has a number."""
        cleaned_data = super().clean() or {}
        if cleaned_data.get("deviation") in NEEDS_QUANTITY and not cleaned_data.get("deviation_quantity"):
            self.add_error("deviation_quantity", _("Ange hur många som är fel."))
        return cleaned_data

    def entry(self) -> ReceiptEntry:
        """The row as the operation takes it."""
        cleaned_data = self.cleaned_data
        return ReceiptEntry(
            allocation_id=self.allocation.pk,
            quantity=cleaned_data["quantity"],
            deviation=Deviation(cleaned_data["deviation"] or Deviation.NONE),
            deviation_quantity=cleaned_data["deviation_quantity"] or Decimal(0),
            comment=cleaned_data["comment"],
            expects=Expectation(cleaned_data["expects"]) if cleaned_data["expects"] else None,
            expected_by=cleaned_data["expected_by"],
        )


class KeyField(forms.CharField):
    """The key that was made when the form was drawn."""

    def __init__(self) -> None:
        super().__init__(max_length=36, widget=forms.HiddenInput)

    def clean(self, value: Any) -> UUID:
        """Read it."""
        try:
            return UUID(super().clean(value))
        except ValueError:
            raise forms.ValidationError(_("Öppna sidan igen.")) from None


class TakeBackForm(forms.Form):
    """Why a receipt was a mistake, and which of its rows."""

    key = KeyField()
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=200,
        error_messages={"required": _("Skriv varför.")},
        help_text=_("Till exempel: fel order, fel antal, samma leverans togs emot två gånger."),
    )
    rows = forms.TypedMultipleChoiceField(
        label=_("Vilka rader?"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any = None, *, rows: Sequence[ReceiptLine], **more: Any) -> None:
        """All rows are chosen to begin with."""
        super().__init__(data, **more)
        field = cast("forms.TypedMultipleChoiceField", self.fields["rows"])
        field.choices = [(row.pk, row.description) for row in rows]
        field.initial = [row.pk for row in rows]


class SendBackForm(forms.Form):
    """How many of each row go back, why, and what is expected instead."""

    key = KeyField()
    expects = forms.ChoiceField(
        label=_("Vad ska leverantören göra?"),
        choices=[each for each in Expectation.choices if each[0] != Expectation.COLLECTION],
        initial=Expectation.CREDIT,
    )
    expected_by = DayField(label=_("Senast den"), required=False)
    reason = forms.CharField(
        label=_("Varför?"), max_length=200, error_messages={"required": _("Skriv varför.")}
    )

    def __init__(self, data: Any = None, *, rows: Sequence[ReceiptLine], **more: Any) -> None:
        """A number for each row that something is left of, none to begin with."""
        super().__init__(data, **more)
        self.rows = list(rows)
        for row in rows:
            field = _quantity(row.description, required=False)
            field.initial = Decimal(0)
            self.fields[f"row-{row.pk}"] = field

    @property
    def numbers(self) -> list[tuple[ReceiptLine, forms.BoundField]]:
        """Each row with its field."""
        return [(row, self[f"row-{row.pk}"]) for row in self.rows]

    def quantities(self) -> dict[int, Decimal]:
        """How many of each row."""
        return {row.pk: self.cleaned_data[f"row-{row.pk}"] or Decimal(0) for row in self.rows}


class SettlementForm(forms.Form):
    """How a complaint ended."""

    outcome = forms.ChoiceField(
        label=_("Hur slutade det?"), choices=SettlementOutcome.choices, widget=forms.RadioSelect
    )
    reference = forms.CharField(
        label=_("Kreditnotans nummer, eller vad ni kom överens om"), max_length=200, required=False
    )
