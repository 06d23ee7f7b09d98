"""What somebody was told waits goes away when it is done, whoever did it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Notice
from organizations.models import User
from procurement.models import Allocation, BudgetAttest, OrderLine, RejectionReason, RequisitionLine
from procurement.operations import (
    amendments,
    attests,
    conversations,
    decisions,
    handing_over,
    morning_notices,
    orders,
    putting_away,
    receipts,
    sending,
)
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.receipts import ReceiptEntry
from tests import worlds
from tests.cast import NOW, Cast, delegation, many_items
from tests.procurement.answering import CHANGED, LATER, say, sent, settle

MORNING = datetime.combine(date(2021, 5, 19), time(7, 30), ZoneInfo("Europe/Stockholm"))
THEN = MORNING + timedelta(hours=2)


def unread(person: User) -> set[str]:
    """The kinds of what the person was told and has not read."""
    return set(Notice.objects.unread().filter(recipient=person).values_list("kind", flat=True))


def only_line() -> RequisitionLine:
    return RequisitionLine.objects.get()


DEEDS: dict[str, Callable[[Cast], object]] = {
    "approved": lambda cast: decisions.approve(lines=[only_line()], by=cast.manager, at=THEN),
    "approved by the head": lambda cast: decisions.approve(lines=[only_line()], by=cast.head, at=THEN),
    "rejected": lambda cast: decisions.reject(
        lines=[only_line()], reason_code=RejectionReason.NOT_NEEDED, comment="Nej", by=cast.manager, at=THEN
    ),
    "returned": lambda cast: decisions.return_with_question(
        lines=[only_line()], question="Varför?", by=cast.manager, at=THEN
    ),
    "withdrawn": lambda cast: amendments.withdraw_line(line=only_line(), by=cast.requester, at=THEN),
    "handed over": lambda cast: handing_over.hand_over(
        lines=[only_line()], to=cast.head, by=cast.manager, at=THEN
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_lines_that_wait_no_longer_for_her(cast: Cast, deed: str) -> None:
    worlds.submitted(cast)
    morning_notices.tell_morning(at=MORNING)
    assert unread(cast.manager) == {"waiting", "response_reminder"}
    DEEDS[deed](cast)
    assert unread(cast.manager) == set()


def test_what_is_left_is_still_told(cast: Cast) -> None:
    for _number in range(2):
        worlds.submitted(cast)
    morning_notices.tell_morning(at=MORNING)
    first = RequisitionLine.objects.order_by("pk")[0]
    decisions.approve(lines=[first], by=cast.manager, at=THEN)
    assert unread(cast.manager) == {"waiting", "response_reminder"}
    decisions.approve(lines=list(RequisitionLine.objects.exclude(pk=first.pk)), by=cast.manager, at=THEN)
    assert unread(cast.manager) == set()


def test_a_response_day_that_has_passed_goes_before_the_rest(cast: Cast) -> None:
    for _number in range(2):
        worlds.submitted(cast)
    late, early = RequisitionLine.objects.order_by("pk")
    RequisitionLine.objects.filter(pk=late.pk).update(response_due_date=date(2021, 5, 18))
    morning_notices.tell_morning(at=MORNING)
    assert "overdue" in unread(cast.manager)
    decisions.approve(lines=[late], by=cast.manager, at=THEN)
    assert unread(cast.manager) == {"waiting", "response_reminder"}
    assert early.status == "awaiting"


def test_whoever_acts_for_her_is_told_no_more_either(cast: Cast) -> None:
    delegation(cast.manager, cast.controller)
    worlds.submitted(cast)
    morning_notices.tell_morning(at=MORNING)
    assert "waiting" in unread(cast.controller)
    decisions.approve(lines=[only_line()], by=cast.manager, at=THEN)
    assert unread(cast.controller) == set()


def test_an_attest_that_is_given(cast: Cast) -> None:
    worlds.submitted(cast, (cast.chair, 12))
    attest = BudgetAttest.objects.pending().get()
    morning_notices.tell_morning(at=MORNING)
    assert "attest" in unread(attest.responsible)
    attests.attest(attest=attest, by=attest.responsible, at=THEN)
    assert "attest" not in unread(attest.responsible)


def test_an_attest_that_is_needed_no_longer(cast: Cast) -> None:
    worlds.submitted(cast, (cast.chair, 12))
    attest = BudgetAttest.objects.pending().get()
    morning_notices.tell_morning(at=MORNING)
    amendments.withdraw_line(line=only_line(), by=cast.requester, at=THEN)
    assert unread(attest.responsible) == set()


def test_a_question_that_is_answered_and_its_reminder(cast: Cast) -> None:
    worlds.submitted(cast)
    decisions.return_with_question(lines=[only_line()], question="Varför?", by=cast.manager, at=NOW)
    assert unread(cast.requester) == {"question"}
    day = MORNING
    while "question_reminder" not in unread(cast.requester):
        day += timedelta(days=1)
        morning_notices.tell_morning(at=day)
    amendments.answer(line=only_line(), text="För att", by=cast.requester, at=day + timedelta(hours=1))
    assert unread(cast.requester) == set()
    assert unread(cast.manager) == {"answer"}


def test_whoever_was_asked_in_has_answered(cast: Cast) -> None:
    worlds.submitted(cast)
    conversations.write(
        line=only_line(), text="Vad säger ni?", by=cast.manager, at=NOW, asked=[cast.colleague]
    )
    assert unread(cast.colleague) == {"consultation"}
    conversations.write(line=only_line(), text="Bra", by=cast.colleague, at=LATER)
    assert unread(cast.colleague) == set()


def late(cast: Cast) -> datetime:
    """A delivery that is late and told of; the moment after."""
    sent(cast)
    OrderLine.objects.update(expected_date=date(2021, 5, 18))
    morning_notices.tell_morning(at=MORNING)
    assert "late_delivery" in unread(cast.requester)
    assert "late_delivery" in unread(cast.manager)
    return THEN


def receive(cast: Cast, quantity: int, at: datetime) -> None:
    receipts.receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(Allocation.objects.get().pk, Decimal(quantity))],
        by=cast.colleague,
        at=at,
    )


def test_a_late_delivery_that_has_come(cast: Cast) -> None:
    at = late(cast)
    receive(cast, 4, at)
    assert "late_delivery" in unread(cast.requester)
    receive(cast, 6, at)
    assert "late_delivery" not in unread(cast.requester)
    putting_away.put_away_all(at=at)
    assert unread(cast.manager) == set()


def test_a_late_delivery_that_is_cancelled(cast: Cast) -> None:
    at = late(cast)
    orders.cancel_order(order=OrderLine.objects.get().order, reason="Kommer inte", by=cast.manager, at=at)
    assert unread(cast.manager) == set()
    assert unread(cast.requester) == {"decision"}


def test_a_change_that_is_settled(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(8)), by=cast.head)
    assert "supplier_answer" in unread(cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    assert "supplier_answer" not in unread(cast.manager)


def test_the_clock_finds_what_no_operation_told_of(cast: Cast) -> None:
    worlds.submitted(cast)
    morning_notices.tell_morning(at=MORNING)
    RequisitionLine.objects.update(responsible=cast.head)
    assert unread(cast.manager) == {"waiting", "response_reminder"}
    assert putting_away.put_away_all(at=THEN) == 2
    assert unread(cast.manager) == set()
    assert putting_away.put_away_all(at=THEN) == 0


def test_what_waits_is_left_and_so_is_what_was_only_told(cast: Cast) -> None:
    worlds.submitted(cast)
    morning_notices.tell_morning(at=MORNING)
    order = sent(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(8)), by=cast.head)
    sending.send_due(at=LATER)
    before = Notice.objects.unread().count()
    assert before > 2
    assert putting_away.put_away_all(at=THEN) == 0
    assert Notice.objects.unread().count() == before


def test_it_is_one_statement_whatever_the_number(cast: Cast) -> None:
    worlds.submitted(cast, *((item, 1) for item in many_items(cast, 8)))
    morning_notices.tell_morning(at=MORNING)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        decisions.approve(lines=list(RequisitionLine.objects.order_by("pk")), by=cast.manager, at=THEN)
    assert sum('UPDATE "notices_notice"' in each["sql"] for each in queries) == 1
    assert unread(cast.manager) == set()
