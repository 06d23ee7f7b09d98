"""The page on which fewer of an order are asked for."""

from decimal import Decimal

from django.test import Client
from django.urls import reverse

from core.addresses import address_of
from procurement.models import Allocation, ChangeNotice, PurchaseOrder
from tests.cast import Cast
from tests.procurement.answering import sent


def page(cast: Cast) -> tuple[Client, PurchaseOrder, str, str]:
    """A browser of the manager's, an order that the supplier has, its page, and the name of its row's field."""
    order = sent(cast)
    client = Client()
    client.force_login(cast.manager)
    field = f"rad-{Allocation.objects.get().pk}-coming"
    return client, order, reverse("desk:order_reduce", args=[order.number]), field


def test_fewer_come_and_the_order_says_so(cast: Cast) -> None:
    client, order, url, field = page(cast)
    assert b'value="10"' in client.get(url).content
    answer = client.post(url, {"version": 1, field: "4", "reason": "Stängt i juli"}, follow=True)
    assert answer.redirect_chain == [(address_of(order), 302)]
    assert "6 kommer inte" in answer.content.decode()
    assert Allocation.objects.get().remaining == Decimal(4)


def test_what_was_written_stays_when_it_is_refused(cast: Cast) -> None:
    client, _order, url, field = page(cast)
    for fields, status, sentence in [
        ({field: "4", "reason": ""}, 422, "Skriv varför färre behövs"),
        ({field: "fyra", "reason": "Stängt"}, 422, "Skriv antalet med siffror"),
        ({field: "12", "reason": "Stängt"}, 422, "är kvar att leverera"),
        ({field: "0", "reason": "Stängt"}, 409, "Makulera den i stället"),
    ]:
        answer = client.post(url, {"version": 1, **fields})
        content = answer.content.decode()
        assert (answer.status_code, sentence in content) == (status, True), fields
        assert f'value="{fields[field]}"' in content
    assert not ChangeNotice.objects.exists()


def test_no_page_without_the_right(cast: Cast) -> None:
    _client, _order, url, _field = page(cast)
    client = Client()
    client.force_login(cast.auditor)
    assert client.get(url).status_code == 403
    client.force_login(cast.stranger)
    assert client.get(url).status_code == 404
