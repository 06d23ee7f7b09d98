"""Ordering by scanning: each reading is one more in the basket, and a code that nothing has is said."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Item, Price
from catalog.states import ItemStatus
from procurement.models import RequisitionLine
from tests import worlds
from tests.cast import Cast
from tests.pages import signed_in, text_of
from tests.procurement.ordering import HTMX

pytestmark = pytest.mark.usefixtures("at_nine")

GLOVES = "9521000000018"
SCAN = "/katalog/skanna/"
CODES = [
    GLOVES,
    f"0{GLOVES}",
    f"]d201{'0' + GLOVES}17271231",
    f"(01)0{GLOVES}(10)A7",
    f"\x1d010{GLOVES}\x1d10A7",
    "104412",
]


@pytest.fixture
def client(cast: Cast) -> Client:
    """The requester's browser; the gloves have a GTIN."""
    Item.objects.filter(pk=cast.gloves.pk).update(gtin=GLOVES)
    return signed_in(cast.requester)


def lines() -> list[tuple[str, Decimal]]:
    """What lies in baskets."""
    rows = RequisitionLine.objects.filter(requisition__submitted_at=None).order_by("position")
    return list(rows.values_list("item__number", "quantity"))


@pytest.mark.parametrize("code", CODES)
def test_scan_twice_puts_two_in_the_basket(client: Client, code: str) -> None:
    for _ in range(2):
        answer = client.post(SCAN, {"kod": code})
        assert (answer.status_code, answer["Location"]) == (302, SCAN)
    assert lines() == [("104412", Decimal(2))]
    page = text_of(client.get(SCAN))
    assert "Undersökningshandske nitril, puderfri, blå: 2 askar i korgen." in page


def test_scan_the_first_time_takes_as_many_as_are_sold(client: Client, cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=5)
    for _ in range(2):
        client.post(SCAN, {"kod": GLOVES})
    assert lines() == [("104412", Decimal(6))]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "code", ["9521000000025", "<b>x</b>", "]d2", "0" * 300, "😀", "' OR 1=1 --", "(01)", "\x1d" * 20 + "a"]
)
def test_scan_of_what_nothing_has_is_said_and_the_field_is_ready(
    client: Client, code: str, headers: dict[str, str]
) -> None:
    answer = client.post(SCAN, {"kod": code}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ingen artikel har koden" in page
    assert "<b>x</b>" not in page
    assert headers or "autofocus" in page
    assert lines() == []


def test_scan_of_nothing_is_said(client: Client) -> None:
    assert "Läs av eller skriv en kod." in text_of(client.post(SCAN, {"kod": "  "}))


@pytest.mark.parametrize("status", [ItemStatus.BLOCKED, ItemStatus.RETIRED])
def test_scan_of_what_cannot_be_ordered_is_refused(client: Client, cast: Cast, status: ItemStatus) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=status, blocked_reason="Återkallad")
    answer = client.post(SCAN, {"kod": GLOVES})
    assert answer.status_code == 409
    assert "Undersökningshandske nitril, puderfri, blå är spärrad: Återkallad" in text_of(answer)
    assert lines() == []


def test_scan_of_what_has_no_price_is_refused(client: Client, cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).delete()
    assert "saknar pris i dag" in text_of(client.post(SCAN, {"kod": GLOVES}))
    assert lines() == []


def test_looking_at_a_code_changes_nothing_and_one_press_orders_it(client: Client) -> None:
    page = client.get("/katalog/", {"q": f"]d2010{GLOVES}"}).content.decode()
    assert lines() == []
    assert page.count("autofocus") == 1
    assert "autofocus" in page.split('id="lagg-till"')[1].split("</form>")[0]
    part = client.get("/katalog/", {"q": GLOVES}, headers={**HTMX, "HX-Target": "catalogue"})
    assert b"autofocus" not in part.content  # she may still be typing


def test_scan_into_the_search_field_answers_with_the_row_and_the_basket(client: Client) -> None:
    unseen = text_of(client.post(SCAN, {"kod": GLOVES, "view": "katalog"}, headers=HTMX))
    assert "artikel-104412" not in unseen  # the page does not show its row, so there is none to draw anew
    fields = {"kod": GLOVES, "view": "katalog", "rader": "artikel-104412 artikel-106101"}
    part = text_of(client.post(SCAN, fields, headers=HTMX))
    assert part.startswith('<div id="scanned"')
    assert 'id="artikel-104412" hx-swap-oob="true"' in part
    assert 'id="basket-side" hx-swap-oob="true"' in part
    start = text_of(client.post(SCAN, {"kod": GLOVES, "view": "start"}, headers=HTMX))
    assert "3 askar i korgen" in start
    assert 'id="basket-link" hx-swap-oob="true"' in start
    assert 'id="basket-side"' not in start


def test_scan_asks_as_many_questions_for_many_lines_as_for_few(client: Client, cast: Cast) -> None:
    worlds.basket(cast, (cast.gown, 1))
    client.post(SCAN, {"kod": GLOVES})
    with CaptureQueriesContext(connection) as few:
        client.post(SCAN, {"kod": GLOVES})
    worlds.basket(cast, (cast.chair, 1))
    with CaptureQueriesContext(connection) as many:
        client.post(SCAN, {"kod": GLOVES})
    assert len(many) == len(few)


@pytest.mark.parametrize("who", ["auditor", "manager"])
def test_those_who_order_for_nobody_do_not_scan(cast: Cast, who: str) -> None:
    other = signed_in(getattr(cast, who))
    assert other.post(SCAN, {"kod": "104412"}).status_code == 403
    assert other.get(SCAN).status_code == 403
    assert SCAN not in other.get("/katalog/").content.decode()
    assert lines() == []


@pytest.mark.parametrize(
    ("path", "allowed"), [(SCAN, "camera=(self)"), ("/katalog/", "camera=()"), ("/start/", "camera=()")]
)
def test_the_camera_is_let_in_where_codes_are_read_only(client: Client, path: str, allowed: str) -> None:
    assert allowed in client.get(path)["Permissions-Policy"]
    assert "microphone=()" in client.get(path)["Permissions-Policy"]
