"""What is ordered is needed on another day: the supplier is asked, and what it answers holds."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from audit.models import Entry
from core.errors import DomainError
from notices.models import Notice
from office.rules import breaches
from organizations.models import Role, User
from procurement.models import (
    Allocation,
    AnswerOutcome,
    ChangeNotice,
    Deviation,
    NoticedLine,
    OrderLine,
    PurchaseOrder,
    ReceiptLine,
    RequisitionLine,
)
from procurement.operations import answers, morning_notices, orders, other_days, receipts, reducing, sending
from procurement.operations.agreed_changes import LineHasCome
from procurement.operations.answered_lines import AskedDayNotAnswered, LineAnswer
from procurement.operations.answered_orders import ChangeIsAsked, NoSuchOrderLine, OrderHasChanged
from procurement.operations.answers import AnswerFile
from procurement.operations.other_days import (
    DayHasPassed,
    DayReasonMissing,
    DayTooFarAhead,
    NoOtherDay,
    NothingLeftToDeliver,
)
from procurement.operations.receipts import ReceiptEntry
from procurement.permissions.refusals import NotYourOrder, OrderHasEnded, OrderHasNotLeft, OwnRequest
from procurement.states import AnswerStatus, LineStatus
from tests import worlds
from tests.cast import NOW, Cast, membership
from tests.procurement.answering import CHANGED, CONFIRMED, LATER, REFUSED, say, sent, settle
from tests.procurement.messages import fresh
from tests.races import race

WEEK = timedelta(days=7)
THEN = NOW + timedelta(minutes=30)
"""When another day is asked for: before the supplier's answer, since an operation has one moment."""


def ask(
    order: PurchaseOrder,
    days: dict[int, date],
    *,
    by: User,
    reason: str = "Rummet är inte klart",
    version: int | None = None,
) -> ChangeNotice:
    return other_days.ask_for_other_days(
        order=order,
        version=fresh(order).version if version is None else version,
        days=days,
        reason=reason,
        by=by,
        at=THEN,
    )


def line_of(order: PurchaseOrder, position: int = 1) -> OrderLine:
    return order.lines.get(position=position)


def days_of(order: PurchaseOrder, position: int = 1) -> tuple[date, date | None]:
    """The day that holds, and the one that is asked for."""
    line = line_of(order, position)
    return line.expected_date, line.asked_date


def asked(cast: Cast, later: timedelta = WEEK) -> tuple[PurchaseOrder, date, date]:
    """An order whose supplier is asked for another day, the day that holds and the day asked for."""
    order = sent(cast)
    before = line_of(order).expected_date
    ask(order, {1: before + later}, by=cast.manager)
    return order, before, before + later


def receive(cast: Cast, order: PurchaseOrder, quantity: int, deviation: Deviation = Deviation.NONE) -> None:
    receipts.receive(
        key=uuid4(),
        department=cast.ward,
        entries=[
            ReceiptEntry(
                Allocation.objects.get(order_line__order=order, order_line__position=1).pk,
                Decimal(quantity),
                deviation,
            )
        ],
        by=cast.colleague,
        at=LATER,
    )


def notices(person: User, kind: str = "delivery_day") -> list[str]:
    rows = Notice.objects.filter(recipient=person, kind=kind).order_by("pk")
    return [each.facts["how"] for each in rows]


def test_the_supplier_is_asked_and_the_day_holds_until_it_has_answered(cast: Cast) -> None:
    order, before, after = asked(cast)
    assert days_of(order) == (before, after)
    assert fresh(order).version == 2
    (noticed_line,) = NoticedLine.objects.all()
    assert (
        noticed_line.decision,
        noticed_line.day_before,
        noticed_line.delivery_date,
        noticed_line.quantity,
    ) == (
        "day_asked",
        before,
        after,
        10,
    )
    assert noticed_line.notice.requested_by == cast.manager
    assert sending.send_due(at=LATER) == 1
    body = str(mail.outbox[-1].body).replace("\xa0", " ")
    assert "Svara om ni kan leverera den dagen" in body
    assert "Annan leveransdag önskas: 10 ask à 58,00" in body
    assert "Rummet är inte klart" not in body
    document = order.documents.get(kind="change")
    assert document.pdf_sha256
    assert f"{after};{before}" in bytes(document.csv).decode("utf-8-sig")
    assert order.attempts.get(kind="change").outcome == "sent"
    (of_order,) = Entry.objects.about(order).filter(event="order.day_asked")
    assert (of_order.by_id, of_order.details["reason"]) == (cast.manager.pk, "Rummet är inte klart")
    (of_line,) = Entry.objects.about(RequisitionLine.objects.get()).filter(event="line.day_asked")
    assert (of_line.details["day"], of_line.details["day_before"]) == (after.isoformat(), before.isoformat())
    assert breaches(LATER) == []


def test_whoever_waits_is_told_that_it_is_asked_for(cast: Cast) -> None:
    membership(cast.stranger, Role.GOODS_RECEIVER, cast.ward)
    order = sent(cast)
    ask(order, {1: line_of(order).expected_date + WEEK}, by=cast.head)
    assert notices(cast.requester) == notices(cast.stranger) == notices(cast.manager) == ["asked"]
    assert notices(cast.head) == []
    sentence = Notice.objects.get(recipient=cast.requester, kind="delivery_day").sentence
    assert "En annan leveransdag är begärd för beställning" in sentence.title
    assert sentence.text.endswith("när leverantören har svarat ja. ”Rummet är inte klart”")
    address = Notice.objects.get(recipient=cast.stranger, kind="delivery_day").address
    assert address.endswith(f"?order={order.number}")


@pytest.mark.parametrize("is_agreed", [True, False])
def test_what_the_supplier_answers_holds_and_is_told(cast: Cast, is_agreed: bool) -> None:
    membership(cast.stranger, Role.GOODS_RECEIVER, cast.ward)
    order, before, after = asked(cast)
    promised, how = (after, "agreed") if is_agreed else (before, "kept")
    say(order, LineAnswer(1, CONFIRMED, delivery_date=promised), by=cast.head)
    assert days_of(order) == (promised, None)
    assert line_of(order).answer == AnswerStatus.CONFIRMED
    assert notices(cast.requester) == notices(cast.stranger) == ["asked", how]
    assert notices(cast.manager) == [how]
    event = "line.day_moved" if is_agreed else "line.day_kept"
    (entry,) = Entry.objects.about(RequisitionLine.objects.get()).filter(event=event)
    assert (entry.details["day"], entry.details["day_before"]) == (after.isoformat(), before.isoformat())
    assert breaches(LATER) == []


def test_a_third_day_is_a_change_to_settle(cast: Cast) -> None:
    order, before, after = asked(cast)
    third = after - timedelta(days=2)
    say(order, LineAnswer(1, CONFIRMED, delivery_date=third), by=cast.manager)
    assert (line_of(order).answer, days_of(order)) == (AnswerStatus.CHANGED, (before, None))
    with pytest.raises(ChangeIsAsked):
        ask(order, {1: after}, by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    assert days_of(order) == (third, None)
    assert Notice.objects.filter(kind="supplier_change", recipient=cast.requester).count() == 1
    assert breaches(LATER) == []


def test_a_third_day_can_be_talked_back_to_the_one_that_held(cast: Cast) -> None:
    order, before, after = asked(cast)
    say(order, LineAnswer(1, CHANGED, delivery_date=after + WEEK), by=cast.manager)
    say(order, LineAnswer(1, CONFIRMED, delivery_date=before), by=cast.manager)
    assert (line_of(order).answer, days_of(order)) == (AnswerStatus.CONFIRMED, (before, None))


def test_a_supplier_that_does_not_deliver_at_all_is_asked_nothing_more(cast: Cast) -> None:
    order, before, _after = asked(cast)
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    assert days_of(order) == (before, None)
    again = RequisitionLine.objects.get(version=2)
    assert again.status in (LineStatus.AWAITING, LineStatus.APPROVED)
    assert breaches(LATER) == []


def test_a_person_says_which_day_she_was_promised(cast: Cast) -> None:
    order, before, after = asked(cast)
    with pytest.raises(AskedDayNotAnswered):
        say(order, LineAnswer(1, CONFIRMED), by=cast.manager)
    assert days_of(order) == (before, after)


@pytest.mark.parametrize("is_named", [True, False])
def test_a_file_answers_the_order_as_it_was_sent(cast: Cast, is_named: bool) -> None:
    order, before, after = asked(cast)

    def file(*lines: LineAnswer) -> None:
        answers.take_in_answer(
            order=order,
            key=uuid4(),
            outcome=AnswerOutcome.CONFIRMED,
            lines=lines,
            file=AnswerFile(b"<OrderResponse/>", uuid4().hex * 2),
            at=LATER,
        )

    file(*[LineAnswer(1, CONFIRMED, delivery_date=before)] if is_named else [])
    assert (line_of(order).answer, days_of(order)) == (AnswerStatus.CONFIRMED, (before, after))
    file(LineAnswer(1, CONFIRMED, delivery_date=after))
    assert days_of(order) == (after, None)


def test_fewer_at_the_same_time_leave_the_question_open(cast: Cast) -> None:
    order, before, after = asked(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(8)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    assert days_of(order) == (before, after)
    say(order, LineAnswer(1, CONFIRMED, delivery_date=after), by=cast.manager)
    assert days_of(order) == (after, None)
    assert breaches(LATER) == []


def test_the_rest_of_what_has_come_in_part_comes_another_day(cast: Cast) -> None:
    order = sent(cast)
    receive(cast, order, 6)
    before = line_of(order).expected_date
    ask(order, {1: before + WEEK}, by=cast.manager)
    with pytest.raises(LineHasCome):
        say(order, LineAnswer(1, CHANGED, quantity=Decimal(8)), by=cast.manager)
    say(order, LineAnswer(1, CHANGED, delivery_date=before + 2 * WEEK), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    assert days_of(order) == (before + 2 * WEEK, None)
    receive(cast, order, 4)
    first, rest = ReceiptLine.objects.order_by("pk")
    assert (first.expected_date, rest.expected_date) == (before, before + 2 * WEEK)
    assert breaches(LATER) == []


def test_what_is_received_gets_no_other_day(cast: Cast) -> None:
    order, before, _after = asked(cast)
    receive(cast, order, 10)
    with pytest.raises(NothingLeftToDeliver):
        ask(order, {1: before + 2 * WEEK}, by=cast.manager)
    with pytest.raises(LineHasCome):
        say(order, LineAnswer(1, CHANGED, delivery_date=before + 2 * WEEK), by=cast.manager)


def test_what_is_cancelled_gets_no_other_day_and_is_asked_for_no_longer(cast: Cast) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 5))
    day = line_of(order).expected_date + WEEK
    ask(order, {1: day, 2: day}, by=cast.manager)
    row = Allocation.objects.get(order_line__order=order, order_line__position=1)
    reducing.reduce_order(
        order=order,
        version=fresh(order).version,
        coming={row.pk: Decimal(0)},
        reason="Räcker",
        by=cast.manager,
        at=LATER,
    )
    assert (days_of(order)[1], days_of(order, 2)[1]) == (None, day)
    with pytest.raises(NothingLeftToDeliver):
        ask(order, {1: day}, by=cast.manager)


def test_a_later_question_takes_the_place_of_the_first(cast: Cast) -> None:
    order, before, after = asked(cast)
    ask(order, {1: after + WEEK}, by=cast.manager)
    assert days_of(order) == (before, after + WEEK)
    ask(order, {1: before}, by=cast.manager)
    say(order, LineAnswer(1, CONFIRMED, delivery_date=before), by=cast.manager)
    assert days_of(order) == (before, None)
    days = NoticedLine.objects.order_by("pk").values_list("day_before", "delivery_date")
    assert list(days) == [(before, after), (after, after + WEEK), (after + WEEK, before)]


def test_late_is_told_by_the_day_that_is_agreed_upon(cast: Cast) -> None:
    order, before, after = asked(cast)

    def morning_after(day: date) -> int:
        at = (NOW.replace(hour=9) + (day - NOW.date())) + timedelta(days=1)
        while not morning_notices.tell_morning(at=at):
            at += timedelta(days=1)
        return Notice.objects.filter(kind="late_delivery", recipient=cast.requester).count()

    say(order, LineAnswer(1, CONFIRMED, delivery_date=after), by=cast.manager)
    assert morning_after(before) == 0
    assert morning_after(after) == 1


def test_what_is_not_answered_in_time_is_among_the_unanswered(cast: Cast) -> None:
    cast.supplier.answer_days = 2
    cast.supplier.save()
    order = sent(cast)
    say(order, LineAnswer(1, CONFIRMED), by=cast.manager)
    ask(order, {1: line_of(order).expected_date + WEEK}, by=cast.manager)
    sending.send_due(at=LATER)
    due = ChangeNotice.objects.get().answer_due_date
    assert due is not None
    assert not PurchaseOrder.objects.unanswered(due)
    assert list(PurchaseOrder.objects.unanswered(due + timedelta(days=1))) == [order]
    say(order, LineAnswer(1, CONFIRMED, delivery_date=line_of(order).expected_date + WEEK), by=cast.manager)
    assert not PurchaseOrder.objects.unanswered(due + timedelta(days=1))


def test_what_cannot_be_is_refused_and_changes_nothing(cast: Cast) -> None:
    order = sent(cast)
    before = line_of(order).expected_date
    cases: list[tuple[dict[int, date], str, type[DomainError]]] = [
        ({1: before}, "Skäl", NoOtherDay),
        ({}, "Skäl", NoOtherDay),
        ({1: LATER.date() - timedelta(days=1)}, "Skäl", DayHasPassed),
        ({1: LATER.date() + timedelta(days=800)}, "Skäl", DayTooFarAhead),
        ({2: before + WEEK}, "Skäl", NoSuchOrderLine),
        ({1: before + WEEK}, " ", DayReasonMissing),
    ]
    for days, reason, refusal in cases:
        with pytest.raises(refusal):
            ask(order, days, by=cast.manager, reason=reason)
    with pytest.raises(OrderHasChanged):
        ask(order, {1: before + WEEK}, by=cast.manager, version=7)
    assert (days_of(order), ChangeNotice.objects.count()) == ((before, None), 0)


def test_only_whoever_answers_for_all_of_it_and_asked_for_none(cast: Cast) -> None:
    order = sent(cast)
    day = line_of(order).expected_date + WEEK
    for other in (cast.auditor, cast.controller, cast.stranger):
        with pytest.raises(NotYourOrder):
            ask(order, {1: day}, by=other)
    membership(cast.requester, Role.HEAD_OF_PROCUREMENT)
    with pytest.raises(OwnRequest):
        ask(order, {1: day}, by=cast.requester)


def test_an_order_that_has_not_left_or_does_not_hold_is_refused(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    day = line_of(order).expected_date + WEEK
    with pytest.raises(OrderHasNotLeft):
        ask(order, {1: day}, by=cast.manager)
    sending._claim(PurchaseOrder, order.pk, NOW)
    with pytest.raises(OrderHasNotLeft):
        ask(order, {1: day}, by=cast.manager)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    with pytest.raises(OrderHasEnded):
        ask(order, {1: day}, by=cast.manager)


def test_the_database_keeps_a_question_off_what_does_not_come(cast: Cast) -> None:
    order, _before, _after = asked(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(order=order).update(answer=AnswerStatus.REFUSED)


@pytest.mark.django_db(transaction=True)
def test_two_ask_at_once_and_one_is_heard(cast: Cast) -> None:
    order = sent(cast)
    before = line_of(order).expected_date
    outcomes = race(
        lambda: ask(order, {1: before + WEEK}, by=cast.manager, version=1),
        lambda: ask(order, {1: before + 2 * WEEK}, by=cast.head, version=1),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["ChangeNotice", "OrderHasChanged"]
    assert ChangeNotice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_another_day_is_asked_for_while_it_is_received(cast: Cast) -> None:
    order = sent(cast)
    before = line_of(order).expected_date
    race(
        lambda: receive(cast, order, 10),
        lambda: ask(order, {1: before + WEEK}, by=cast.manager, version=1),
    )
    assert Allocation.objects.get().received_quantity == 10
    assert breaches(LATER) == []
