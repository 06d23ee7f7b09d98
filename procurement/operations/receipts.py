"""Receive deliveries and accept services."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows, insert_unless, update_rows
from core.compiled import compiled_once
from core.errors import InvalidInput, KeyIsTaken, WrongState
from core.keys import KeyHasOtherContent, content_hash
from core.money import line_amount, to_quantity
from core.states import move
from core.transactions import operation
from core.units import is_whole
from core.verdicts import require
from organizations.models import Department, User
from procurement import permissions
from procurement.events import Event
from procurement.gates import UnitNotDivisible
from procurement.models import (
    Allocation,
    Deviation,
    Receipt,
    ReceiptLine,
    Requisition,
    RequisitionLine,
)
from procurement.operations import ceilings
from procurement.separation_of_duties import deciders_of
from procurement.states import LINE_TRANSITIONS, LineStatus

RECEIVED_FIELDS = [
    "quantity",
    "received_quantity",
    "line__requisition",
    "line__position",
    "line__description",
    "line__status",
    "line__decided_by",
    "line__approved_item",
    "line__approved_agreement",
    "line__approved_quantity",
    "line__approved_unit_price",
    "line__approved_amount",
    "line__released_quantity",
    "line__released_amount",
    "order_line__description",
    "order_line__unit",
    "order_line__unit_price",
    "order_line__agreed_unit_price",
    "agreed_quantity",
]
"""What a receipt asks of an allocation."""


class NothingToReceive(InvalidInput):
    """No row says that anything came or was wrong."""

    code = "nothing_to_receive"
    sentence = _("Ange hur många som har kommit på minst en rad.")


class MoreThanOrdered(WrongState):
    """More than what remains of the order; a surplus is a deviation."""

    code = "more_than_ordered"
    sentence = _("Bara %(remaining)s återstår av %(line)s. Ange det som är för mycket som avvikelse.")


class QuantityNotPossible(InvalidInput):
    """A received quantity is negative or absurd."""

    code = "quantity_not_possible"
    sentence = _("Antalet kan inte vara mindre än 0 eller mer än 100 000.")


class DeviationTooLarge(InvalidInput):
    """More is said to be broken or wrong than was ordered; what came beyond that is too many."""

    code = "deviation_too_large"
    sentence = _("Bara %(ordered)s av %(line)s är beställda, så fler än så kan inte vara skadade eller fel.")


class WrongAllocation(InvalidInput):
    """A row of the delivery is not one of this department's orders."""

    code = "wrong_allocation"
    sentence = _("En rad hör inte till enhetens beställningar.")


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """What came for one allocation, in order units."""

    allocation_id: int
    quantity: Decimal
    deviation: Deviation = Deviation.NONE
    deviation_quantity: Decimal = Decimal(0)
    comment: str = ""


@operation
def receive(
    *,
    key: UUID,
    department: Department,
    entries: Sequence[ReceiptEntry],
    by: User,
    at: datetime,
    note: str = "",
) -> Receipt:
    """
    Receive what came, all of it or part; accept a service by its hours. Eleven queries, whatever the number of rows.

    ``Deviation.SHORT`` closes the row: the rest is not coming, and is no longer committed. ``key`` is made when the
    form is drawn: the same key with the same rows gives the first receipt back.

    :raises NothingToReceive: no row says anything.
    :raises NotPermitted: she does not order for the department, or decided or attested a line herself.
    :raises MoreThanOrdered: a row is more than what remains.
    :raises KeyIsTaken: somebody else has used the key.
    :raises KeyHasOtherContent: it was used for other rows.
    """
    said = [_checked(entry) for entry in entries if entry.quantity or entry.deviation != Deviation.NONE]
    if not said:
        raise NothingToReceive
    allocation_ids = {entry.allocation_id for entry in said}
    locked = _lock_requisitions(department.pk, list(allocation_ids))
    requisitions = {requisition.pk: requisition for requisition in locked}
    content = content_hash(department, sorted(said, key=lambda entry: entry.allocation_id), note)
    if earlier := _received_before(key, content, by):
        return earlier
    asked = _allocations(list(allocation_ids), list(requisitions))
    allocations = {allocation.pk: allocation for allocation in asked}
    if len(allocations) != len(allocation_ids) or len(allocation_ids) != len(said):
        raise WrongAllocation
    for allocation in allocations.values():
        allocation.line.requisition = requisitions[allocation.line.requisition_id]
        allocation.line.requisition.department = department
    _check_permitted(allocations.values(), by=by, at=at)
    receipt = Receipt(
        key=key, key_content=content, department=department, received_by=by, received_at=at, note=note
    )
    if not insert_unless(receipt, constraint="receipt_key_unique"):
        # The same key at the same moment, for rows that nobody else had locked.
        earlier = _received_before(key, content, by)
        if earlier is None:
            raise KeyIsTaken
        return earlier
    receipt_lines = [_receive_row(receipt, allocations[entry.allocation_id], entry) for entry in said]
    insert_rows(receipt_lines)
    update_rows(list(allocations.values()), ["received_quantity"])
    lines = _move_lines(said, allocations, at=at)
    trail.record_entries(
        trail.entry(
            Event.RECEIVED,
            subject=allocations[entry.allocation_id].line,
            by=by,
            at=at,
            **_said(entry),
        )
        for entry in said
    )
    update_rows(lines, ["status", "released_quantity", "released_amount"])
    receipt.shown_lines = receipt_lines
    return receipt


def _received_before(key: UUID, content: str, by: User) -> Receipt | None:
    """
    Give the receipt that was made with a key, with its lines, if there is one.

    :raises KeyIsTaken: it is somebody else's.
    :raises KeyHasOtherContent: it is of other rows.
    """
    for earlier in _receipts_with(key):
        if earlier.received_by_id != by.pk:
            raise KeyIsTaken
        if earlier.key_content != content:
            raise KeyHasOtherContent
        earlier.shown_lines = list(earlier.lines.order_by("pk"))
        return earlier
    return None


def _said(entry: ReceiptEntry) -> dict[str, Any]:
    """What the trail tells of a row; nothing about a deviation when there was none."""
    facts = {"quantity": str(entry.quantity), "comment": entry.comment}
    if entry.deviation != Deviation.NONE:
        facts |= {"deviation": entry.deviation.value, "deviation_quantity": str(entry.deviation_quantity)}
    return {name: fact for name, fact in facts.items() if fact}


def _checked(entry: ReceiptEntry) -> ReceiptEntry:
    quantities = (entry.quantity, entry.deviation_quantity)
    if not all(quantity.is_finite() and 0 <= quantity <= 100_000 for quantity in quantities):
        raise QuantityNotPossible
    return ReceiptEntry(
        entry.allocation_id,
        to_quantity(entry.quantity),
        Deviation(entry.deviation),
        to_quantity(entry.deviation_quantity),
        entry.comment.strip()[:200],
    )


def _check_permitted(allocations: Iterable[Allocation], *, by: User, at: datetime) -> None:
    lines = {allocation.line_id: allocation.line for allocation in allocations}
    deciders = deciders_of(lines)
    for line in lines.values():
        require(permissions.can_receive(by, line, deciders=deciders, at=at))


def _receive_row(receipt: Receipt, allocation: Allocation, entry: ReceiptEntry) -> ReceiptLine:
    remaining = allocation.quantity - allocation.received_quantity
    if entry.quantity > remaining:
        raise MoreThanOrdered(remaining=remaining, line=allocation.order_line.description)
    unit = allocation.order_line.unit
    if is_whole(unit) and (entry.quantity % 1 or entry.deviation_quantity % 1):
        raise UnitNotDivisible(unit=unit)
    is_bounded = entry.deviation in (Deviation.DAMAGED, Deviation.WRONG)
    if is_bounded and entry.deviation_quantity > allocation.quantity:
        raise DeviationTooLarge(ordered=allocation.quantity, line=allocation.order_line.description)
    allocation.received_quantity += entry.quantity
    price = allocation.order_line.due_unit_price
    return ReceiptLine(
        receipt=receipt,
        allocation=allocation,
        quantity=entry.quantity,
        unit_price=price,
        amount=line_amount(price, entry.quantity),
        deviation=entry.deviation,
        deviation_quantity=entry.deviation_quantity,
        comment=entry.comment,
    )


def _move_lines(
    said: Sequence[ReceiptEntry], allocations: dict[int, Allocation], *, at: datetime
) -> list[RequisitionLine]:
    """Move each line to partly received or received; all of its allocations count, and what will not come is released."""
    closed = {
        allocations[entry.allocation_id].line_id for entry in said if entry.deviation == Deviation.SHORT
    }
    lines = {allocation.line_id: allocation.line for allocation in allocations.values()}
    ordered: dict[int, Decimal] = defaultdict(Decimal)
    due: dict[int, Decimal] = defaultdict(Decimal)
    received: dict[int, Decimal] = defaultdict(Decimal)
    for allocation in _allocations_of(list(lines)):
        ordered[allocation.line_id] += allocation.quantity
        due[allocation.line_id] += allocation.due_quantity
        received[allocation.line_id] += allocation.received_quantity
    changed = []
    for line in lines.values():
        is_complete = received[line.pk] >= due[line.pk] or line.pk in closed
        if is_complete or received[line.pk] > 0:
            move(
                line,
                to=LineStatus.RECEIVED if is_complete else LineStatus.PARTLY_RECEIVED,
                transitions=LINE_TRANSITIONS,
            )
            changed.append(line)
    short = [
        line
        for line in changed
        if line.status == LineStatus.RECEIVED and received[line.pk] < ordered[line.pk]
    ]
    ceilings.release_rest(short, received, at=at)
    return changed


@compiled_once
def _lock_requisitions(department: int, allocations: list[int]) -> QuerySet[Requisition]:
    return Requisition.objects.locked().filter(department=department, lines__allocations__among=allocations)


@compiled_once
def _receipts_with(key: UUID) -> QuerySet[Receipt]:
    return Receipt.objects.filter(key=key)


@compiled_once
def _allocations(ids: list[int], requisitions: list[int]) -> QuerySet[Allocation]:
    return (
        Allocation.objects.filter(pk__among=ids, line__requisition__among=requisitions)
        .select_related("line", "order_line")
        .only(*RECEIVED_FIELDS)
        .order_by("pk")
    )


@compiled_once
def _allocations_of(lines: list[int]) -> QuerySet[Allocation]:
    return Allocation.objects.filter(line__among=lines)
