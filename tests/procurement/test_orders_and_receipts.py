"""Attest, consolidate, send, cancel, receive: success, refusals, second calls, queries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.errors import DomainError, NotPermitted
from organizations.models import Absence, Role, User
from procurement.gates import UnitNotDivisible
from procurement.models import Allocation, BudgetAttest, Deviation, PurchaseOrder, Receipt, Requisition
from procurement.operations import amendments, attests, decisions, orders, receipts
from procurement.operations.receipts import ReceiptEntry
from procurement.permissions import (
    AttestIsDecided,
    LineNotDeliverable,
    NotYourAttest,
    NotYourDepartment,
    OwnRequest,
)
from procurement.separation_of_duties import ReceiverHasDecided
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, delegation, many_items, membership


def pending(cast: Cast) -> BudgetAttest:
    return worlds.submitted(cast, (cast.chair, 3)).attests.get()


def test_attest_is_given(cast: Cast) -> None:
    attest = attests.attest(attest=pending(cast), by=cast.budget_holder, at=NOW, comment="")
    assert (attest.status, attest.decided_by, attest.decided_at) == (
        AttestStatus.ATTESTED,
        cast.budget_holder,
        NOW,
    )


@pytest.mark.parametrize(
    "actor", ["colleague", "stranger", "manager", "deputy", "controller", "auditor", "administrator"]
)
def test_attest_by_another_is_refused(cast: Cast, actor: str) -> None:
    with pytest.raises(NotYourAttest):
        attests.attest(attest=pending(cast), by=getattr(cast, actor), at=NOW)


def test_attest_of_ones_own_request_through_a_delegation_is_refused(cast: Cast) -> None:
    attest = pending(cast)
    delegation(cast.budget_holder, cast.requester)
    with pytest.raises(OwnRequest):
        attests.attest(attest=attest, by=cast.requester, at=NOW)


def test_attest_by_delegation_names_both(cast: Cast) -> None:
    attest = pending(cast)
    delegation(cast.budget_holder, cast.stranger)
    assert attests.attest(attest=attest, by=cast.stranger, at=NOW).on_behalf_of == cast.budget_holder


def test_attest_twice_is_refused(cast: Cast) -> None:
    attest = pending(cast)
    attests.attest(attest=attest, by=cast.budget_holder, at=NOW)
    with pytest.raises(AttestIsDecided):
        attests.refuse_attest(attest=attest, by=cast.budget_holder, at=NOW, comment="Ångrar mig")


def test_refused_attest_cancels_the_lines_and_releases_the_ceiling(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 100), (cast.gown, 40))
    decisions.approve(lines=list(requisition.lines.all()[:1]), by=cast.manager, at=NOW)
    attests.refuse_attest(
        attest=requisition.attests.get(), by=cast.budget_holder, at=NOW, comment="Ingen budget"
    )
    assert set(requisition.lines.values_list("status", flat=True)) == {LineStatus.CANCELLED}
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == 0


def test_approved_lines_wait_for_the_attest(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    decisions.approve(lines=list(requisition.lines.all()), by=cast.deputy, at=NOW)
    assert orders.consolidate(at=NOW, due_only=False) == []
    attests.attest(attest=requisition.attests.get(), by=cast.budget_holder, at=NOW)
    assert len(orders.consolidate(at=NOW, due_only=False)) == 1


def test_consolidate_makes_one_order_per_supplier_agreement_and_place(cast: Cast) -> None:
    first = worlds.approved(cast, (cast.gloves, 10), (cast.gown, 5))
    second = worlds.approved(cast, (cast.gloves, 30), (cast.chair, 1))
    new_orders = orders.consolidate(at=NOW, due_only=False)
    assert [(order.supplier, order.agreement_id) for order in new_orders] == [
        (cast.supplier, cast.agreement.pk),
        (cast.paper_supplier, None),
    ]
    gloves = new_orders[0].lines.get(item=cast.gloves)
    assert (gloves.quantity, gloves.amount) == (Decimal(40), Decimal("2320.00"))
    assert gloves.allocations.count() == 2
    assert (gloves.requested_date, gloves.expected_date) == (date(2021, 5, 25), date(2021, 5, 25))
    statuses = {line.status for each in (first, second) for line in each.lines.all()}
    assert statuses == {LineStatus.ORDERED}


def test_consolidate_keeps_apart_what_is_asked_for_by_different_days(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    worlds.approved(cast, (cast.gloves, 30), needed_by_date=date(2021, 11, 27))
    worlds.approved(cast, (cast.gloves, 5), needed_by_date=date(2021, 11, 27))
    worlds.approved(cast, (cast.gloves, 2), needed_by_date=date(2021, 5, 19))
    (order,) = orders.consolidate(at=NOW, due_only=False)
    lines: list[tuple[Any, ...]] = list(
        order.lines.order_by("position").values_list("quantity", "requested_date", "expected_date")
    )
    assert lines == [
        (10, date(2021, 5, 25), date(2021, 5, 25)),
        (35, date(2021, 11, 27), date(2021, 11, 27)),
        (2, date(2021, 5, 19), date(2021, 5, 21)),
    ]


def test_nothing_is_asked_for_by_a_day_that_has_been(cast: Cast) -> None:
    """It waited longer than its day; the supplier is asked to deliver as soon as it can."""
    worlds.approved(cast, (cast.gloves, 2), needed_by_date=date(2021, 5, 19))
    (order,) = orders.consolidate(at=NOW + timedelta(days=9), due_only=False)
    line = order.lines.get()
    assert (line.requested_date, line.expected_date) == (date(2021, 6, 1), date(2021, 6, 1))


def test_consolidate_waits_for_the_clock(cast: Cast) -> None:
    worlds.approved(cast)
    assert orders.consolidate(at=NOW + timedelta(hours=5)) == []
    assert len(orders.consolidate(at=NOW + timedelta(hours=6))) == 1


def test_consolidate_twice_orders_once(cast: Cast) -> None:
    worlds.ordered(cast)
    assert orders.consolidate(at=NOW, due_only=False) == []
    assert PurchaseOrder.objects.count() == 1


@pytest.mark.parametrize("actor", ["requester", "budget_holder", "controller", "auditor", "administrator"])
def test_consolidate_on_demand_is_for_managers(cast: Cast, actor: str) -> None:
    worlds.approved(cast)
    with pytest.raises(NotPermitted):
        orders.consolidate(at=NOW, by=getattr(cast, actor), due_only=False)


def test_order_on_demand_tells_in_whose_place_the_deputy_orders(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=1)))
    (order,) = orders.consolidate(at=NOW, by=cast.deputy, due_only=False)
    entry = Entry.objects.about(order).get(event="order.created")
    assert (entry.by_name, entry.on_behalf_of_name, entry.rule) == (
        cast.deputy.full_name,
        cast.manager.full_name,
        "on_demand",
    )


@pytest.mark.parametrize("actor", ["manager", "head"])
def test_order_on_demand_by_her_own_right_is_in_nobodys_place(cast: Cast, actor: str) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    (order,) = orders.consolidate(at=NOW, by=getattr(cast, actor), due_only=False)
    assert Entry.objects.about(order).get(event="order.created").on_behalf_of_name == ""


def test_cancel_order_releases_the_ceiling(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    orders.cancel_order(order=order, reason="Leverantören kan inte", by=cast.manager, at=NOW)
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == 0
    assert set(Requisition.objects.get().lines.values_list("status", flat=True)) == {LineStatus.CANCELLED}


def test_cancel_order_of_which_something_has_come_is_refused(cast: Cast) -> None:
    worlds.received(cast)
    with pytest.raises(orders.SomethingHasCome):
        orders.cancel_order(order=PurchaseOrder.objects.get(), reason="Sent", by=cast.manager, at=NOW)


def entry(quantity: str, deviation: Deviation = Deviation.NONE, over: str = "0") -> ReceiptEntry:
    return ReceiptEntry(Allocation.objects.get().pk, Decimal(quantity), deviation, Decimal(over))


def receive(cast: Cast, *entries: ReceiptEntry, by: User | None = None) -> Receipt:
    return receipts.receive(
        key=uuid4(), department=cast.ward, entries=entries, by=by or cast.colleague, at=NOW
    )


def status() -> str:
    return Requisition.objects.get().lines.get().status


def test_receive_part_then_the_rest(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    receive(cast, entry("12"))
    assert status() == LineStatus.PARTLY_RECEIVED
    receive(cast, entry("8"))
    assert status() == LineStatus.RECEIVED


def test_receive_short_closes_the_line(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    receive(cast, entry("12", Deviation.SHORT, "8"))
    assert status() == LineStatus.RECEIVED


def test_receive_damaged_keeps_waiting_for_good_ones(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    receipt = receive(cast, entry("0", Deviation.DAMAGED, "20"))
    assert (status(), receipt.lines.get().amount) == (LineStatus.ORDERED, Decimal("0.00"))


@pytest.mark.parametrize("deviation", [Deviation.DAMAGED, Deviation.WRONG])
def test_receive_more_broken_than_ordered_is_refused(cast: Cast, deviation: Deviation) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    with pytest.raises(DomainError) as caught:
        receive(cast, entry("20", deviation, "99999"))
    assert caught.value.code == "deviation_too_large"
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("surplus", ["5", "25"])
def test_receive_a_surplus_as_a_deviation(cast: Cast, surplus: str) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    receive(cast, entry("20", Deviation.OVER, surplus))
    assert Allocation.objects.get().received_quantity == Decimal(20)


@pytest.mark.parametrize(
    ("quantity", "error"),
    [
        ("20.001", "more_than_ordered"),
        ("-1", "quantity_not_possible"),
        ("NaN", "quantity_not_possible"),
        ("0", "nothing_to_receive"),
    ],
)
def test_receive_the_impossible_is_refused(cast: Cast, quantity: str, error: str) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    with pytest.raises(DomainError) as refusal:
        receive(cast, entry(quantity))
    assert refusal.value.code == error
    assert not Receipt.objects.exists()


def test_receive_with_the_same_key_gives_the_first_receipt(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    key, part = uuid4(), [entry("5")]
    first = receipts.receive(key=key, department=cast.ward, entries=part, by=cast.colleague, at=NOW)
    again = receipts.receive(key=key, department=cast.ward, entries=part, by=cast.colleague, at=NOW)
    assert first == again
    assert Allocation.objects.get().received_quantity == Decimal(5)


def test_receive_by_another_department_is_refused(cast: Cast) -> None:
    worlds.ordered(cast)
    with pytest.raises(NotYourDepartment):
        receive(cast, entry("1"), by=cast.stranger)


def test_receive_for_another_departments_order_is_refused(cast: Cast) -> None:
    worlds.ordered(cast)
    with pytest.raises(receipts.WrongAllocation):
        receipts.receive(key=uuid4(), department=cast.home, entries=[entry("1")], by=cast.stranger, at=NOW)


def test_receive_by_the_one_who_attested_is_refused(cast: Cast) -> None:
    worlds.ordered(cast, (cast.chair, 3))
    membership(cast.budget_holder, Role.REQUESTER, cast.ward, "10000")
    with pytest.raises(ReceiverHasDecided):
        receive(cast, entry("1"), by=User.objects.get(pk=cast.budget_holder.pk))


def test_receive_by_the_one_who_decided_is_refused(cast: Cast) -> None:
    worlds.ordered(cast)
    membership(cast.head, Role.REQUESTER, cast.ward, "10000")
    with pytest.raises(ReceiverHasDecided):
        receive(cast, entry("1"), by=User.objects.get(pk=cast.head.pk))


def test_receive_when_all_has_come_is_refused(cast: Cast) -> None:
    worlds.received(cast)
    with pytest.raises(LineNotDeliverable):
        receive(cast, entry("1"))


def test_a_receipt_cannot_be_edited_even_in_the_database(cast: Cast) -> None:
    receipt = worlds.received(cast)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        receipt.lines.update(quantity=1)


def chain_queries(cast: Cast, count: int) -> tuple[int, int]:
    """Count the queries of consolidating and of receiving so many lines."""
    requisition = worlds.approved(cast, *((each, 1) for each in many_items(cast, count)))
    with CaptureQueriesContext(connection) as consolidating:
        orders.consolidate(at=NOW, due_only=False)
    entries = [
        ReceiptEntry(allocation.pk, allocation.quantity)
        for allocation in Allocation.objects.filter(line__requisition=requisition)
    ]
    colleague = User.objects.get(pk=cast.colleague.pk)
    with CaptureQueriesContext(connection) as receiving:
        receipts.receive(key=uuid4(), department=cast.ward, entries=entries, by=colleague, at=NOW)
    return len(consolidating), len(receiving)


def test_ordering_and_receiving_use_the_same_queries_for_one_line_and_for_forty(cast: Cast) -> None:
    few, many = chain_queries(cast, 1), chain_queries(cast, 40)
    assert few == many
    assert many[0] <= 12
    assert many[1] <= 16


def test_withdraw_after_ordering_is_refused(cast: Cast) -> None:
    worlds.ordered(cast)
    with pytest.raises(DomainError) as refusal:
        amendments.withdraw_line(line=Requisition.objects.get().lines.get(), by=cast.requester, at=NOW)
    assert refusal.value.code == "line_is_ordered"


@pytest.mark.parametrize("unit", ["Ask", "askar", "Kartong", "st.", "kolly"])
def test_receive_half_of_what_comes_whole_is_refused(cast: Cast, unit: str) -> None:
    line = worlds.free_text(cast, "Tvättvagn", category=cast.office, unit=unit)
    assert line.unit in {"ask", "kartong", "st", "kolly"}
    decisions.approve(lines=[line], by=cast.deputy, at=NOW, supplier=cast.paper_supplier).only()
    orders.consolidate(at=NOW, due_only=False)
    allocation = Allocation.objects.get()
    for entry in (
        ReceiptEntry(allocation.pk, Decimal("0.5")),
        ReceiptEntry(allocation.pk, Decimal(0), Deviation.DAMAGED, Decimal("0.5")),
    ):
        with pytest.raises(UnitNotDivisible):
            receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
