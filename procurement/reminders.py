"""
On which morning an order template reminds.

Its day is a weekday or a day of the month; the 31st is the last day of a shorter month. On a day when the region is
closed nobody is there to read, so the working day before says it.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from core.working_days import add_working_days

DAY = timedelta(days=1)
LONGEST_GAP = timedelta(days=31)
"""What was missed longer ago than this is not said any more."""


def days_to_say(*, since: date | None, day: date) -> Iterator[date]:
    """
    The days that the morning of a working day reminds of: its own, and the closed days that follow on it.

    :param since: the morning before, so that a morning that was missed is made good; None where there was none.
    """
    first = _last_said(max(since, day - LONGEST_GAP)) + DAY if since else day
    last = _last_said(day)
    while first <= last:
        yield first
        first += DAY


def falls_on(day: date, *, weekday: int | None, month_day: int | None) -> bool:
    """Whether a template's day is this one."""
    if weekday is not None:
        return day.isoweekday() == weekday
    return month_day is not None and day.day == min(month_day, monthrange(day.year, day.month)[1])


def _last_said(morning: date) -> date:
    """The last day that a morning reminds of: the one before the next working day."""
    return add_working_days(morning, 1) - DAY
