"""What is asked and told of an order reaches her colleagues when whoever sent it has left, or orders for the department no longer."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Price
from core.addresses import address_of
from core.working_days import add_working_days
from notices.models import Notice
from organizations.models import Membership, Role, User
from procurement.models import PurchaseOrder, RejectionReason, RequisitionLine
from procurement.operations import attests, conversations, decisions, morning_notices, orders
from procurement.operations.answered_lines import LineAnswer
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership
from tests.changes import close_account
from tests.competing import started
from tests.pages import signed_in, text_of
from tests.procurement.answering import CHANGED, say, settle
from tests.procurement.deciding import approve


def left(cast: Cast) -> None:
    close_account(user=cast.requester, by=cast.administrator, at=NOW)


def moved(cast: Cast) -> None:
    Membership.objects.filter(user=cast.requester).delete()
    membership(cast.requester, Role.REQUESTER, cast.home)


def stays(cast: Cast) -> None:
    pass


def asked(cast: Cast, line: RequisitionLine) -> None:
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW)


def rejected(cast: Cast, line: RequisitionLine) -> None:
    code = RejectionReason.IN_STOCK
    decisions.reject(lines=[line], reason_code=code, comment="Finns", by=cast.manager, at=NOW)


def dearer(cast: Cast, line: RequisitionLine) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(66))
    assert decisions.approve(lines=[line], by=cast.manager, at=NOW).refused


def written_about(cast: Cast, line: RequisitionLine) -> None:
    conversations.write(line=line, text="Kommer på måndag", by=cast.manager, at=NOW)


def cancelled(cast: Cast, line: RequisitionLine) -> None:
    orders.cancel_order(order=ordered(cast, line), reason="Fel", by=cast.manager, at=NOW)


def fewer(cast: Cast, line: RequisitionLine) -> None:
    order = ordered(cast, line)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(4)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))


def ordered(cast: Cast, line: RequisitionLine) -> PurchaseOrder:
    approve(line, cast.manager)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    return orders.send_order(order=order, at=NOW)


def competed_for(cast: Cast, _line: RequisitionLine) -> None:
    started(cast, cast.gloves)


def told(kind: str) -> set[User]:
    return {notice.recipient for notice in Notice.objects.filter(kind=kind).select_related("recipient")}


@pytest.mark.parametrize(
    ("happens", "kind"),
    [
        (asked, "question"),
        (rejected, "decision"),
        (dearer, "price_question"),
        (written_about, "line_message"),
        (cancelled, "decision"),
        (fewer, "supplier_change"),
        (competed_for, "competed_order"),
    ],
)
@pytest.mark.parametrize(("goes", "who"), [(stays, "requester"), (left, "colleague"), (moved, "colleague")])
def test_told_of_what_happens(
    cast: Cast,
    goes: Callable[[Cast], None],
    who: str,
    happens: Callable[[Cast, RequisitionLine], None],
    kind: str,
) -> None:
    line = worlds.line(cast)
    goes(cast)
    happens(cast, line)
    assert told(kind) == {getattr(cast, who)}


@pytest.mark.parametrize(("goes", "who"), [(stays, "requester"), (left, "colleague"), (moved, "colleague")])
def test_told_that_lines_are_cancelled_with_their_attest(
    cast: Cast, goes: Callable[[Cast], None], who: str
) -> None:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    goes(cast)
    attests.refuse_attest(attest=attest, by=cast.budget_holder, at=NOW, comment="För dyrt")
    assert told("decision") == {getattr(cast, who)}


def test_a_question_is_reminded_of_in_time(cast: Cast) -> None:
    asked(cast, worlds.line(cast))
    left(cast)
    morning_notices.tell_morning(at=NOW)
    morning_notices.tell_morning(at=NOW + (add_working_days(TODAY, 2) - TODAY))
    assert told("question_reminder") == {cast.colleague}


def test_a_late_delivery(cast: Cast) -> None:
    ordered(cast, worlds.line(cast))
    left(cast)
    morning_notices.tell_morning(at=NOW + timedelta(days=6))
    morning_notices.tell_morning(at=NOW + timedelta(days=20))
    assert cast.colleague in told("late_delivery")


def test_nobody_is_told_where_nobody_orders(cast: Cast) -> None:
    line = worlds.line(cast)
    Membership.objects.filter(role=Role.REQUESTER).delete()
    rejected(cast, line)
    assert told("decision") == {cast.requester}


@pytest.mark.parametrize(("goes", "who"), [(stays, "Elin Bergvall"), (left, "Medicinavdelning 1")])
def test_the_pages_say_who_is_told(cast: Cast, at_nine: None, goes: Callable[[Cast], None], who: str) -> None:
    first, _second = worlds.submitted(cast, (cast.gloves, 1), (cast.gown, 1)).lines.order_by("position")
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    goes(cast)
    manager, holder = signed_in(cast.manager), signed_in(cast.budget_holder)
    page = manager.get(reverse("desk:queue_reject"), {"rader": first.pk})
    assert f"{who} får ditt skäl genast." in text_of(page)
    fields = {"order": str(first.pk), "address": "", "decision": "return", "question": "Varför?"}
    response = manager.post(reverse("desk:decide", args=[first.pk]), fields, follow=True)
    assert f"Frågan är skickad till {who}." in text_of(response)
    refusal = reverse("desk:attest_refuse", args=[attest.pk])
    assert f"{who} får ditt skäl genast" in text_of(holder.get(refusal))
    assert f"{who} har fått ditt skäl." in text_of(holder.post(refusal, {"comment": "Nej"}, follow=True))


def test_the_badge_is_of_what_she_can_answer(cast: Cast, at_nine: None) -> None:
    asked(cast, worlds.line(cast))
    badge = re.compile(r'Mina beställningar\s+<span class="badge')
    assert badge.search(signed_in(cast.requester).get("/katalog/").content.decode())
    moved(cast)
    assert not badge.search(signed_in(cast.requester).get("/katalog/").content.decode())


@pytest.mark.parametrize("goes", [left, moved])
def test_a_colleague_takes_back_what_nobody_needs_any_longer(
    cast: Cast, at_nine: None, goes: Callable[[Cast], None]
) -> None:
    line = worlds.line(cast)
    page = reverse("shop:line_withdraw", args=[line.pk])
    colleague = signed_in(cast.colleague)
    assert "Bara den som har beställt kan göra det här." in text_of(colleague.get(page, follow=True))
    goes(cast)
    assert page in colleague.get(address_of(line.requisition)).content.decode()
    colleague.post(page)
    line.refresh_from_db()
    assert line.status == LineStatus.WITHDRAWN
