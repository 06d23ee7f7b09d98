"""Consolidate approved lines into purchase orders, and cancel them; `sending` sends them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from audit import trail
from core.bulk import insert_rows, update_rows
from core.compiled import compiled_once
from core.errors import InvalidInput, WrongState
from core.money import ZERO, line_amount, to_quantity
from core.states import move
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from core.working_days import add_working_days, last_working_day
from organizations.models import DeliveryPlace, User
from procurement import permissions
from procurement.events import Event
from procurement.models import (
    Allocation,
    CancellationNotice,
    OrderLine,
    PurchaseOrder,
    Requisition,
    RequisitionLine,
)
from procurement.operations import ceilings
from procurement.operations.award_records import open_records
from procurement.operations.locks import lock_requisitions
from procurement.operations.putting_away import put_away_for
from procurement.operations.rechecks import (
    GATE_FIELDS,
    GATE_RELATED,
    recheck,
    take_back,
    take_lower_prices,
)
from procurement.operations.replacements import check_nothing_is_owed
from procurement.operations.sending import send_order
from procurement.operations.telling import tell_of_cancelling
from procurement.order_terms import freight_of, may_wait, moment_of_ordering, working_days_needed
from procurement.order_times import next_order_time
from procurement.states import CLOSED, LINE_TRANSITIONS, ORDER_TRANSITIONS, LineStatus, OrderStatus

__all__ = ["cancel_order", "consolidate", "send_order"]

ORDERED_FIELDS = [
    *GATE_FIELDS,
    "lead_days",
    "order_due_at",
    "delivery_place__department__cost_center",
    "delivery_place__department__name",
    "category__lineage",
    "responsible",
    "approved_agreement",
    *(
        f"approved_supplier__{name}"
        for name in ("minimum_order_amount", "order_cutoff", "freight_amount", "freight_free_amount")
    ),
]
"""What an order takes of a line."""

FOUND_FIELDS = ["requisition", "approved_supplier"]
NOTHING = to_quantity(Decimal(0))
LATEST = datetime.max.replace(tzinfo=UTC)


class CancellationReasonMissing(InvalidInput):
    """A cancellation tells why."""

    code = "cancellation_reason_missing"
    sentence = _("Skriv varför ordern makuleras.")


class SomethingHasCome(WrongState):
    """Part of the order is already received."""

    code = "something_has_come"
    sentence = _("En del av ordern är redan mottagen. Ta emot resten som avvikelse i stället.")


@dataclass(slots=True)
class _Group:
    """Lines that become one order: same supplier, agreement and delivery place."""

    order: PurchaseOrder
    lines: list[RequisitionLine] = field(default_factory=list)


@operation
def consolidate(
    *, at: datetime, by: User | None = None, supplier: Supplier | None = None, due_only: bool = True
) -> list[PurchaseOrder]:
    """
    Turn approved and attested lines into orders, one per supplier, agreement and delivery place.

    Same item at the same price, asked for by the same day, from several requisitions becomes one order line with
    several allocations.
    What is approved but no longer holds goes back to whoever answers for it, and a price that has fallen is taken. On the clock, an
    order below the supplier's smallest waits for the next time, as long as it then comes when it was asked for.
    Twelve queries at most, whatever the number of lines, and a few more when something has changed or is bought under no
    agreement.

    :param by: the manager who orders before the clock; None for the clock itself.
    :param due_only: only lines whose order time has come.
    :raises NotPermitted: ``by`` is no manager.
    """
    if by is not None:
        require(permissions.can_consolidate(by, at=at))
    rechecked = recheck(
        _orderable_lines(at=at, by=by, supplier=supplier, due_only=due_only), day=timezone.localdate(at)
    )
    take_back(rechecked.lapsed, at=at)
    take_lower_prices(rechecked.cheaper, at=at)
    lines = rechecked.holding if by is not None or not due_only else _postpone_small(rechecked.holding, at=at)
    if not lines:
        return []
    groups = _grouped(lines, by=by, at=at)
    insert_rows([group.order for group in groups])
    for group in groups:
        group.order.shown_lines = _order_lines(group, at=at)
    order_lines = [line for group in groups for line in group.order.shown_lines]
    insert_rows(order_lines)
    insert_rows([allocation for line in order_lines for allocation in line.shown_allocations])
    open_records([(group.order, group.lines) for group in groups], at=at)
    for line in lines:
        move(line, to=LineStatus.ORDERED, transitions=LINE_TRANSITIONS)
    update_rows(lines, ["status"])
    trail.record_entries(
        trail.entry(
            Event.ORDER_CREATED,
            subject=group.order,
            by=by,
            at=at,
            on_behalf_of=permissions.capacity_over(by, group.lines, at=at).on_behalf_of if by else None,
            rule="on_demand" if by else "clock",
            supplier=group.order.supplier.name,
            lines=len(group.lines),
        )
        for group in groups
    )
    for group in groups:
        wake("procurement.send_order", order_id=group.order.pk)
    return [group.order for group in groups]


@operation
def cancel_order(*, order: PurchaseOrder, reason: str, by: User, at: datetime) -> PurchaseOrder:
    """
    Cancel an order of which nothing has come: its lines are cancelled and their ceilings released.

    The supplier is told, unless the order has surely not reached it. An attempt that is under way is not waited for.

    :raises NotPermitted: somebody else answers for a line of it.
    :raises CancellationReasonMissing: no reason is given.
    :raises SomethingHasCome: part of it is received.
    :raises ReplacementIsComing: the supplier is to replace something of it that was damaged or wrong.
    """
    if not reason.strip():
        raise CancellationReasonMissing
    allocations = Allocation.objects.filter(order_line__order=order).exclude(line__status__in=CLOSED)
    line_ids = list(allocations.values_list("line", flat=True))
    list(Requisition.objects.locked().filter(lines__in=line_ids).values_list("pk", flat=True))
    orders = PurchaseOrder.objects.select_for_update(of=("self",), no_key=True).select_related("supplier")
    order = orders.get(pk=order.pk)
    require(permissions.can_cancel_order(by, order, at=at))
    capacity = permissions.cancelling_capacity(by, order, at=at)
    lines = list(RequisitionLine.objects.filter(pk__in=line_ids).select_related("requisition").order_by("pk"))
    if any(line.status not in {LineStatus.ORDERED} for line in lines):
        raise SomethingHasCome
    check_nothing_is_owed(allocations)
    ceilings.release(lines, at=at)
    for line in lines:
        move(line, to=LineStatus.CANCELLED, transitions=LINE_TRANSITIONS)
    update_rows(lines, ["status"])
    move(order, to=OrderStatus.CANCELLED, transitions=ORDER_TRANSITIONS)
    order.save(update_fields=["status"])
    trail.record(
        Event.ORDER_CANCELLED,
        subject=order,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of,
        rule=capacity.rule,
        reason=reason.strip(),
    )
    trail.record_many(
        Event.LINE_CANCELLED,
        subjects=lines,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of,
        rule="order",
        comment=reason.strip(),
    )
    tell_of_cancelling(lines, "order_cancelled", reason.strip(), by=by, at=at)
    put_away_for([by.pk, *(line.requisition.requester_id for line in lines)], at=at)
    for notice_of_change in order.change_notices.filter(
        status__in=[OrderStatus.READY, OrderStatus.NOT_SENT]
    ).order_by("pk"):
        move(notice_of_change, to=OrderStatus.CANCELLED, transitions=ORDER_TRANSITIONS)
        notice_of_change.save(update_fields=["status"])
    if order.attempts.may_have_left().exists():
        notice = CancellationNotice.objects.create(order=order, requested_at=at, next_attempt_at=at)
        wake("procurement.send_cancellation", notice_id=notice.pk)
    return order


def _orderable_lines(
    *, at: datetime, by: User | None, supplier: Supplier | None, due_only: bool
) -> list[RequisitionLine]:
    """Find the lines that may be ordered, lock their requisitions, then read those that still may."""
    due_by = at if due_only else LATEST
    categories = permissions.ordered_categories(by, at=at) if by else None
    due_lines = (
        _due_lines(due_by) if by is None or categories is None else _due_lines_of(by, categories, due_by)
    )
    matching_lines = [
        line for line in due_lines if supplier is None or line.approved_supplier_id == supplier.pk
    ]
    lock_requisitions(list({line.requisition_id for line in matching_lines}))
    return _still_orderable([line.pk for line in matching_lines])


@compiled_once
def _due_lines(by: datetime) -> QuerySet[RequisitionLine]:
    return RequisitionLine.objects.orderable().filter(order_due_at__lte=by).only(*FOUND_FIELDS)


@compiled_once
def _due_lines_of(person: User, categories: list[int], by: datetime) -> QuerySet[RequisitionLine]:
    own_lines = RequisitionLine.objects.orderable_by(person, categories)
    return own_lines.filter(order_due_at__lte=by).only(*FOUND_FIELDS)


@compiled_once
def _still_orderable(ids: list[int]) -> QuerySet[RequisitionLine]:
    return (
        RequisitionLine.objects.orderable()
        .filter(pk__among=ids)
        .select_related(*GATE_RELATED, "category")
        .only(*ORDERED_FIELDS)
        .order_by("approved_supplier", "approved_agreement", "delivery_place", "pk")
    )


def _postpone_small(lines: Sequence[RequisitionLine], *, at: datetime) -> list[RequisitionLine]:
    """Let what would be too small an order wait for the next time, where it can; the rest is ordered now."""
    together: dict[tuple[Any, Any, Any], list[RequisitionLine]] = {}
    for line in lines:
        together.setdefault(_group_key(line), []).append(line)
    moment = next_order_time(at)
    now: list[RequisitionLine] = []
    later: list[RequisitionLine] = []
    for group in together.values():
        minimum = group[0].approved_supplier.minimum_order_amount if group[0].approved_supplier else None
        is_postponed = may_wait(
            sum((line.approved_amount or ZERO for line in group), ZERO),
            minimum=minimum,
            latest_days=(
                add_working_days(last_working_day(_requested_day(line)), -_days_needed(line, moment))
                for line in group
            ),
            next_day=timezone.localdate(moment),
        )
        (later if is_postponed else now).extend(group)
    for line in later:
        line.order_due_at = moment
    update_rows(later, ["order_due_at"])
    return now


def _group_key(line: RequisitionLine) -> tuple[Any, Any, Any]:
    """What lines have in common that become one order."""
    return (line.approved_supplier_id, line.approved_agreement_id, line.delivery_place_id)


def _requested_day(line: RequisitionLine) -> date:
    """The day by which it is asked for."""
    return line.service_done_date or cast("date", line.needed_by_date)


def _days_needed(line: RequisitionLine, at: datetime) -> int:
    """How many working days it takes when it is ordered at this moment."""
    supplier = line.approved_supplier
    cutoff = supplier.order_cutoff if supplier else None
    return working_days_needed(line.lead_days, ordered=timezone.localtime(at).time(), cutoff=cutoff)


def _grouped(lines: Sequence[RequisitionLine], *, by: User | None, at: datetime) -> list[_Group]:
    """Group lines by supplier, agreement and place, with a numbered order for each group."""
    groups: dict[tuple[Any, Any, Any], _Group] = {}
    for line in lines:
        key = _group_key(line)
        if key not in groups:
            groups[key] = _Group(
                PurchaseOrder(
                    supplier=line.approved_supplier,
                    agreement=line.approved_agreement,
                    delivery_place=cast("DeliveryPlace", line.delivery_place),
                    created_at=at,
                    created_by=by,
                    next_attempt_at=at,
                )
            )
        groups[key].lines.append(line)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('procurement_order_number') FROM generate_series(1, %s)", [len(groups)]
        )
        serials = [row[0] for row in cursor.fetchall()]
    for group, serial in zip(groups.values(), serials, strict=True):
        group.order.number = f"IO-{timezone.localdate(at).year}-{serial:05d}"
        supplier = group.order.supplier
        group.order.freight_amount = freight_of(
            sum((line.approved_amount or ZERO for line in group.lines), ZERO),
            fee=supplier.freight_amount,
            free_from=supplier.freight_free_amount,
        )
    return list(groups.values())


def _order_lines(group: _Group, *, at: datetime) -> list[OrderLine]:
    """
    Make a group's order lines with their allocations.

    Only what may come together is one line: what is asked for by another day is a line of its own. Of a supplier nothing is
    asked for by a day that has been while it waited: it is to come as soon as it can.
    """
    day = timezone.localdate(at)
    merged: dict[tuple[int | str, str, Decimal, Decimal, date], OrderLine] = {}
    for line in group.lines:
        quantity, price = line.approved_quantity or Decimal(0), line.approved_unit_price or Decimal(0)
        moment = moment_of_ordering(at, due=line.order_due_at)
        soonest = add_working_days(day, _days_needed(line, moment))
        requested = _requested_day(line)
        if requested < day and line.service_done_date is None:
            requested = soonest
        expected = line.service_done_date or max(requested, soonest)
        units = line.approved_units_per_order_unit or Decimal(1)
        key = (line.approved_item_id or f"line {line.pk}", line.approved_unit, units, price, requested)
        if key not in merged:
            merged[key] = OrderLine(
                order=group.order,
                position=len(merged) + 1,
                item=line.approved_item,
                description=line.approved_item.swedish_name if line.approved_item else line.description,
                quantity=Decimal(0),
                unit=line.approved_unit,
                units_per_order_unit=units,
                unit_price=price,
                requested_date=requested,
                expected_date=expected,
            )
            merged[key].shown_allocations = []
        order_line = merged[key]
        order_line.quantity += quantity
        order_line.expected_date = max(order_line.expected_date, expected)
        order_line.amount = line_amount(price, order_line.quantity)
        order_line.shown_allocations.append(
            Allocation(line=line, order_line=order_line, quantity=quantity, received_quantity=NOTHING)
        )
    return list(merged.values())
