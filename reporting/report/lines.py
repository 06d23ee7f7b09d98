"""
The delivered lines behind a report: read once in portions, frozen as gzipped JSON, read back as often as needed.

The database holds the lines as they were at the moment of the figures, and gives them a portion at a time; what is
packed goes to a file, so that a million lines need no more memory than a thousand.
"""

import gzip
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Any, BinaryIO, Self

from django.db import connection

from core.money import ZERO
from reporting.models import EffectPart
from reporting.saved_months import Choice, saved_total

PORTION = 5000
PACKED = 1
"""How hard lines are packed: harder takes several times as long, and makes little less of what is mostly the same words."""

# Otherwise the database would choose what gives the first of a cursor's rows soonest.
ALL_ARE_READ = "SET LOCAL cursor_tuple_fraction TO 1; SET LOCAL work_mem TO '64MB'"

LINES_SQL = """
FROM reporting_saving s
WHERE s.component = 'reduction' AND s.nature = 'recurring' AND s.delivered_date BETWEEN make_date(%(year)s, 1, 1) AND %(through)s
  AND NOT EXISTS (SELECT FROM reporting_saving n WHERE n.replaces_id = s.id)
"""

# A line as its frozen text, in the order of the fields of `Line`, beside its amount.
TEXT_SQL = f"""
WITH chosen AS (SELECT s.* {LINES_SQL})
SELECT s.amount, json_build_array(
    to_char(s.delivered_date, 'YYYY-MM-DD'), coalesce(o.number, h.source || ' ' || h.external_id, ''), n.code,
    s.category_name, i.number, s.description, s.department_name, s.supplier_name, s.quantity::text, s.unit,
    s.baseline_price::text, s.paid_price::text, s.amount::text, b.method)::text
FROM chosen s
JOIN reporting_baseline b ON b.id = s.baseline_id
JOIN reporting_savinginitiative n ON n.id = b.initiative_id
JOIN catalog_item i ON i.id = s.item_id
LEFT JOIN history_purchasehistoryline h ON h.id = s.history_line_id
LEFT JOIN procurement_receiptline rl ON rl.id = s.receipt_line_id
LEFT JOIN procurement_allocation a ON a.id = rl.allocation_id
LEFT JOIN procurement_orderline ol ON ol.id = a.order_line_id
LEFT JOIN procurement_purchaseorder o ON o.id = ol.order_id
ORDER BY s.delivered_date, s.id
"""  # noqa: S608, all parts are constants


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
    """Lines packed for keeping, in a file that is gone when it is closed. ``sha256`` is that of the unpacked text."""

    file: BinaryIO
    count: int
    amount: Decimal
    sha256: str


class HeldLines:
    """
    The register's lines of a year through a day, in the order in which they are shown, as they are now.

    Made in the transaction that gathers the figures; the database holds them until they are let go, so they can be
    read after it while progress is written down.
    """

    def __init__(self, *, year: int, through: date) -> None:
        facts: dict[str, Any] = {"year": year, "through": through}
        self.count = saved_total(Choice(date(year, 1, 1), through, EffectPart.BUDGET)).count
        with connection.cursor() as cursor:
            cursor.execute(ALL_ARE_READ)
        with connection.wrap_database_errors:
            self._cursor = connection.connection.cursor("report_lines", withhold=True)
            self._cursor.execute(TEXT_SQL, facts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._cursor.closed and not connection.connection.closed:
            self._cursor.close()

    def portions(self) -> Iterator[list[tuple[Decimal, str]]]:
        """Each line's amount and text, some thousand at a time."""
        while True:
            with connection.wrap_database_errors:
                portion = self._cursor.fetchmany(PORTION)
            if not portion:
                return
            yield portion


def freeze_lines(lines: HeldLines, *, counted: Callable[[int], None]) -> FrozenContent:
    """Read the lines in portions and pack them; ``counted`` is told how many are read."""
    amount, digest, count = ZERO, hashlib.sha256(), 0
    file: Any = tempfile.TemporaryFile(prefix="rauk-lines-")  # noqa: SIM115, closed by whoever keeps it
    with gzip.GzipFile(filename="", mode="wb", compresslevel=PACKED, fileobj=file, mtime=0) as packed:
        for portion in lines.portions():
            text = "".join(f"{row}\n" for _amount, row in portion).encode()
            amount += sum((of_line for of_line, _row in portion), ZERO)
            digest.update(text)
            packed.write(text)
            count += len(portion)
            counted(count)
    return FrozenContent(file, count, amount, digest.hexdigest())


def thaw_lines(content: BinaryIO) -> Iterator[Line]:
    """Read frozen lines back, one by one."""
    with gzip.GzipFile(fileobj=content) as text:
        for row in text:
            yield Line(*json.loads(row))
