"""Fewer are needed than were ordered: what has not come is cancelled in whole or in part, and the rest of the order stands."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail

from audit.models import Entry
from core.errors import DomainError, WrongState
from notices.models import Notice
from office.rules import breaches
from organizations.models import Role, User
from procurement.gates import UnitNotDivisible
from procurement.models import (
    Allocation,
    ChangeNotice,
    Deviation,
    OrderLine,
    PurchaseOrder,
    Receipt,
    RequisitionLine,
)
from procurement.operations import orders, receipts, reducing, returning, sending
from procurement.operations.agreed_changes import MoreThanWasOrdered
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.answered_orders import ChangeIsAsked, OrderHasChanged
from procurement.operations.receipts import ReceiptEntry
from procurement.operations.reducing import (
    MoreThanIsLeft,
    NothingIsLeft,
    NothingReduced,
    NotPartOfOrder,
    ReductionReasonMissing,
)
from procurement.operations.replacements import ReplacementIsComing
from procurement.permissions.refusals import NotYourOrder, OwnRequest
from procurement.states import AnswerStatus, LineStatus, OrderStatus
from tests.cast import NOW, Cast, membership
from tests.procurement.answering import CHANGED, LATER, REFUSED, committed, say, sent, settle
from tests.procurement.messages import fresh
from tests.races import race


def reduce(
    order: PurchaseOrder,
    coming: dict[int, Decimal],
    *,
    by: User,
    reason: str = "Avdelningen stänger i juli",
    version: int | None = None,
) -> ChangeNotice:
    return reducing.reduce_order(
        order=order,
        version=fresh(order).version if version is None else version,
        coming=coming,
        reason=reason,
        by=by,
        at=LATER,
    )


def first(order: PurchaseOrder) -> Allocation:
    return Allocation.objects.filter(order_line__order=order).order_by("order_line__position", "pk")[0]


def receive(cast: Cast, allocation: Allocation, quantity: int, deviation: Deviation = Deviation.NONE) -> None:
    damaged = Decimal(2) if deviation == Deviation.DAMAGED else Decimal(0)
    receipts.receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(allocation.pk, Decimal(quantity), deviation, damaged)],
        by=cast.colleague,
        at=LATER,
    )


def test_the_rest_of_what_has_partly_come_is_cancelled(cast: Cast) -> None:
    order = sent(cast)
    allocation = first(order)
    receive(cast, allocation, 6)
    assert committed(cast) == Decimal("580.00")
    notice = reduce(order, {allocation.pk: Decimal(0)}, by=cast.manager)
    line = RequisitionLine.objects.get()
    assert (line.status, line.released_quantity) == (LineStatus.RECEIVED, 4)
    assert committed(cast) == Decimal("348.00")
    (noticed_line,) = notice.lines.all()
    assert (noticed_line.decision, noticed_line.quantity) == ("reduced", 6)
    assert fresh(order).status == OrderStatus.SENT
    assert OrderLine.objects.get().answer == AnswerStatus.NONE
    assert breaches(LATER) == []


def test_fewer_come_and_the_supplier_and_the_requester_are_told(cast: Cast) -> None:
    order = sent(cast)
    allocation = first(order)
    reduce(order, {allocation.pk: Decimal(4)}, by=cast.manager)
    assert (RequisitionLine.objects.get().status, committed(cast)) == (LineStatus.ORDERED, Decimal("232.00"))
    notice = Notice.objects.get(kind="decision", recipient=cast.requester)
    assert notice.facts["how"] == "order_reduced"
    (entry,) = Entry.objects.about(RequisitionLine.objects.get()).filter(event="line.reduced")
    assert (entry.details["quantity"], entry.details["quantity_before"]) == ("4.000", "10.000")
    assert sending.send_due(at=LATER) == 1
    body = str(mail.outbox[-1].body).replace("\xa0", " ")
    assert "Vi behöver färre än vi har beställt" in body
    assert "Färre än beställt: 4 ask à 58,00" in body
    assert "Avdelningen stänger" not in body
    assert order.documents.get(kind="change").pdf_sha256
    receive(cast, Allocation.objects.get(), 4)
    assert RequisitionLine.objects.get().status == LineStatus.RECEIVED
    assert breaches(LATER) == []


def test_a_line_of_which_nothing_has_come_is_cancelled_and_the_other_stands(cast: Cast) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 5))
    allocation = first(order)
    other_amount = committed(cast) - (allocation.line.approved_amount or 0)
    reduce(order, {allocation.pk: Decimal(0)}, by=cast.manager)
    line = RequisitionLine.objects.get(pk=allocation.line_id)
    assert (line.status, committed(cast)) == (LineStatus.CANCELLED, other_amount)
    assert OrderLine.objects.get(pk=allocation.order_line_id).answer == AnswerStatus.CANCELLED
    assert breaches(LATER) == []
    say(order, LineAnswer(2, REFUSED), by=cast.manager)
    assert fresh(order).status == OrderStatus.REFUSED
    assert breaches(LATER) == []


def test_an_order_with_a_cancelled_line_can_be_cancelled(cast: Cast) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 5))
    reduce(order, {first(order).pk: Decimal(0)}, by=cast.manager)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=LATER)
    assert committed(cast) == 0
    assert set(RequisitionLine.objects.values_list("status", flat=True)) == {LineStatus.CANCELLED}
    assert breaches(LATER) == []


def test_what_is_taken_back_afterwards_can_come_again_without_what_was_cancelled(cast: Cast) -> None:
    order = sent(cast)
    receive(cast, first(order), 6)
    reduce(order, {first(order).pk: Decimal(1)}, by=cast.manager)
    receipt = Receipt.objects.get()
    returning.take_back(key=uuid4(), receipt=receipt, reason="Fel pall", by=cast.colleague, at=LATER)
    assert (first(order).remaining, committed(cast)) == (Decimal(7), Decimal("406.00"))
    assert breaches(LATER) == []


def test_the_supplier_cannot_be_agreed_with_about_more_than_is_wanted(cast: Cast) -> None:
    order = sent(cast)
    reduce(order, {first(order).pk: Decimal(4)}, by=cast.manager)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(8)), by=cast.manager)
    with pytest.raises(MoreThanWasOrdered):
        settle(order, by=cast.manager, agreed=(1,))
    with pytest.raises(ChangeIsAsked):
        reduce(order, {first(order).pk: Decimal(2)}, by=cast.manager)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(3)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    assert (first(order).remaining, committed(cast)) == (Decimal(3), Decimal("174.00"))
    assert breaches(LATER) == []


def test_what_the_supplier_owes_is_settled_as_a_complaint(cast: Cast) -> None:
    order = sent(cast)
    receive(cast, first(order), 6, Deviation.DAMAGED)
    with pytest.raises(ReplacementIsComing):
        reduce(order, {first(order).pk: Decimal(1)}, by=cast.manager)
    reduce(order, {first(order).pk: Decimal(2)}, by=cast.manager)
    assert breaches(LATER) == []


@pytest.mark.parametrize(
    ("coming", "refusal"),
    [
        ("10", NothingReduced),
        ("11", MoreThanIsLeft),
        ("-1", MoreThanIsLeft),
        ("0.5", UnitNotDivisible),
        ("0", NothingIsLeft),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    cast: Cast, coming: str, refusal: type[DomainError]
) -> None:
    order = sent(cast)
    with pytest.raises(refusal):
        reduce(order, {first(order).pk: Decimal(coming)}, by=cast.manager)
    assert (first(order).remaining, committed(cast)) == (Decimal(10), Decimal("580.00"))
    assert not ChangeNotice.objects.exists()


def test_a_reason_and_rows_of_the_order_are_asked_for(cast: Cast) -> None:
    order = sent(cast)
    with pytest.raises(ReductionReasonMissing):
        reduce(order, {first(order).pk: Decimal(4)}, by=cast.manager, reason=" ")
    with pytest.raises(NotPartOfOrder):
        reduce(order, {first(order).pk + 1000: Decimal(4)}, by=cast.manager)
    with pytest.raises(OrderHasChanged):
        reduce(order, {first(order).pk: Decimal(4)}, by=cast.manager, version=7)


def test_only_whoever_answers_for_all_of_it_and_asked_for_none(cast: Cast) -> None:
    order = sent(cast)
    for other in (cast.auditor, cast.controller, cast.stranger):
        with pytest.raises(NotYourOrder):
            reduce(order, {first(order).pk: Decimal(4)}, by=other)


def test_nobody_reduces_what_she_asked_for_herself(cast: Cast) -> None:
    order = sent(cast)
    membership(cast.requester, Role.HEAD_OF_PROCUREMENT)
    with pytest.raises(OwnRequest):
        reduce(order, {first(order).pk: Decimal(4)}, by=cast.requester)


def test_an_order_that_has_not_left_or_does_not_hold_is_refused(cast: Cast) -> None:
    order = sent(cast)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    with pytest.raises(WrongState):
        reduce(order, {first(order).pk: Decimal(4)}, by=cast.manager)


@pytest.mark.django_db(transaction=True)
def test_less_is_needed_while_it_is_received(cast: Cast) -> None:
    order = sent(cast)
    allocation = first(order)
    outcomes = race(
        lambda: receive(cast, allocation, 8),
        lambda: reduce(order, {allocation.pk: Decimal(1)}, by=cast.manager, version=1),
    )
    after = first(order)
    assert after.received_quantity + after.closed_quantity <= 10
    assert sum(outcome is None or isinstance(outcome, ChangeNotice) for outcome in outcomes) >= 1
    assert breaches(LATER) == []
