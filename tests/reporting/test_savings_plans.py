"""Pages of sums read what is kept of months and days, and no lines, as PostgreSQL itself says after it has answered them."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.bulk import analyze_tables
from reporting.models import ChangedMonth
from reporting.operations.months import sum_up_months
from tests.cast import Cast
from tests.pages import signed_in
from tests.reporting import initiatives

LINES = {"reporting_saving", "history_purchasehistoryline", "procurement_receiptline"}
PAGES = (
    "/besparingar/?ar=2020",
    "/besparingar/?ar=2020&oppna=10",
    "/besparingar/?ar=2020&per=forvaltning&oppna=HSF",
    "/besparingar/?ar=2020&per=leverantor",
    "/besparingar/?ar=2020&per=manad",
    "/besparingar/?ar=2020&till=2020-10-17",
    "/besparingar/?ar=2020&till=2020-10-17&per=leverantor",
    "/besparingar/?ar=2020&kategori=10",
    "/besparingar/netto/?effect_starts=2020-01-10&effect_ends=2020-11-20&cost_starts=2020-01-10&cost_ends=2020-11-20",
    "/besparingar/trohet/?ar=2020&till=2020-10-17",
    "/besparingar/pris-volym-mix/?fran=2020-07-01&till=2020-12-12&mot_fran=2020-01-01&mot_till=2020-06-12",
    "/utanfor-avtal/lackage/?ar=2020&till=2020-10-17",
)


def read(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Give the tables of lines that a plan has read of, with how many rows it took."""
    if plan.get("Relation Name") in LINES and plan["Actual Loops"]:
        yield plan["Relation Name"], round(plan["Actual Rows"] * plan["Actual Loops"])
    for part in plan.get("Plans", ()):
        yield from read(part)


def lines_read(cast: Cast, address: str) -> list[tuple[str, int, str]]:
    """
    What each statement of a page has read of lines: the table, how many rows, and the statement.

    Asked as of tables so large that none is read from end to end, since a table of some tens of rows always may be, and
    with statistics of what is there now, since those of an empty table make all ways to it equally good.
    """
    client = signed_in(cast.controller)
    analyze_tables()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    reads = []
    for sql in (each["sql"] for each in queries.captured_queries if "each_month" in each["sql"]):
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
            )
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.replace("%", "%%"), ())
            ((answer,),) = cursor.fetchall()
        plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
        reads += [(table, rows, sql[:200]) for table, rows in read(plan)]
    return reads


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_sums_read_no_lines(cast: Cast, address: str) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 10, 5), "2", "3480.00", item=cast.chair)
    initiatives.computed()
    sum_up_months()
    assert lines_read(cast, address) == []


def test_of_a_day_that_has_changed_only_its_own_lines_are_read(cast: Cast) -> None:
    initiatives.example_b(cast)
    for day in (5, 27):
        initiatives.delivered(cast, date(2020, 10, day), "2", "58.00")
    initiatives.computed()
    initiatives.many_savings(2_000)
    sum_up_months()
    initiatives.delivered(cast, date(2020, 10, 5), "1", "58.00")
    assert {note.day for note in ChangedMonth.objects.all()} == {date(2020, 10, 5)}
    reads = lines_read(cast, "/besparingar/?ar=2020")
    assert max(rows for _table, rows, _sql in reads) == 2, "the line of that day, and the one that came"
