"""
Ask the gate a last time before an order leaves, and take the order apart when it no longer holds.

What may not be bought as it was approved goes back to whoever answers for it, with its reason and its ceiling released.
The rest is approved as before and becomes a new order the next time the clock orders, at a price that has fallen if one
has. An order that may have reached its supplier, or that something has come of, is left as it is.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from audit import trail
from core.bulk import update_rows
from core.compiled import compiled_once
from core.errors import stored
from core.states import move
from core.transactions import operation
from procurement.events import Event
from procurement.gates import PriceFell
from procurement.models import Allocation, OrderLine, PurchaseOrder, ReceiptLine, RequisitionLine
from procurement.operations.locks import lock_requisitions
from procurement.operations.rechecks import GATE_RELATED, recheck, take_back
from procurement.states import LINE_TRANSITIONS, ORDER_TRANSITIONS, LineStatus, OrderStatus

_RECEIVED = ReceiptLine.objects.filter(allocation__order_line__order=OuterRef("pk"))


@operation
def dissolve_when_lapsed(*, order_id: int, at: datetime) -> bool:
    """Take an order apart unless everything in it may leave as it was approved; whether it was taken apart."""
    requisition_ids = list(
        Allocation.objects.filter(order_line__order=order_id).values_list("line__requisition", flat=True)
    )
    requisitions = {each.pk: each for each in lock_requisitions(sorted(set(requisition_ids)))}
    locked = PurchaseOrder.objects.select_for_update(of=("self",), no_key=True)
    order = locked.annotate(has_come=Exists(_RECEIVED)).get(pk=order_id)
    has_come: bool = order.has_come  # type: ignore[attr-defined]
    if order.status != OrderStatus.READY or has_come or order.attempts.may_have_left().exists():
        return False
    lines = _lines_in(order)
    for line in lines:
        line.requisition = requisitions[line.requisition_id]
    rechecked = recheck(lines, day=timezone.localdate(at))
    if rechecked.is_unchanged:
        return False
    Allocation.objects.filter(order_line__order=order).delete()
    OrderLine.objects.filter(order=order).delete()
    for line in rechecked.holding:
        move(line, to=LineStatus.APPROVED, transitions=LINE_TRANSITIONS)
    update_rows(rechecked.holding, ["status"])
    take_back(rechecked.lapsed, at=at)
    move(order, to=OrderStatus.CANCELLED, transitions=ORDER_TRANSITIONS)
    order.save(update_fields=["status"])
    reasons = [reason for _line, reason in rechecked.lapsed] or [PriceFell()]
    trail.record(
        Event.ORDER_CANCELLED,
        subject=order,
        by=None,
        at=at,
        rule="recheck",
        reason=[stored(reason) for reason in reasons],
    )
    return True


@compiled_once
def _lines_in(order: PurchaseOrder) -> QuerySet[RequisitionLine]:
    """Each line once, however many order lines it is in."""
    allocations = Allocation.objects.filter(line=OuterRef("pk"), order_line__order=order)
    return RequisitionLine.objects.filter(Exists(allocations)).select_related(*GATE_RELATED).order_by("pk")
