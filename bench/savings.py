"""
Savings, measured: the register computed over many delivered lines, beside the same rows written by hand and computed by DuckDB.

``make bench-savings`` runs it on a server of its own; ``BENCH_LINES`` is how many lines are delivered. The rows by hand come of one
INSERT … SELECT into a table with the register's own columns, constraints, foreign keys and indexes. What PostgreSQL itself
can do is measured beside: the same comparison summed and not written, and written where nothing holds it. Seconds are those of
the machine and the minute; what counts are the ratios, and the seconds of a processor, which others on the machine make little longer.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from bench import results
from bench.imports import timed
from bench.own import own_program
from bench.savings_region import CONTROLLER, NOW, deliver, make_region
from config.limits import WORKER

USUAL_LINES = 1_000_000
LINES = int(os.environ.get("BENCH_LINES", USUAL_LINES))
ROUNDS = 20
"""So many times each page is asked for."""

COMPARED = """
FROM history_purchasehistoryline h
JOIN reporting_baseline b ON b.item_id = h.item_id AND b.counts_during @> h.delivered_date AND b.is_counted
WHERE h.currency = 'SEK' AND h.department_id IS NOT NULL AND h.supplier_id IS NOT NULL
"""
BEFORE = "round(b.unit_price * h.units_per_order_unit / b.units_per_order_unit, 4)"
SAVED = f"round(({BEFORE} - h.unit_price) * h.quantity, 2)"

BY_HAND = f"""
INSERT INTO {{table}} (history_line_id, component, nature, calculation_version, baseline_id, run_id, delivered_date, item_id,
    administration_id, administration_name, department_id, department_name, cost_center, category_id, category_code,
    category_name, category_lineage, supplier_id, supplier_name, supplier_org_number, description, quantity, unit,
    units_per_order_unit, baseline_price, paid_price, amount)
SELECT h.id, 'reduction', 'recurring', 1, b.id, {{run}}, h.delivered_date, h.item_id, h.administration_id, h.administration_name,
    h.department_id, h.department_name, h.cost_center, b.category_id, b.category_code, b.category_name, b.category_lineage,
    h.supplier_id, h.supplier_name, h.supplier_org_number, h.description, h.quantity, h.unit, h.units_per_order_unit,
    {BEFORE}, h.unit_price, {SAVED}
{COMPARED}
"""

BY_DUCKDB = """
COPY (
    SELECT h.* EXCLUDE (amount), b.id AS baseline_id, b.category_id AS b_category_id, b.category_code AS b_category_code,
           b.category_name AS b_category_name,
           round(CAST(b.unit_price * h.units_per_order_unit / b.units_per_order_unit AS DECIMAL(18, 8)), 4) AS baseline_price,
           round((baseline_price - h.unit_price) * h.quantity, 2) AS amount
    FROM lines h
    JOIN baselines b ON b.item_id = h.item_id AND h.delivered_date >= b.starts AND h.delivered_date < b.ends
    WHERE h.currency = 'SEK' AND h.department_id IS NOT NULL AND h.supplier_id IS NOT NULL
) TO '{target}' (FORMAT parquet)
"""

PAGES = {
    "savings by category": "/besparingar/?ar=2020",
    "savings by administration": "/besparingar/?ar=2020&per=forvaltning&oppna=B1",
    "savings by supplier": "/besparingar/?ar=2020&per=leverantor",
    "savings by month": "/besparingar/?ar=2020&per=manad",
    "savings through a day in a month": "/besparingar/?ar=2020&till=2020-10-17",
    "the lines of a category": "/besparingar/rader/?ar=2020&kategori=1000",
    "without baseline": "/besparingar/utan-baslinje/?ar=2020",
    "net of cost": "/besparingar/netto/",
    "outside agreements": "/utanfor-avtal/?ar=2020",
    "leakage in kronor": "/utanfor-avtal/lackage/?ar=2020",
    "loyalty": "/besparingar/trohet/?ar=2020",
    "price, volume and mix": "/besparingar/pris-volym-mix/?fran=2020-07-01&till=2020-12-31&mot_fran=2020-01-01"
    "&mot_till=2020-06-30",
}
WHILE_CHANGED = ("savings by category", "savings by supplier", "loyalty")
CHANGED = date(2020, 10, 5)
"""A day that something has come to since its month was summed up."""
FILES = {"pdf": "PDF", "docx": "Word, the case", "annex": "Word, the annex", "xlsx": "Excel with every line"}


class Effort(NamedTuple):
    """What something took: seconds, and those of a processor in the program and in its session with the database."""

    seconds: float
    processor: float


class Asked(NamedTuple):
    """What a page took, asked many times: seconds by the median and the 95th percentile, those of a processor, and its statements."""

    median: float
    p95: float
    processor: float
    statements: int


@dataclass(frozen=True)
class Measured:
    """How many rows the register got, and what each way to it, each page and each part of the report took."""

    rows: int
    ways: dict[str, Effort]
    pages: dict[str, Asked]
    report: dict[str, Effort]


def main() -> None:
    """Start a server of its own, deliver the lines, compute the register each way, ask for the pages, and print what came out."""
    # What takes minutes is done by workers, which have time.
    os.environ["STATEMENT_SECONDS"] = str(WORKER.statement)
    own_program("bench-savings")
    text = report(measure())
    results.write_section(text)
    print(text)


def measure() -> Measured:
    """Everything, in an order that leaves each with the same before it."""
    from django.db import connection  # noqa: PLC0415

    from reporting.models import ChangedMonth, Saving, SavingsRun  # noqa: PLC0415
    from reporting.operations.months import sum_up_months  # noqa: PLC0415
    from reporting.operations.savings import compute_savings, request_savings_run  # noqa: PLC0415

    make_region()
    deliver(LINES)
    computed = _effort_of(lambda: compute_savings(run=request_savings_run(by=None, at=NOW), at=NOW))
    of_hand = SavingsRun.objects.create(requested_at=NOW)
    of_hand.start(at=NOW)
    of_hand.finish(at=NOW)
    with connection.cursor() as cursor:
        _tables(cursor)
        ways = {"the register": computed}
        for way, table in (
            ("by hand, held as the register", "by_hand"),
            ("by hand, nothing held", "held_by_nothing"),
        ):
            insert = BY_HAND.format(table=table, run=of_hand.pk)
            ways[way] = _effort_of(partial(cursor.execute, insert))
        cursor.execute("SET max_parallel_workers_per_gather TO 0")
        ways["compared and summed, not written"] = _effort_of(
            lambda: cursor.execute(f"SELECT sum({SAVED}), count(*) {COMPARED}")
        )
        total, count = cursor.fetchone()
        for table in ("reporting_saving", "by_hand", "held_by_nothing"):
            cursor.execute(f"SELECT sum(amount), count(*) FROM {table}")
            assert cursor.fetchone() == (total, count), f"{table} has the same rows"
        cursor.execute("DROP TABLE by_hand, held_by_nothing")
        ways["DuckDB, Parquet to Parquet"] = _duckdb(cursor, total, count)
        cursor.execute("VACUUM ANALYZE reporting_saving")
        cursor.execute(
            "INSERT INTO reporting_uncountedmonth (month) SELECT DISTINCT date_trunc('month', delivered_date)::date"
            " FROM history_purchasehistoryline"
        )
    again = request_savings_run(by=None, at=NOW)
    ways["the register again, nothing new"] = _effort_of(lambda: compute_savings(run=again, at=NOW))
    again.refresh_from_db()
    assert again.added_count == 0, "what is counted is not counted again"
    ways["summing up its months"] = _effort_of(sum_up_months)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    pages = _pages(PAGES)
    ChangedMonth.objects.create(month=CHANGED.replace(day=1), day=CHANGED)
    pages |= _pages({f"{name}, a day changed": PAGES[name] for name in WHILE_CHANGED})
    ways["summing up one day that has changed"] = _effort_of(sum_up_months)
    return Measured(Saving.objects.count(), ways, pages, _report())


def _effort_of(act: Callable[[], Any]) -> Effort:
    before = _cpu_seconds()
    seconds, _done = timed(act)
    return Effort(seconds, _cpu_seconds() - before)


def _cpu_seconds() -> float:
    """Seconds of a processor that this process and its session with the database have used."""
    from django.db import connection  # noqa: PLC0415

    connection.ensure_connection()
    session = psutil.Process(connection.connection.get_backend_pid()).cpu_times()
    return time.process_time() + session.user + session.system


def _tables(cursor: Any) -> None:
    """One table that is held as the register is, and one that nothing holds."""
    cursor.execute("CREATE TABLE by_hand (LIKE reporting_saving INCLUDING ALL)")
    cursor.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'reporting_saving'::regclass AND contype = 'f'"
    )
    for (key,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE by_hand ADD {key}")
    cursor.execute("CREATE TABLE held_by_nothing (LIKE reporting_saving INCLUDING IDENTITY)")


def _duckdb(cursor: Any, total: Any, count: int) -> Effort:
    """The same by DuckDB, from Parquet files of lines and baselines to one of savings; on two threads."""
    import duckdb  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="rauk-bench-") as folder:
        place = Path(folder)
        _copy(cursor, "SELECT * FROM history_purchasehistoryline", place / "lines.csv")
        _copy(
            cursor,
            "SELECT id, item_id, category_id, category_code, category_name, unit_price, units_per_order_unit,"
            " lower(counts_during) AS starts, upper(counts_during) AS ends FROM reporting_baseline WHERE is_counted",
            place / "baselines.csv",
        )
        duck = duckdb.connect()
        duck.execute("SET threads TO 2")
        prices = "'unit_price': 'DECIMAL(16, 4)', 'units_per_order_unit': 'DECIMAL(12, 3)'"
        for table, types in (("lines", f"{prices}, 'quantity': 'DECIMAL(15, 3)'"), ("baselines", prices)):
            duck.execute(
                f"COPY (SELECT * FROM read_csv('{place / table}.csv', header = true, types = {{{types}}}))"
                f" TO '{place / table}.parquet' (FORMAT parquet)"
            )
            (place / f"{table}.csv").unlink()
            duck.execute(f"CREATE VIEW {table} AS SELECT * FROM '{place / table}.parquet'")
        effort = _effort_of(lambda: duck.execute(BY_DUCKDB.format(target=place / "savings.parquet")))
        summed = duck.execute(f"SELECT sum(amount), count(*) FROM '{place / 'savings.parquet'}'")
        assert summed.fetchall() == [(total, count)], "DuckDB gives the same rows"
    return effort


def _copy(cursor: Any, query: str, target: Path) -> None:
    with target.open("w") as file:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)", file)


def _pages(addresses: dict[str, str]) -> dict[str, Asked]:
    """Each page through all that it passes, in this process."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from organizations.models import User  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.get(email=CONTROLLER), backend="django.contrib.auth.backends.ModelBackend"
    )

    def asked(address: str) -> Asked:
        ask: Callable[[], Any] = lambda: client.get(address)  # noqa: E731
        ask()
        with CaptureQueriesContext(connection) as statements:
            assert ask().status_code == 200, address
        count = len(statements)
        before = _cpu_seconds()
        times = sorted(timed(ask)[0] for _round in range(ROUNDS))
        return Asked(statistics.median(times), times[-2], (_cpu_seconds() - before) / ROUNDS, count)

    return {name: asked(address) for name, address in addresses.items()}


def _report() -> dict[str, Effort]:
    """The whole report of the year: its figures frozen with the lines behind them, and each of its files, one after the other."""
    from organizations.models import User  # noqa: PLC0415
    from reporting.models import ReportFile  # noqa: PLC0415
    from reporting.operations.report_files import make_report_file  # noqa: PLC0415
    from reporting.operations.reports import build_report, request_report  # noqa: PLC0415

    controller = User.objects.get(email=CONTROLLER)
    follow_up_report = request_report(
        year=2020, through_date=date(2020, 12, 31), title="Återrapport", by=controller, at=NOW
    )
    parts = {"figures and lines, frozen": _effort_of(lambda: build_report(report=follow_up_report, at=NOW))}
    for file in ReportFile.objects.filter(report=follow_up_report).order_by("pk"):
        parts[FILES[file.kind]] = _effort_of(partial(make_report_file, file=file, at=NOW))
        file.refresh_from_db()
        assert file.file_id, file.error
    return parts


def report(measured: Measured) -> str:
    """Write what came out as tables."""
    by_hand = measured.ways["by hand, held as the register"]
    over, how = (
        ("", "make bench-savings")
        if LINES == USUAL_LINES
        else (f" over {LINES} lines", f"BENCH_LINES={LINES} make bench-savings")
    )
    lines = [
        f"# Savings{over}, measured",
        "",
        f"The register computed over {LINES} delivered lines, {measured.rows} rows. `{how}` writes this part.",
        f"{os.cpu_count()} processors; the load of the last quarter of an hour was {os.getloadavg()[2]:.0f}.",
        "",
        "| | seconds | of a processor | pace of by hand |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| {way} | {took.seconds:.1f} | {took.processor:.1f} | {by_hand.processor / took.processor:.2f} |"
        for way, took in measured.ways.items()
    ]
    lines += [
        "",
        f"| page, asked {ROUNDS} times | median ms | p95 ms | of a processor | statements |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {name} | {1000 * page.median:.0f} | {1000 * page.p95:.0f} | {1000 * page.processor:.0f} | {page.statements} |"
        for name, page in measured.pages.items()
    ]
    parts = measured.report
    whole = Effort(
        sum(each.seconds for each in parts.values()), sum(each.processor for each in parts.values())
    )
    lines += [
        "",
        f"| the report, {measured.rows} lines behind it | seconds | of a processor |",
        "|---|--:|--:|",
    ]
    lines += [
        f"| {part} | {took.seconds:.1f} | {took.processor:.1f} |"
        for part, took in (parts | {"all of it, one after the other": whole}).items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
