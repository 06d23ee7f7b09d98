"""Periods of days, as PostgreSQL's ranges hold them: the upper end is left out; and months of days (pure)."""

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
