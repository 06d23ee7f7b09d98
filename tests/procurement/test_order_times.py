"""Approved lines are ordered at 15.00 on working days, Swedish time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from procurement.order_times import next_order_time

HERE = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2021-05-18 09:00", "2021-05-18 15:00"),
        ("2021-05-18 14:59:59.999999", "2021-05-18 15:00"),
        ("2021-05-18 15:00", "2021-05-19 15:00"),  # sharp is too late: the next time is strictly later
        ("2021-05-18 15:00:00.000001", "2021-05-19 15:00"),
        ("2021-05-18 23:59", "2021-05-19 15:00"),
        ("2021-05-21 15:00", "2021-05-24 15:00"),  # Friday
        ("2021-05-22 09:00", "2021-05-24 15:00"),  # Saturday
        ("2021-05-23 16:00", "2021-05-24 15:00"),  # Sunday
        ("2021-06-24 15:00", "2021-06-28 15:00"),  # the day before Midsummer's Eve
        ("2021-06-25 10:00", "2021-06-28 15:00"),  # Midsummer's Eve
        ("2019-12-23 16:00", "2019-12-27 15:00"),  # Christmas
        ("2021-12-30 16:00", "2022-01-03 15:00"),  # New Year, into the next
        ("2021-03-26 16:00", "2021-03-29 15:00"),  # over the night when summer time begins
        ("2021-10-29 16:00", "2021-11-01 15:00"),  # and when it ends
    ],
)
def test_next_order_time(at: str, expected: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=HERE)
    expected_time = datetime.fromisoformat(expected).replace(tzinfo=HERE)
    assert next_order_time(moment) == expected_time
    assert next_order_time(moment.astimezone(UTC)) == expected_time


def test_three_o_clock_is_swedish_in_summer_and_winter() -> None:
    assert next_order_time(datetime(2021, 7, 1, 12, 59, tzinfo=UTC)) == datetime(
        2021, 7, 1, 13, 0, tzinfo=UTC
    )
    assert next_order_time(datetime(2021, 7, 1, 13, 0, tzinfo=UTC)) == datetime(2021, 7, 2, 13, 0, tzinfo=UTC)
    assert next_order_time(datetime(2021, 2, 1, 13, 59, tzinfo=UTC)) == datetime(
        2021, 2, 1, 14, 0, tzinfo=UTC
    )
