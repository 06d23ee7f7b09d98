"""The last day of a report: in the past, in the year that the report is about."""

from datetime import date

import pytest
from django.utils import translation

from reporting.operations.reports import PeriodNotOver, PeriodNotPossible, request_report
from tests.cast import NOW, Cast


@pytest.mark.parametrize(
    ("day", "error", "words"),
    [
        (date(2099, 12, 31), PeriodNotOver, "Sista dagen ligger i framtiden och har inga siffror än."),
        (date(1999, 12, 31), PeriodNotPossible, "tidigast 2000"),
    ],
)
def test_impossible_day_is_named(cast: Cast, day: date, error: type[PeriodNotPossible], words: str) -> None:
    with translation.override("sv"), pytest.raises(error) as refusal:
        request_report(year=day.year, through_date=day, title="Återrapport", by=cast.controller, at=NOW)
    with translation.override("sv"):
        assert words in str(refusal.value)
