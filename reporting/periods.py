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
