"""What a supplier answers to an order, and what follows: for the order, the lines, the ceilings and the people."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail

from agreements.models import Supplier
from audit.models import Entry
from core.errors import DomainError, NotPermitted, WrongState
from core.keys import KeyHasOtherContent
from notices.models import Notice
from office.rules import breaches
from organizations.models import User
from procurement.models import (
    Allocation,
    AnsweredLine,
    AnswerOutcome,
    ChangeNotice,
    OrderLine,
    PurchaseOrder,
    RequisitionLine,
    SupplierAnswer,
)
from procurement.operations import orders, receipts, sending, settling
from procurement.operations.agreed_changes import LineHasCome, MoreThanWasOrdered, PriceAboveOrder
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.answered_orders import OrderHasChanged
from procurement.operations.answers import OrderIsCancelled, OrderNotSentYet
from procurement.operations.receipts import ReceiptEntry
from procurement.states import AnswerStatus, LineStatus, OrderStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.answering import CHANGED, CONFIRMED, LATER, REFUSED, committed, live, say, sent, settle
from tests.procurement.messages import fresh
from tests.races import race


def test_a_confirmation_is_kept_with_its_day(cast: Cast) -> None:
    order = sent(cast)
    sooner = date(2021, 5, 24)
    answer = say(order, LineAnswer(1, CONFIRMED, delivery_date=sooner), by=cast.manager)
    line = order.lines.get()
    assert (line.answer, line.expected_date) == (AnswerStatus.CONFIRMED, sooner)
    assert (fresh(order).answered_at, fresh(order).version) == (LATER, 2)
    assert answer.outcome == CONFIRMED
    assert Entry.objects.about(order).filter(event="order.answered").count() == 1
    assert committed(cast) == Decimal("580.00")
    assert breaches(LATER) == []


def test_the_same_answer_twice_is_one(cast: Cast) -> None:
    order, key = sent(cast), uuid4()
    first = say(order, LineAnswer(1, REFUSED), by=cast.manager, key=key)
    assert say(order, LineAnswer(1, REFUSED), by=cast.manager, key=key, version=1) == first
    with pytest.raises(KeyHasOtherContent):
        say(order, LineAnswer(1, CONFIRMED), by=cast.manager, key=key)
    assert RequisitionLine.objects.count() == 2


def test_an_answer_to_what_has_passed_is_refused(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CONFIRMED), by=cast.manager, version=1)
    with pytest.raises(OrderHasChanged):
        say(order, LineAnswer(1, REFUSED), by=cast.manager, version=1)


def test_a_later_day_is_asked_about_and_agreed_to(cast: Cast) -> None:
    order = sent(cast)
    late = date(2021, 6, 10)
    say(order, LineAnswer(1, CONFIRMED, delivery_date=late), by=cast.head)
    assert order.lines.get().answer == AnswerStatus.CHANGED
    assert list(PurchaseOrder.objects.with_changes()) == [order]
    assert Notice.objects.filter(kind="supplier_answer", recipient=cast.manager).count() == 1
    settle(order, by=cast.manager, agreed=(1,))
    line = order.lines.get()
    assert (line.answer, line.expected_date) == (AnswerStatus.CONFIRMED, late)
    assert Notice.objects.filter(kind="supplier_change", recipient=cast.requester).count() == 1
    assert sending.send_due(at=LATER) == 1
    (_order, message) = mail.outbox
    assert "Besked om ändring" in message.subject
    assert "10 juni 2021" in str(message.body).replace("\xa0", " ")
    assert ChangeNotice.objects.get().status == OrderStatus.SENT
    assert order.documents.get(kind="change").pdf_sha256
    assert breaches(LATER) == []


def test_a_lower_price_is_paid_and_releases_the_rest(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, unit_price=Decimal("50.00")), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    assert committed(cast) == Decimal("500.00")
    allocation = Allocation.objects.get()
    receipt = receipts.receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(allocation.pk, Decimal(10))],
        by=cast.colleague,
        at=LATER,
    )
    assert receipt.lines.get().amount == Decimal("500.00")
    assert breaches(LATER) == []


def test_a_higher_price_cannot_be_agreed_to(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, unit_price=Decimal("58.01")), by=cast.manager)
    with pytest.raises(PriceAboveOrder):
        settle(order, by=cast.manager, agreed=(1,))
    settle(order, by=cast.manager, declined=(1,))
    assert order.lines.get().answer == AnswerStatus.DECLINED
    assert live(cast).status == LineStatus.AWAITING
    assert fresh(order).status == OrderStatus.REFUSED
    assert committed(cast) == 0
    sending.send_due(at=LATER)
    assert "Leverera inte." in mail.outbox[-1].body
    assert breaches(LATER) == []


def test_more_than_was_ordered_cannot_be_agreed_to(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(12)), by=cast.manager)
    with pytest.raises(MoreThanWasOrdered):
        settle(order, by=cast.manager, agreed=(1,))


def two_needs(cast: Cast, first: int, second: int) -> PurchaseOrder:
    """One line of an order that serves two requisitions."""
    for quantity in (first, second):
        worlds.approved(cast, (cast.gloves, quantity))
    (order,) = orders.consolidate(at=NOW, due_only=False)
    return orders.send_order(order=order, at=NOW)


def test_fewer_are_divided_fairly_and_close_their_lines(cast: Cast) -> None:
    order = two_needs(cast, 10, 5)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(7)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    shares = [each.remaining for each in Allocation.objects.order_by("pk")]
    assert shares == [Decimal(5), Decimal(2)]
    assert committed(cast) == Decimal("406.00"), "what will not come is released at once"
    receipts.receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(each.pk, each.remaining) for each in Allocation.objects.order_by("pk")],
        by=cast.colleague,
        at=LATER,
    )
    assert {line.status for line in RequisitionLine.objects.all()} == {LineStatus.RECEIVED}
    assert committed(cast) == Decimal("406.00")
    assert breaches(LATER) == []


def test_who_gets_nothing_of_it_asks_again(cast: Cast) -> None:
    order = two_needs(cast, 10, 1)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(1)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    statuses = sorted(RequisitionLine.objects.values_list("status", flat=True))
    assert statuses == [LineStatus.AWAITING, LineStatus.ORDERED, LineStatus.SUPERSEDED]
    assert breaches(LATER) == []


def test_what_has_come_is_not_changed(cast: Cast) -> None:
    order = sent(cast)
    receipts.receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(Allocation.objects.get().pk, Decimal(4))],
        by=cast.colleague,
        at=NOW,
    )
    with pytest.raises(LineHasCome):
        say(order, LineAnswer(1, CHANGED, quantity=Decimal(8)), by=cast.manager)
    say(order, LineAnswer(1, CONFIRMED), by=cast.manager)
    assert order.lines.get().answer == AnswerStatus.CONFIRMED


def test_an_order_that_is_cancelled_or_not_sent_is_not_answered(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    with pytest.raises(OrderNotSentYet):
        say(order, LineAnswer(1, CONFIRMED), by=cast.manager)
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    with pytest.raises(OrderIsCancelled):
        say(order, LineAnswer(1, CONFIRMED), by=cast.manager)


def test_an_answer_while_it_is_sent_again_says_that_it_has_arrived(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    claim = sending._claim(PurchaseOrder, order.pk, NOW)
    assert claim is not None
    say(order, LineAnswer(1, CONFIRMED), by=cast.manager)
    assert (fresh(order).status, fresh(order).sent_at) == (OrderStatus.SENT, LATER)
    sending._mark(PurchaseOrder, order.pk, claim, None, at=LATER)
    assert fresh(order).sent_at == LATER
    assert sending.send_due(at=LATER + timedelta(days=1)) == 0


def test_cancelling_takes_back_what_the_supplier_was_to_be_told(cast: Cast) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 2))
    say(
        order,
        LineAnswer(1, REFUSED),
        LineAnswer(2, CONFIRMED, delivery_date=date(2021, 6, 10)),
        by=cast.manager,
    )
    settle(order, by=cast.manager, agreed=(2,))
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=LATER)
    assert ChangeNotice.objects.get().status == OrderStatus.CANCELLED
    assert committed(cast) == 0
    assert sorted(RequisitionLine.objects.values_list("status", flat=True)) == [
        LineStatus.AWAITING,
        LineStatus.CANCELLED,
        LineStatus.SUPERSEDED,
    ]
    assert breaches(LATER) == []


@pytest.mark.parametrize("actor", ["requester", "stranger", "controller", "auditor", "administrator"])
def test_only_those_who_answer_for_the_lines_may(cast: Cast, actor: str) -> None:
    order = sent(cast)
    who = User.objects.get(pk=getattr(cast, actor).pk)
    with pytest.raises(NotPermitted):
        say(order, LineAnswer(1, CONFIRMED), by=who)
    say(order, LineAnswer(1, CHANGED, delivery_date=date(2021, 6, 10)), by=cast.manager)
    with pytest.raises(NotPermitted):
        settle(order, by=who, agreed=(1,))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LineAnswer(2, CONFIRMED), "no_such_order_line"),
        (LineAnswer(1, CHANGED), "change_says_nothing"),
        (LineAnswer(1, CHANGED, quantity=Decimal("1.5")), "unit_not_divisible"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(cast: Cast, line: LineAnswer, code: str) -> None:
    order = sent(cast)
    with pytest.raises(DomainError) as refusal:
        say(order, line, by=cast.manager)
    assert refusal.value.code == code
    assert not SupplierAnswer.objects.exists()


def test_a_settled_change_is_not_settled_again(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, delivery_date=date(2021, 6, 10)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    with pytest.raises(WrongState):
        settle(order, by=cast.manager, declined=(1,))
    assert ChangeNotice.objects.count() == 1


def test_answers_are_facts(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CONFIRMED), by=cast.manager)
    assert AnsweredLine.objects.get().order_line == OrderLine.objects.get()


def test_a_supplier_that_should_answer_and_does_not_is_found(cast: Cast) -> None:
    Supplier.objects.filter(pk=cast.supplier.pk).update(answer_days=2)
    order = sent(cast)
    due = fresh(order).answer_due_date
    assert due == date(2021, 5, 20)
    assert list(PurchaseOrder.objects.unanswered(due)) == []
    assert list(PurchaseOrder.objects.unanswered(due + timedelta(days=1))) == [order]
    say(order, LineAnswer(1, CONFIRMED), by=cast.manager)
    assert not PurchaseOrder.objects.unanswered(due + timedelta(days=1)).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["cancel", "answer", "settle"])
def test_answers_and_other_acts_at_once(cast: Cast, other: str) -> None:
    order = sent(cast)
    if other == "settle":
        say(order, LineAnswer(1, CHANGED, delivery_date=date(2021, 6, 10)), by=cast.manager)
    version = fresh(order).version
    acts: dict[str, Callable[[], object]] = {
        "cancel": lambda: orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=LATER),
        "answer": lambda: say(order, LineAnswer(1, REFUSED), by=cast.manager, version=version),
        "settle": lambda: settling.settle_changes(
            order=order, version=version, agreed=[], declined=[1], by=cast.manager, at=LATER
        ),
    }
    results = race(acts[other], lambda: say(order, LineAnswer(1, REFUSED), by=cast.manager, version=version))
    errors = [each for each in results if isinstance(each, Exception)]
    assert len(errors) == 1, results
    assert isinstance(errors[0], DomainError), errors
    assert committed(cast) == 0
    assert breaches(LATER) == []


def test_an_answer_is_called_what_it_amounts_to(cast: Cast) -> None:
    """She chose that it comes as ordered, and wrote that fewer come: the order says that the supplier wants a change."""
    order = sent(cast, (cast.gloves, 10))
    answer = say(order, LineAnswer(1, AnswerOutcome.CONFIRMED, Decimal(7)), by=cast.manager)
    assert answer.outcome == AnswerOutcome.CHANGED
    same = say(
        sent(cast, (cast.gloves, 10)), LineAnswer(1, AnswerOutcome.CHANGED, Decimal(10)), by=cast.manager
    )
    assert same.outcome == AnswerOutcome.CONFIRMED
