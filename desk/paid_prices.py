"""What was last paid for an item, beside a line that asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from procurement.models import OrderLine, RequisitionLine
from procurement.states import OrderStatus

MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PaidPrice:
    """One order of an item: what one unit cost, when, from whom."""

    number: str
    unit_price: Decimal
    unit: str
    at: datetime
    supplier: str


def paid_rows(item: Any) -> QuerySet[OrderLine, Any]:
    """The latest orders of an item, latest first, one object each."""
    ordered = OrderLine.objects.filter(item=item).exclude(order__status=OrderStatus.CANCELLED)
    facts = {
        "number": "order__number",
        "unit_price": Cast("unit_price", TextField()),
        "unit": "unit",
        "at": "order__created_at",
        "supplier": "order__supplier__name",
    }
    rows: QuerySet[OrderLine, Any] = ordered.order_by("-pk").values_list(JSONObject(**facts), flat=True)
    return rows[:MOST_SHOWN]


def last_paid(line: RequisitionLine) -> list[PaidPrice]:
    """What was last paid for the line's item, as it was read with the line or else asked now; nothing for free text."""
    if line.item_id is None:
        return []
    rows = vars(line).get("paid")
    return [_paid_from_row(row) for row in (paid_rows(line.item_id) if rows is None else rows)]


def _paid_from_row(row: Mapping[str, Any]) -> PaidPrice:
    return PaidPrice(
        row["number"],
        Decimal(row["unit_price"]),
        row["unit"],
        datetime.fromisoformat(row["at"]),
        row["supplier"],
    )
