"""Whoever waits for what is ordered wishes for another day: the supplier is asked, or she is told why not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from core.addresses import address_of
from core.errors import DomainError
from notices.models import Notice
from office.rules import breaches
from organizations.models import User
from procurement.conversation import conversation_about
from procurement.models import Allocation, DayWish, OrderLine, PurchaseOrder, RequisitionLine, WishOutcome
from procurement.operations import day_wishes, orders, other_days, receipts
from procurement.operations.putting_away import put_away_all
from procurement.permissions.refusals import (
    LineIsNotOnItsWay,
    NotYourDepartment,
    NotYourLine,
    OwnRequest,
)
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of
from tests.procurement.answering import sent
from tests.races import race

pytestmark = pytest.mark.django_db

WANTED, LATER = TODAY + timedelta(days=30), NOW + timedelta(hours=1)


def line_of(order: PurchaseOrder) -> RequisitionLine:
    return RequisitionLine.objects.filter(allocations__order_line__order=order).earliest("pk")


def wish(cast: Cast, line: RequisitionLine, **changed: Any) -> DayWish:
    defaults = {"day": WANTED, "reason": "Stängt i juni", "by": cast.requester, "at": NOW}
    return day_wishes.wish_for_day(line=line, **{**defaults, **changed})


def decline(cast: Cast, line: RequisitionLine, **changed: Any) -> DayWish:
    defaults = {"reason": "Leverantören har stängt då", "by": cast.manager, "at": LATER}
    return day_wishes.decline_day(line=line, **{**defaults, **changed})


def ask(cast: Cast, order: PurchaseOrder, day: date = WANTED, by: User | None = None) -> None:
    order.refresh_from_db()
    other_days.ask_for_other_days(
        order=order,
        version=order.version,
        days={1: day},
        reason="Stängt i juni",
        by=by or cast.manager,
        at=LATER,
    )


def told(person: User, kind: str) -> list[Notice]:
    return list(Notice.objects.filter(recipient=person, kind=kind).order_by("pk"))


def outcomes() -> list[str]:
    return list(DayWish.objects.order_by("pk").values_list("outcome", flat=True))


def test_whoever_answers_is_told_and_nothing_is_moved(cast: Cast) -> None:
    order = sent(cast)
    line = line_of(order)
    before = OrderLine.objects.get().expected_date
    wish(cast, line)
    order_line = OrderLine.objects.get()
    assert (order_line.expected_date, order_line.asked_date) == (before, None)
    (notice,) = told(cast.manager, "day_wish")
    assert notice.address == address_of(order)
    assert "Elin" in notice.sentence.text
    assert "”Stängt i juni”" in notice.sentence.text
    (message,) = conversation_about(line)
    assert (message.text, message.wish and message.wish.day) == ("Stängt i juni", WANTED)
    assert Entry.objects.about(line).latest("pk").event == "line.day_wished"
    assert DayWish.objects.open().of_order(order.pk).count() == 1
    assert breaches(NOW) == []


def test_asking_the_supplier_answers_it(cast: Cast) -> None:
    order = sent(cast)
    line = line_of(order)
    day_wish = wish(cast, line)
    ask(cast, order)
    day_wish.refresh_from_db()
    assert (day_wish.outcome, day_wish.settled_by, day_wish.settled_at) == (
        WishOutcome.ASKED,
        cast.manager,
        LATER,
    )
    assert OrderLine.objects.get().asked_date == WANTED
    (notice,) = told(cast.requester, "delivery_day")
    assert notice.facts["how"] == "asked"
    (waiting,) = told(cast.manager, "day_wish")
    assert waiting.read_at is not None
    assert not DayWish.objects.open().exists()


def test_asking_for_a_third_day_answers_it_too(cast: Cast) -> None:
    order = sent(cast)
    wish(cast, line_of(order))
    ask(cast, order, WANTED + timedelta(days=3))
    assert outcomes() == [WishOutcome.ASKED]


def test_a_colleague_who_wished_is_told_as_well(cast: Cast) -> None:
    order = sent(cast)
    line = line_of(order)
    wish(cast, line, by=cast.colleague)
    ask(cast, order)
    for person in (cast.colleague, cast.requester):
        (notice,) = told(person, "delivery_day")
        assert notice.facts["how"] == "asked"


def test_a_no_has_its_reason_in_the_conversation(cast: Cast) -> None:
    order = sent(cast)
    line = line_of(order)
    wish(cast, line)
    day_wish = decline(cast, line)
    assert (day_wish.outcome, day_wish.settled_by) == (WishOutcome.DECLINED, cast.manager)
    (notice,) = told(cast.requester, "delivery_day")
    assert "frågar inte leverantören" in notice.sentence.text
    assert "”Leverantören har stängt då”" in notice.sentence.text
    question, answered = conversation_about(line)
    assert (question.wish and question.wish.outcome, answered.text) == (
        "declined",
        "Leverantören har stängt då",
    )
    (waiting,) = told(cast.manager, "day_wish")
    assert waiting.read_at is not None
    assert Entry.objects.about(line).latest("pk").event == "line.day_declined"
    with pytest.raises(day_wishes.NothingWished):
        decline(cast, line)
    assert wish(cast, line, at=LATER).outcome == "", "she may wish again"


def test_a_new_wish_takes_the_place_of_one_that_waits(cast: Cast) -> None:
    line = line_of(sent(cast))
    wish(cast, line)
    wish(cast, line, day=WANTED + timedelta(days=1), at=LATER)
    assert outcomes() == [WishOutcome.REPLACED, ""]
    first, second = told(cast.manager, "day_wish")
    assert (first.read_at is None, second.read_at is None) == (False, True)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"reason": "  "}, day_wishes.WishReasonMissing),
        ({"day": TODAY - timedelta(days=1)}, day_wishes.WishedDayHasPassed),
        ({"day": TODAY + timedelta(days=1000)}, day_wishes.WishedDayTooFarAhead),
    ],
)
def test_what_cannot_be_wished(cast: Cast, given: dict[str, Any], refusal: type[DomainError]) -> None:
    line = line_of(sent(cast))
    with pytest.raises(refusal):
        wish(cast, line, **given)
    assert not DayWish.objects.exists()


def test_the_day_that_holds_is_not_wished_for(cast: Cast) -> None:
    order = sent(cast)
    with pytest.raises(day_wishes.DayIsHeld):
        wish(cast, line_of(order), day=OrderLine.objects.get().expected_date)
    ask(cast, order)
    with pytest.raises(day_wishes.DayIsHeld):
        wish(cast, line_of(order))


def test_only_what_is_on_its_way(cast: Cast) -> None:
    with pytest.raises(LineIsNotOnItsWay):
        wish(cast, worlds.line(cast))
    (unsent,) = worlds.ordered(cast)
    line = line_of(unsent)
    with pytest.raises(day_wishes.NothingIsOnItsWay):
        wish(cast, line)
    elin, place = signed_in(cast.requester), f"/rader/{line.pk}/annan-dag/"
    assert place not in elin.get(address_of(line.requisition)).content.decode()
    assert elin.get(place).status_code == 409


@pytest.mark.parametrize("who", ["manager", "controller", "auditor", "stranger"])
def test_who_does_not_order_for_the_department_may_not(cast: Cast, who: str) -> None:
    with pytest.raises(NotYourDepartment):
        wish(cast, line_of(sent(cast)), by=getattr(cast, who))


@pytest.mark.parametrize(("who", "refusal"), [("controller", NotYourLine), ("requester", OwnRequest)])
def test_who_does_not_answer_for_the_line_declines_nothing(
    cast: Cast, who: str, refusal: type[DomainError]
) -> None:
    line = line_of(sent(cast))
    wish(cast, line)
    with pytest.raises(refusal):
        decline(cast, line, by=getattr(cast, who))
    with pytest.raises(day_wishes.WishReasonMissing):
        decline(cast, line, reason=" ")
    assert outcomes() == [""]


def receive_all(cast: Cast, order: PurchaseOrder) -> None:
    entries = [
        receipts.ReceiptEntry(each.pk, each.quantity)
        for each in Allocation.objects.filter(order_line__order=order)
    ]
    receipts.receive(key=uuid4(), department=cast.ward, entries=entries, by=cast.colleague, at=LATER)


def cancel(cast: Cast, order: PurchaseOrder) -> None:
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=LATER)


@pytest.mark.parametrize("end", [receive_all, cancel])
def test_nobody_is_asked_about_what_comes_no_more(
    cast: Cast, end: Callable[[Cast, PurchaseOrder], None]
) -> None:
    order = sent(cast)
    wish(cast, line_of(order))
    end(cast, order)
    assert not DayWish.objects.open().exists()
    put_away_all(at=LATER)
    assert all(each.read_at for each in told(cast.manager, "day_wish"))


@pytest.mark.django_db(transaction=True)
def test_it_is_declined_while_the_supplier_is_asked(cast: Cast) -> None:
    order = sent(cast)
    line = line_of(order)
    wish(cast, line)
    results = race(lambda: ask(cast, order), lambda: decline(cast, line, by=cast.head))
    assert outcomes() in ([WishOutcome.ASKED], [WishOutcome.DECLINED]), results
    assert OrderLine.objects.get().asked_date == WANTED


@pytest.mark.django_db(transaction=True)
def test_there_is_one_wish_however_many_wish(cast: Cast) -> None:
    line = line_of(sent(cast))
    race(lambda: wish(cast, line), lambda: wish(cast, line, day=WANTED + timedelta(days=1)))
    assert sorted(outcomes()) == ["", WishOutcome.REPLACED]


def test_the_database_keeps_one_a_line_and_a_reply_to_a_no(cast: Cast) -> None:
    day_wish = wish(cast, line_of(sent(cast)))
    settled: dict[str, Any] = {"settled_by": cast.manager, "settled_at": NOW}
    changes_by_constraint: dict[str, dict[str, Any]] = {
        "day_wish_settled_by_and_at": {"outcome": WishOutcome.ASKED},
        "day_wish_declined_with_reply": {"outcome": WishOutcome.DECLINED, **settled},
    }
    for name, changed in changes_by_constraint.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            DayWish.objects.filter(pk=day_wish.pk).update(**changed)


@pytest.mark.usefixtures("at_nine")
def test_the_pages_wish_show_ask_and_decline(cast: Cast) -> None:
    order = sent(cast)
    line = line_of(order)
    elin, karin = signed_in(cast.requester), signed_in(cast.manager)
    address, place = address_of(line.requisition), f"/rader/{line.pk}/annan-dag/"
    assert place in elin.get(address).content.decode()
    assert "När behöver ni" in text_of(elin.get(place))
    assert elin.post(place, {"day": "", "reason": ""}).status_code == 422
    assert "Den dagen har redan varit" in text_of(elin.post(place, {"day": "2021-01-04", "reason": "x"}))
    answer = elin.post(place, {"day": WANTED.isoformat(), "reason": "Stängt i juni"}, follow=True)
    assert "Du har bett om" in text_of(answer)
    assert "Vill ha leveransen" in text_of(answer), "in the conversation"
    page = text_of(karin.get(address_of(order)))
    assert "Vem vill ha en annan dag?" in page
    assert "”Stängt i juni”" in page
    today = text_of(karin.get("/i-dag/"))
    assert "inköpsorder där någon vill ha en annan dag" in today
    assert order.number in text_of(karin.get("/inkopsordrar/?visa=onskade-dagar")).replace("‑", "-")
    asking = karin.get(f"/inkopsordrar/{order.number}/annan-dag/").content.decode()
    assert f'value="{WANTED.isoformat()}"' in asking
    no = f"/rader/{line.pk}/annan-dag/nej/"
    assert "Säg nej till" in text_of(karin.get(no))
    assert karin.post(no, {"reason": ""}).status_code == 422
    answer = karin.post(no, {"reason": "Går inte"}, follow=True)
    assert answer.redirect_chain[-1][0] == address_of(order)
    assert "Vem vill ha en annan dag?" not in text_of(answer)
    assert "Svaret var nej" in text_of(elin.get(address))
    assert karin.get(no).status_code == 409
