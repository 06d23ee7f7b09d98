"""Swedish working days (law 1989:253 on public holidays, with midsummer, Christmas and New Year's eves off)."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=1)
def _swedish_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("SE", include_sundays=False)


def is_working_day(day: date) -> bool:
    """Whether offices are open: not Saturday, Sunday, holiday or one of the three eves."""
    eves = {(12, 24), (12, 31)}
    midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    return (
        day.weekday() < 5
        and day not in _swedish_holidays()
        and (day.month, day.day) not in eves
        and not midsummer_eve
    )


def add_working_days(day: date, count: int) -> date:
    """The day that lies ``count`` working days after ``day``."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
