"""
Block an item and lift the block: who has it is told and answers, and what is on its way is stopped.

The block is committed first. From then on the gate refuses the item at every step, so what a step that was under way
still lets through is found by the sweep: approved lines go back, orders that have not left are taken apart, orders of
nothing else are cancelled, and of the others somebody is asked to ring the supplier.
"""

from collections.abc import Iterable
from datetime import date, datetime
from logging import getLogger

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.events import Event
from catalog.models import Item
from catalog.permissions import ItemBlocked, can_manage_item
from catalog.refusals import BlockingReasonMissing, StatusOutOfOrder
from catalog.states import ITEM_TRANSITIONS, ItemStatus
from core.addresses import place
from core.errors import DomainError, InvalidInput, NotPermitted, WrongState
from core.states import move
from core.transactions import is_away, operation
from core.verdicts import PERMITTED, Verdict, refused, require
from core.wakeups import wake
from notices.operations.telling import News, tell
from organizations.models import Department, Membership, User
from organizations.models.roles import DEPARTMENT_ROLES
from organizations.permissions import roles_on
from procurement.models import (
    PurchaseOrder,
    Recall,
    RecallCall,
    RecallUnit,
    RequisitionLine,
    Severity,
)
from procurement.notices import RECALL
from procurement.operations.dissolving import dissolve_when_lapsed
from procurement.operations.locks import lock_requisitions
from procurement.operations.orders import cancel_order
from procurement.operations.rechecks import GATE_RELATED, take_back
from procurement.recalled import latest_receipts, on_the_way
from procurement.states import LineStatus, OrderStatus

logger = getLogger(__name__)


class ItemIsBlockedAlready(WrongState):
    """The item is blocked for another reason."""

    code = "item_is_blocked_already"
    sentence = _("Artikeln är redan spärrad: %(reason)s")


class SinceADayToCome(InvalidInput):
    """What is recalled has come by today."""

    code = "recall_since_a_day_to_come"
    sentence = _("Dagen ligger fram i tiden, så ingen enhet skulle få veta något. Ange en dag som har varit.")


class NotYourRecall(NotPermitted):
    """A department answers for what it has itself."""

    code = "not_your_recall"
    sentence = _("Det är %(department)s som svarar för det den har tagit emot.")


class RecallIsOver(WrongState):
    """The block is lifted, so there is nothing to answer."""

    code = "recall_is_over"
    sentence = _("Spärren är hävd.")


def recall(
    *,
    item: Item,
    reason: str,
    severity: Severity,
    since_date: date,
    by: User,
    at: datetime,
    batch: str = "",
) -> Recall:
    """
    Block an item, tell the departments that have received it since a day, and stop what is on its way.

    The same recall once more changes nothing.

    :param batch: the batch or lot that is concerned; orders of it are then not cancelled but asked about.
    :raises NotPermitted: somebody else answers for the category.
    :raises BlockingReasonMissing: no reason is given.
    :raises SinceADayToCome: nothing can have come since the day.
    :raises WrongState: it is blocked for another reason, or in a state that nobody can order it in.
    """
    new_recall = _begin(
        item=item,
        reason=reason.strip(),
        severity=severity,
        since_date=since_date,
        by=by,
        at=at,
        batch=batch.strip(),
    )
    stop(recall=new_recall, at=at)
    return new_recall


@operation
def _begin(
    *, item: Item, reason: str, severity: Severity, since_date: date, by: User, at: datetime, batch: str
) -> Recall:
    locked = Item.objects.select_for_update(of=("self",), no_key=True).select_related("category")
    item = locked.get(pk=item.pk)
    require(can_manage_item(by, item, at=at))
    if not reason:
        raise BlockingReasonMissing
    if since_date > timezone.localdate(at):
        raise SinceADayToCome
    earlier = Recall.objects.open().filter(item=item).first()
    if earlier is not None:
        if (earlier.reason, earlier.severity, earlier.batch) == (reason, severity, batch):
            return earlier
        raise ItemIsBlockedAlready(reason=earlier.reason)
    if (
        item.status != ItemStatus.BLOCKED
        and ItemStatus.BLOCKED not in ITEM_TRANSITIONS[ItemStatus(item.status)]
    ):
        raise StatusOutOfOrder(before=ItemStatus(item.status).label, after=ItemStatus.BLOCKED.label)
    before = ItemStatus(item.status)
    if before == ItemStatus.BLOCKED:
        before = _before_block(item)
    else:
        move(item, to=ItemStatus.BLOCKED, transitions=ITEM_TRANSITIONS)
    item.blocked_reason = reason
    item.save(update_fields=["status", "blocked_reason"])
    new_recall = Recall.objects.create(
        item=item,
        reason=reason,
        severity=severity,
        batch=batch,
        since_date=since_date,
        status_before=before,
        started_at=at,
        started_by=by,
    )
    department_count = _tell_departments(new_recall, at=at)
    trail.record(
        Event.ITEM_BLOCKED,
        subject=item,
        by=by,
        at=at,
        reason=reason,
        severity=severity,
        batch=batch,
        from_date=since_date.isoformat(),
        departments=department_count,
    )
    wake("procurement.look_after_assortment")
    return new_recall


def _before_block(item: Item) -> ItemStatus:
    """What an item that a register says is blocked becomes when the block is lifted."""
    return ItemStatus.STANDARD if item.last_order_date is None else ItemStatus.PHASING_OUT


def stop(*, recall: Recall, at: datetime) -> None:
    """Stop what is on its way of a recalled item, each part by itself; safe to call again, and called by the clock."""
    _tell_again(recall_id=recall.pk, at=at)
    _give_back(recall_id=recall.pk, at=at)
    waiting = PurchaseOrder.objects.filter(status=OrderStatus.READY, lines__item=recall.item_id)
    for order_id in waiting.order_by("pk").values_list("pk", flat=True).distinct():
        dissolve_when_lapsed(order_id=order_id, at=at)
    if recall.batch:
        return
    for each in on_the_way(recall):
        if each.has_other_items or each.call is not None or each.order.status == OrderStatus.READY:
            continue
        try:
            cancel_order(order=each.order, reason=recall.reason, by=recall.started_by, at=at)
        except DomainError:
            continue  # part of it has come, or it is somebody else's: the page asks for a call


def stop_recalled(*, at: datetime) -> int:
    """Stop what is on its way of every item that is recalled; how many recalls were looked at."""
    recalls = list(Recall.objects.open().select_related("item", "started_by").order_by("pk"))
    for each in recalls:
        try:
            stop(recall=each, at=at)
        except Exception as error:
            if is_away(error):
                raise
            logger.exception("What is on its way of recall %s could not be stopped", each.pk)
    return len(recalls)


@operation
def _tell_again(*, recall_id: int, at: datetime) -> None:
    """Tell departments that have received more since they were told."""
    recall = (
        Recall.objects.select_for_update(of=("self",), no_key=True).select_related("item").get(pk=recall_id)
    )
    if recall.ended_at is None:
        _tell_departments(recall, at=at)


@operation
def _give_back(*, recall_id: int, at: datetime) -> None:
    """Give approved lines that are not ordered back to whoever answers for them, and release their ceilings."""
    recall = Recall.objects.select_related("item").get(pk=recall_id)
    lines = RequisitionLine.objects.filter(approved_item=recall.item, status=LineStatus.APPROVED)
    ids = sorted(set(lines.values_list("requisition", flat=True)))
    requisitions = {each.pk: each for each in lock_requisitions(ids)}
    approved = list(
        lines.filter(requisition__in=requisitions).select_related(*GATE_RELATED, "category").order_by("pk")
    )
    item = Item.objects.get(pk=recall.item_id)
    if item.status not in (ItemStatus.BLOCKED, ItemStatus.RETIRED):
        return
    for line in approved:
        line.requisition = requisitions[line.requisition_id]
    reason = ItemBlocked(item=item.names, reason=item.blocked_reason)
    take_back([(line, reason) for line in approved], at=at)


def _tell_departments(recall: Recall, *, at: datetime) -> int:
    """Tell the departments that have received any of it, or more of it than when they were told; how many."""
    latest = latest_receipts(recall)
    units = {unit.department_id: unit for unit in recall.units.all()}
    fresh = [
        department
        for department, (received_at, _people) in latest.items()
        if department not in units or received_at > units[department].told_at  # type: ignore[operator]
    ]
    if not fresh:
        return 0
    RecallUnit.objects.bulk_create(
        [RecallUnit(recall=recall, department_id=department, told_at=at) for department in fresh],
        update_conflicts=True,
        unique_fields=["recall", "department"],
        update_fields=["told_at", "acknowledged_at", "acknowledged_by", "answer"],
    )
    people = _people_of(fresh, at=at)
    for department in fresh:
        people[department].update(latest[department][1])
    _tell(recall, "begun", {person for each in people.values() for person in each}, at=at)
    return len(fresh)


def _people_of(departments: Iterable[int], *, at: datetime) -> dict[int, set[int]]:
    """Who orders for, or answers for the budget of, each department today."""
    people: dict[int, set[int]] = {department: set() for department in departments}
    memberships = Membership.objects.on(timezone.localdate(at)).filter(
        department__in=people, role__in=DEPARTMENT_ROLES
    )
    for department, person in memberships.values_list("department", "user"):
        people[department].add(person)
    return people


def _tell(recall: Recall, how: str, people: Iterable[int], *, at: datetime, by: User | None = None) -> None:
    facts = {
        "how": how,
        "recall": recall.pk,
        "what": recall.item.swedish_name,
        "number": recall.item.number,
        "reason": recall.reason if how == "begun" else recall.end_reason,
        "severity": recall.severity,
        "batch": recall.batch,
    }
    address = place("recall", recall.pk)
    tell([News(person, RECALL, address, facts) for person in sorted(people)], by=by, at=at)


@operation
def lift(*, item: Item, by: User, at: datetime, reason: str) -> Item:
    """
    Lift the block of an item: it is again what it was, and those who were told are told.

    :raises NotPermitted: somebody else answers for the category.
    :raises BlockingReasonMissing: no reason is given.
    :raises StatusOutOfOrder: it is not blocked.
    """
    locked = Item.objects.select_for_update(of=("self",), no_key=True).select_related("category")
    item = locked.get(pk=item.pk)
    require(can_manage_item(by, item, at=at))
    if not reason.strip():
        raise BlockingReasonMissing
    if item.status != ItemStatus.BLOCKED:
        raise StatusOutOfOrder(before=ItemStatus(item.status).label, after=ItemStatus.STANDARD.label)
    recalls = Recall.objects.open().filter(item=item).select_for_update(of=("self",), no_key=True)
    ended = recalls.select_related("item").first()
    to = ItemStatus(ended.status_before) if ended is not None else _before_block(item)
    move(item, to=to, transitions=ITEM_TRANSITIONS)
    item.blocked_reason = ""
    item.save(update_fields=["status", "blocked_reason"])
    if ended is not None:
        ended.ended_at, ended.ended_by, ended.end_reason = at, by, reason.strip()
        ended.save(update_fields=["ended_at", "ended_by", "end_reason"])
    trail.record(Event.ITEM_UNBLOCKED, subject=item, by=by, at=at, reason=reason.strip(), after=to)
    if ended is not None:
        people = _people_of(ended.units.values_list("department", flat=True), at=at)
        _tell(ended, "lifted", {person for each in people.values() for person in each}, by=by, at=at)
    return item


def can_acknowledge(by: User, department: Department, *, at: datetime) -> Verdict:
    """Whether the person may say that the department has taken it away: who orders or answers for its budget."""
    if department.pk in roles_on(by, timezone.localdate(at)).departments:
        return PERMITTED
    return refused(NotYourRecall(department=department.name))


@operation
def acknowledge(*, unit: RecallUnit, by: User, at: datetime, answer: str = "") -> RecallUnit:
    """
    Say that a department has taken away what is recalled; the second time changes nothing.

    :raises NotPermitted: it is not her department.
    :raises RecallIsOver: the block is lifted.
    """
    locked = RecallUnit.objects.select_for_update(of=("self",), no_key=True)
    unit = locked.select_related("recall__item", "department").get(pk=unit.pk)
    require(can_acknowledge(by, unit.department, at=at))
    if unit.acknowledged_at is not None:
        return unit
    if unit.recall.ended_at is not None:
        raise RecallIsOver
    unit.acknowledged_at, unit.acknowledged_by, unit.answer = at, by, answer.strip()
    unit.save(update_fields=["acknowledged_at", "acknowledged_by", "answer"])
    trail.record(
        Event.RECALL_ACKNOWLEDGED,
        subject=unit.recall.item,
        by=by,
        at=at,
        department=unit.department.name,
        answer=unit.answer,
    )
    return unit


@operation
def note_call(*, recall: Recall, order: PurchaseOrder, by: User, at: datetime, note: str = "") -> RecallCall:
    """
    Note that somebody has spoken with the supplier about an order on its way; the second time changes nothing.

    :raises NotPermitted: somebody else answers for the category.
    """
    recall = (
        Recall.objects.select_for_update(of=("self",), no_key=True)
        .select_related("item__category")
        .get(pk=recall.pk)
    )
    require(can_manage_item(by, recall.item, at=at))
    earlier = RecallCall.objects.filter(recall=recall, order=order).first()
    if earlier is not None:
        return earlier
    call = RecallCall.objects.create(
        recall=recall, order=order, called_at=at, called_by=by, note=note.strip()
    )
    trail.record(
        Event.RECALL_SUPPLIER_CALLED,
        subject=recall.item,
        by=by,
        at=at,
        order=order.number,
        supplier=order.supplier.name,
        note=call.note,
    )
    return call
