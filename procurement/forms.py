"""Fields that the forms of several pages share: a quantity, and how long a reason may be."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.forms import QuantityField

LARGEST_QUANTITY = Decimal(100_000)
LONGEST_REASON = 2000
TOO_MANY = _("Antalet ska vara större än 0 och högst 100 000.")


def quantity_field(
    label: Any, *, least: Decimal = Decimal("0.001"), hint: Any = "", required: bool = True
) -> QuantityField:
    """A quantity that a basket can hold."""
    messages = {
        "min_value": TOO_MANY,
        "max_value": TOO_MANY,
        "max_digits": TOO_MANY,
        "max_whole_digits": TOO_MANY,
    }
    return QuantityField(
        label=label,
        help_text=hint,
        required=required,
        min_value=least,
        max_value=LARGEST_QUANTITY,
        error_messages=messages,
    )
