"""What an approval would do to a ceiling (pure)."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from agreements.models import Agreement
from core.money import percent_of, to_quantity


@dataclass(frozen=True, slots=True)
class CeilingAfter:
    """What an approval of the whole line would do to the agreement's ceiling."""

    percent: Decimal
    remaining: Decimal
    fits: Decimal
    is_enough: bool


def ceiling_after(
    agreement: Agreement, *, quantity: Decimal, amount: Decimal, unit_price: Decimal
) -> CeilingAfter:
    """Reckon the ceiling as it would be after the decision; ``fits`` in order units, whole ones."""
    after = agreement.committed_amount + amount
    room = agreement.remaining_amount
    fits = (room / unit_price).to_integral_value(ROUND_FLOOR) if unit_price else quantity
    ceiling = agreement.ceiling_amount
    return CeilingAfter(
        percent=percent_of(after, ceiling) if ceiling else Decimal(100),
        remaining=ceiling - after,
        fits=to_quantity(min(fits, quantity)),
        is_enough=after <= ceiling,
    )
