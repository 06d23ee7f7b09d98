"""Write the purchases that were made before Rauk: the history, and the last year until four weeks ago."""

from collections.abc import Iterable
from datetime import date

from demo.history import HistoryLine, history_lines, present_lines
from demo.operations.region import Registers
from reporting.models import PurchaseHistoryLine

BATCH = 2_000
HISTORY, PRESENT = "inkopshistorik", "tidigare-system"
"""Sources, as the lines name them."""


def write_purchases(registers: Registers, *, today: date) -> None:
    """Write all delivered lines."""
    _write(registers, HISTORY, history_lines())
    _write(registers, PRESENT, present_lines(today))


def _write(registers: Registers, source: str, lines: Iterable[HistoryLine]) -> None:
    PurchaseHistoryLine.objects.bulk_create(
        (_history_line(registers, source, line) for line in lines), batch_size=BATCH
    )


def _history_line(registers: Registers, source: str, line: HistoryLine) -> PurchaseHistoryLine:
    item, category = registers.items[line.item], registers.categories[line.category]
    department = registers.departments[line.cost_center]
    supplier = registers.suppliers[line.supplier_org_number]
    return PurchaseHistoryLine(
        source=source,
        external_id=line.external_id,
        delivered_date=line.delivered_date,
        department_name=department.name,
        supplier_name=supplier.name,
        category_name=category.name,
        item_key=item.number,
        description=f"{item.name}, {item.size}" if item.size else item.name,
        quantity=line.quantity,
        unit=item.order_unit,
        units_per_order_unit=item.units_per_order_unit,
        unit_price=line.unit_price,
        amount=line.amount,
        department=department,
        supplier=supplier,
        category=category,
        agreement=registers.agreements[line.agreement] if line.agreement else None,
        item=item,
    )
