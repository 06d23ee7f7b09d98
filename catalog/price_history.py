"""What one order unit of an item has cost, and will cost by what is decided: the best price day by day, as it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Item, Price
from catalog.pricing import ONE, best_of
from core.money import percent_of

REMEMBERED = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class PriceStep:
    """A price that held from a day through another; without a last day it holds until further notice."""

    from_date: date
    through_date: date | None
    price: Price
    change_percent: Decimal | None = None
    """How much dearer it is than the one before in the same pack; None for the first, and after a gap."""

    @property
    def unit_price(self) -> Decimal:
        """What one order unit cost."""
        price: Decimal = self.price.unit_price
        return price


def price_history(item: Item, *, day: date, administrations: Sequence[int] | None = None) -> list[PriceStep]:
    """
    The steps of an item's price from three years ago on, the earliest first: one query.

    :param administrations: those that it is told to; only what one of them may use then. None for whoever orders for none.
    """
    since = day - REMEMBERED
    rows = (
        Price.objects.signed().filter(item=item, valid_during__overlap=DateRange(since, None)).with_rank(day)
    )
    if administrations is not None:
        rows = rows.usable_by(list(administrations))
    return steps_of(list(rows.select_related("agreement", "supplier").order_by("pk")), since=since)


def steps_of(rows: Sequence[Price], *, since: date) -> list[PriceStep]:
    """
    Cut time where a price begins or ends, and choose the best of each stretch, as ``catalog.pricing`` does that day.

    :param rows: prices of one item, with their agreements.
    """
    unit = "" if any(row.order_unit == "" for row in rows) else None
    unit_rows = [row for row in rows if unit is None or row.order_unit == unit]
    turns = sorted({since} | {day for row in unit_rows for day in _turns(row) if day > since})
    steps: list[PriceStep] = []
    for turn, after in zip(turns, [*turns[1:], None], strict=True):
        best = best_of([row for row in unit_rows if _is_in_force(row, turn)], ONE)
        if best is None:
            continue
        through = after - timedelta(days=1) if after else None
        before = steps[-1] if steps else None
        follows = before is not None and before.through_date == turn - timedelta(days=1)
        if before is not None and follows and _is_same(before.price, best):
            steps[-1] = PriceStep(before.from_date, through, before.price, before.change_percent)
            continue
        change = None
        if before is not None and follows and before.price.units_per_order_unit == best.units_per_order_unit:
            change = percent_of(best.unit_price - before.unit_price, before.unit_price)
        steps.append(PriceStep(turn, through, best, change))
    return steps


def _is_same(one: Price, other: Price) -> bool:
    return (one.unit_price, one.units_per_order_unit, one.agreement_id, one.supplier_id) == (
        other.unit_price,
        other.units_per_order_unit,
        other.agreement_id,
        other.supplier_id,
    )


def _turns(price: Price) -> list[date]:
    """The days on which something may begin to be, or cease."""
    periods = [price.valid_during, *([price.agreement.valid_during] if price.agreement else [])]
    days = [day for period in periods for day in (period.lower, period.upper)]
    return [day for day in days if day is not None]


def _is_in_force(price: Price, day: date) -> bool:
    return day in price.valid_during and (price.agreement is None or day in price.agreement.valid_during)
