"""What is known of a recall: who has received the item, how much and when, and which orders of it are on their way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DecimalField, F, Func, IntegerField, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from core.money import to_quantity
from core.ordering import swedish
from organizations.models import Department, User
from procurement.models import (
    LEFT,
    STILL_TO_COME,
    Allocation,
    OrderLine,
    PurchaseOrder,
    Recall,
    RecallCall,
    RecallUnit,
    ReceiptLine,
)
from procurement.states import DELIVERABLE, OrderStatus


@dataclass(frozen=True, slots=True)
class Received:
    """What a department has received of an item since a day: in order units as they were then, in base units where they differ."""

    quantity: Decimal
    unit: str
    times: int
    first_date: date
    last_date: date
    people: Sequence[User] = ()


@dataclass(frozen=True, slots=True)
class RecalledDepartment:
    """A department of a recall, with what it has received; nothing when what it was told of was taken back."""

    told: RecallUnit
    received: Received | None


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """An order of a recalled item that may have reached its supplier and has not come; counted as what has been received."""

    order: PurchaseOrder
    quantity: Decimal
    unit: str
    has_other_items: bool
    call: RecallCall | None = None
    lines: list[OrderLine] = field(default_factory=list)


def _counted(quantity: Combinable, line: str) -> dict[str, Any]:
    """Annotations of rows that are gathered: how many in their order units, and in base units, and which units those are."""
    return {
        "total": Sum(quantity),
        "base_units": Sum(quantity * F(f"{line}__units_per_order_unit"), output_field=DecimalField()),
        "units": Count(f"{line}__unit", distinct=True),
        "unit_name": Max(f"{line}__unit"),
        "base_unit": Max(f"{line}__item__base_unit"),
    }


def _amount(row: Mapping[str, Any]) -> tuple[Decimal, str]:
    """How many of what: boxes and cartons are not added to each other."""
    if row["units"] == 1:
        return row["total"], row["unit_name"]
    return to_quantity(row["base_units"]), row["base_unit"]


def receipts_of(recall: Recall) -> QuerySet[ReceiptLine]:
    """What came of the item from the recall's first day on."""
    return ReceiptLine.objects.standing().filter(
        Q(allocation__order_line__item=recall.item_id), delivered_date__gte=recall.since_date, quantity__gt=0
    )


def received_by(recall: Recall) -> dict[int, Received]:
    """What each department has received, by its id: two queries."""
    rows = (
        receipts_of(recall)
        .values("receipt__department")
        .annotate(
            times=Count("receipt", distinct=True),
            first=Min("delivered_date"),
            last=Max("delivered_date"),
            **_counted(F("quantity"), "allocation__order_line"),
        )
    )
    people: dict[int, dict[int, User]] = {}
    lines = receipts_of(recall).select_related("receipt__received_by").order_by("pk")
    for line in lines:
        receiver = line.receipt.received_by
        people.setdefault(line.receipt.department_id, {})[receiver.pk] = receiver
    return {
        row["receipt__department"]: Received(
            *_amount(row),
            times=row["times"],
            first_date=row["first"],
            last_date=row["last"],
            people=list(people[row["receipt__department"]].values()),
        )
        for row in rows
    }


def units_of(recall: Recall) -> list[RecalledDepartment]:
    """The departments of a recall, those that have not answered first."""
    received = received_by(recall)
    rows = recall.units.select_related("department", "acknowledged_by").order_by(
        F("acknowledged_at").desc(nulls_first=True), swedish("department__name"), "pk"
    )
    return [RecalledDepartment(each, received.get(each.department_id)) for each in rows]


def latest_receipts(recall: Recall) -> dict[int, tuple[object, list[int]]]:
    """When each department last signed for any of it, and who has: by the department's id."""
    receipts: dict[int, tuple[object, list[int]]] = {}
    rows = receipts_of(recall).values_list(
        "receipt__department", "receipt__received_at", "receipt__received_by"
    )
    for department, at, person in rows.order_by("receipt__received_at", "pk"):
        people = receipts[department][1] if department in receipts else []
        receipts[department] = (at, [*people, person])
    return receipts


def _still_to_come(item: int | OuterRef) -> QuerySet[Allocation]:
    """What of an item has been ordered and has not come."""
    return Allocation.objects.filter(
        STILL_TO_COME, order_line__item=item, line__status__in=DELIVERABLE
    ).exclude(order_line__order__status=OrderStatus.CANCELLED)


def unsettled(recalls: QuerySet[Recall]) -> QuerySet[Recall]:
    """
    Those of which something is left to do, with how much.

    ``silent_count`` is of departments that have not answered, ``uncalled_count`` of orders on their way whose supplier
    nobody has called.
    """
    silent = RecallUnit.objects.filter(recall=OuterRef("pk"), acknowledged_at=None)
    called = RecallCall.objects.filter(recall=OuterRef(OuterRef("pk"))).values("order")
    uncalled = _still_to_come(OuterRef("item")).exclude(order_line__order__in=called)
    return recalls.annotate(
        silent_count=_length(silent.values("pk")),
        uncalled_count=_length(uncalled.values("order_line__order").distinct()),
    ).filter(Q(silent_count__gt=0) | Q(uncalled_count__gt=0))


def _length(rows: QuerySet[Any, Any]) -> Func:
    return Func(ArraySubquery(rows), function="cardinality", output_field=IntegerField())


def on_the_way(recall: Recall) -> list[OnTheWay]:
    """The orders that a supplier may be about to deliver, the earliest first: three queries."""
    waiting = _still_to_come(recall.item_id)
    orders = (
        PurchaseOrder.objects.filter(pk__in=waiting.values("order_line__order"))
        .select_related("supplier", "delivery_place__department")
        .annotate(others=Count("lines", filter=~Q(lines__item=recall.item_id) | Q(lines__item=None)))
        .order_by("created_at", "pk")
    )
    quantity_by_order = {
        row["order_line__order"]: _amount(row)
        for row in waiting.values("order_line__order").annotate(**_counted(LEFT, "order_line"))
    }
    calls = {call.order_id: call for call in recall.calls.select_related("called_by")}
    return [
        OnTheWay(
            order,
            *quantity_by_order[order.pk],
            has_other_items=bool(order.others),  # type: ignore[attr-defined]
            call=calls.get(order.pk),
        )
        for order in orders
    ]


def departments_received(recall: Recall) -> QuerySet[Department]:
    """The departments that have received any of it."""
    return Department.objects.filter(pk__in=receipts_of(recall).values("receipt__department"))
