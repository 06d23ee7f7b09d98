"""A recall: who has it is told and answers, what is on its way is stopped, and the block is lifted again."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from audit.models import Entry
from catalog.models import Item
from catalog.states import ItemStatus
from core.errors import DomainError
from notices.models import Notice
from organizations.models import Membership
from procurement.models import (
    Allocation,
    CancellationNotice,
    PurchaseOrder,
    Recall,
    RecallUnit,
    RequisitionLine,
    Severity,
)
from procurement.operations import orders, recalls, receipts, requisitions, sending
from procurement.recalled import on_the_way, units_of
from procurement.states import LineStatus, OrderStatus
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of
from tests.procurement.deciding import committed
from tests.races import race

SINCE = date(2021, 1, 1)


def begin(cast: Cast, **changes: Any) -> Recall:
    defaults: dict[str, Any] = {
        "item": cast.gloves,
        "reason": "Hål i fingertopparna",
        "severity": Severity.REMOVE,
        "since_date": SINCE,
        "by": cast.manager,
        "at": NOW + timedelta(hours=1),
    }
    return recalls.recall(**(defaults | changes))


@pytest.mark.django_db
def test_those_who_have_received_it_are_told_and_answer(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10))
    worlds.received(cast, (cast.gloves, 5))
    recall = begin(cast)
    (unit,) = units_of(recall)
    assert unit.told.department == cast.ward
    assert unit.received is not None
    assert (unit.received.quantity, unit.received.unit, unit.received.times) == (Decimal(15), "ask", 2)
    assert unit.received.people == [cast.colleague]
    notices = Notice.objects.filter(kind="recall")
    assert {notice.recipient for notice in notices} == {cast.requester, cast.colleague, cast.budget_holder}
    with pytest.raises(DomainError) as refusal:
        recalls.acknowledge(unit=unit.told, by=cast.stranger, at=NOW)
    assert refusal.value.code == "not_your_recall"
    later = NOW + timedelta(hours=2)
    recalls.acknowledge(unit=unit.told, by=cast.colleague, at=later, answer="Tre askar kvar, undantagna")
    again = recalls.acknowledge(unit=unit.told, by=cast.requester, at=later + timedelta(hours=1))
    assert (again.acknowledged_by, again.acknowledged_at) == (cast.colleague, later)
    assert not RecallUnit.objects.unanswered().exists()
    events = Entry.objects.filter(subject_type="catalog.item", subject_id=cast.gloves.pk).values_list(
        "event", flat=True
    )
    assert sorted(events) == ["item.blocked", "recall.acknowledged"]


@pytest.mark.django_db
def test_a_department_that_receives_more_is_told_again(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10))
    (order,) = worlds.ordered(cast, (cast.gloves, 3), (cast.gown, 1))
    sending.send_order(order=order, at=NOW)
    recall = begin(cast)
    recalls.acknowledge(unit=recall.units.get(), by=cast.colleague, at=NOW + timedelta(hours=2))
    later = NOW + timedelta(days=1)
    recalls.stop_recalled(at=later)
    assert recall.units.get().acknowledged_at is not None
    allocation = Allocation.objects.get(order_line__order=order, order_line__item=cast.gloves)
    from_supplier = receipts.ReceiptEntry(allocation.pk, allocation.quantity)
    receipts.receive(key=uuid4(), department=cast.ward, entries=[from_supplier], by=cast.colleague, at=later)
    recalls.stop_recalled(at=later + timedelta(minutes=1))
    unit = recall.units.get()
    assert unit.acknowledged_at is None
    assert Notice.objects.filter(kind="recall", recipient=cast.colleague).count() == 2
    recalls.stop_recalled(at=later + timedelta(minutes=2))
    assert Notice.objects.filter(kind="recall", recipient=cast.colleague).count() == 2


@pytest.mark.django_db
def test_what_is_on_its_way_is_stopped(cast: Cast) -> None:
    """Approved lines go back, an order that has not left is taken apart, one of nothing else is cancelled."""
    (sent_order,) = worlds.ordered(cast, (cast.gloves, 10))
    sending.send_order(order=sent_order, at=NOW)
    (mixed,) = worlds.ordered(cast, (cast.gloves, 4), (cast.gown, 2))
    sending.send_order(order=mixed, at=NOW)
    (ready,) = worlds.ordered(cast, (cast.gloves, 7), (cast.gown, 1))
    approved = worlds.approved(cast, (cast.gloves, 3)).lines.get()
    waiting = worlds.line(cast, (cast.gloves, 2))
    before = committed(cast)
    recall = begin(cast)
    orders_now = {each.pk: each.status for each in PurchaseOrder.objects.all()}
    assert orders_now == {
        sent_order.pk: OrderStatus.CANCELLED,
        mixed.pk: OrderStatus.SENT,
        ready.pk: OrderStatus.CANCELLED,
    }
    assert CancellationNotice.objects.get().order == sent_order
    approved.refresh_from_db()
    assert (approved.status, approved.taken_back_reason != "") == (LineStatus.AWAITING, True)
    waiting.refresh_from_db()
    assert waiting.status == LineStatus.AWAITING
    # 10 sent and cancelled, 7 taken apart, 3 given back, at 58 kr each.
    assert before - committed(cast) == Decimal(58) * 20
    (row,) = on_the_way(recall)
    assert (row.order, row.quantity, row.has_other_items, row.call) == (mixed, Decimal(4), True, None)
    assert orders.consolidate(at=NOW + timedelta(hours=2), due_only=False)[0].lines.get().item == cast.gown
    recalls.note_call(recall=recall, order=mixed, by=cast.manager, at=NOW, note="Stoppar handskarna")
    assert on_the_way(recall)[0].call is not None


@pytest.mark.django_db
def test_of_one_batch_the_supplier_is_asked(cast: Cast) -> None:
    (sent_order,) = worlds.ordered(cast, (cast.gloves, 10))
    sending.send_order(order=sent_order, at=NOW)
    recall = begin(cast, batch="LOT 4711")
    sent_order.refresh_from_db()
    assert sent_order.status == OrderStatus.SENT
    assert [each.order for each in on_the_way(recall)] == [sent_order]


@pytest.mark.django_db
def test_the_same_recall_twice_changes_nothing(cast: Cast) -> None:
    worlds.received(cast)
    recall = begin(cast)
    assert begin(cast) == recall
    assert Recall.objects.count() == RecallUnit.objects.count() == 1
    assert Entry.objects.filter(event="item.blocked").count() == 1
    with pytest.raises(DomainError) as refusal:
        begin(cast, reason="Fel etikett")
    assert refusal.value.code == "item_is_blocked_already"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["requester", "office_deputy", "controller", "auditor", "administrator"])
def test_others_neither_block_nor_lift(cast: Cast, who: str) -> None:
    with pytest.raises(DomainError) as refusal:
        begin(cast, by=getattr(cast, who))
    assert refusal.value.code == "item_of_another"
    begin(cast)
    with pytest.raises(DomainError) as refusal:
        recalls.lift(item=cast.gloves, by=getattr(cast, who), at=NOW, reason="Kontrollerat")
    assert refusal.value.code == "item_of_another"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "code"),
    [(ItemStatus.PROPOSED, "item_status_out_of_order"), (ItemStatus.RETIRED, "item_status_out_of_order")],
)
def test_what_nobody_can_order_is_not_blocked(cast: Cast, status: ItemStatus, code: str) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=status)
    with pytest.raises(DomainError) as refusal:
        begin(cast)
    assert refusal.value.code == code


@pytest.mark.django_db
def test_a_block_is_lifted_and_the_item_is_what_it_was(cast: Cast) -> None:
    worlds.received(cast)
    recall = begin(cast)
    for reason, code in (("", "item_blocking_reason_missing"), (" ", "item_blocking_reason_missing")):
        with pytest.raises(DomainError) as refusal:
            recalls.lift(item=cast.gloves, by=cast.manager, at=NOW, reason=reason)
        assert refusal.value.code == code
    lifted = recalls.lift(
        item=cast.gloves, by=cast.head, at=NOW + timedelta(days=2), reason="Felet var etiketten"
    )
    assert (lifted.status, lifted.blocked_reason) == (ItemStatus.STANDARD, "")
    recall.refresh_from_db()
    assert (recall.ended_by, recall.end_reason) == (cast.head, "Felet var etiketten")
    notices = Notice.objects.filter(kind="recall", recipient=cast.requester).order_by("pk")
    assert [notice.facts["how"] for notice in notices] == ["begun", "lifted"]
    with pytest.raises(DomainError) as refusal:
        recalls.acknowledge(unit=recall.units.get(), by=cast.colleague, at=NOW)
    assert refusal.value.code == "recall_is_over"
    begin(cast)
    assert Recall.objects.count() == 2


@pytest.mark.django_db
def test_what_came_before_the_first_day_is_left_out(cast: Cast) -> None:
    worlds.received(cast)
    tomorrow = TODAY + timedelta(days=1)
    recall = begin(cast, since_date=tomorrow, at=NOW + timedelta(days=1))
    assert units_of(recall) == []
    assert not Notice.objects.filter(kind="recall").exists()


@pytest.mark.django_db(transaction=True)
def test_two_recalls_at_once_are_one(cast: Cast) -> None:
    worlds.received(cast)
    results = race(lambda: begin(cast), lambda: begin(cast, by=cast.head))
    assert results[0] == results[1]
    assert Recall.objects.count() == RecallUnit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_recall_while_somebody_orders(cast: Cast) -> None:
    """Whoever is first: what was let through is found by the sweep, and nothing of it is approved or leaves."""
    Membership.objects.filter(user=cast.requester).update(amount_limit=None)
    basket = worlds.basket(cast, (cast.gloves, 5))
    results = race(lambda: begin(cast), lambda: requisitions.submit(basket=basket, by=cast.requester, at=NOW))
    assert isinstance(results[0], Recall), results
    recalls.stop_recalled(at=NOW + timedelta(hours=2))
    line = RequisitionLine.objects.get()
    assert line.status in {LineStatus.DRAFT, LineStatus.AWAITING}
    if isinstance(results[1], Exception):
        assert results[1].code == "item_blocked"  # type: ignore[attr-defined]
    assert committed(cast) == 0


@pytest.mark.django_db(transaction=True)
def test_recall_while_the_clock_orders(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 5))
    results = race(lambda: begin(cast), lambda: orders.consolidate(at=NOW, due_only=False))
    assert not [result for result in results if isinstance(result, Exception)], results
    recalls.stop_recalled(at=NOW + timedelta(hours=2))
    assert RequisitionLine.objects.get().status in {LineStatus.AWAITING, LineStatus.CANCELLED}
    assert not PurchaseOrder.objects.exclude(status=OrderStatus.CANCELLED).exists()
    assert committed(cast) == 0


@pytest.mark.django_db(transaction=True)
def test_recall_while_the_order_is_sent(cast: Cast) -> None:
    """It is taken apart before it leaves, or it has left and the supplier is told that it is cancelled."""
    (order,) = worlds.ordered(cast, (cast.gloves, 5))
    results = race(lambda: begin(cast), lambda: sending.send_order(order=order, at=NOW))
    assert not [result for result in results if isinstance(result, Exception)], results
    recalls.stop_recalled(at=NOW + timedelta(hours=2))
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    has_left = order.attempts.may_have_left().exists()
    assert CancellationNotice.objects.filter(order=order).exists() == has_left
    assert committed(cast) == 0


@pytest.mark.usefixtures("at_nine")
def test_a_first_day_to_come_would_tell_nobody(cast: Cast) -> None:
    """A year that is mistyped; today is the last day that anything can have come."""
    worlds.received(cast, (cast.gloves, 10))
    tomorrow = TODAY + timedelta(days=1)
    fields = {"reason": "Hål", "severity": "remove", "since_date": tomorrow.isoformat(), "batch": ""}
    page = signed_in(cast.manager).post("/livscykel/104412/sparra/", fields)
    assert page.status_code == 422
    assert "Dagen ligger fram i tiden, så ingen enhet skulle få veta något." in text_of(page)
    assert 'value="Hål"' in text_of(page)
    answer = Program(cast.manager).post("life-cycles/104412/recall/", **fields)
    assert (answer.status_code, answer.data["code"]) == (400, "recall_since_a_day_to_come")
    assert Item.objects.get(pk=cast.gloves.pk).status == ItemStatus.STANDARD
    assert begin(cast, since_date=TODAY).since_date == TODAY
