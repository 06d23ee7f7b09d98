"""What a department usually buys, read from its own submitted lines of the last year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

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


@dataclass(frozen=True, slots=True)
class Bought:
    """How often, and how many at a time, a department has bought an item."""

    item_id: int
    times: int
    quantity: Decimal


def remembered(department: Department | None, *, day: date) -> list[Bought]:
    """What the department has bought in a year, most often first: one query."""
    if department is None:
        return []
    since = timezone.make_aware(datetime.combine(day - REMEMBERED, time.min))
    rows = (
        RequisitionLine.objects.exclude(
            status__in=[LineStatus.DRAFT, LineStatus.SUPERSEDED, LineStatus.WITHDRAWN]
        )
        .filter(requisition__department=department, item__isnull=False, submitted_at__gte=since)
        .values("item_id")
        .annotate(times=Count("pk"), usual=MostUsual("quantity"), latest=Max("submitted_at"))
        .order_by("-times", "-latest", "item_id")
    )
    return [Bought(row["item_id"], row["times"], row["usual"]) for row in rows[:MOST_REMEMBERED]]


def usual_items(bought: Sequence[Bought], *, day: date, most: int = 4) -> list[Habit]:
    """The items bought most that can still be ordered: two queries."""
    candidates = bought[: most * 3]
    items = Item.objects.select_related("category").in_bulk([each.item_id for each in candidates])
    prices = best_prices(items, day=day)
    habits = [
        Habit(items[each.item_id], each.quantity, each.times, prices[each.item_id])
        for each in candidates
        if each.item_id in prices and can_be_ordered(items[each.item_id], day=day)
    ]
    return habits[:most]
