"""
Imports, measured: files to their differences, differences applied, beside one COPY and one INSERT … SELECT of the same rows.

``make bench-imports`` runs it on a server of its own. Seconds are those of the machine and the minute; the ratio is what counts.
"""

import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench import register_lists, results
from bench.own import own_program

DEPARTMENTS = int(os.environ.get("BENCH_DEPARTMENTS", "1500"))
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "7000"))
ITEMS = int(os.environ.get("BENCH_ITEMS", "60000"))
PURCHASES = int(os.environ.get("BENCH_PURCHASES", "100000"))
CATEGORIES = 100
TABLES = {"items": "catalog_item", "prices": "catalog_price", "purchases": "history_purchasehistoryline"}
"""What is written plainly beside its import."""
REFERENCES = {
    "catalog_item": {"category_id": ("categories_category", "code")},
    "catalog_price": {
        "item_id": ("catalog_item", "number"),
        "supplier_id": ("agreements_supplier", "org_number"),
    },
}
"""What the files tell by key, by column: the table and the column of its key."""
FILLED_IN = {"catalog_price": ["units_per_order_unit"]}
"""What no file tells, and the database writes down by a trigger."""
SUPPLIERS = 200


@dataclass(frozen=True)
class Measured:
    """One file: its rows, and the seconds to its difference and to its being applied."""

    name: str
    rows: int
    compared: float
    applied: float


def main() -> None:
    """Start a server of its own, hand in a region's files, and print what came out."""
    own_program("bench-imports")
    measured = [_measure(name, rows) for name, rows in files()]
    lists = register_lists.report(register_lists.measure_lists())
    seconds_by_name = {name: _plain_seconds(table) for name, table in TABLES.items()}
    for text in (report(measured, seconds_by_name), lists):
        results.write_section(text)
        print(text)


def files() -> Iterator[tuple[str, list[Sequence[object]]]]:
    """Each register's file, its headings first, in the order in which they refer to each other."""
    numbers = range
    yield "authorities", [("org_number", "name"), ("212000-0001", "Bänkregionen")]
    yield (
        "administrations",
        [
            ("code", "name", "authority"),
            *((f"F{n}", f"Förvaltning {n}", "212000-0001") for n in numbers(20)),
        ],
    )
    yield (
        "accounting_codes",
        [
            ("dimension", "code", "name"),
            *(("account", f"{4000 + n}", f"Konto {n}") for n in numbers(CATEGORIES)),
            *(("activity", f"{300 + n}", f"Verksamhet {n}") for n in numbers(50)),
        ],
    )
    yield (
        "departments",
        [
            ("cost_center", "name", "administration", "activity"),
            *((f"{10_000 + n}", f"Enhet {n}", f"F{n % 20}", f"{300 + n % 50}") for n in numbers(DEPARTMENTS)),
        ],
    )
    yield (
        "people",
        [
            ("email", "first_name", "last_name", "title"),
            *(
                (f"person{n}@region.example", f"Förnamn{n}", f"Efternamn{n}", "Sjuksköterska")
                for n in numbers(PEOPLE)
            ),
        ],
    )
    yield (
        "roles",
        [
            ("email", "role", "cost_center", "amount_limit"),
            *(
                (f"person{n}@region.example", "requester", f"{10_000 + n % DEPARTMENTS}", "")
                for n in numbers(PEOPLE)
            ),
        ],
    )
    yield (
        "categories",
        [
            ("code", "name", "parent", "account", "kind"),
            *((f"{100 + n}", f"Kategori {n}", "", f"{4000 + n}", "goods") for n in numbers(CATEGORIES)),
        ],
    )
    yield (
        "suppliers",
        [
            ("org_number", "name", "order_email"),
            *(
                (f"556{n:03d}-0001", f"Leverantör {n} AB", f"order{n}@leverantor.example")
                for n in numbers(SUPPLIERS)
            ),
        ],
    )
    yield "items", [
        ("number", "name", "description", "category", "base_unit", "order_unit", "units_per_order_unit", "status"),
        *(
            (f"A{n:06d}", f"Artikel {n} steril, storlek {n % 9}", f"Beskrivning av artikel {n}", f"{100 + n % CATEGORIES}",
             "st", "förp", str(1 + n % 100), "standard")
            for n in numbers(ITEMS)
        ),
    ]  # fmt: skip
    yield (
        "prices",
        [
            ("item", "agreement", "supplier", "unit_price", "from_date"),
            *(
                (
                    f"A{n:06d}",
                    "",
                    f"556{n % SUPPLIERS:03d}-0001",
                    f"{1 + n % 999},{n % 90 + 10}",
                    "2026-01-01",
                )
                for n in numbers(ITEMS)
            ),
        ],
    )
    yield "purchases", [
        ("external_id", "delivered_date", "description", "quantity", "unit_price", "amount", "department_name",
         "category_name", "supplier_name"),
        *(
            (f"R{n:08d}", f"20{20 + n % 6}-{1 + n % 12:02d}-{1 + n % 28:02d}", f"Artikel {n % 5000} steril",
             f"{1 + n % 40}", f"{1 + n % 999}", f"{(1 + n % 40) * (1 + n % 999)}", f"Enhet {n % DEPARTMENTS}",
             f"Kategori {n % CATEGORIES}", f"Leverantör {n % SUPPLIERS} AB")
            for n in numbers(PURCHASES)
        ),
    ]  # fmt: skip


def _measure(name: str, rows: list[Sequence[object]]) -> Measured:
    from django.utils import timezone  # noqa: PLC0415

    from registers.models import ChangeKind  # noqa: PLC0415
    from registers.operations.applying import apply_import  # noqa: PLC0415
    from registers.operations.imports import request_import, run_import  # noqa: PLC0415
    from registers.register import REGISTERS  # noqa: PLC0415

    content = io.BytesIO("\n".join(";".join(map(str, row)) for row in rows).encode())

    def to_difference() -> Any:
        new_import = request_import(
            register=REGISTERS[name],
            file_name=f"{name}.csv",
            content=content,
            source="bench" if REGISTERS[name].ledger else "",
            by=None,
            at=timezone.now(),
        )
        return run_import(of_import=new_import, at=timezone.now())

    compared, this = timed(to_difference)
    applied, this = timed(lambda: apply_import(of_import=this, by=None, at=timezone.now()))
    counts = this.counts()
    if counts["new"] != len(rows) - 1:
        refusal = this.changes.filter(kind=ChangeKind.REFUSED).first()
        sys.exit(f"{name}: {counts} {refusal and refusal.sentence}")
    print(f"{name}: {compared:.1f} s, {applied:.1f} s", file=sys.stderr)
    return Measured(name, len(rows) - 1, compared, applied)


def _plain_seconds(table: str) -> float:
    """
    The seconds of one COPY and one INSERT … SELECT of the rows that a table has, into it again, in a transaction.

    The rows are staged as a file tells them: by the keys of what they refer to, without ids of their own and without what
    the database writes down itself. Indexes, checks, foreign keys and triggers are those of the table.
    """
    from django.db import connection, transaction  # noqa: PLC0415

    referring = REFERENCES.get(table, {})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'id' AND attname <> ALL(%s)",
            [table, FILLED_IN.get(table, [])],
        )
        (columns,) = cursor.fetchone()
        joins = {
            side: " ".join(
                f"JOIN {other} AS {column}_row ON {column}_row.{match} = {side}.{column}"
                for column, (other, key) in referring.items()
                for match in ["id" if side == "held" else key]
            )
            for side in ("held", "incoming")
        }
        export_columns = ", ".join(
            f"{column}_row.{referring[column][1]} AS {column}" if column in referring else f"held.{column}"
            for column in columns
        )
        insert_columns = ", ".join(
            f"{column}_row.id" if column in referring else f"incoming.{column}" for column in columns
        )
        rows = f"SELECT {export_columns} FROM {table} AS held {joins['held']}"
        text = io.StringIO()
        cursor.copy_expert(f"COPY ({rows} ORDER BY held.id) TO STDOUT", text)
        cursor.execute(f"CREATE TEMPORARY TABLE incoming AS {rows} LIMIT 0")
        if table == "catalog_item":
            cursor.execute("CREATE TABLE kept_price AS SELECT * FROM catalog_price")
            cursor.execute("DELETE FROM catalog_price")
            cursor.execute("CREATE TABLE kept_item AS SELECT id, number FROM catalog_item")
        cursor.execute("SET session_replication_role = replica")  # facts are kept by triggers
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(f"VACUUM FULL {table}")
        text.seek(0)

        @transaction.atomic
        def write() -> None:
            cursor.copy_expert("COPY incoming FROM STDIN", text)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {insert_columns} FROM incoming {joins['incoming']}"
            )

        took, _nothing = timed(write)
        cursor.execute("DROP TABLE incoming")
        if table == "catalog_item":
            cursor.execute(
                "UPDATE kept_price SET item_id = now.id FROM kept_item JOIN catalog_item AS now USING (number)"
                " WHERE kept_price.item_id = kept_item.id"
            )
            cursor.execute("INSERT INTO catalog_price SELECT * FROM kept_price")
    return took


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Do it, and give the seconds that it took and what it gave."""
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


def report(measured: Iterable[Measured], seconds_by_name: dict[str, float]) -> str:
    """Write what came out as a table."""
    lines = [
        "# Imports, measured",
        "",
        "Each file of a region to its difference and until it is applied, beside one COPY and one INSERT … SELECT of the",
        "same rows, staged as the file tells them. `make bench-imports` writes this part.",
        "",
        "| file | rows | s to the difference | s to apply | rows a second | plain rows a second | ratio |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for each in measured:
        rate = each.rows / (each.compared + each.applied)
        bare = each.rows / seconds_by_name[each.name] if each.name in seconds_by_name else 0
        beside = f"{bare:.0f} | {rate / bare:.2f}" if bare else " | "
        lines.append(
            f"| {each.name} | {each.rows} | {each.compared:.1f} | {each.applied:.1f} | {rate:.0f} | {beside} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
