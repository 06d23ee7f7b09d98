"""What is ordered again and again: what a department usually buys, what it ordered last, what a person keeps at hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Exists, Func, JSONField, Max, OuterRef, QuerySet, Subquery, Sum

from catalog.favourites import ListedItem
from catalog.models import Item, Price
from catalog.permissions import can_be_ordered
from catalog.pricing import BestPrices
from core.clock import start_of
from core.compiled import compiled_once
from core.money import to_quantity
from organizations.models import Department
from procurement.models import Requisition, RequisitionLine
from procurement.states import CLOSED, LineStatus

REMEMBERED = timedelta(days=365)
MOST_REMEMBERED = 300
MOST_READ = 200
"""So many of a department's latest requisitions are read, so that who orders every day waits no longer than others."""
OFTEN = 3
MOST_USUAL = 4
CONSIDERED = 3 * MOST_USUAL


AS_ORDERED = Func("quantity", "unit", function="jsonb_build_array", output_field=JSONField())
"""How many of which order unit, as one value; the smaller numbers come first."""


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

    @property
    def unit(self) -> str:
        """The order unit that it is sold in."""
        return self.price.pack_of(self.item)[0]


@dataclass(frozen=True, slots=True)
class PurchaseHabit:
    """How often, and how many at a time of which order unit, a department has bought an item."""

    item_id: int
    times: int
    quantity: Decimal
    unit: str

    def in_unit(self, unit: str) -> Decimal | None:
        """How many at a time, where it is counted in the order unit that it is bought in; else it would be another number."""
        return self.quantity if self.unit == unit else None


@dataclass(frozen=True, slots=True)
class FavouriteQuantity:
    """A favourite, and how many at a time."""

    kept: ListedItem
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class LatestRequisition:
    """What was ordered last: the requisition, how many items are in it, and what they cost then."""

    requisition: Requisition
    count: int
    amount: Decimal


def department_purchases(department: Department | None, *, day: date) -> list[PurchaseHabit]:
    """What the department has bought in a year, in its latest requisitions, most often first: one query."""
    if department is None:
        return []
    rows = _purchase_rows(department.pk, start_of(day - REMEMBERED))
    return [PurchaseHabit(row["item_id"], row["times"], *_read(row["usual"])) for row in rows]


def _read(row: Sequence[Any]) -> tuple[Decimal, str]:
    quantity, unit = row
    return to_quantity(Decimal(str(quantity))), unit


@compiled_once
def _purchase_rows(department: int, since: datetime) -> QuerySet[Any, Any]:
    latest = Requisition.objects.submitted().filter(department=department, submitted_at__gte=since)
    return (
        RequisitionLine.objects.exclude(
            status__in=[LineStatus.DRAFT, LineStatus.SUPERSEDED, LineStatus.WITHDRAWN]
        )
        .filter(requisition__in=latest.values("pk")[:MOST_READ], item__isnull=False, submitted_at__gte=since)
        .values("item_id")
        .annotate(times=Count("pk"), usual=MostUsual(AS_ORDERED), latest=Max("submitted_at"))
        .order_by("-times", "-latest", "item_id")[:MOST_REMEMBERED]
    )


def usual_items(
    purchases: Sequence[PurchaseHabit], prices: BestPrices, *, day: date, department_id: int | None
) -> list[Habit]:
    """The items bought most that can still be ordered, of the ``CONSIDERED`` first; ``prices`` come with the items."""
    priced = [
        (each, prices.get(each.item_id, each.quantity, unit=each.unit)) for each in purchases[:CONSIDERED]
    ]
    habits = [
        Habit(price.item, at_a_time(each, unit=price.pack_of(price.item)[0], price=price), each.times, price)
        for each, price in priced
        if price is not None and can_be_ordered(price.item, day=day, department_id=department_id)
    ]
    return habits[:MOST_USUAL]


def at_a_time(habit: PurchaseHabit | None, *, unit: str, price: Price | None) -> Decimal:
    """How many of an order unit to offer: as many as are usually bought of it, or as few as are sold."""
    least = Decimal(price.minimum_quantity) if price else Decimal(1)
    return max((habit.in_unit(unit) if habit else None) or least, least)


def favourites_with_quantities(
    favourites: Iterable[ListedItem], purchases: Iterable[PurchaseHabit]
) -> list[FavouriteQuantity]:
    """
    Her favourites, latest first, in the quantity that the department usually buys.

    :param purchases: what the department has bought, from ``remembered``.
    """
    quantity_by_item = {each.item_id: each for each in purchases}
    return [
        FavouriteQuantity(
            favourite,
            at_a_time(quantity_by_item.get(favourite.item.pk), unit=favourite.unit, price=favourite.price),
        )
        for favourite in favourites
    ]


def latest_requisition(department: Department | None) -> LatestRequisition | None:
    """
    The latest requisition of several items of a department that the person orders for: one query.

    Lines that were closed are left out. A single item is one press away already, among what the department usually buys.
    """
    requisitions: list[Any] = _latest_requisitions(department.pk) if department else []
    return (
        LatestRequisition(requisitions[0], requisitions[0].copied_count, requisitions[0].copied_amount)
        if requisitions
        else None
    )


@compiled_once
def _latest_requisitions(department: int) -> QuerySet[Requisition]:
    copied = RequisitionLine.objects.filter(item__isnull=False).exclude(status__in=CLOSED)
    of_each = copied.filter(requisition=OuterRef("pk")).order_by().values("requisition")
    return (
        Requisition.objects.submitted()
        .filter(Exists(of_each.annotate(lines=Count("pk")).filter(lines__gt=1)), department=department)
        .annotate(
            copied_count=Subquery(of_each.annotate(lines=Count("pk")).values("lines")),
            copied_amount=Subquery(of_each.annotate(sum=Sum("amount")).values("sum")),
        )
        .select_related("requester")[:1]
    )
