"""A price that has risen since a line was asked for is approved by who has seen it, on the page as through the API."""

import re
from decimal import Decimal

import pytest

from agreements.models import Agreement
from catalog.models import Item, Price
from procurement.models import RequisitionLine
from procurement.operations import decisions
from procurement.states import LineStatus
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.deciding import answer
from tests.procurement.events import accept_prices, price_rose

pytestmark = pytest.mark.usefixtures("at_nine")

SENTENCE = (
    "Priset på Undersökningshandske nitril, puderfri, blå har stigit från 58 kr till 66 kr."
    " Godkänn raden igen om det nya priset är rätt."
)


def price_of(item: Item, price: str) -> None:
    Price.objects.filter(item=item).update(unit_price=Decimal(price))


def state_of(line: RequisitionLine) -> tuple[str, Decimal | None]:
    line.refresh_from_db()
    return line.status, line.approved_unit_price


def shown(page: str) -> list[str]:
    """The risen prices that the queue says it has shown."""
    return re.findall(r'name="seen" value="([^"]+)"', page)


def test_the_queue_says_what_the_price_and_the_amount_have_become(cast: Cast) -> None:
    worlds.line(cast)
    price_rose(cast)
    accept_prices(cast)
    page = text_of(signed_in(cast.manager).get("/ko/"))
    assert "Priset har stigit till 66,00 och raden godkänns till det, 660,00 kr" in page
    assert (
        page.count("Priset har stigit till 66,00") == 3
    )  # in the row, as news of it, and where it is decided
    assert "660,00" in page


def test_a_page_from_before_the_rise_approves_nothing_and_the_next_one_does(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    before = client.get("/ko/").content.decode()
    assert shown(before) == []
    price_rose(cast)
    accept_prices(cast)
    after = client.post("/ko/beslut/", {"approve": str(line.pk), "seen": shown(before)}, follow=True)
    assert SENTENCE in text_of(after)
    assert state_of(line) == (LineStatus.AWAITING, None)
    prices = shown(after.content.decode())
    assert prices == [f"{line.pk}:66.0000"]
    client.post("/ko/beslut/", {"approve": str(line.pk), "seen": prices})
    assert state_of(line) == (LineStatus.APPROVED, Decimal(66))


def test_a_price_that_rose_again_is_not_the_one_that_was_seen(cast: Cast) -> None:
    line = worlds.line(cast)
    price_rose(cast)
    accept_prices(cast)
    client = signed_in(cast.manager)
    prices = shown(client.get("/ko/").content.decode())
    price_of(cast.gloves, "70")
    client.post("/ko/beslut/", {"approve": str(line.pk), "seen": prices})
    assert state_of(line) == (LineStatus.AWAITING, None)


def test_in_bulk_only_what_was_seen_is_taken(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 1))
    gloves, gown = requisition.lines.order_by("position")
    price_rose(cast)
    accept_prices(cast)
    client = signed_in(cast.manager)
    prices = shown(client.get("/ko/").content.decode())
    price_of(cast.gown, "160")
    accept_prices(cast)
    client.post("/ko/beslut/", {"act": "approve", "line": [gloves.pk, gown.pk], "seen": prices})
    assert state_of(gloves) == (LineStatus.APPROVED, Decimal(66))
    assert state_of(gown) == (LineStatus.AWAITING, None)


def test_the_panel_carries_the_price_it_shows(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    price_rose(cast)
    accept_prices(cast)
    response = answer(client, line, decision="approve")
    assert SENTENCE in text_of(response)
    assert 'name="seen_price" value="66.0000"' in response.content.decode()
    answer(client, line, decision="approve", seen_price="66.0000")
    assert state_of(line) == (LineStatus.APPROVED, Decimal(66))


def test_a_suggested_item_is_taken_at_the_price_that_was_shown(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gown, 1))
    client = signed_in(cast.manager)
    price_of(cast.gloves, "66")
    fields = {
        "decision": "substitute",
        "item": "104412",
        "substitute_quantity": "1",
        "substitute_comment": "Slut",
    }
    assert SENTENCE in text_of(answer(client, line, **fields, suggested_price="104412:58.0000"))
    assert state_of(line) == (LineStatus.AWAITING, None)
    answer(client, line, **fields, suggested_price="104412:66.0000")
    assert state_of(line) == (LineStatus.APPROVED, Decimal(66))


def test_the_api_says_the_same_of_one_line_and_of_many(cast: Cast) -> None:
    line = worlds.line(cast)
    price_rose(cast)
    accept_prices(cast)
    program = Program(cast.manager)
    one = program.post(f"lines/{line.pk}/approve/")
    assert (one.status_code, one.data["code"]) == (409, "price_rose")
    many = program.post("lines/approve/", lines=[line.pk])
    assert [each["code"] for each in many.data["refused"]] == ["price_rose"]
    assert state_of(line) == (LineStatus.AWAITING, None)
    response = program.post(f"lines/{line.pk}/approve/", unit_price="66.00")
    assert response.data["approval"]["unit_price"] == "66.0000"
    assert response.data["approval"]["amount"] == "660.00"


def test_a_price_that_is_named_higher_than_it_is_is_taken_as_it_is(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(99)).only()
    assert state_of(line) == (LineStatus.APPROVED, Decimal(58))


def test_a_price_named_below_what_was_asked_for_is_no_hindrance(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(1)).only()
    assert state_of(line) == (LineStatus.APPROVED, Decimal(58))


def test_the_ceiling_is_told_at_the_risen_price(cast: Cast) -> None:
    worlds.line(cast, (cast.gloves, 100))
    Agreement.objects.filter(pk=cast.agreement.pk).update(committed_amount=Decimal(94_000))
    client = signed_in(cast.manager)
    assert "Ryms inte" not in text_of(client.get("/ko/"))
    price_rose(cast)
    accept_prices(cast)
    assert "Ryms inte. 90 av 100 får plats." in text_of(client.get("/ko/"))
