"""Write the purchases that were made outside Rauk: the history, and those of the last years in the system used before."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from django.db import connection

from core.bulk import tell_the_planner
from demo.history import HistoryLine, OutsideLine, history_lines, outside_lines, present_lines
from demo.operations.region import Registers
from history.models import PurchaseHistoryLine

HISTORY, PRESENT = "inköpshistorik", "tidigare system"
"""Sources, as the lines name them."""

COLUMNS = (
    "source",
    "external_id",
    "delivered_date",
    "department_name",
    "supplier_name",
    "category_name",
    "item_key",
    "description",
    "quantity",
    "unit",
    "units_per_order_unit",
    "unit_price",
    "amount",
    "currency",
    "note",
    "department_id",
    "supplier_id",
    "category_id",
    "agreement_id",
    "item_id",
)


def write_purchases(registers: Registers, *, today: date) -> None:
    """Write all delivered lines, and let the database count what it has, so that it plans well from here on."""
    _write(_row(registers, HISTORY, line) for line in history_lines())
    _write(_row(registers, PRESENT, line) for line in present_lines(today))
    _write(_outside_row(registers, line) for line in outside_lines(today))
    tell_the_planner()


def _write(rows: Iterable[tuple[object, ...]]) -> None:
    """Write lines with COPY: forty thousand in a second."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    table = connection.ops.quote_name(PurchaseHistoryLine._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (note))", text
        )


def _row(registers: Registers, source: str, line: HistoryLine) -> tuple[object, ...]:
    item, category = registers.items[line.item], registers.categories[line.category]
    department = registers.departments[line.cost_center]
    supplier = registers.suppliers[line.supplier_org_number]
    return (
        source,
        line.external_id,
        line.delivered_date,
        department.name,
        supplier.name,
        category.name,
        item.number,
        f"{item.name}, {item.size}" if item.size else item.name,
        line.quantity,
        item.order_unit,
        item.units_per_order_unit,
        line.unit_price,
        line.amount,
        "SEK",
        "",
        department.pk,
        supplier.pk,
        category.pk,
        registers.agreements[line.agreement].pk if line.agreement else None,
        item.pk,
    )


def _outside_row(registers: Registers, line: OutsideLine) -> tuple[object, ...]:
    """A purchase from a shop: no agreement, no number in the assortment, no supplier in the register."""
    purchase = line.purchase
    department, category = (
        registers.departments[purchase.cost_center],
        registers.categories[purchase.category],
    )
    return (
        PRESENT,
        line.external_id,
        line.delivered_date,
        department.name,
        purchase.supplier,
        category.name,
        purchase.description.lower(),
        purchase.description,
        line.quantity,
        purchase.unit,
        None,
        purchase.unit_price,
        line.amount,
        "SEK",
        "",
        department.pk,
        None,
        category.pk,
        None,
        None,
    )
