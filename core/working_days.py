"""
Working days: Swedish ones (law 1989:253 on public holidays, with midsummer, Christmas and New Year's eves off), but those on
which the region is closed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Self

import holidays

from core.models import ClosedDay
from core.timed_cache import TimedCache


@lru_cache(maxsize=1)
def _swedish_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("SE", include_sundays=False)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days the region works."""

    closed: frozenset[date] = frozenset()

    @classmethod
    def read(cls) -> Self:
        """Read the days on which the region is closed."""
        return cls(frozenset(ClosedDay.objects.values_list("day", flat=True)))

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open: not Saturday, Sunday, holiday, one of the three eves, or a day of the region's own."""
        eves = {(12, 24), (12, 31)}
        midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
        return (
            day.weekday() < 5
            and day not in _swedish_holidays()
            and (day.month, day.day) not in eves
            and not midsummer_eve
            and day not in self.closed
        )


calendar = TimedCache(Calendar.read)


def is_working_day(day: date) -> bool:
    """Whether offices are open."""
    return calendar().is_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """The day that lies ``count`` working days after ``day``, or before it when there are less than none."""
    region, step = calendar(), timedelta(days=1 if count > 0 else -1)
    days_left = abs(count)
    while days_left:
        day += step
        days_left -= region.is_working_day(day)
    return day


def last_working_day(day: date) -> date:
    """The day itself when it is a working day, else the last one before it."""
    return day if is_working_day(day) else add_working_days(day, -1)


def working_days_between(day: date, later: date) -> int:
    """How many working days there are after ``day`` through ``later``; none when it is not later."""
    region = calendar()
    return sum(
        region.is_working_day(day + timedelta(days=number)) for number in range(1, (later - day).days + 1)
    )
