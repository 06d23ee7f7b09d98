"""Periods of days, as PostgreSQL's ranges hold them: the upper end is left out (pure)."""

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
