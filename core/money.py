"""
Money: the only place where Rauk rounds.

Unit prices carry 4 decimals, quantities 3, amounts 2, each rounded half up (DOMAIN 2.7, rule 8).
All amounts are SEK excluding VAT unless a currency stands beside them.
"""

from decimal import ROUND_HALF_UP, Decimal

UNIT_PRICE_STEP = Decimal("0.0001")
QUANTITY_STEP = Decimal("0.001")
AMOUNT_STEP = Decimal("0.01")
ZERO = Decimal("0.00")


class Kronor(Decimal):
    """An amount in kronor, as opposed to a quantity, where it is passed on to be written in a sentence."""


def to_unit_price(value: Decimal) -> Decimal:
    """Round a price per unit to 4 decimals, half up."""
    return value.quantize(UNIT_PRICE_STEP, rounding=ROUND_HALF_UP)


def to_quantity(value: Decimal) -> Decimal:
    """Round a quantity to 3 decimals, half up."""
    return value.quantize(QUANTITY_STEP, rounding=ROUND_HALF_UP)


def to_amount(value: Decimal) -> Decimal:
    """Round an amount to öre, half up."""
    return value.quantize(AMOUNT_STEP, rounding=ROUND_HALF_UP)


def line_amount(unit_price: Decimal, quantity: Decimal) -> Decimal:
    """Amount of one line: price × quantity, rounded half up per line so that lines sum to totals."""
    return to_amount(unit_price * quantity)
