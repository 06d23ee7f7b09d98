"""A supplier's price list of a hundred thousand rows over a million items, beside one upsert from a staging table."""

import io
import os
import resource
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.imports import timed
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS

ROWS = int(os.environ.get("BENCH_PRICES", "100000"))
LIST = """
SELECT item.number, agreement.number, supplier.org_number, to_char(round(price.unit_price * 1.03, 2), 'FM999999990D00')
FROM (SELECT id, number FROM catalog_item WHERE id %% 2 = %(half)s AND status = 'standard') AS item
JOIN catalog_price AS price ON price.item_id = item.id AND price.valid_during @> current_date AND price.agreement_id IS NOT NULL
    AND price.order_unit = '' AND price.minimum_quantity = 1
JOIN agreements_agreement AS agreement ON agreement.id = price.agreement_id AND agreement.valid_during @> current_date
JOIN agreements_supplier AS supplier ON supplier.id = price.supplier_id
ORDER BY hashint8(item.id) LIMIT %(rows)s
"""
UPSERT = """
MERGE INTO catalog_price AS price USING (
    SELECT item.id AS item_id, agreement.id AS agreement_id, supplier.id AS supplier_id, staged.unit_price, now.id AS price_id
    FROM staged JOIN catalog_item AS item ON item.number = staged.item
    JOIN agreements_agreement AS agreement ON agreement.number = staged.agreement
    JOIN agreements_supplier AS supplier ON supplier.org_number = staged.supplier
    LEFT JOIN catalog_price AS now ON now.item_id = item.id AND now.agreement_id = agreement.id
        AND now.valid_during @> current_date
) AS told ON price.id = told.price_id
WHEN MATCHED THEN UPDATE SET unit_price = told.unit_price, supplier_id = told.supplier_id
WHEN NOT MATCHED THEN INSERT (item_id, agreement_id, supplier_id, unit_price, minimum_quantity, lead_days, valid_during)
    VALUES (told.item_id, told.agreement_id, told.supplier_id, told.unit_price, 1, 3, daterange(current_date, NULL))
"""


@dataclass(frozen=True)
class Listed:
    """The list's rows, and the seconds: to the difference, to being shown, to being applied, and those of the plain upsert."""

    rows: int
    compared: float
    shown: float
    applied: float
    plain: float
    memory: float
    """By how many MB the process grew."""

    @property
    def ratio(self) -> float:
        """Rows a second beside the plain upsert's."""
        return self.plain / (self.compared + self.shown + self.applied)


def measure() -> Listed:
    """Bring one list in as the program does, and another one of other items plainly."""
    rows = _list(half=0)
    text = "\n".join(";".join(row) for row in [("item", "agreement", "supplier", "unit_price"), *rows])
    before = _peak_memory()

    def to_difference() -> Any:
        new_import = request_import(
            register=REGISTERS["prices"],
            file_name="prislista.csv",
            content=io.BytesIO(text.replace(".", ",").encode()),
            by=None,
            at=timezone.now(),
        )
        return run_import(of_import=new_import, at=timezone.now())

    compared, this = timed(to_difference)
    display_seconds, counts = timed(lambda: (this.counts(), list(this.changes.in_order()[:50]))[0])
    applied, this = timed(lambda: apply_import(of_import=this, by=None, at=timezone.now()))
    assert counts["changed"] == len(rows), counts
    return Listed(len(rows), compared, display_seconds, applied, _plain_seconds(), _peak_memory() - before)


def _plain_seconds() -> float:
    """The seconds of one COPY and one upsert of as many other rows, in a transaction."""
    text = io.StringIO("\n".join("\t".join(row) for row in _list(half=1)))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE staged (item text, agreement text, supplier text, unit_price numeric)"
        )

        @transaction.atomic
        def write() -> None:
            cursor.copy_expert("COPY staged FROM STDIN", text)
            cursor.execute(UPSERT)

        took, _nothing = timed(write)
        cursor.execute("DROP TABLE staged")
    return took


def _list(*, half: int) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(LIST, {"half": half, "rows": ROWS})
        rows: list[tuple[str, ...]] = cursor.fetchall()
    return rows


def _peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
