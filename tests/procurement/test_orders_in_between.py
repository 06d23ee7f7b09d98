"""What has happened to an order since the step before: fewer are needed, part has come, something was wrong, or it all came anyway."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.addresses import address_of
from core.errors import InvalidInput
from notices.models import Notice
from office.rules import breaches
from procurement.models import (
    Allocation,
    Complaint,
    Deviation,
    Expectation,
    OrderLine,
    PurchaseOrder,
    Receipt,
    RequisitionLine,
    SettlementOutcome,
)
from procurement.operations import complaints, orders, receipts, returning, sending
from procurement.operations.agreed_changes import LineHasCome
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.answered_orders import LineIsSettled
from procurement.operations.receipts import ReceiptEntry
from procurement.operations.replacements import ReplacementIsComing
from procurement.permissions import LineHasEnded
from procurement.states import AnswerStatus, LineStatus, OrderStatus
from tests.cast import Cast
from tests.pages import signed_in
from tests.procurement.answering import CHANGED, CONFIRMED, LATER, REFUSED, committed, say, sent, settle
from tests.procurement.messages import fresh
from tests.procurement.test_answers import two_needs
from tests.procurement.test_reducing import first, receive, reduce

JUNE = date(2021, 6, 20)


def damaged(
    cast: Cast, allocation: Allocation, number: int, expects: Expectation = Expectation.REPLACEMENT
) -> Receipt:
    """So many of what came were damaged, and nothing else came."""
    entry = ReceiptEntry(allocation.pk, Decimal(0), Deviation.DAMAGED, Decimal(number), "", expects)
    return receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=LATER)


def told_of_complaints(cast: Cast) -> list[str]:
    notices = Notice.objects.filter(kind="complaint_settled", recipient=cast.colleague)
    return [each.facts["outcome"] for each in notices.order_by("pk")]


def test_no_to_another_day_for_the_rest_keeps_what_has_come(cast: Cast) -> None:
    order = sent(cast)
    receive(cast, first(order), 4)
    say(order, LineAnswer(1, CHANGED, delivery_date=JUNE), by=cast.manager)
    notice = settle(order, by=cast.manager, declined=(1,))
    line = RequisitionLine.objects.get()
    assert (line.status, line.released_quantity, committed(cast)) == (LineStatus.RECEIVED, 6, Decimal(232))
    assert (OrderLine.objects.get().answer, fresh(order).status) == ("confirmed", OrderStatus.SENT)
    assert Notice.objects.filter(kind="supplier_change", recipient=cast.requester).exists()
    assert [(each.decision, each.quantity) for each in notice.lines.all()] == [("declined", 4)]
    sending.send_due(at=LATER)
    assert "Leverera inte mer." in str(mail.outbox[-1].body)
    assert breaches(LATER) == []


def test_no_to_fewer_after_some_of_it_came_asks_again_for_whoever_got_nothing(cast: Cast) -> None:
    order = two_needs(cast, 10, 5)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(9)), by=cast.manager)
    receive(cast, first(order), 4)
    settle(order, by=cast.manager, declined=(1,))
    statuses = sorted(RequisitionLine.objects.values_list("status", flat=True))
    assert statuses == [LineStatus.AWAITING, LineStatus.RECEIVED, LineStatus.SUPERSEDED]
    assert committed(cast) == Decimal(232)
    assert breaches(LATER) == []


def test_yes_to_fewer_after_some_of_it_came_divides_the_rest(cast: Cast) -> None:
    order = two_needs(cast, 10, 5)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(9)), by=cast.manager)
    receive(cast, first(order), 4)
    settle(order, by=cast.manager, agreed=(1,))
    assert [each.remaining for each in Allocation.objects.order_by("pk")] == [3, 2]
    assert committed(cast) == 9 * Decimal(58)
    assert breaches(LATER) == []


@pytest.mark.parametrize(
    "change", [LineAnswer(1, CHANGED, unit_price=Decimal(50)), LineAnswer(1, CHANGED, quantity=Decimal(3))]
)
def test_what_has_come_is_not_agreed_upon(cast: Cast, change: LineAnswer) -> None:
    order = sent(cast)
    say(order, change, by=cast.manager)
    receive(cast, first(order), 4)
    with pytest.raises(LineHasCome):
        settle(order, by=cast.manager, agreed=(1,))
    page = signed_in(cast.manager).get(reverse("desk:order_changes", args=[order.number])).content.decode()
    assert "En del har redan kommit" in page
    assert 'value="ja"' not in page
    settle(order, by=cast.manager, declined=(1,))
    assert RequisitionLine.objects.get().status == LineStatus.RECEIVED
    assert breaches(LATER) == []


def test_a_change_of_what_has_all_come_anyway_waits_for_nobody(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(7)), by=cast.manager)
    receive(cast, first(order), 10)
    assert not PurchaseOrder.objects.with_changes().exists()
    with pytest.raises(LineIsSettled):
        settle(order, by=cast.manager, declined=(1,))
    page = signed_in(cast.manager).get(reverse("desk:order", args=[order.number])).content.decode()
    assert "Ta ställning" not in page
    assert "att ta ställning till" not in page
    returning.take_back(
        key=uuid4(), receipt=Receipt.objects.get(), reason="Fel låda", by=cast.colleague, at=LATER
    )
    assert list(PurchaseOrder.objects.with_changes()) == [order]


def test_a_supplier_is_told_how_many_are_wanted_since(cast: Cast) -> None:
    order = sent(cast)
    reduce(order, {first(order).pk: Decimal(6)}, by=cast.manager)
    say(order, LineAnswer(1, CHANGED, delivery_date=JUNE), by=cast.manager)
    notice = settle(order, by=cast.manager, agreed=(1,))
    assert notice.lines.get().quantity == 6
    sending.send_due(at=LATER)
    assert "6 ask" in str(mail.outbox[-1].body)


def test_a_lower_price_is_that_of_what_is_wanted_since(cast: Cast) -> None:
    order = sent(cast)
    reduce(order, {first(order).pk: Decimal(4)}, by=cast.manager)
    say(order, LineAnswer(1, CHANGED, unit_price=Decimal(50)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    assert committed(cast) == Decimal(200)
    receive(cast, first(order), 4)
    assert committed(cast) == Decimal(200)
    assert breaches(LATER) == []


@pytest.mark.parametrize("came", [0, 2])
def test_as_many_as_are_wanted_since_is_no_change(cast: Cast, came: int) -> None:
    order = sent(cast)
    if came:
        receive(cast, first(order), came)
    reduce(order, {first(order).pk: Decimal(6)}, by=cast.manager)
    page = signed_in(cast.manager).get(reverse("desk:order_answer", args=[order.number])).content.decode()
    assert f"{6 + came} askar" in page.replace("\xa0", " ")
    say(order, LineAnswer(1, CONFIRMED, quantity=Decimal(6 + came)), by=cast.manager)
    assert OrderLine.objects.get().answer == AnswerStatus.CONFIRMED


def test_what_was_agreed_upon_is_no_change_when_it_is_said_again(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(6)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    say(order, LineAnswer(1, CONFIRMED, quantity=Decimal(6)), by=cast.manager)
    assert OrderLine.objects.get().answer == AnswerStatus.CONFIRMED


def test_a_refused_line_asks_nothing_anew_of_what_was_cancelled(cast: Cast) -> None:
    order = two_needs(cast, 10, 5)
    reduce(order, {first(order).pk: Decimal(0)}, by=cast.manager)
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    statuses = sorted(RequisitionLine.objects.values_list("status", flat=True))
    assert statuses == [LineStatus.AWAITING, LineStatus.CANCELLED, LineStatus.SUPERSEDED]
    assert breaches(LATER) == []


def test_an_order_that_something_is_owed_of_is_not_cancelled(cast: Cast) -> None:
    order = sent(cast)
    damaged(cast, first(order), 10)
    with pytest.raises(ReplacementIsComing):
        orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=LATER)
    complaints.settle_complaint(
        complaint=Complaint.objects.get(),
        outcome=SettlementOutcome.NOT_COMING,
        reference="Behövs inte",
        by=cast.colleague,
        at=LATER,
    )
    assert not Complaint.objects.open().exists()
    assert breaches(LATER) == []


def test_whoever_complained_is_told_that_the_supplier_does_not_deliver(cast: Cast, client: Client) -> None:
    order = sent(cast)
    receipt = damaged(cast, first(order), 10)
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    assert told_of_complaints(cast) == ["undelivered"]
    assert str(
        Notice.objects.get(kind="complaint_settled", recipient=cast.colleague).sentence.title
    ).endswith("kommer inte")
    client.force_login(cast.colleague)
    page = client.get(reverse("shop:receipt", args=[receipt.pk])).content.decode()
    assert "Levereras inte" in page


def test_whoever_complained_is_told_once_that_fewer_come(cast: Cast) -> None:
    order = two_needs(cast, 10, 5)
    other = Allocation.objects.order_by("pk")[1]
    damaged(cast, other, 1)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(1)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    other.refresh_from_db()
    assert other.remaining == 0
    assert told_of_complaints(cast) == ["undelivered"]
    say(order, LineAnswer(1, CHANGED, delivery_date=JUNE), by=cast.manager)
    settle(order, by=cast.manager, declined=(1,))
    assert told_of_complaints(cast) == ["undelivered"]
    assert breaches(LATER) == []


@pytest.mark.parametrize("how", ["refused", "cancelled"])
def test_a_receipt_of_what_has_ended_is_not_taken_back(cast: Cast, how: str) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 5))
    receipt = damaged(cast, first(order), 2, Expectation.NOTHING)
    if how == "refused":
        say(order, LineAnswer(1, REFUSED), by=cast.manager)
    else:
        reduce(order, {first(order).pk: Decimal(0)}, by=cast.manager)
    with pytest.raises(LineHasEnded):
        returning.take_back(key=uuid4(), receipt=receipt, reason="Fel", by=cast.colleague, at=LATER)
    assert breaches(LATER) == []


def test_another_day_is_not_asked_about_when_all_has_come(cast: Cast) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 5))
    allocation = first(order)
    OrderLine.objects.filter(pk=allocation.order_line_id).update(asked_date=JUNE)
    receive(cast, allocation, 10)
    page = signed_in(cast.manager).get(reverse("desk:order_answer", args=[order.number])).content.decode()
    assert "Vi har bett om" not in page
    say(order, LineAnswer(1, CONFIRMED), LineAnswer(2, CONFIRMED), by=cast.manager)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"quantity": Decimal(-3)}, "quantity_out_of_range"),
        ({"quantity": Decimal(100_001)}, "quantity_out_of_range"),
        ({"unit_price": Decimal(-1)}, "amount_out_of_range"),
        ({"delivery_date": date(2012, 5, 25)}, "promised_day_not_possible"),
        ({"delivery_date": date(9999, 12, 31)}, "promised_day_not_possible"),
    ],
)
def test_an_answer_that_cannot_be_so_is_refused(cast: Cast, answer: dict[str, Any], code: str) -> None:
    order = sent(cast)
    with pytest.raises(InvalidInput) as refusal:
        say(order, LineAnswer(1, CHANGED, **answer), by=cast.manager)
    assert refusal.value.code == code
    assert OrderLine.objects.get().answer == AnswerStatus.NONE


def test_nobody_asks_for_an_answer_about_what_has_come(cast: Cast) -> None:
    order = sent(cast)
    PurchaseOrder.objects.update(answer_due_date=date(2021, 5, 1))
    address = reverse("desk:order", args=[order.number])
    assert list(PurchaseOrder.objects.unanswered(date(2021, 5, 2))) == [order]
    assert "skulle ha svarat" in signed_in(cast.manager).get(address).content.decode()
    receive(cast, first(order), 10)
    assert not PurchaseOrder.objects.unanswered(date(2021, 5, 2)).exists()
    assert "skulle ha svarat" not in signed_in(cast.manager).get(address).content.decode()


def test_whoever_asked_reads_how_many_are_wanted_since(cast: Cast) -> None:
    order = sent(cast)
    receive(cast, first(order), 4)
    reduce(order, {first(order).pk: Decimal(2)}, by=cast.manager)
    page = (
        signed_in(cast.requester).get(address_of(RequisitionLine.objects.get().requisition)).content.decode()
    )
    assert "4 av 6 mottagna" in page.replace("\xa0", " ")


def test_what_did_not_come_is_not_said_to_be_received(cast: Cast) -> None:
    entry = ReceiptEntry(first(sent(cast)).pk, Decimal(0), Deviation.SHORT)
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=LATER)
    page = (
        signed_in(cast.requester).get(address_of(RequisitionLine.objects.get().requisition)).content.decode()
    )
    assert "Inget kom." in page
    assert "Mottagen av" not in page
