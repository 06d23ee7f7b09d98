"""A price that changes while a line waits: nobody pays more than she was shown without saying yes, and lower is taken."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from catalog.models import Price
from core.errors import NotPermitted
from notices.models import Notice
from organizations.models import Role
from procurement.gates import PriceNotAccepted
from procurement.models import BudgetAttest, RequisitionLine
from procurement.operations import amendments, decisions, orders
from procurement.operations.price_questions import ask_about_prices
from procurement.permissions.refusals import DecidesTheLine
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast, membership
from tests.pages import signed_in, text_of
from tests.procurement.deciding import approve, committed
from tests.procurement.events import accept_prices, price_rose


def price_of(cast: Cast, unit_price: str) -> None:
    """Let gloves cost so much."""
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(unit_price))


def waiting(cast: Cast, *, unit_price: str = "66") -> RequisitionLine:
    """A line of ten gloves at 58 kr, which cost more now, and about which the requester is asked."""
    line = worlds.line(cast)
    price_of(cast, unit_price)
    ask_about_prices(at=NOW)
    line.refresh_from_db()
    return line


def prices(line: RequisitionLine) -> tuple[object, ...]:
    """What was asked for, asked about, said yes to, and approved at."""
    line.refresh_from_db()
    return line.unit_price, line.asked_unit_price, line.accepted_unit_price, line.approved_unit_price


def questions(cast: Cast) -> list[tuple[str, str]]:
    """What the requester has been asked about prices."""
    notices = Notice.objects.filter(kind="price_question", recipient=cast.requester).order_by("pk")
    return [(each.facts["before"], each.facts["after"]) for each in notices]


def test_the_clock_asks_once_for_each_price(cast: Cast) -> None:
    line = waiting(cast)
    assert prices(line) == (58, 66, None, None)
    assert ask_about_prices(at=NOW) == 0
    assert questions(cast) == [("58.0000", "66.0000")]
    price_of(cast, "70")
    assert ask_about_prices(at=NOW + timedelta(minutes=5)) == 1
    assert prices(line) == (58, 70, None, None)
    assert questions(cast) == [("58.0000", "66.0000"), ("58.0000", "70.0000")]


def test_a_price_that_falls_back_asks_nothing_any_longer(cast: Cast) -> None:
    line = waiting(cast)
    price_of(cast, "58")
    ask_about_prices(at=NOW)
    assert prices(line) == (58, None, None, None)
    assert approve(line, cast.manager).approved_unit_price == 58


def test_whoever_tries_to_approve_asks_at_once(cast: Cast) -> None:
    line = worlds.line(cast)
    price_rose(cast)
    outcome = decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(66))
    assert [type(refusal) for _line, refusal in outcome.refused] == [PriceNotAccepted]
    assert prices(line) == (58, 66, None, None)
    assert questions(cast) == [("58.0000", "66.0000")]
    assert committed(cast) == 0


def test_after_her_yes_it_is_approved_and_ordered_at_the_new_price(cast: Cast) -> None:
    line = waiting(cast)
    amendments.accept_price(line=line, unit_price=Decimal(66), by=cast.requester, at=NOW)
    assert prices(line) == (58, None, 66, None)
    notice = Notice.objects.get(kind="price_answer", recipient=cast.manager)
    assert notice.facts["is_accepted"] is True
    decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(66)).only()
    assert committed(cast) == 660
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert order.lines.get().unit_price == 66
    events = Entry.objects.about(line).filter(event__startswith="line.price").order_by("pk")
    assert [(each.event, each.details["unit_price"]) for each in events] == [
        ("line.price_asked", "66.0000"),
        ("line.price_accepted", "66.0000"),
    ]


def test_her_yes_is_to_that_price_and_no_higher(cast: Cast) -> None:
    line = waiting(cast)
    amendments.accept_price(line=line, unit_price=Decimal(66), by=cast.requester, at=NOW)
    price_of(cast, "70")
    outcome = decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(70))
    assert [refusal.code for _line, refusal in outcome.refused] == ["price_not_accepted"]
    assert prices(line) == (58, 70, 66, None)


def test_her_no_takes_the_line_back_and_tells_the_manager(cast: Cast) -> None:
    line = waiting(cast)
    amendments.decline_price(line=line, by=cast.requester, at=NOW)
    line.refresh_from_db()
    assert (line.status, line.asked_unit_price) == (LineStatus.WITHDRAWN, None)
    assert Notice.objects.get(kind="price_answer", recipient=cast.manager).facts["is_accepted"] is False


def test_what_rises_after_the_approval_is_not_ordered_before_her_yes(cast: Cast) -> None:
    """It goes back, its part of the ceiling is released, and she is asked in the same moment."""
    line = worlds.line(cast)
    approve(line, cast.manager)
    assert committed(cast) == 580
    price_rose(cast)
    assert orders.consolidate(at=NOW, due_only=False) == []
    assert prices(line) == (58, 66, None, None)
    assert line.status == LineStatus.AWAITING
    assert committed(cast) == 0
    assert questions(cast) == [("58.0000", "66.0000")]
    accept_prices(cast)
    decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(66)).only()
    orders.consolidate(at=NOW, due_only=False)
    assert prices(line) == (58, None, 66, 66)
    assert committed(cast) == 660


def test_what_she_was_shown_needs_no_yes_but_the_managers(cast: Cast) -> None:
    """Asked for at 58, approved at 50, and back at 56: within what she was shown, above what was approved."""
    line = worlds.line(cast)
    price_of(cast, "50")
    approve(line, cast.manager)
    price_of(cast, "56")
    assert orders.consolidate(at=NOW, due_only=False) == []
    assert prices(line) == (58, None, None, None)
    assert questions(cast) == []
    assert approve(line, cast.manager).approved_unit_price == 56


def test_a_lower_price_is_taken_at_once(cast: Cast) -> None:
    line = waiting(cast)
    amendments.accept_price(line=line, unit_price=Decimal(66), by=cast.requester, at=NOW)
    price_of(cast, "40")
    assert approve(line, cast.manager).approved_unit_price == 40
    price_of(cast, "39")
    orders.consolidate(at=NOW, due_only=False)
    assert prices(line) == (58, None, 66, 39)


def test_the_attest_follows_the_accepted_amount(cast: Cast) -> None:
    """170 × 58 is below her limit of 10 000 kr; 170 × 66 is not."""
    line = worlds.line(cast, (cast.gloves, 170))
    price_rose(cast)
    accept_prices(cast)
    assert not BudgetAttest.objects.exists()
    decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(66)).only()
    attest = BudgetAttest.objects.get()
    assert (attest.status, attest.amount) == ("pending", Decimal(11220))
    assert orders.consolidate(at=NOW, due_only=False) == []


def test_whoever_decides_does_not_say_yes_for_the_department(cast: Cast) -> None:
    membership(cast.manager, Role.REQUESTER, cast.ward)
    line = waiting(cast)
    with pytest.raises(DecidesTheLine):
        amendments.accept_price(line=line, unit_price=Decimal(66), by=cast.manager, at=NOW)
    assert prices(line) == (58, 66, None, None)


@pytest.mark.parametrize("who", ["stranger", "deputy", "budget_holder", "auditor", "administrator"])
def test_nobody_outside_the_department_answers(cast: Cast, who: str) -> None:
    line = waiting(cast)
    with pytest.raises(NotPermitted):
        amendments.accept_price(line=line, unit_price=Decimal(66), by=getattr(cast, who), at=NOW)
    with pytest.raises(NotPermitted):
        amendments.decline_price(line=line, by=getattr(cast, who), at=NOW)


def test_a_question_waits_beside_a_question_about_something_else(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW)
    price_rose(cast)
    accept_prices(cast)
    line.refresh_from_db()
    assert (line.status, line.accepted_unit_price) == (LineStatus.RETURNED, 66)


@pytest.mark.parametrize(
    "wrong",
    [
        {"asked_unit_price": Decimal(58)},
        {"accepted_unit_price": Decimal(66)},
        {"accepted_unit_price": Decimal(50)},
        {"asked_unit_price": Decimal(66), "status": LineStatus.REJECTED.value, "accepted_at": NOW},
    ],
)
def test_the_database_holds_what_is_asked_and_accepted(cast: Cast, wrong: dict[str, object]) -> None:
    line = worlds.line(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        RequisitionLine.objects.filter(pk=line.pk).update(**wrong)


def test_a_smaller_quantity_is_a_decision_and_no_rise(cast: Cast) -> None:
    """Forty at 50 kr are asked for and ten approved at 55; the list has not risen, so nobody is asked."""
    for least, unit_price in ((10, 55), (40, 50)):
        Price.objects.create(
            item=cast.gloves, agreement=cast.agreement, supplier=cast.supplier, unit_price=Decimal(unit_price),
            minimum_quantity=least, valid_during=Price.objects.filter(item=cast.gloves)[0].valid_during,
        )  # fmt: skip
    line = worlds.line(cast, (cast.gloves, 40))
    decisions.adjust(line=line, quantity=Decimal(10), by=cast.manager, at=NOW, comment="Räcker").only()
    assert prices(line) == (50, None, None, 55)
    Price.objects.filter(item=cast.gloves, minimum_quantity=40).update(unit_price=Decimal(52))
    other = worlds.line(cast, (cast.gloves, 40), at=NOW + timedelta(hours=1))
    assert other.unit_price == 52


def test_the_page_asks_and_both_answers_work(cast: Cast, at_nine: None) -> None:
    line = waiting(cast)
    client = signed_in(cast.requester)
    address = f"/bestallningar/{line.requisition.number}/"
    page = text_of(client.get(address))
    assert "En ask kostar nu 66,00. När du beställde kostade den 58,00." in page
    assert "Priset har stigit från 58,00 till 66,00. Raden väntar på ditt ja." in page
    assert "har stigit" in text_of(client.get("/start/"))
    queue = text_of(signed_in(cast.manager).get("/ko/"))
    assert "Beställaren är tillfrågad om priset" in queue
    client.post(f"/rader/{line.pk}/pris/", {"answer": "ja", "unit_price": "66.0000"})
    assert prices(line) == (58, None, 66, None)
    assert "Priset steg från 58,00 till 66,00, och ni har sagt ja." in text_of(client.get(address))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"answer": "ja"},
        {"answer": "ja", "unit_price": "1e9999"},
        {"answer": "ja", "unit_price": "NaN"},
    ],
)
def test_what_is_no_answer_changes_nothing(cast: Cast, at_nine: None, fields: dict[str, str]) -> None:
    line = waiting(cast)
    assert signed_in(cast.requester).post(f"/rader/{line.pk}/pris/", fields).status_code == 422
    assert prices(line) == (58, 66, None, None)


def test_asking_costs_the_same_however_many(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 10))
    Price.objects.update(unit_price=Decimal(9000))
    with django_assert_max_num_queries(11):
        assert ask_about_prices(at=NOW) == 2
