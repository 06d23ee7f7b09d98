"""
Money: the only place where Rauk rounds, but for `formatting`, which rounds alike to fewer decimals.

Unit prices carry 4 decimals, quantities 3, amounts 2, percentages 1, factors between items 8, each rounded half up (DOMAIN 2.7, rule 8).
All amounts are SEK excluding VAT unless a currency stands beside them.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

UNIT_PRICE_STEP = Decimal("0.0001")
QUANTITY_STEP = Decimal("0.001")
AMOUNT_STEP = Decimal("0.01")
PERCENT_STEP = Decimal("0.1")
FACTOR_STEP = Decimal("0.00000001")
ZERO = Decimal("0.00")


class Kronor(Decimal):
    """An amount in kronor, as opposed to a quantity, where it is passed on to be written in a sentence."""


def to_unit_price(value: Decimal) -> Decimal:
    """Round a price per unit to 4 decimals, half up."""
    return value.quantize(UNIT_PRICE_STEP, rounding=ROUND_HALF_UP)


def to_quantity(value: Decimal) -> Decimal:
    """Round a quantity to 3 decimals, half up."""
    return value.quantize(QUANTITY_STEP, rounding=ROUND_HALF_UP)


def with_decimals(value: Decimal, decimals: int) -> Decimal:
    """Write the same number with so many decimals; as it is where it has more, since nothing is rounded away."""
    padded = round(value, decimals)
    return padded if padded == value else value


def from_fraction(value: Fraction, step: Decimal) -> Decimal:
    """Round an exact number to whole steps, half up; a number that is kept exact until here is rounded once."""
    steps = int(abs(value) / Fraction(step) + Fraction(1, 2))
    return (steps if value >= 0 else -steps) * step


def to_factor(value: Decimal) -> Decimal:
    """Round how many of one thing do for another to 8 decimals, half up."""
    return value.quantize(FACTOR_STEP, rounding=ROUND_HALF_UP)


def to_amount(value: Decimal) -> Decimal:
    """Round an amount to öre, half up."""
    return value.quantize(AMOUNT_STEP, rounding=ROUND_HALF_UP)


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """How many per cent a part is of a whole that is not nought, rounded to one decimal, half up."""
    return (100 * part / whole).quantize(PERCENT_STEP, rounding=ROUND_HALF_UP)


def line_amount(unit_price: Decimal, quantity: Decimal) -> Decimal:
    """Amount of one line: price × quantity, rounded half up per line so that lines sum to totals."""
    return to_amount(unit_price * quantity)
