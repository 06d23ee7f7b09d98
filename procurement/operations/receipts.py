"""Receive deliveries and accept services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows, insert_unless, update_rows
from core.compiled import compiled_once
from core.errors import InvalidInput, KeyIsTaken, WrongState
from core.keys import KeyHasOtherContent, content_hash
from core.money import line_amount, to_quantity
from core.transactions import operation
from core.units import is_whole
from core.verdicts import require
from core.working_days import add_working_days
from organizations.models import Department, User
from procurement import permissions
from procurement.events import Event
from procurement.gates import UnitNotDivisible
from procurement.models import (
    EXPECTED,
    Allocation,
    Complaint,
    Deviation,
    Expectation,
    Receipt,
    ReceiptLine,
    Requisition,
)
from procurement.operations import arrivals
from procurement.operations.telling_of_complaints import outcome_of, tell_of_replacing
from procurement.separation_of_duties import deciders_of

RECEIVED_FIELDS = [
    "quantity",
    "received_quantity",
    "closed_quantity",
    "line__requisition",
    "line__position",
    "line__description",
    "line__status",
    "line__decided_by",
    "line__approved_item",
    "line__approved_agreement",
    "line__approved_supplier",
    "line__approved_quantity",
    "line__approved_unit_price",
    "line__approved_amount",
    "line__released_quantity",
    "line__released_amount",
    "order_line__description",
    "order_line__unit",
    "order_line__unit_price",
    "order_line__agreed_unit_price",
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


class ExpectationNotPossible(InvalidInput):
    """What is expected of the supplier does not go with what was wrong."""

    code = "expectation_not_possible"
    sentence = _("%(expects)s går inte ihop med %(deviation)s.")


class NoRoomForReplacement(InvalidInput):
    """What is to be replaced was counted among what came."""

    code = "no_room_for_replacement"
    sentence = _(
        "Bara %(rest)s av %(line)s återstår, så %(quantity)s nya kan inte komma. Räkna inte det som är skadat eller fel"
        " bland det som har kommit."
    )


class ExpectedInThePast(InvalidInput):
    """What is expected can come today at the earliest."""

    code = "expected_in_the_past"
    sentence = _("Dagen då det ska vara klart har redan varit.")


class WrongAllocation(InvalidInput):
    """A row of the delivery is not one of this department's orders."""

    code = "wrong_allocation"
    sentence = _("En rad hör inte till enhetens beställningar.")


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """
    What came for one allocation, in order units, and what is expected where something was wrong.

    When nothing else is said, what is damaged or wrong is replaced if there is room for it in what was ordered, within
    ten working days.
    """

    allocation_id: int
    quantity: Decimal
    deviation: Deviation = Deviation.NONE
    deviation_quantity: Decimal = Decimal(0)
    comment: str = ""
    expects: Expectation | None = None
    expected_by: date | None = None


POSSIBLE: Mapping[Deviation, frozenset[Expectation]] = {
    Deviation.NONE: frozenset(),
    Deviation.OVER: frozenset({Expectation.COLLECTION}),
    Deviation.NOT_ORDERED: frozenset({Expectation.COLLECTION}),
    Deviation.SHORT: frozenset({Expectation.CREDIT}),
    Deviation.DAMAGED: frozenset({Expectation.REPLACEMENT, Expectation.CREDIT}),
    Deviation.WRONG: frozenset({Expectation.REPLACEMENT, Expectation.CREDIT}),
}
"""What can be expected of the supplier for each deviation, beside nothing."""

REPLACED = (Deviation.DAMAGED, Deviation.WRONG)
"""What can come anew: it is not among what was accepted."""

DAYS_TO_SETTLE = 10
"""Working days within which a supplier replaces, credits or collects, when nobody has said another day."""


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
    Receive what came, all of it or part; accept a service by its hours. Twelve queries, whatever the number of rows,
    one more when something is expected of the supplier, and more when what was to come anew has come.

    ``Deviation.SHORT`` closes the row: the rest is not coming, and is no longer committed; nor is what was damaged or
    wrong and is not replaced. ``key`` is made when the form is drawn: the same key with the same rows gives the first
    receipt back.

    :raises NothingToReceive: no row says anything.
    :raises NotPermitted: she does not order for the department, or decided or attested a line herself.
    :raises MoreThanOrdered: a row is more than what remains.
    :raises KeyIsTaken: somebody else has used the key.
    :raises KeyHasOtherContent: it was used for other rows.
    """
    filled_entries = [
        _checked(entry) for entry in entries if entry.quantity or entry.deviation != Deviation.NONE
    ]
    if not filled_entries:
        raise NothingToReceive
    allocation_ids = {entry.allocation_id for entry in filled_entries}
    locked = _lock_requisitions(department.pk, list(allocation_ids))
    requisitions = {requisition.pk: requisition for requisition in locked}
    content = content_hash(department, sorted(filled_entries, key=lambda entry: entry.allocation_id), note)
    if earlier := received_before(key, content, by):
        return earlier
    allocation_rows = _allocations(list(allocation_ids), list(requisitions))
    allocations = {allocation.pk: allocation for allocation in allocation_rows}
    if len(allocations) != len(allocation_ids) or len(allocation_ids) != len(filled_entries):
        raise WrongAllocation
    for allocation in allocations.values():
        allocation.line.requisition = requisitions[allocation.line.requisition_id]
        allocation.line.requisition.department = department
    lines = [allocation.line for allocation in allocations.values()]
    deciders = deciders_of(line.pk for line in lines)
    for line in lines:
        require(permissions.can_receive(by, line, deciders=deciders, at=at))
    receipt = Receipt(
        key=key, key_content=content, department=department, received_by=by, received_at=at, note=note
    )
    if not insert_unless(receipt, constraint="receipt_key_unique"):
        # The same key at the same moment, for rows that nobody else had locked.
        earlier = received_before(key, content, by)
        if earlier is None:
            raise KeyIsTaken
        return earlier
    day = timezone.localdate(at)
    receipt_lines = [
        _receive_row(receipt, allocations[entry.allocation_id], entry) for entry in filled_entries
    ]
    insert_rows(receipt_lines)
    insert_rows(
        [
            complaint
            for row, entry in zip(receipt_lines, filled_entries, strict=True)
            if (complaint := _complaint(row, entry, day))
        ]
    )
    update_rows(list(allocations.values()), arrivals.ARRIVAL_FIELDS)
    arrivals.count_lines(lines, at=at)
    trail.record_entries(
        trail.entry(
            Event.RECEIVED,
            subject=allocations[entry.allocation_id].line,
            by=by,
            at=at,
            **_trail_facts(entry),
        )
        for entry in filled_entries
    )
    replaced = {row.allocation_id: outcome_of(row) for row in receipt_lines if _is_replaced(row.allocation)}
    tell_of_replacing(replaced, by=by, at=at)
    receipt.shown_lines = receipt_lines
    return receipt


def _is_replaced(allocation: Allocation) -> bool:
    """Whether something was to come anew, and nothing is left to come."""
    return allocation.awaits_replacement and not allocation.remaining  # type: ignore[attr-defined]


def received_before(key: UUID, content: str, by: User) -> Receipt | None:
    """
    Give the receipt that was made with a key, with its lines, if there is one.

    :raises KeyIsTaken: it is somebody else's.
    :raises KeyHasOtherContent: it is of other rows.
    """
    for earlier in arrivals.receipts_with(key):
        if earlier.received_by_id != by.pk:
            raise KeyIsTaken
        if earlier.key_content != content:
            raise KeyHasOtherContent
        earlier.shown_lines = list(earlier.lines.order_by("pk"))
        return earlier
    return None


def _trail_facts(entry: ReceiptEntry) -> dict[str, Any]:
    """What the trail tells of a row; nothing about a deviation when there was none."""
    facts = {"quantity": str(entry.quantity), "comment": entry.comment}
    if entry.deviation != Deviation.NONE:
        facts |= {"deviation": entry.deviation.value, "deviation_quantity": str(entry.deviation_quantity)}
    if entry.expects is not None:
        facts["expects"] = entry.expects.value
    return {name: fact for name, fact in facts.items() if fact}


def _checked(entry: ReceiptEntry) -> ReceiptEntry:
    quantities = (entry.quantity, entry.deviation_quantity)
    if not all(quantity.is_finite() and 0 <= quantity <= 100_000 for quantity in quantities):
        raise QuantityNotPossible
    deviation, expects = Deviation(entry.deviation), entry.expects and Expectation(entry.expects)
    if expects not in (None, Expectation.NOTHING) and expects not in POSSIBLE[deviation]:
        raise ExpectationNotPossible(expects=expects.label, deviation=deviation.label)
    return ReceiptEntry(
        entry.allocation_id,
        to_quantity(entry.quantity),
        deviation,
        to_quantity(entry.deviation_quantity),
        entry.comment.strip()[:200],
        expects,
        entry.expected_by,
    )


def _receive_row(receipt: Receipt, allocation: Allocation, entry: ReceiptEntry) -> ReceiptLine:
    remaining = allocation.remaining
    if entry.quantity > remaining:
        raise MoreThanOrdered(remaining=remaining, line=allocation.order_line.description)
    unit = allocation.order_line.unit
    if is_whole(unit) and (entry.quantity % 1 or entry.deviation_quantity % 1):
        raise UnitNotDivisible(unit=unit)
    is_bounded = entry.deviation in (Deviation.DAMAGED, Deviation.WRONG)
    if is_bounded and entry.deviation_quantity > allocation.quantity:
        raise DeviationTooLarge(ordered=allocation.quantity, line=allocation.order_line.description)
    closed = _closed(allocation, entry)
    allocation.received_quantity += entry.quantity
    allocation.closed_quantity += closed
    price = allocation.order_line.due_unit_price
    return ReceiptLine(
        receipt=receipt,
        allocation=allocation,
        quantity=entry.quantity,
        unit_price=price,
        amount=line_amount(price, entry.quantity),
        closed_quantity=closed,
        deviation=entry.deviation,
        deviation_quantity=entry.deviation_quantity,
        comment=entry.comment,
    )


def _closed(allocation: Allocation, entry: ReceiptEntry) -> Decimal:
    """What of the allocation will not come, by what is said of it now."""
    rest = allocation.remaining - entry.quantity
    if entry.deviation == Deviation.SHORT:
        return rest
    if entry.deviation in REPLACED and entry.expects in (Expectation.CREDIT, Expectation.NOTHING):
        return min(entry.deviation_quantity, rest)
    if entry.expects == Expectation.REPLACEMENT and entry.deviation_quantity > rest:
        line = allocation.order_line.description
        raise NoRoomForReplacement(rest=rest, line=line, quantity=entry.deviation_quantity)
    return Decimal(0)


def _complaint(row: ReceiptLine, entry: ReceiptEntry, day: date) -> Complaint | None:
    """What the supplier owes for a row, if anything."""
    quantity = row.closed_quantity if entry.deviation == Deviation.SHORT else entry.deviation_quantity
    expects = entry.expects
    if expects is None and entry.deviation in REPLACED and 0 < quantity <= row.allocation.remaining:
        expects = Expectation.REPLACEMENT
    if expects not in EXPECTED or not quantity:
        return None
    due = entry.expected_by or add_working_days(day, DAYS_TO_SETTLE)
    if due < day:
        raise ExpectedInThePast
    return Complaint(receipt_line=row, expects=expects, quantity=quantity, due_date=due)


@compiled_once
def _lock_requisitions(department: int, allocations: list[int]) -> QuerySet[Requisition]:
    return Requisition.objects.locked().filter(department=department, lines__allocations__among=allocations)


@compiled_once
def _allocations(ids: list[int], requisitions: list[int]) -> QuerySet[Allocation]:
    return (
        Allocation.objects.filter(pk__among=ids, line__requisition__among=requisitions)
        .select_related("line", "order_line")
        .annotate(
            awaits_replacement=Exists(
                Complaint.objects.unsettled().filter(
                    expects=Expectation.REPLACEMENT, receipt_line__allocation=OuterRef("pk")
                )
            )
        )
        .only(*RECEIVED_FIELDS)
        .order_by("pk")
    )
