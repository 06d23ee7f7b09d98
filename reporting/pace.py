"""How a year goes on: the pace of its last closed months, and what it gives if that lasts (DOMAIN 2.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.money import ZERO
from reporting.effects import MonthAmounts
from reporting.savings import forecast, run_rate


@dataclass(frozen=True, slots=True)
class Pace:
    """How the year goes on: the pace of the last three closed months, and what the year gives if it lasts (DOMAIN 2.3)."""

    first_month: int
    last_month: int
    run_rate: Decimal
    forecast: Decimal


def pace(year: Sequence[MonthAmounts], *, year_of: int, through: date) -> Pace | None:
    """
    Predict a year from its closed months; None while there are fewer than three, when all of them are, and when nothing
    is known of the last three.

    Both are of closed months alone, so that a month that has just begun is counted once, by the pace.
    """
    after = through + timedelta(days=1)
    closed = 12 if after.year > year_of else after.month - 1
    if not 3 <= closed < 12:
        return None
    if not any(month.lines for month in year[closed - 3 : closed]):
        return None
    amounts = [month.realised or ZERO for month in year[:closed]]
    rate = run_rate(sum(amounts[-3:], ZERO))
    expected = forecast(realised_to_date=sum(amounts, ZERO), run_rate=rate, months_left=12 - closed)
    return Pace(closed - 2, closed, rate, expected)


def run_rate_months(through: date) -> tuple[date, date]:
    """Name the last three closed months before or at a day: the first day and the last."""
    after = through + timedelta(days=1)
    ends = after.replace(day=1)
    index = ends.year * 12 + ends.month - 1 - 3
    return date(index // 12, index % 12 + 1, 1), ends - timedelta(days=1)
