"""What a reader hands over: lines that could be read, and rows that could not, with the reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TextIO


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One delivered order line as its source tells it; see `PurchaseHistoryLine` for units."""

    row: int
    external_id: str
    delivered_date: date
    department_name: str
    supplier_name: str
    category_name: str
    item_key: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    units_per_order_unit: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be read: its number in the file (the heading is row 1), the column, why, and what it said."""

    row: int
    field: str
    reason: str
    raw: str


Row = ReadLine | RefusedRow


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read: ``rows`` turns the text of a file into lines and refusals."""

    source: str
    currency: str
    unit: str
    columns: tuple[str, ...]
    rows: Callable[[TextIO], Iterator[Row]]
