"""Take a receipt back that was a mistake, and send goods back to the supplier: by rows of their own, never by a change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows, insert_unless, update_rows
from core.errors import InvalidInput, KeyIsTaken
from core.keys import content_hash
from core.money import ZERO, line_amount, to_quantity
from core.transactions import operation
from core.units import is_whole
from core.verdicts import require
from core.working_days import add_working_days
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.gates import UnitNotDivisible
from procurement.models import (
    EXPECTED,
    Complaint,
    Expectation,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    Requisition,
)
from procurement.operations import arrivals
from procurement.operations.receipts import (
    DAYS_TO_SETTLE,
    ExpectationNotPossible,
    ExpectedInThePast,
    received_before,
)
from procurement.separation_of_duties import deciders_of

NOTHING = Decimal(0)


class TakingBackReasonMissing(InvalidInput):
    """Whoever reads it later shall see why."""

    code = "taking_back_reason_missing"
    sentence = _("Skriv varför.")


class NoSuchReceiptRow(InvalidInput):
    """A row is not one of the receipt's."""

    code = "no_such_receipt_row"
    sentence = _("Välj minst en rad ur mottagningen.")


class MoreThanReceived(InvalidInput):
    """More is sent back than came and has not gone back already."""

    code = "more_than_received"
    sentence = _("Bara %(kept)s av %(line)s finns att skicka tillbaka.")


@dataclass(frozen=True, slots=True)
class Reversal:
    """What of a received row is counted away, what will not come by it, and what is expected instead."""

    row: ReceiptLine
    quantity: Decimal
    closed_quantity: Decimal
    expects: Expectation = Expectation.NOTHING


@operation
def take_back(
    *,
    key: UUID,
    receipt: Receipt,
    reason: str,
    by: User,
    at: datetime,
    rows: Collection[int] | None = None,
) -> Receipt:
    """
    Take a receipt back, all of it or some rows, since it was a mistake: what it said has not happened.

    What was received is to come again, what was released under the ceiling is committed again, and the savings that
    were counted are counted away by rows of the same day and price.

    :param rows: ids of the receipt's rows; None for all.
    :raises TakingBackReasonMissing: no reason.
    :raises NotPermitted: she does not receive for the department, or decided or attested a line herself.
    :raises ReceiptIsTakenBack, ReceiptIsBuiltOn, ReceiptIsOld: it is too late.
    :raises CeilingIsUsed: what could come again does not fit under the ceiling any longer.
    """
    reason = _checked(reason)
    _lock_requisitions(receipt)
    content = content_hash(receipt, sorted(rows) if rows is not None else None, reason)
    if earlier := received_before(key, content, by):
        return earlier
    receipt_rows = [each for each in _rows_of(receipt) if rows is None or each.pk in rows]
    if not receipt_rows or (rows is not None and len(receipt_rows) != len(set(rows))):
        raise NoSuchReceiptRow
    deciders = deciders_of(each.allocation.line_id for each in receipt_rows)
    for each in receipt_rows:
        require(permissions.can_take_back(by, each, deciders=deciders, at=at))
    reversals = [Reversal(each, each.quantity, -each.closed_quantity) for each in receipt_rows]
    new_receipt = Receipt(kind=ReceiptKind.TAKEN_BACK, key=key, key_content=content, note=reason)
    return _reverse(new_receipt, receipt, reversals, event=Event.RECEIPT_TAKEN_BACK, by=by, at=at)


@operation
def send_back(
    *,
    key: UUID,
    receipt: Receipt,
    quantities: Mapping[int, Decimal],
    expects: Expectation,
    reason: str,
    by: User,
    at: datetime,
    expected_by: date | None = None,
) -> Receipt:
    """
    Send goods that were received back to the supplier, and say whether they are replaced, credited or neither.

    What is not replaced will not come, and is released under the ceiling; its saving is counted away.

    :param quantities: how many of each of the receipt's rows, by id, in order units.
    :raises TakingBackReasonMissing: no reason.
    :raises NotPermitted: she does not receive for the department, or decided or attested a line herself.
    :raises ReceiptIsTakenBack, NothingToSendBack, MoreThanReceived: there is nothing to send back, or not so much.
    """
    reason, expects, day = _checked(reason), Expectation(expects), timezone.localdate(at)
    if expects == Expectation.COLLECTION:
        raise ExpectationNotPossible(expects=expects.label, deviation=ReceiptKind.RETURN.label)
    if expected_by is not None and expected_by < day:
        raise ExpectedInThePast
    quantity_by_row = {pk: to_quantity(quantity) for pk, quantity in quantities.items() if quantity}
    _lock_requisitions(receipt)
    content = content_hash(receipt, sorted(quantity_by_row.items()), expects, expected_by, reason)
    if earlier := received_before(key, content, by):
        return earlier
    receipt_rows = [each for each in _rows_of(receipt) if each.pk in quantity_by_row]
    if not receipt_rows or len(receipt_rows) != len(quantity_by_row):
        raise NoSuchReceiptRow
    deciders = deciders_of(each.allocation.line_id for each in receipt_rows)
    for each in receipt_rows:
        require(permissions.can_send_back(by, each, deciders=deciders, at=at))
    closes = expects != Expectation.REPLACEMENT
    reversals = [
        Reversal(each, sent_quantity, sent_quantity if closes else NOTHING, expects)
        for each in receipt_rows
        if (sent_quantity := _quantity(each, quantity_by_row[each.pk]))
    ]
    new_receipt = Receipt(kind=ReceiptKind.RETURN, key=key, key_content=content, note=reason)
    due = expected_by or add_working_days(day, DAYS_TO_SETTLE)
    return _reverse(new_receipt, receipt, reversals, event=Event.SENT_BACK, by=by, at=at, due=due)


def _checked(reason: str) -> str:
    if not reason.strip():
        raise TakingBackReasonMissing
    return reason.strip()[:200]


def _quantity(row: ReceiptLine, quantity: Decimal) -> Decimal:
    if not 0 < quantity <= row.kept_quantity:
        raise MoreThanReceived(kept=row.kept_quantity, line=row.description)
    if is_whole(row.unit) and quantity % 1:
        raise UnitNotDivisible(unit=row.unit)
    return quantity


def _lock_requisitions(receipt: Receipt) -> None:
    list(Requisition.objects.locked().filter(lines__allocations__receipt_lines__receipt=receipt))


def _rows_of(receipt: Receipt) -> list[ReceiptLine]:
    return list(
        ReceiptLine.objects.filter(receipt=receipt)
        .with_reversals()
        .select_related(
            "receipt",
            "allocation__line__requisition__department",
            "complaint__settlement",
        )
        .order_by("pk")
    )


def _reverse(
    new_receipt: Receipt,
    receipt: Receipt,
    reversals: Collection[Reversal],
    *,
    event: Event,
    by: User,
    at: datetime,
    due: date | None = None,
) -> Receipt:
    """Write down what is counted away, and let allocations, lines and ceilings follow."""
    new_receipt.takes_back, new_receipt.department = receipt, receipt.department
    new_receipt.received_by, new_receipt.received_at = by, at
    if not insert_unless(new_receipt, constraint="receipt_key_unique"):
        raise KeyIsTaken
    rows = []
    for each in reversals:
        allocation = each.row.allocation
        allocation.received_quantity -= each.quantity
        allocation.closed_quantity += each.closed_quantity
        price = each.row.unit_price
        rows.append(
            ReceiptLine(
                receipt=new_receipt,
                reverses=each.row,
                allocation=allocation,
                quantity=-each.quantity,
                closed_quantity=each.closed_quantity,
                unit_price=price,
                amount=-line_amount(price, each.quantity) if each.quantity else ZERO,
            )
        )
    insert_rows(rows)
    insert_rows(
        [
            Complaint(receipt_line=row, expects=each.expects, quantity=each.quantity, due_date=due)
            for row, each in zip(rows, reversals, strict=True)
            if due and each.expects in EXPECTED
        ]
    )
    update_rows([each.row.allocation for each in reversals], arrivals.ARRIVAL_FIELDS)
    arrivals.count_lines([each.row.allocation.line for each in reversals], at=at)
    trail.record_entries(
        trail.entry(
            event,
            subject=each.row.allocation.line,
            by=by,
            at=at,
            quantity=str(each.quantity),
            comment=new_receipt.note,
            expects=each.expects.value,
        )
        for each in reversals
    )
    new_receipt.shown_lines = rows
    return new_receipt
