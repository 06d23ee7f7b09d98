"""Purchase orders: the list, one order with its files, ordering now, cancelling."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from agreements.models import Supplier
from core.addresses import address_of
from organizations.models import Role
from procurement.models import PurchaseOrder, RequisitionLine
from procurement.operations import attests, decisions, orders, sending
from procurement.operations.line_deliveries import Delivery
from procurement.states import LineStatus, OrderStatus
from tests import worlds
from tests.cast import NOW, Cast, membership
from tests.pages import flat, signed_in
from tests.procurement.part_deliveries import placed

pytestmark = pytest.mark.usefixtures("at_nine")

ORDERS = "/inkopsordrar/"
ORDERS_QUERIES = 14
ORDER_QUERIES = 12


def test_orders_show_what_waits_and_what_has_gone(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    worlds.approved(cast, (cast.gown, 5))
    page = flat(signed_in(cast.manager).get(ORDERS).content.decode())
    assert order.number.replace("-", "\u2011") in page
    assert "Vad beställs härnäst?" in page
    assert "1 rad, beställs i\xa0dag kl.\xa015.00" in page
    assert "Beställ nu" in page
    assert "Vad beställs härnäst?" not in signed_in(cast.auditor).get(ORDERS).content.decode()


def test_the_list_and_the_order_say_the_same_sum(cast: Cast) -> None:
    Supplier.objects.update(freight_amount=Decimal("149.50"), freight_free_amount=Decimal(1000))
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    client = signed_in(cast.manager)
    for address in (ORDERS, reverse("desk:order", args=[order.number])):
        assert "729,50" in client.get(address).content.decode()


def test_order_shows_whose_lines_they_are(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    page = signed_in(cast.manager).get(address_of(order)).content.decode()
    for text in (
        "Nordmedica AB",
        "Medicinavdelning 1",
        "Elin Bergvall",
        "10\xa0askar",
        "580,00",
        "Makulera ordern",
    ):
        assert text in page
    auditor = signed_in(cast.auditor).get(address_of(order)).content.decode()
    assert "Makulera ordern" not in auditor
    assert signed_in(cast.stranger).get(address_of(order)).status_code == 404


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbf")])
def test_order_files(cast: Cast, kind: str, start: bytes) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    url = reverse("desk:order_file", args=[order.number, kind])
    response = signed_in(cast.manager).get(url)
    assert response.content.startswith(start)
    assert order.number in response["Content-Disposition"]
    assert signed_in(cast.stranger).get(url).status_code == 404
    assert signed_in(cast.manager).get(url.replace(kind, "exe")).status_code == 404


def test_order_now_asks_and_then_orders(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    client = signed_in(cast.manager)
    url = f"{reverse('desk:order_now')}?leverantor={cast.supplier.pk}"
    assert "Beställa 1 rad för 580,00\xa0kr av Nordmedica AB nu?" in client.get(url).content.decode()
    assert not PurchaseOrder.objects.exists()
    page = client.post(url, follow=True).content.decode()
    assert "1 inköpsorder skapades och skickas nu." in page
    assert RequisitionLine.objects.get().status == LineStatus.ORDERED
    assert "Inga godkända rader väntade" in client.post(url, follow=True).content.decode()


def test_order_now_is_for_managers(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    for person in (cast.requester, cast.auditor, cast.controller, cast.stranger):
        assert signed_in(person).post(reverse("desk:order_now")).status_code == 403
    assert not PurchaseOrder.objects.exists()


def test_cancel_asks_for_a_reason(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    client = signed_in(cast.manager)
    url = reverse("desk:order_cancel", args=[order.number])
    assert "Makulera" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert "är makulerad" in client.post(url, {"reason": "Fel vara"}, follow=True).content.decode()
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    assert client.post(url, {"reason": "Fel vara"}).status_code == 409
    for person in (cast.auditor, cast.requester):
        assert signed_in(person).post(url, {"reason": "x"}).status_code in (403, 409)


def test_cancel_is_not_offered_when_something_has_come(cast: Cast) -> None:
    receipt = worlds.received(cast, (cast.gloves, 10))
    order = PurchaseOrder.objects.get()
    client = signed_in(cast.manager)
    assert (
        "kan ordern inte makuleras" in client.get(address_of(order)).content.decode()
        or "inte makuleras" in client.get(address_of(order)).content.decode()
    )
    assert client.post(reverse("desk:order_cancel", args=[order.number]), {"reason": "x"}).status_code == 409
    assert receipt.lines.count() == 1


def test_orders_ask_as_many_questions_for_many_as_for_few(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.manager)
    for number in range(4):
        worlds.ordered(cast, (cast.gloves, 10), (cast.gown, number + 1), at=NOW - timedelta(days=number))
        worlds.approved(cast, (cast.gloves, 1))
    client.get(ORDERS)
    with django_assert_max_num_queries(ORDERS_QUERIES):
        client.get(ORDERS)
    order = PurchaseOrder.objects.latest().first()
    assert order is not None
    with django_assert_max_num_queries(ORDER_QUERIES):
        client.get(address_of(order))


@pytest.mark.parametrize("query", ["visa=forsenade", "visa=nonsens", "sida=999", "sida=x", "leverantor=abc"])
def test_orders_survive_any_address(cast: Cast, query: str) -> None:
    worlds.ordered(cast, (cast.gloves, 10))
    assert signed_in(cast.manager).get(f"{ORDERS}?{query}").status_code == 200


def test_an_order_that_was_not_sent_says_why_and_can_be_tried_again(cast: Cast) -> None:
    order = worlds.unsent(cast, (cast.gloves, 10))
    client = signed_in(cast.manager)
    page = flat(client.get(address_of(order)).content.decode())
    for text in ("Inte skickad", "Ordern är inte skickad.", "Försöken är slut.", "Försök skicka igen"):
        assert text in page
    assert "Försök skicka igen" not in signed_in(cast.auditor).get(address_of(order)).content.decode()
    page = client.post(reverse("desk:order_retry", args=[order.number]), follow=True).content.decode()
    assert "Ett nytt försök görs nu." in page
    sent_order = orders.send_order(order=order, at=NOW)
    assert sent_order.status == OrderStatus.SENT
    page = flat(client.get(address_of(order)).content.decode())
    assert "order@nordmedica.example" in page
    assert "Försök skicka igen" not in page


def test_a_supplier_that_has_the_order_after_all_can_be_noted(cast: Cast) -> None:
    order = worlds.unsent(cast, (cast.gloves, 10))
    page = (
        signed_in(cast.manager)
        .post(reverse("desk:order_confirm_received", args=[order.number]), follow=True)
        .content.decode()
    )
    assert "Noterat att leverantören har fått det." in page
    order.refresh_from_db()
    assert order.status == OrderStatus.SENT


def test_orders_that_were_not_sent_have_a_list_of_their_own(cast: Cast) -> None:
    order = worlds.unsent(cast, (cast.gloves, 10))
    page = flat(signed_in(cast.manager).get(f"{ORDERS}?visa=inte-skickade").content.decode())
    assert order.number.replace("-", "\u2011") in page


def test_a_cancelled_order_says_whether_the_supplier_knows(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    client, url = signed_in(cast.manager), reverse("desk:order_file", args=[order.number, "makulering.pdf"])
    assert "Leverantören har inte fått veta det än." in client.get(address_of(order)).content.decode()
    assert client.get(url).status_code == 404
    sending.send_due(at=NOW)
    page = flat(client.get(address_of(order)).content.decode())
    assert "Leverantören fick veta det" in page
    assert "Makuleringen som PDF" in page
    assert client.get(url).content.startswith(b"%PDF")


def test_freight_is_divided_between_those_who_pay(cast: Cast) -> None:
    """The ward orders for another department too: that one pays for its part of the freight, by what was ordered for it."""
    Supplier.objects.filter(pk=cast.supplier.pk).update(freight_amount=Decimal("95.00"))
    membership(cast.budget_holder, Role.BUDGET_HOLDER, cast.home)
    for_other = Delivery(charged_department=cast.home)
    made = placed(cast, (cast.gloves, 10, Delivery()), (cast.gown, 5, for_other))
    decisions.approve(lines=list(made.lines.all()), by=cast.head, at=NOW)
    attests.attest(attest=made.attests.get(), by=cast.budget_holder, at=NOW)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    shares = signed_in(cast.manager).get(address_of(order)).context["freight"]
    # Gloves 580 kr and gowns 745 kr of 1 325 kr: 41.58 and 53.42 of 95 kr.
    assert {each.name: part for each, part in shares} == {
        cast.ward.name: Decimal("41.58"),
        cast.home.name: Decimal("53.42"),
    }
