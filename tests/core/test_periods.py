"""Days of a period that others do not have."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from core.periods import uncovered_days

FIRST = date(2021, 1, 1)
days = st.integers(0, 12)
ends = st.one_of(st.none(), days)


def period(first: int | None, until: int | None) -> DateRange:
    """Numbers of days as a range; None for an end that is open."""
    return DateRange(
        None if first is None else FIRST + timedelta(days=first),
        None if until is None else FIRST + timedelta(days=until),
    )


periods = st.tuples(ends, st.integers(1, 6)).map(
    lambda each: period(each[0], each[1] if each[0] is None else each[0] + each[1])
) | st.builds(period, ends, st.none())


@given(days, ends, st.lists(periods, max_size=4))
def test_each_day_is_left_or_taken(first: int, until: int | None, taken: list[DateRange]) -> None:
    if until is not None and until <= first:
        until = first + 1
    span = period(first, until)
    gaps = [DateRange(*each) for each in uncovered_days(span, taken)]
    for number in range(-1, 15):
        day = FIRST + timedelta(days=number)
        is_wanted = day in span and not any(day in other for other in taken)
        assert sum(day in each for each in gaps) == is_wanted
