"""Periods with two ends: from the database's half-open ranges to the first and last day that people speak of."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange


def first_and_last(during: DateRange) -> tuple[date, date]:
    """
    Name the first and the last day of a range.

    :raises ValueError: it is open at an end.
    """
    if during.lower is None or during.upper is None:
        raise ValueError("an open range has no first and last day")
    return during.lower, during.upper - timedelta(days=1)


def a_year_before(day: date) -> date:
    """The same day a year before; 28 February before a leap day."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
