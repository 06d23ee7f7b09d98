"""A receipt that was a mistake is taken back, and goods go back: by rows of their own, and everything follows."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.errors import DomainError
from core.keys import KeyHasOtherContent
from organizations.models import Role, User
from procurement.models import (
    Allocation,
    Complaint,
    Deviation,
    Expectation,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    RequisitionLine,
    SettlementOutcome,
)
from procurement.operations import ceilings, orders, receipts, returning
from procurement.operations.complaints import settle_complaint
from procurement.operations.receipts import ReceiptEntry
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast, many_items, membership
from tests.races import race


def took_back(cast: Cast, receipt: Receipt, *, by: User | None = None, **more: object) -> Receipt:
    facts = {"key": uuid4(), "reason": "Fel order", "at": NOW} | more
    return returning.take_back(receipt=receipt, by=by or cast.colleague, **facts)  # type: ignore[arg-type]


def sent_back(cast: Cast, receipt: Receipt, quantity: str, **more: object) -> Receipt:
    facts = {"key": uuid4(), "reason": "Passar inte", "at": NOW, "expects": Expectation.CREDIT} | more
    quantities = {row.pk: Decimal(quantity) for row in receipt.lines.all()}
    return returning.send_back(receipt=receipt, quantities=quantities, by=cast.colleague, **facts)  # type: ignore[arg-type]


def test_take_back_undoes_the_whole_receipt(cast: Cast) -> None:
    receipt = worlds.received(cast)
    (received_row,) = receipt.lines.all()
    reversal = took_back(cast, receipt)
    (row,) = reversal.lines.all()
    assert (reversal.kind, reversal.takes_back, reversal.note) == (
        ReceiptKind.TAKEN_BACK,
        receipt,
        "Fel order",
    )
    assert (row.reverses, row.quantity, row.amount) == (
        received_row,
        -received_row.quantity,
        -received_row.amount,
    )
    assert (row.delivered_date, row.department_name) == (
        received_row.delivered_date,
        received_row.department_name,
    )
    allocation = Allocation.objects.get()
    assert (allocation.received_quantity, allocation.remaining) == (Decimal(0), Decimal(10))
    assert RequisitionLine.objects.get().status == LineStatus.ORDERED
    entry = Entry.objects.get(event="receipt.taken_back")
    assert (entry.by_name, entry.details["comment"]) == (cast.colleague.full_name, "Fel order")


def test_take_back_one_row_of_two(cast: Cast) -> None:
    receipt = worlds.received(cast, (cast.gloves, 10), (cast.gown, 5))
    first, second = receipt.lines.order_by("pk")
    took_back(cast, receipt, rows=[second.pk])
    assert [each.received_quantity for each in Allocation.objects.order_by("pk")] == [10, 0]
    took_back(cast, receipt, rows=[first.pk])
    assert not Allocation.objects.filter(received_quantity__gt=0).exists()


def test_what_is_taken_back_can_be_received_again_and_the_order_cancelled(cast: Cast) -> None:
    receipt = worlds.received(cast)
    took_back(cast, receipt)
    entry = ReceiptEntry(Allocation.objects.get().pk, Decimal(4))
    again = receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    took_back(cast, again)
    (order,) = receipt.lines.values_list("allocation__order_line__order", flat=True)
    orders.cancel_order(order=Allocation.objects.get().order_line.order, reason="Fel", by=cast.head, at=NOW)
    assert order
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == 0


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda cast, receipt: took_back(cast, receipt, by=cast.stranger), "not_your_department"),
        (lambda cast, receipt: took_back(cast, receipt, by=cast.manager), "not_your_department"),
        (lambda cast, receipt: took_back(cast, receipt, by=cast.auditor), "not_your_department"),
        (lambda cast, receipt: took_back(cast, receipt, reason=" "), "taking_back_reason_missing"),
        (lambda cast, receipt: took_back(cast, receipt, rows=[]), "no_such_receipt_row"),
        (lambda cast, receipt: took_back(cast, receipt, rows=[0]), "no_such_receipt_row"),
        (lambda cast, receipt: took_back(cast, receipt, at=NOW + timedelta(days=61)), "receipt_is_old"),
        (lambda cast, receipt: sent_back(cast, receipt, "11"), "more_than_received"),
        (lambda cast, receipt: sent_back(cast, receipt, "-1"), "more_than_received"),
        (lambda cast, receipt: sent_back(cast, receipt, "0.5"), "unit_not_divisible"),
        (lambda cast, receipt: sent_back(cast, receipt, "0"), "no_such_receipt_row"),
        (lambda cast, receipt: sent_back(cast, receipt, "1", reason=""), "taking_back_reason_missing"),
        (
            lambda cast, receipt: sent_back(cast, receipt, "1", expects=Expectation.COLLECTION),
            "expectation_not_possible",
        ),
        (
            lambda cast, receipt: sent_back(cast, receipt, "1", expected_by=(NOW - timedelta(days=2)).date()),
            "expected_in_the_past",
        ),
    ],
)
def test_what_is_refused_changes_nothing(
    cast: Cast, act: Callable[[Cast, Receipt], Receipt], code: str
) -> None:
    receipt = worlds.received(cast)
    with pytest.raises(DomainError) as refusal:
        act(cast, receipt)
    assert refusal.value.code == code
    assert Receipt.objects.count() == 1
    assert Allocation.objects.get().received_quantity == 10


def test_take_back_by_whoever_decided_or_attested_is_refused(cast: Cast) -> None:
    receipt = worlds.received(cast, (cast.chair, 3))
    for person in (cast.head, cast.budget_holder):
        membership(person, Role.REQUESTER, cast.ward, "10000")
        with pytest.raises(DomainError) as refusal:
            took_back(cast, receipt, by=User.objects.get(pk=person.pk))
        assert refusal.value.code == "receiver_has_decided"


def test_goods_receiver_receives_and_takes_back_without_ordering(cast: Cast) -> None:
    worlds.ordered(cast)
    membership(cast.stranger, Role.GOODS_RECEIVER, cast.ward)
    receiver = User.objects.get(pk=cast.stranger.pk)
    entry = ReceiptEntry(Allocation.objects.get().pk, Decimal(10))
    receipt = receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=receiver, at=NOW)
    assert took_back(cast, receipt, by=receiver).kind == ReceiptKind.TAKEN_BACK
    with pytest.raises(DomainError):
        worlds.basket(cast, by=receiver)


def test_take_back_twice_is_refused_but_pressing_twice_is_not(cast: Cast) -> None:
    receipt, key = worlds.received(cast), uuid4()
    first = took_back(cast, receipt, key=key)
    assert took_back(cast, receipt, key=key) == first
    with pytest.raises(KeyHasOtherContent):
        took_back(cast, receipt, key=key, reason="Annat skäl")
    for again in (receipt, first):
        with pytest.raises(DomainError) as refusal:
            took_back(cast, again)
        assert refusal.value.code == "receipt_is_taken_back"
    assert Receipt.objects.count() == 2


def test_take_back_after_goods_have_gone_back_is_refused(cast: Cast) -> None:
    receipt = worlds.received(cast)
    sent_back(cast, receipt, "2")
    with pytest.raises(DomainError) as refusal:
        took_back(cast, receipt)
    assert refusal.value.code == "receipt_is_built_on"


def test_take_back_after_the_complaint_is_settled_is_refused(cast: Cast) -> None:
    worlds.ordered(cast)
    entry = ReceiptEntry(
        Allocation.objects.get().pk, Decimal(8), Deviation.DAMAGED, Decimal(2), "", Expectation.CREDIT
    )
    receipt = receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    settle_complaint(
        complaint=Complaint.objects.get(),
        outcome=SettlementOutcome.DONE,
        reference="K 17",
        by=cast.requester,
        at=NOW,
    )
    with pytest.raises(DomainError) as refusal:
        took_back(cast, receipt)
    assert refusal.value.code == "receipt_is_built_on"


def test_take_back_of_too_few_does_not_fit_when_the_ceiling_is_used(cast: Cast) -> None:
    worlds.ordered(cast)
    entry = ReceiptEntry(Allocation.objects.get().pk, Decimal(4), Deviation.SHORT)
    receipt = receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    cast.agreement.refresh_from_db()
    cast.agreement.ceiling_amount = cast.agreement.committed_amount
    cast.agreement.save()
    with pytest.raises(ceilings.CeilingIsUsed):
        took_back(cast, receipt)
    assert Allocation.objects.get().closed_quantity == 6


def test_send_back_for_credit_closes_and_releases_what_will_not_come(cast: Cast) -> None:
    receipt = worlds.received(cast)
    return_receipt = sent_back(cast, receipt, "3")
    allocation, complaint = Allocation.objects.get(), Complaint.objects.get()
    assert (allocation.received_quantity, allocation.closed_quantity) == (7, 3)
    assert RequisitionLine.objects.get().status == LineStatus.RECEIVED
    assert (complaint.expects, complaint.quantity) == (Expectation.CREDIT, 3)
    assert complaint.receipt_line.receipt == return_receipt
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == 7 * Decimal("58.00")
    sent_back(cast, receipt, "7", expects=Expectation.NOTHING)
    with pytest.raises(DomainError) as refusal:
        sent_back(cast, receipt, "1")
    assert refusal.value.code == "nothing_to_send_back"


def test_send_back_for_new_ones_waits_for_them(cast: Cast) -> None:
    receipt = worlds.received(cast)
    sent_back(cast, receipt, "3", expects=Expectation.REPLACEMENT)
    assert RequisitionLine.objects.get().status == LineStatus.PARTLY_RECEIVED
    assert Complaint.objects.open().count() == 1
    entry = ReceiptEntry(Allocation.objects.get().pk, Decimal(3))
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    assert RequisitionLine.objects.get().status == LineStatus.RECEIVED
    assert not Complaint.objects.open().exists()


def test_the_database_counts_nothing_away_twice(cast: Cast) -> None:
    receipt = worlds.received(cast)
    (received_row,) = receipt.lines.all()
    reversal = took_back(cast, receipt)
    for reversed_row, quantity in ((received_row, -1), (reversal.lines.get(), 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceiptLine.objects.create(
                receipt=reversal,
                allocation=received_row.allocation,
                reverses=reversed_row,
                quantity=quantity,
                unit_price=0,
                amount=0,
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(
            key=uuid4(), department=cast.ward, received_by=cast.colleague, received_at=NOW, kind="return"
        )


def queries_for(cast: Cast, count: int) -> int:
    receipt = worlds.received(cast, *((each, 1) for each in many_items(cast, count)))
    colleague = User.objects.get(pk=cast.colleague.pk)
    with CaptureQueriesContext(connection) as taking:
        took_back(cast, receipt, by=colleague)
    return len(taking)


def test_take_back_uses_the_same_queries_for_one_row_and_for_forty(cast: Cast) -> None:
    few, many = queries_for(cast, 1), queries_for(cast, 40)
    assert few == many
    assert many <= 16


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_receipt_back_at_once(cast: Cast) -> None:
    receipt = worlds.received(cast)
    results = race(*[lambda: took_back(cast, receipt)] * 2)
    (error,) = [each for each in results if isinstance(each, Exception)]
    assert isinstance(error, DomainError)
    assert error.code == "receipt_is_taken_back"
    assert Allocation.objects.get().received_quantity == 0


@pytest.mark.django_db(transaction=True)
def test_take_back_and_receive_at_once(cast: Cast) -> None:
    worlds.ordered(cast)
    allocation = Allocation.objects.get().pk
    first, rest = (ReceiptEntry(allocation, Decimal(each)) for each in (6, 4))
    receipt = receipts.receive(key=uuid4(), department=cast.ward, entries=[first], by=cast.colleague, at=NOW)
    results = race(
        lambda: took_back(cast, receipt),
        lambda: receipts.receive(
            key=uuid4(), department=cast.ward, entries=[rest], by=cast.requester, at=NOW
        ),
    )
    assert not [each for each in results if isinstance(each, Exception)]
    assert Allocation.objects.get().received_quantity == 4
    assert RequisitionLine.objects.get().status == LineStatus.PARTLY_RECEIVED


@pytest.mark.django_db(transaction=True)
def test_take_back_pressed_twice_at_once(cast: Cast) -> None:
    receipt, key = worlds.received(cast), uuid4()
    results = race(*[lambda: took_back(cast, receipt, key=key)] * 2)
    assert results[0] == results[1]
    assert Receipt.objects.count() == 2
