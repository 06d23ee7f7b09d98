"""One receipt afterwards: its page, taken back, sent back, complained about; and the goods reception's day."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Item
from organizations.models import Role, User
from procurement.documents.facts import order_facts
from procurement.models import Allocation, Complaint, Receipt, ReceiptKind
from procurement.operations.orders import consolidate
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

RECEPTION = "/godsmottagning/"
RECEPTION_QUERIES = 10
GTIN = "07350053850019"


def page(receipt: Receipt, act: str = "") -> str:
    return f"/ta-emot/mottagningar/{receipt.pk}/{act}"


def receiver(cast: Cast) -> User:
    """Somebody who receives the ward's goods and orders nothing."""
    membership(cast.stranger, Role.GOODS_RECEIVER, cast.ward)
    cast.stranger.memberships.filter(role=Role.REQUESTER).delete()
    return User.objects.get(pk=cast.stranger.pk)


def test_receipt_is_taken_back_on_a_page_of_its_own(cast: Cast) -> None:
    receipt = worlds.received(cast)
    client = signed_in(cast.colleague)
    assert "Ta tillbaka mottagningen" in text_of(client.get(page(receipt)))
    question_text = text_of(client.get(page(receipt, "ta-tillbaka/")))
    assert "räknas som om det inte hade kommit" in question_text
    row = receipt.lines.get()
    fields = {"key": str(uuid4()), "reason": "Fel order", "rows": [row.pk]}
    text = text_of(client.post(page(receipt, "ta-tillbaka/"), fields, follow=True))
    assert "Mottagningen är tillbakatagen." in text
    assert "”Fel order”" in text
    assert "Återtagen" in text
    again = client.post(page(receipt, "ta-tillbaka/"), fields)
    assert again.status_code == 302, "pressed twice"
    assert Receipt.objects.filter(kind=ReceiptKind.TAKEN_BACK).count() == 1
    assert client.get(page(receipt, "ta-tillbaka/")).status_code == 409


def test_reason_is_asked_for(cast: Cast) -> None:
    receipt = worlds.received(cast)
    fields = {"key": str(uuid4()), "reason": "", "rows": [receipt.lines.get().pk]}
    response = signed_in(cast.colleague).post(page(receipt, "ta-tillbaka/"), fields)
    assert response.status_code == 422
    assert "Skriv varför." in text_of(response)


def test_others_may_look_and_not_touch(cast: Cast) -> None:
    receipt = worlds.received(cast)
    assert "Ta tillbaka mottagningen" not in text_of(signed_in(cast.auditor).get(page(receipt)))
    assert signed_in(cast.auditor).get(page(receipt, "ta-tillbaka/")).status_code == 403
    assert signed_in(cast.auditor).get(page(receipt, "skicka-tillbaka/")).status_code == 403
    for act in ("", "ta-tillbaka/", "skicka-tillbaka/"):
        assert signed_in(cast.stranger).get(page(receipt, act)).status_code == 404


def test_damaged_goods_are_credited_and_the_complaint_is_settled(cast: Cast) -> None:
    worlds.ordered(cast)
    pk = Allocation.objects.get().pk
    fields = {
        "key": str(uuid4()),
        "allocation": pk,
        f"{pk}-quantity": "8",
        f"{pk}-deviation": "damaged",
        f"{pk}-deviation_quantity": "2",
        f"{pk}-expects": "credit",
        f"{pk}-expected_by": "2021-06-01",
    }
    client = signed_in(cast.colleague)
    text = text_of(client.post("/ta-emot/kvittera/", fields, follow=True))
    assert "Väntar på leverantören" in text
    complaint = Complaint.objects.get()
    assert complaint.due_date.isoformat() == "2021-06-01"
    address = f"/ta-emot/reklamationer/{complaint.pk}/"
    assert "Hur slutade det med 2 askar" in text_of(client.get(address))
    done_text = text_of(client.post(address, {"outcome": "done", "reference": "K 17"}, follow=True))
    assert "Reklamationen är avslutad." in done_text
    assert "Väntar på leverantören" not in done_text
    assert client.get(address).status_code == 409


def test_goods_are_sent_back(cast: Cast) -> None:
    receipt = worlds.received(cast)
    client = signed_in(cast.colleague)
    address = page(receipt, "skicka-tillbaka/")
    assert "10 askar finns." in text_of(client.get(address))
    row = receipt.lines.get()
    fields = {"key": str(uuid4()), "reason": "Läcker", "expects": "replacement", f"row-{row.pk}": "4"}
    text = text_of(client.post(address, fields, follow=True))
    assert "4 i retur" in text
    assert Allocation.objects.get().remaining == 4


def test_goods_reception_begins_with_what_is_to_come(cast: Cast) -> None:
    worlds.ordered(cast, at=NOW - timedelta(days=21))
    worlds.ordered(cast, at=NOW - timedelta(days=3))
    client = signed_in(receiver(cast))
    assert client.get("/").headers["Location"] == RECEPTION
    content = text_of(client.get(RECEPTION))
    for text in ("Skulle ha kommit", "dagar sen", "Inom en vecka", "Nordmedica AB"):
        assert text in content
    assert "Inget är på väg den här veckan" in text_of(signed_in(cast.auditor).get(RECEPTION))


def test_goods_receiver_receives_and_orders_nothing(cast: Cast) -> None:
    worlds.ordered(cast)
    pk = Allocation.objects.get().pk
    client = signed_in(receiver(cast))
    fields = {"key": str(uuid4()), "allocation": pk, f"{pk}-quantity": "10"}
    assert "Du tog emot 10 askar" in text_of(client.post("/ta-emot/kvittera/", fields, follow=True))
    assert client.get("/start/", follow=True).redirect_chain[-1][0] == RECEPTION


def test_scanning_finds_the_delivery_and_counts_what_came(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10), (cast.gown, 5))
    Item.objects.filter(pk=cast.gloves.pk).update(gtin=GTIN)
    client = signed_in(cast.colleague)
    response = client.get("/ta-emot/skanna/", {"kod": order.number})
    assert response.headers["Location"] == f"/ta-emot/?order={order.number}"
    once = client.get("/ta-emot/skanna/", {"kod": GTIN})
    assert once.headers["Location"] == f"/ta-emot/?order={order.number}&skannat={cast.gloves.number}"
    query = {"kod": GTIN, "order": order.number, "skannat": [cast.gloves.number]}
    twice = client.get("/ta-emot/skanna/", query, follow=True)
    text = text_of(twice)
    assert "2 askar skannade" in text
    gloves, gown = (Allocation.objects.get(order_line__item=item).pk for item in (cast.gloves, cast.gown))
    values = {
        each: twice.context["deliveries"][0].rows[place].form["quantity"].value()
        for place, each in enumerate((gloves, gown))
    }
    assert values == {gloves: Decimal(2), gown: Decimal(0)}


@pytest.mark.parametrize("dash", ["-", "\N{EN DASH}", "\N{NON-BREAKING HYPHEN}", " ", " - ", ""])
def test_a_number_is_found_however_it_is_typed(cast: Cast, dash: str) -> None:
    (order,) = worlds.ordered(cast)
    client = signed_in(cast.colleague)
    for code in (order.number, order.number.lower(), order.number.removeprefix("IO-")[5:]):
        found = client.get("/ta-emot/skanna/", {"kod": f" {code.replace('-', dash)} "})
        assert found.headers["Location"] == f"/ta-emot/?order={order.number}", code


def test_what_the_supplier_was_asked_to_mark_the_goods_with_opens_the_delivery(cast: Cast) -> None:
    """The order says which requisition each line is to be marked with, and that is what stands on the box."""
    (order,) = worlds.ordered(cast)
    marking = order_facts(order).lines[0].marking
    client = signed_in(cast.colleague)
    for code in (marking, marking.split()[0]):
        found = client.get("/ta-emot/skanna/", {"kod": code})
        assert found.headers["Location"] == f"/ta-emot/?order={order.number}"


def test_a_marking_of_several_orders_shows_them_and_nothing_else(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gown, 5))
    made = worlds.ordered(cast, (cast.gloves, 10), (cast.chair, 1))
    assert len(made) == 2
    number = made[0].lines.get().allocations.get().line.requisition.number
    page = signed_in(cast.colleague).get("/ta-emot/skanna/", {"kod": str(number)}, follow=True)
    assert {each.order.number for each in page.context["deliveries"]} == {each.number for each in made}


def test_what_is_scanned_is_divided_fairly_between_those_who_asked(cast: Cast) -> None:
    """Fewer have come than were ordered for two: both get their part, and whoever asked first not all of them."""
    worlds.approved(cast, (cast.gloves, 30))
    worlds.approved(cast, (cast.gloves, 10))
    (order,) = consolidate(at=NOW, due_only=False)
    scanned = {"order": order.number, "skannat": [cast.gloves.number] * 20}
    (delivery,) = signed_in(cast.colleague).get("/ta-emot/", scanned).context["deliveries"]
    assert [row.form["quantity"].value() for row in delivery.rows] == [15, 5]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("", "Läs av eller skriv en kod."), ("123", "Ingen väntad leverans har koden 123.")],
)
def test_what_is_not_to_come_is_said(cast: Cast, code: str, sentence: str) -> None:
    worlds.ordered(cast)
    client = signed_in(cast.colleague)
    assert sentence in text_of(client.get("/ta-emot/skanna/", {"kod": code}, follow=True))


def test_scanned_item_that_is_not_ordered_is_said(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    answer = signed_in(cast.colleague).get(
        "/ta-emot/skanna/", {"kod": cast.gown.number, "order": order.number}, follow=True
    )
    assert "är inte beställd här" in text_of(answer)


def test_what_is_late_is_not_hidden_by_what_comes_later_in_the_same_order(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10), (cast.gown, 5))
    late, later = order.lines.order_by("position")
    for line, days in ((late, -2), (later, 3)):
        line.expected_date = TODAY + timedelta(days=days)
        line.save()
    page = text_of(signed_in(receiver(cast)).get(RECEPTION))
    assert page.index("Skulle ha kommit") < page.index("2 dagar sen") < page.index("Inom en vecka")
    assert page.count("1 rad till") == 2


def test_reception_asks_as_much_for_ten_deliveries_as_for_one(cast: Cast) -> None:
    client = signed_in(receiver(cast))
    worlds.ordered(cast)
    with CaptureQueriesContext(connection) as few:
        client.get(RECEPTION)
    for _number in range(4):
        worlds.ordered(cast)
    with CaptureQueriesContext(connection) as many:
        client.get(RECEPTION)
    assert len(few) == len(many) <= RECEPTION_QUERIES
