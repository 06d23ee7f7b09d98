"""Periods of days, as PostgreSQL's ranges hold them: the upper end is left out; and months of days (pure)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

UNTIL_FURTHER_NOTICE = date.max
"""The last day of a period that has no end."""


def last_day(period: Any) -> date:
    """The last day that belongs to a period; ``period`` is a ``Range`` of dates."""
    upper: date | None = period.upper
    return upper - timedelta(days=1) if upper is not None else UNTIL_FURTHER_NOTICE


def first_day(period: Any) -> date:
    """The first day of a period that has one."""
    first: date = period.lower
    return first


def add_months(day: date, months: int) -> date:
    """The same day so many months later or earlier, or the month's last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))


def uncovered_days(period: Any, others: Iterable[Any]) -> list[tuple[date, date | None]]:
    """
    The days of a period that none of the other periods has, as the ends of ranges: nothing for a range without a last day.

    :param period: a ``Range`` of dates that has a first day.
    """
    gaps = [(first_day(period), period.upper)]
    for other in others:
        gaps = [
            (first, until)
            for begins, ends in gaps
            for first, until in (
                (begins, _gap_end(ends, other.lower)),
                (_gap_start(begins, other.upper), ends),
            )
            if first is not None and (until is None or first < until)
        ]
    return gaps


def _gap_end(ends: date | None, other: date | None) -> date | None:
    """Where what is left before another period ends: never after it begins; before all days when it has no first day."""
    if other is None:
        return date.min
    return other if ends is None else min(ends, other)


def _gap_start(begins: date, other: date | None) -> date | None:
    """Where what is left after another period begins; nowhere when it has no last day."""
    return None if other is None else max(begins, other)
