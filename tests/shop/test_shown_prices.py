"""Nobody sends a basket at prices above those that she was shown, without seeing it again first."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Price
from core.addresses import address_of
from procurement.models import Requisition
from procurement.operations import baskets
from shop.carts import prices_in
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.ordering import HTMX, details

pytestmark = pytest.mark.usefixtures("at_nine")


def shown_on(answer: Any) -> str:
    (value,) = re.findall(r'name="shown" form="details" value="([^"]*)"', answer.content.decode())
    return str(value)


def send(client: Client, cast: Cast, shown: str, **more: object) -> Any:
    return client.post(reverse("shop:basket"), details(cast, shown=shown, **more))


def now_costs(cast: Cast, unit_price: str) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(unit_price))


def test_a_rise_shows_the_basket_again_and_then_sends_it(cast: Cast) -> None:
    worlds.basket(cast, (cast.gloves, 6), (cast.gown, 2))
    client = signed_in(cast.requester)
    prices = shown_on(client.get(reverse("shop:basket")))
    now_costs(cast, "66.50")
    again = send(client, cast, prices)
    assert again.status_code == 409
    assert "Priset har stigit sedan korgen visades: Undersökningshandske" in text_of(again)
    assert "66,50 kr" in text_of(again)
    assert not Requisition.objects.get().is_submitted
    assert send(client, cast, shown_on(again)).status_code == 302
    assert Requisition.objects.get().lines.order_by("position")[0].unit_price == Decimal("66.50")


def test_a_fall_is_sent_without_asking(cast: Cast) -> None:
    worlds.basket(cast)
    client = signed_in(cast.requester)
    prices = shown_on(client.get(reverse("shop:basket")))
    now_costs(cast, "50")
    assert send(client, cast, prices).status_code == 302
    assert Requisition.objects.get().lines.get().unit_price == Decimal(50)


def test_what_is_saved_while_she_types_does_not_count_as_shown(cast: Cast) -> None:
    """Only the sum is drawn again then, not the lines with their prices."""
    worlds.basket(cast)
    client = signed_in(cast.requester)
    prices = shown_on(client.get(reverse("shop:basket")))
    now_costs(cast, "66.50")
    part = client.post(reverse("shop:basket_details"), details(cast, shown=prices), headers=HTMX)
    assert shown_on(part) == prices
    assert send(client, cast, shown_on(part)).status_code == 409


@pytest.mark.parametrize(
    "shown", ["", "x:y", "1:", ":5.0", "1:NaN", "1:1e99", "9" * 30 + ":1.0", "1:-5.0", "\x00"]
)
def test_what_was_not_written_by_the_page_is_left_out(shown: str) -> None:
    assert prices_in(shown) == {}


def put_in(cast: Cast, held: Requisition) -> None:
    baskets.add_item(basket=held, item=cast.gown, quantity=Decimal(1), by=cast.requester, at=NOW)


def take_out(cast: Cast, held: Requisition) -> None:
    baskets.set_quantity(line=held.lines.first(), quantity=Decimal(0), by=cast.requester, at=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("changes", [put_in, take_out])
def test_what_has_changed_in_another_window_is_shown_before_it_is_sent(
    cast: Cast, changes: Callable[[Cast, Requisition], None]
) -> None:
    basket = worlds.basket(cast, (cast.gloves, 6), (cast.chair, 1))
    client = signed_in(cast.requester)
    prices = shown_on(client.get(reverse("shop:basket")))
    changes(cast, basket)
    again = send(client, cast, prices)
    assert again.status_code == 409
    assert "Korgen har ändrats sedan sidan visades." in text_of(again)
    assert not Requisition.objects.get().is_submitted
    assert send(client, cast, shown_on(again)).status_code == 302


def test_an_old_window_does_not_send_what_has_been_put_in_the_basket_since(cast: Cast) -> None:
    basket = worlds.basket(cast)
    client = signed_in(cast.requester)
    prices = shown_on(client.get(reverse("shop:basket")))
    assert send(client, cast, prices).status_code == 302
    basket.refresh_from_db()
    worlds.basket(cast, (cast.gown, 2))
    again = send(client, cast, prices)
    assert again.status_code == 409
    assert "Beställningen är redan skickad." in text_of(again)
    assert f'href="{address_of(basket)}"' in again.content.decode()
    assert Requisition.objects.submitted().get() == basket


def test_what_was_left_in_the_basket_is_sent_by_its_own_page_alone(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 6), (cast.gown, 2))
    client = signed_in(cast.requester)
    prices = shown_on(client.get(reverse("shop:basket")))
    first = basket.lines.order_by("position")[0]
    assert send(client, cast, prices, now=str(first.pk)).status_code == 302
    assert send(client, cast, prices).status_code == 409
    assert send(client, cast, shown_on(client.get(reverse("shop:basket")))).status_code == 302
