"""
Savings, measured: the register computed over many delivered lines, beside one INSERT … SELECT of the same rows written by hand.

``make bench-savings`` runs it on a server of its own; ``BENCH_LINES`` is how many lines are delivered. The rows by hand go into a table
with the register's own columns, constraints and indexes. Seconds are those of the machine and the minute; the ratio is what counts.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from bench import results
from bench.imports import timed
from bench.own import own_program

LINES = int(os.environ.get("BENCH_LINES", "1000000"))
ITEMS = 2000
DEPARTMENTS = 200
NOW = datetime(2021, 2, 1, 9, tzinfo=UTC)

# A line of every item in turn, each day of the year in turn, in a department in turn, a little above or below the new price.
DELIVER = """
INSERT INTO history_purchasehistoryline (
    source, external_id, delivered_date, item_key, description, quantity, unit, units_per_order_unit, unit_price, amount,
    currency, note, item_id, administration_id, administration_name, department_id, department_name, cost_center,
    category_id, category_code, category_name, category_lineage, supplier_id, supplier_name, supplier_org_number)
SELECT 'bench', n::text, date '2020-01-01' + (n * 7 %% 366)::int, i.number, i.name, 1 + n %% 9, 'st', i.units_per_order_unit,
       10 + n %% 3, (10 + n %% 3) * (1 + n %% 9), 'SEK', '', i.id, a.id, a.name, d.id, d.name, d.cost_center, c.id, c.code, c.name,
       c.lineage, s.id, s.name, s.org_number
FROM generate_series(1, %s) AS n
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM catalog_item) i ON i.place = n %% %s
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM organizations_department) d ON d.place = n / 7 %% %s
CROSS JOIN organizations_administration a CROSS JOIN agreements_supplier s CROSS JOIN categories_category c
"""

BY_HAND = """
INSERT INTO by_hand (history_line_id, component, nature, calculation_version, baseline_id, run_id, delivered_date, item_id,
    administration_id, administration_name, department_id, department_name, cost_center, category_id, category_code,
    category_name, category_lineage, supplier_id, supplier_name, supplier_org_number, description, quantity, unit,
    units_per_order_unit, baseline_price, paid_price, amount)
SELECT h.id, 'reduction', 'recurring', 1, b.id, %s, h.delivered_date, h.item_id, h.administration_id, h.administration_name,
    h.department_id, h.department_name, h.cost_center, b.category_id, b.category_code, b.category_name, b.category_lineage,
    h.supplier_id, h.supplier_name, h.supplier_org_number, h.description, h.quantity, h.unit, h.units_per_order_unit,
    round(b.unit_price * h.units_per_order_unit / b.units_per_order_unit, 4), h.unit_price,
    round((round(b.unit_price * h.units_per_order_unit / b.units_per_order_unit, 4) - h.unit_price) * h.quantity, 2)
FROM history_purchasehistoryline h
JOIN reporting_baseline b ON b.item_id = h.item_id AND b.counts_during @> h.delivered_date AND b.is_counted
WHERE h.currency = 'SEK' AND h.department_id IS NOT NULL AND h.supplier_id IS NOT NULL
"""


def main() -> None:
    """Start a server of its own, deliver the lines, compute the register both ways, and print what came out."""
    own_program("bench-savings")
    text = report(measure())
    results.put(text)
    print(text)


def measure() -> dict[str, float]:
    """Seconds of each thing, and how many rows the register got."""
    from django.db import connection  # noqa: PLC0415

    from reporting import loyalty  # noqa: PLC0415
    from reporting.effects import effects, months  # noqa: PLC0415
    from reporting.models import Saving, SavingsRun  # noqa: PLC0415
    from reporting.operations.savings import compute_savings, request_savings_run  # noqa: PLC0415

    _region()
    with connection.cursor() as cursor:
        # By hand it may take longer than a statement of the program, and the origin is written here, not by a trigger.
        cursor.execute("SET statement_timeout TO 0")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(DELIVER, [LINES, ITEMS, DEPARTMENTS])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "INSERT INTO reporting_uncountedmonth (month) SELECT DISTINCT date_trunc('month', delivered_date)::date"
            " FROM history_purchasehistoryline"
        )
        cursor.execute("VACUUM ANALYZE history_purchasehistoryline")
        cursor.execute("VACUUM ANALYZE reporting_baseline")
        cursor.execute("RESET statement_timeout")
    run = request_savings_run(by=None, at=NOW)
    computed, _run = timed(lambda: compute_savings(run=run, at=NOW))
    again = SavingsRun.objects.create(requested_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout TO 0")
        cursor.execute("CREATE TABLE by_hand (LIKE reporting_saving INCLUDING ALL)")
        by_hand, _rows = timed(lambda: cursor.execute(BY_HAND, [again.pk]))
        cursor.execute("SELECT count(*), sum(amount) FROM by_hand")
        told = cursor.fetchone()
        cursor.execute("SELECT count(*), sum(amount) FROM reporting_saving")
        assert cursor.fetchone() == told, "both ways give the same rows"
        cursor.execute("VACUUM ANALYZE reporting_saving")
    through = date(2020, 12, 31)
    asked: dict[str, Callable[[], Any]] = {
        "effects of the year": lambda: effects(year=2020, through=through),
        "months of the year": lambda: months(year=2020, through=through),
        "loyalty of the year": lambda: loyalty.loyalties(starts=date(2020, 1, 1), ends=through),
    }
    seconds = {name: min(timed(ask)[0] for _round in range(3)) for name, ask in asked.items()}
    return {"rows": float(Saving.objects.count()), "computed": computed, "by hand": by_hand} | seconds


def _region() -> None:
    """Departments, items and a confirmed baseline for each item."""
    from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: PLC0415

    from agreements.models import Supplier  # noqa: PLC0415
    from catalog.models import Item  # noqa: PLC0415
    from catalog.states import ItemStatus  # noqa: PLC0415
    from categories.models import Category, CategoryKind  # noqa: PLC0415
    from organizations.models import (  # noqa: PLC0415
        AccountingCode,
        Administration,
        Authority,
        Department,
        Dimension,
        User,
    )
    from reporting.models import Baseline, BaselineMethod, InitiativeStage, SavingInitiative  # noqa: PLC0415

    authority = Authority.objects.create(name="Bänkregionen", org_number="212000-0001")
    administration = Administration.objects.create(code="B", name="Bänkförvaltningen", authority=authority)
    activity = AccountingCode.objects.create(dimension=Dimension.ACTIVITY, code="1", name="Vård")
    Department.objects.bulk_create(
        Department(
            cost_center=str(1000 + n), name=f"Enhet {n}", administration=administration, activity=activity
        )
        for n in range(DEPARTMENTS)
    )
    category = Category.objects.create(code="1", name="Allt", kind=CategoryKind.GOODS)
    Supplier.objects.create(name="Bänk AB", org_number="556000-0001", order_email="order@bank.example")
    Item.objects.bulk_create(
        Item(number=f"{100000 + n}", name=f"Artikel {n}", category=category, base_unit="st", order_unit="st",
             units_per_order_unit=1, status=ItemStatus.PROPOSED)
        for n in range(ITEMS)
    )  # fmt: skip
    controller = User.objects.create(email="ekonom@bank.example", first_name="E", last_name="K")
    initiative = SavingInitiative.objects.create(
        code="B-1", name="Alla priser", category=category, method=BaselineMethod.HIST_AVG,
        stage=InitiativeStage.DECIDED, effective_date=date(2020, 1, 1),
    )  # fmt: skip
    category.lineage = [category.pk]
    category.save()
    Baseline.objects.bulk_create(
        Baseline(
            initiative=initiative, item=item, method=BaselineMethod.HIST_AVG, category=category,
            category_code=category.code, category_name=category.name, category_lineage=category.lineage, unit="st",
            units_per_order_unit=1, unit_price="12.0000", new_unit_price="11.0000", annual_quantity=500,
            counts_during=DateRange(date(2020, 1, 1), date(2021, 1, 1)), frozen_at=NOW, confirmed_by=controller,
            confirmed_at=NOW,
        )
        for item in Item.objects.all()
    )  # fmt: skip


def report(measured: dict[str, float]) -> str:
    """Write what came out as a table."""
    rows, computed, by_hand = measured["rows"], measured["computed"], measured["by hand"]
    lines = [
        "# Savings, measured",
        "",
        f"The register computed over {LINES} delivered lines, beside one INSERT … SELECT of the same {rows:.0f} rows written by hand.",
        "`make bench-savings` writes this part.",
        "",
        "| | seconds | rows a second | of by hand |",
        "|---|--:|--:|--:|",
        f"| the register | {computed:.1f} | {rows / computed:.0f} | {by_hand / computed:.2f} |",
        f"| by hand | {by_hand:.1f} | {rows / by_hand:.0f} | 1 |",
        "",
        "| asked of the lines | ms, best of three |",
        "|---|--:|",
    ]
    lines += [f"| {name} | {1000 * measured[name]:.0f} |" for name in list(measured)[3:]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
