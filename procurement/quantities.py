"""Quantities and amounts that somebody has typed: how large they may be, and which come in whole ones (pure)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.money import line_amount, to_quantity
from core.units import is_whole
from procurement.gates import UnitNotDivisible

LARGEST_QUANTITY = Decimal(100_000)
LARGEST_AMOUNT = Decimal(100_000_000)


class QuantityOutOfRange(InvalidInput):
    """The quantity is not above zero, or absurdly large."""

    code = "quantity_out_of_range"
    sentence = _("Antalet ska vara större än 0 och högst 100 000.")


class AmountOutOfRange(InvalidInput):
    """The estimated amount is negative or absurdly large."""

    code = "amount_out_of_range"
    sentence = _("Beloppet ska vara minst 0 och högst 100 miljoner kronor.")


def check_quantity(quantity: Decimal, unit: str) -> Decimal:
    """
    Round a quantity of a unit to 3 decimals.

    :raises QuantityOutOfRange: not above zero, or above 100 000.
    :raises UnitNotDivisible: a part of what comes in whole ones.
    """
    if not quantity.is_finite() or not 0 < quantity <= LARGEST_QUANTITY or to_quantity(quantity) == 0:
        raise QuantityOutOfRange
    if is_whole(unit) and quantity != quantity.to_integral_value():
        raise UnitNotDivisible(unit=unit)
    return to_quantity(quantity)


def check_amount(unit_price: Decimal, quantity: Decimal) -> Decimal:
    """
    Give the amount of a line whose price somebody has typed.

    :raises AmountOutOfRange: the price is below zero, or the amount above 100 million.
    """
    if not unit_price.is_finite() or not 0 <= unit_price <= LARGEST_AMOUNT:
        raise AmountOutOfRange
    amount = line_amount(unit_price, quantity)
    if amount > LARGEST_AMOUNT:
        raise AmountOutOfRange
    return amount
