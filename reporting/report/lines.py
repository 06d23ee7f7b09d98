"""
The delivered lines behind a report: read once in portions, frozen as gzipped JSON, read back as often as needed.

The savings register only grows, so the ids taken with the figures name the same lines and amounts whenever the
portions are read.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal

from reporting.models import Saving

PORTION = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One delivered line as a report shows it: all text, as in the register on the day of freezing."""

    delivered_date: str
    source: str
    initiative: str
    category: str
    item_number: str
    item: str
    department: str
    supplier: str
    quantity: str
    unit: str
    baseline_price: str
    paid_price: str
    amount: str
    method: str


@dataclass(frozen=True, slots=True)
class FrozenContent:
    """Lines packed for keeping. ``sha256`` is that of the unpacked text."""

    content: bytes
    count: int
    amount: Decimal
    sha256: str


def line_ids(*, year: int, through: date) -> list[int]:
    """Name the register's lines of a year through a day, in the order in which they are shown."""
    lines = Saving.objects.current().delivered_in(year, through)
    return list(lines.order_by("delivered_date", "pk").values_list("pk", flat=True))


def freeze_lines(ids: Sequence[int], *, counted: Callable[[int], None]) -> FrozenContent:
    """Read the lines in portions and pack them; ``counted`` is told how many are read."""
    amount, digest = Decimal("0.00"), hashlib.sha256()
    packed: list[bytes] = []
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION]
        rows = list(_read(portion))
        amount += sum((Decimal(row.amount) for row in rows), Decimal("0.00"))
        text = "".join(f"{json.dumps(astuple(row), ensure_ascii=False)}\n" for row in rows).encode()
        digest.update(text)
        packed.append(gzip.compress(text, mtime=0))
        counted(start + len(portion))
    return FrozenContent(b"".join(packed), len(ids), amount, digest.hexdigest())


def thaw_lines(content: bytes) -> Iterator[Line]:
    """Read frozen lines back, one by one."""
    for row in gzip.decompress(content).decode().splitlines():
        yield Line(*json.loads(row))


def _read(ids: Sequence[int]) -> Iterator[Line]:
    lines = (
        Saving.objects.filter(pk__in=ids)
        .select_related(
            "baseline__initiative",
            "item",
            "history_line",
            "receipt_line__allocation__order_line__order",
        )
        .defer("item__search_vector", "item__description")
        .order_by("delivered_date", "pk")
    )
    for line in lines:
        yield Line(
            delivered_date=line.delivered_date.isoformat(),
            source=_source(line),
            initiative=line.baseline.initiative.code,
            category=line.category_name,
            item_number=line.item.number,
            item=line.description,
            department=line.department_name,
            supplier=line.supplier_name,
            quantity=f"{line.quantity:f}",
            unit=line.unit,
            baseline_price=f"{line.baseline_price:f}",
            paid_price=f"{line.paid_price:f}",
            amount=f"{line.amount:f}",
            method=line.baseline.method,
        )


def _source(line: Saving) -> str:
    """Name the order, or the line in the system that it was imported from."""
    if line.history_line is not None:
        return f"{line.history_line.source} {line.history_line.external_id}"
    return line.receipt_line.allocation.order_line.order.number if line.receipt_line is not None else ""
