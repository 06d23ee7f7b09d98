"""Which days offices are open in Sweden."""

from datetime import date

import pytest

from core.working_days import add_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2021-05-18", True),  # an ordinary Tuesday
        ("2021-05-22", False),  # Saturday
        ("2021-05-23", False),  # Sunday, and Whitsun
        ("2021-05-13", False),  # Ascension Day, always a Thursday
        ("2021-05-14", True),  # the Friday between is worked
        ("2021-04-02", False),  # Good Friday
        ("2021-04-05", False),  # Easter Monday
        ("2021-04-30", True),  # Walpurgis Night is no holiday
        ("2022-06-06", False),  # National Day on a Monday
        ("2021-06-24", True),  # the day before Midsummer's Eve
        ("2021-06-25", False),  # Midsummer's Eve at its latest
        ("2020-06-19", False),  # and at its earliest
        ("2020-06-26", True),  # the Friday after it
        ("2021-12-23", True),
        ("2021-12-24", False),
        ("2019-12-25", False),
        ("2019-12-26", False),
        ("2021-12-30", True),
        ("2021-12-31", False),
        ("2021-01-01", False),
        ("2021-01-05", True),
        ("2021-01-06", False),  # Epiphany
        ("2028-01-06", False),  # whatever the year
    ],
)
def test_working_day(day: str, is_open: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) == is_open


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2021-05-18", 0, "2021-05-18"),
        ("2021-05-18", 1, "2021-05-19"),
        ("2021-05-21", 1, "2021-05-24"),
        ("2021-05-22", 1, "2021-05-24"),
        ("2021-06-23", 2, "2021-06-28"),
        ("2019-12-20", 3, "2019-12-30"),
        ("2021-03-31", 2, "2021-04-06"),
    ],
)
def test_add_working_days(day: str, count: int, expected: str) -> None:
    assert add_working_days(date.fromisoformat(day), count) == date.fromisoformat(expected)
