"""Months as people say them, those that follow each other together."""

from collections.abc import Iterable
from datetime import date

from core import reader


def spans(months: Iterable[date]) -> list[str]:
    """Each run of months in words, such as "mars–maj 2021"."""
    runs: list[list[date]] = []
    for month in months:
        if runs and (month.year * 12 + month.month) - (runs[-1][-1].year * 12 + runs[-1][-1].month) == 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return [_span(run[0], run[-1]) for run in runs]


def _span(first: date, last: date) -> str:
    """From one month through another, the year said once where it is the same."""
    if first == last:
        return reader.month(first)
    start = reader.month(first)
    if first.year == last.year:
        start = start.removesuffix(str(first.year)).strip()
    return f"{start}–{reader.month(last)}"
