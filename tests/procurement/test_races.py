"""Two people at the same moment, on two connections: exactly one wins, nothing is counted twice."""

from decimal import Decimal
from uuid import uuid4

import pytest

from audit.models import Entry
from core.errors import DomainError
from procurement.models import Allocation, LineDecision, PurchaseOrder, Receipt, Requisition, RequisitionLine
from procurement.operations import (
    amendments,
    attests,
    baskets,
    decisions,
    filling,
    orders,
    receipts,
    requisitions,
)
from tests import worlds
from tests.cast import NOW, Cast
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


def only_error(results: list[object]) -> DomainError:
    """The one refusal among the results."""
    (error,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(error, DomainError), error
    return error


def committed(cast: Cast) -> Decimal:
    cast.agreement.refresh_from_db()
    return Decimal(cast.agreement.committed_amount)


def test_two_submissions_of_one_basket(cast: Cast) -> None:
    basket = worlds.basket(cast)
    results = race(*[lambda: requisitions.submit(basket=basket, by=cast.requester, at=NOW)] * 2)
    assert only_error(results).code == "already_submitted"
    assert Requisition.objects.submitted().count() == 1
    assert Entry.objects.filter(event="requisition.submitted").count() == 1


def test_two_baskets_opened_at_once_are_one(cast: Cast) -> None:
    results = race(*[lambda: baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)] * 2)
    assert results[0] == results[1]


def test_two_approvals_of_one_line(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 20))
    results = race(
        lambda: decisions.approve(lines=[line], by=cast.manager, at=NOW).only(),
        lambda: decisions.approve(lines=[line], by=cast.head, at=NOW).only(),
    )
    assert only_error(results).code == "line_is_decided"
    assert LineDecision.objects.count() == 1
    assert committed(cast) == Decimal("1160.00")


def test_two_approvals_under_one_ceiling(cast: Cast) -> None:
    first, second = worlds.line(cast, (cast.gloves, 100)), worlds.line(cast, (cast.gloves, 100))
    cast.agreement.committed_amount = Decimal(90_000)
    cast.agreement.save()
    results = race(
        lambda: decisions.approve(lines=[first], by=cast.manager, at=NOW).only(),
        lambda: decisions.approve(lines=[second], by=cast.head, at=NOW).only(),
    )
    assert only_error(results).code == "ceiling_reached"
    assert committed(cast) == Decimal(95_800)


def test_bulk_approvals_in_opposite_order_do_not_deadlock(cast: Cast) -> None:
    lines = [worlds.line(cast, (cast.gloves, 1)) for _number in range(6)]
    results = race(
        lambda: decisions.approve(lines=lines, by=cast.manager, at=NOW),
        lambda: decisions.approve(lines=lines[::-1], by=cast.head, at=NOW),
    )
    assert sorted(len(outcome.done) for outcome in results) == [0, 6]
    assert committed(cast) == Decimal("348.00")


def test_two_orders_of_one_line(cast: Cast) -> None:
    worlds.approved(cast)
    results = race(*[lambda: orders.consolidate(at=NOW, due_only=False)] * 2)
    assert sorted(len(new_orders) for new_orders in results) == [0, 1]
    assert PurchaseOrder.objects.count() == Allocation.objects.count() == 1


def test_undo_and_order_at_once(cast: Cast) -> None:
    requisition = worlds.approved(cast)
    line = requisition.lines.get()
    undone, new_orders = race(
        lambda: decisions.undo(lines=[line], by=cast.manager, at=NOW),
        lambda: orders.consolidate(at=NOW, due_only=False),
    )
    assert len(undone.done) + len(new_orders) == 1
    line.refresh_from_db()
    assert committed(cast) == (0 if undone.done else Decimal("580.00"))


def test_two_receipts_past_the_ordered_quantity(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    entry = receipts.ReceiptEntry(Allocation.objects.get().pk, Decimal(15))
    results = race(
        *[
            lambda: receipts.receive(
                key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW
            )
        ]
        * 2
    )
    assert only_error(results).code == "more_than_ordered"
    assert Allocation.objects.get().received_quantity == Decimal(15)


def test_one_receipt_pressed_twice(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    entry, key = receipts.ReceiptEntry(Allocation.objects.get().pk, Decimal(5)), uuid4()
    results = race(
        *[lambda: receipts.receive(key=key, department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)]
        * 2
    )
    assert results[0] == results[1]
    assert Receipt.objects.count() == 1
    assert Allocation.objects.get().received_quantity == Decimal(5)


def test_attest_and_refusal_at_once(cast: Cast) -> None:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    results = race(
        lambda: attests.attest(attest=attest, by=cast.budget_holder, at=NOW),
        lambda: attests.refuse_attest(attest=attest, by=cast.head, at=NOW, comment="Nej"),
    )
    assert only_error(results).code in {"attest_is_decided", "not_your_attest"}


def test_withdrawal_and_approval_at_once(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 20))
    results = race(
        lambda: amendments.withdraw_line(line=line, by=cast.requester, at=NOW),
        lambda: decisions.approve(lines=[line], by=cast.manager, at=NOW),
    )
    assert not [
        result for result in results if isinstance(result, Exception) and not isinstance(result, DomainError)
    ]
    line = RequisitionLine.objects.get(pk=line.pk)
    assert line.status == "withdrawn"
    assert committed(cast) == 0


def test_two_scans_at_once_are_two_in_the_basket(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gown, 1))
    race(*[lambda: filling.scan(basket=basket, item=cast.gloves, by=cast.requester, at=NOW)] * 4)
    assert [line.quantity for line in basket.lines.filter(item=cast.gloves)] == [Decimal(4)]
