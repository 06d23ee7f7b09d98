"""A page of delivered lines is the same as if all of them were read, and reads only the months that it stands in."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from reporting.models.delivered import DeliveredLine
from reporting.months import LineSelection, MonthTotal, by_month
from reporting.operations.months import sum_up_months
from reporting.paging import PagesByMonth, months_of
from tests.cast import Cast
from tests.pages import signed_in, text_of
from tests.reporting import initiatives

YEAR = date(2020, 1, 1), date(2020, 12, 31)


@given(st.lists(st.integers(1, 40), max_size=12), st.integers(1, 25))
def test_pages_together_are_all_the_lines_in_their_order(counts: list[int], per_page: int) -> None:
    months = [MonthTotal(count, Decimal(0), date(2020, 12 - at, 1)) for at, count in enumerate(counts)]
    lines = [(month.month, number) for month in months for number in range(month.count)]
    for first in range(0, len(lines), per_page):
        within, skipped = months_of(months, first, first + per_page)
        month_lines = [line for line in lines if line[0] in {each.month for each in within}]
        assert month_lines[first - skipped : first - skipped + per_page] == lines[first : first + per_page]


@pytest.mark.parametrize("is_summed_up", [True, False])
def test_every_page_is_that_of_all_lines(cast: Cast, *, is_summed_up: bool) -> None:
    initiatives.example_b(cast)
    for month, count in ((2, 5), (3, 1), (7, 9), (11, 4)):
        for day in range(count):
            initiatives.delivered(cast, date(2020, month, 3 + day), "1", "58.00", item=cast.chair)
    if is_summed_up:
        sum_up_months()
    lines = DeliveredLine.objects.uncounted().filter(delivered_date__range=YEAR).latest_first()
    pages = PagesByMonth(lines, by_month(LineSelection(*YEAR, is_counted=False)), per_page=3)
    reference = Paginator(lines, 3)
    assert (pages.count, pages.num_pages) == (reference.count, reference.num_pages)
    for number in pages.page_range:
        assert list(pages.page(number)) == list(reference.page(number)), number


def test_a_page_reads_its_own_months(cast: Cast) -> None:
    for month in (2, 7, 11):
        initiatives.delivered(cast, date(2020, month, 3), "1", "58.00", item=cast.chair)
    lines = DeliveredLine.objects.uncounted().filter(delivered_date__range=YEAR).latest_first()
    pages = PagesByMonth(lines, by_month(LineSelection(*YEAR, is_counted=False)), per_page=1)
    with CaptureQueriesContext(connection) as queries:
        (line,) = pages.page(2)
    assert line.delivered_date == date(2020, 7, 3)
    assert "BETWEEN '2020-07-01'::date AND '2020-07-31'::date" in queries.captured_queries[0]["sql"]


@pytest.mark.parametrize("address", ["/besparingar/utan-baslinje/", "/utanfor-avtal/"])
def test_a_page_past_the_last_is_the_last(cast: Cast, address: str) -> None:
    initiatives.delivered(cast, date(2020, 2, 3), "1", "58.00", item=cast.chair)
    page = text_of(signed_in(cast.controller).get(f"{address}?ar=2020&sida=99"))
    assert cast.chair.name in page
