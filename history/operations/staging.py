"""
Bring rows of a file into the purchase history, some thousand at a time and set by set.

The lines of a step are copied to a table that lasts as long as the transaction. One statement adds those that are new,
one says what became of the others. The time of a row does not grow with the file, nor with the history but by its index.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from history.importing.lines import Reader, ReadLine, RefusedRow, Row
from history.models import PurchaseImport

LINE_COLUMNS = (
    "external_id",
    "delivered_date",
    "department_name",
    "supplier_name",
    "category_name",
    "item_key",
    "description",
    "quantity",
    "unit_price",
    "amount",
    "units_per_order_unit",
    "note",
)
COLUMNS = ", ".join(LINE_COLUMNS)

STAGE_SQL = """
CREATE TEMPORARY TABLE incoming_line (
    row integer, external_id text, delivered_date date, department_name text, supplier_name text, category_name text,
    item_key text, description text, quantity numeric, unit_price numeric, amount numeric,
    units_per_order_unit numeric, note text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE refused_row (row integer, field text, reason text, raw text) ON COMMIT DROP;
"""

ADD_SQL = f"""
INSERT INTO history_purchasehistoryline (source, purchase_import_id, import_row, unit, currency, {COLUMNS},
                                         administration_name, cost_center, category_code, supplier_org_number)
SELECT %(source)s, %(import)s, row, %(unit)s, %(currency)s, {COLUMNS}, '', '', '', ''
FROM (SELECT DISTINCT ON (external_id) * FROM incoming_line ORDER BY external_id, row) AS first_of_its_id
ORDER BY row
ON CONFLICT (source, external_id) DO NOTHING
"""  # noqa: S608, all parts are constants

# What became of each line: came in by this row, came in by an earlier row of the file, or was there before.
OUTCOME_SQL = """
WITH outcome AS (
    SELECT i.*, h.import_row, h.purchase_import_id IS NOT DISTINCT FROM %(import)s AS is_ours,
           (i.delivered_date, i.department_name, i.supplier_name, i.category_name, i.item_key, i.quantity, i.unit_price,
            i.amount)
           IS DISTINCT FROM
           (h.delivered_date, h.department_name, h.supplier_name, h.category_name, h.item_key, h.quantity, h.unit_price,
            h.amount) AS differs
    FROM incoming_line i
    JOIN history_purchasehistoryline h ON h.source = %(source)s AND h.external_id = i.external_id
), refused AS (
    INSERT INTO refused_row
    SELECT row, 'ID',
           CASE WHEN is_ours THEN replace(%(repeated)s, '%%(row)s', import_row::text) ELSE %(conflict)s END,
           concat_ws(', ', external_id, delivered_date, description, quantity || ' × ' || unit_price)
    FROM outcome WHERE CASE WHEN is_ours THEN import_row <> row ELSE differs END
)
SELECT count(*) FILTER (WHERE is_ours AND import_row = row), count(*) FILTER (WHERE NOT is_ours AND NOT differs)
FROM outcome
"""

REFUSE_SQL = """
WITH added AS (
    INSERT INTO history_importrefusal (purchase_import_id, row, field, reason, raw)
    SELECT %(import)s, row, field, left(reason, 300), raw FROM refused_row ORDER BY row
    ON CONFLICT (purchase_import_id, row) DO NOTHING
)
SELECT count(*) FROM refused_row
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows of a step came in, were there before, and were refused."""

    imported: int
    already_present: int
    refused: int


def bring_in(purchase_import: PurchaseImport, reader: Reader, rows: Sequence[Row]) -> Outcome:
    """Bring in some rows, one import of a source at a time; used inside an operation."""
    facts: dict[str, Any] = {
        "import": purchase_import.pk,
        "source": reader.source,
        "unit": reader.unit,
        "currency": reader.currency,
        "repeated": _("Samma ID finns redan på rad %(row)s i filen."),
        "conflict": _("Raden finns redan, men med andra uppgifter."),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"purchase history {reader.source}"])
        cursor.execute(STAGE_SQL)
        _copy(
            cursor, "incoming_line", (_line_cells(row) for row in rows if isinstance(row, ReadLine)),
            filled="note",
        )  # fmt: skip
        _copy(
            cursor, "refused_row", (_refused_cells(row) for row in rows if isinstance(row, RefusedRow)),
            filled="field, reason, raw",
        )  # fmt: skip
        cursor.execute(ADD_SQL, facts)
        cursor.execute(OUTCOME_SQL, facts)
        imported, present = cursor.fetchone()
        cursor.execute(REFUSE_SQL, facts)
        (refused,) = cursor.fetchone()
        cursor.execute("DROP TABLE incoming_line, refused_row")
    return Outcome(imported, present, refused)


def _copy(cursor: Any, table: str, rows: Iterable[Sequence[object]], *, filled: str) -> None:
    """Copy rows to a table; the ``filled`` columns have empty text where nothing stands."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({filled}))", text)


def _line_cells(line: ReadLine) -> Sequence[object]:
    return (line.row, *(getattr(line, column) for column in LINE_COLUMNS))


def _refused_cells(row: RefusedRow) -> Sequence[object]:
    return row.row, row.field, row.reason, row.raw
