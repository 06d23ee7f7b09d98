"""Pages of delivered lines, the latest first, of which only the months that a page stands in are read."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from reporting.models.delivered import DeliveredLineQuerySet
from reporting.months import MonthTotal, total


class PagesByMonth(Paginator[Any]):
    """
    Pages whose place among the months is told by how many lines each month has.

    So the hundredth page costs what the first does, and neither more where years have gone by.

    :param months: of the same lines, the latest first.
    """

    def __init__(self, lines: DeliveredLineQuerySet, months: Sequence[MonthTotal], *, per_page: int) -> None:
        super().__init__(lines, per_page)
        self.lines = lines
        self.months = months
        self.count = total(months).count

    def page(self, number: int | str) -> Page[Any]:
        """Read one page."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        within, skipped = months_of(self.months, first, first + self.per_page)
        if not within:
            return Page(self.lines.none(), number, self)
        latest, earliest = within[0].month, within[-1].month
        ends = date(latest.year, latest.month, monthrange(latest.year, latest.month)[1])
        lines = self.lines.filter(delivered_date__range=(earliest, ends))
        return Page(lines[first - skipped : first - skipped + self.per_page], number, self)


def months_of(months: Sequence[MonthTotal], first: int, end: int) -> tuple[list[MonthTotal], int]:
    """Give the months that hold the lines from one number up to another, counted from 0, and how many lines stand before those."""
    within: list[MonthTotal] = []
    passed = skipped = 0
    for month in months:
        if passed >= end:
            break
        if passed + month.count > first:
            within.append(month)
        else:
            skipped += month.count
        passed += month.count
    return within, skipped
