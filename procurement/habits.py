"""What a department usually buys, read from its own submitted lines of the last year."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Max
from django.utils import timezone

from catalog.models import Item, Price
from catalog.permissions import can_be_ordered
from catalog.pricing import best_prices
from organizations.models import Department
from procurement.models import RequisitionLine
from procurement.states import LineStatus

REMEMBERED = timedelta(days=365)
MOST_REMEMBERED = 300
OFTEN = 3


class MostUsual(Aggregate):
    """The value that occurs most often; the smallest of several."""

    function = "MODE"
    template = "%(function)s() WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True)
class Habit:
    """An item that the department buys again and again, how many at a time, and its price today."""

    item: Item
    quantity: Decimal
    times: int
    price: Price


def _bought(department: Department, day: date) -> Any:
    """Items by how often; one query."""
    since = timezone.make_aware(datetime.combine(day - REMEMBERED, time.min))
    return (
        RequisitionLine.objects.exclude(status__in=[LineStatus.DRAFT, LineStatus.SUPERSEDED, LineStatus.WITHDRAWN])
        .filter(requisition__department=department, item__isnull=False, submitted_at__gte=since)
        .values("item_id")
        .annotate(times=Count("pk"), usual=MostUsual("quantity"), latest=Max("submitted_at"))
        .order_by("-times", "-latest", "item_id")
    )


def times_bought(department: Department | None, *, day: date) -> dict[int, int]:
    """How many times the department has bought each item, by item id."""
    if department is None:
        return {}
    return {row["item_id"]: row["times"] for row in _bought(department, day)[:MOST_REMEMBERED]}


def usual_items(department: Department, *, day: date, most: int = 4) -> list[Habit]:
    """What the department buys most and can still order: three queries."""
    rows = {row["item_id"]: row for row in _bought(department, day)[: most * 3]}
    items = Item.objects.select_related("category").in_bulk(rows)
    prices = best_prices(rows, day=day)
    habits = [
        Habit(items[item_id], row["usual"], row["times"], prices[item_id])
        for item_id, row in rows.items()
        if item_id in prices and can_be_ordered(items[item_id], day=day)
    ]
    return habits[:most]
