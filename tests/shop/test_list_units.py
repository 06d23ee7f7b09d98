"""Lists and templates of what is sold in several order units, and what was typed beside them that cannot be read."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import Item, Price
from catalog.operations import department_favourites as shared
from catalog.operations import favourites
from procurement.models import OrderTemplate, RequisitionLine
from procurement.operations import baskets, templates
from procurement.operations.filling import Wish
from procurement.operations.templates import TemplateFacts
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def client(cast: Cast) -> Client:
    """The requester's browser."""
    return signed_in(cast.requester)


@pytest.fixture
def carton(cast: Cast) -> Price:
    """Gloves are sold by the carton of ten boxes too, at 480 kr."""
    price = Price.objects.get(item=cast.gloves)
    other = price.copy_during(price.valid_during)
    other.order_unit, other.units_per_order_unit, other.unit_price = "kartong", Decimal(1000), Decimal(480)
    other.save()
    return other


def template_of(cast: Cast, *wishes: Wish) -> OrderTemplate:
    """A template of the ward's."""
    return templates.make_template(
        department=cast.ward, facts=TemplateFacts("Vecka"), wishes=wishes, by=cast.requester, at=NOW
    )


def row_of(page: str, item: Item) -> str:
    """The item's row."""
    return page.split(f'id="rad-{item.number}"')[1].split("</li>")[0]


def quantities(page: str) -> dict[str, str]:
    """What stands in the fields beside the items."""
    return dict(re.findall(r'name="antal-(\d+)" value="([^"]*)"', page))


@pytest.mark.usefixtures("carton")
def test_a_row_says_the_pack_that_it_counts(client: Client, cast: Cast) -> None:
    template = template_of(cast, Wish(cast.gloves, Decimal(2), "kartong"), Wish(cast.gown, Decimal(1)))
    for address in (f"/mallar/{template.pk}/", f"/mallar/{template.pk}/andra/"):
        row = row_of(text_of(client.get(address)), cast.gloves)
        assert "Kartong med 1 000 st" in row
        assert "Ask med" not in row


@pytest.mark.usefixtures("carton")
def test_changing_a_template_says_what_is_sold_otherwise(client: Client, cast: Cast) -> None:
    template = template_of(cast, Wish(cast.gloves, Decimal(2), "kartong"))
    address = f"/mallar/{template.pk}/andra/"
    assert "Mallen räknar" not in text_of(client.get(address))
    Price.objects.filter(order_unit="kartong").delete()
    assert "Mallen räknar per kartong, men artikeln säljs nu per ask." in text_of(client.get(address))


@pytest.mark.usefixtures("carton")
def test_a_basket_with_an_item_in_two_units_says_which_it_is(client: Client, cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 3))
    baskets.add_item(
        basket=basket, item=cast.gloves, quantity=Decimal(1), unit="kartong", by=cast.requester, at=NOW
    )
    answer = client.post("/mallar/ny/?fran=korg", {"fran": "korg", "name": "Ny", "reminder": ""})
    assert answer.status_code == 422
    assert f"{cast.gloves} står i både ask och kartong." in text_of(answer)


def test_a_number_that_cannot_be_read_loses_no_other_of_a_template(client: Client, cast: Cast) -> None:
    template = template_of(cast, Wish(cast.gloves, Decimal(6)), Wish(cast.gown, Decimal(2)))
    fields = {"version": "1", "name": "Ny", "row": ["104600", "104412"], "bort": ""}
    answer = client.post(
        f"/mallar/{template.pk}/andra/", fields | {"antal-104412": "2o", "antal-104600": "9"}
    )
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Skriv antalet med siffror" in page
    assert quantities(page) == {"104412": "2o", "104600": "9"}
    assert page.index('id="rad-104600"') < page.index('id="rad-104412"')


@pytest.mark.parametrize("way", ["template", "favourites"])
def test_a_number_that_cannot_be_read_loses_no_other_on_the_way_to_the_basket(
    client: Client, cast: Cast, way: str
) -> None:
    shared.add(item=cast.gloves, department=cast.ward, by=cast.requester, at=NOW)
    shared.add(item=cast.gown, department=cast.ward, by=cast.requester, at=NOW)
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    template = template_of(cast, Wish(cast.gloves, Decimal(6)), Wish(cast.gown, Decimal(2)))
    address = f"/mallar/{template.pk}/" if way == "template" else "/korg/lagg-till-flera/"
    fields = {"row": ["104412", "104600"], "pick": ["104600"], "antal-104412": "7", "next": "/favoriter/"}
    answer = client.post(address, fields | {"antal-104600": "2o", "lista": "enhetens"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert f"{cast.gown}: Skriv antalet med siffror" in page
    gloves, gown = row_of(page, cast.gloves), row_of(page, cast.gown)
    assert (quantities(gloves), quantities(gown)) == ({"104412": "7"}, {"104600": "2o"})
    assert " checked" not in gloves
    assert " checked" in gown
    assert not RequisitionLine.objects.exists()
    if way == "favourites":
        own_list = page.split('id="egna-104412"')[1]
        assert quantities(own_list) == {"104412": "1"}


def test_what_was_found_is_not_said_to_be_missing(client: Client, cast: Cast) -> None:
    template = template_of(cast, Wish(cast.gloves, Decimal(6)))
    fields = {"version": "1", "row": ["104412"], "antal-104412": "6", "ny": "104600"}
    answer = client.post(f"/mallar/{template.pk}/andra/", fields | {"name": ""})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Inget i katalogen passar" not in page
    assert 'name="antal-104600"' in page
    assert 'id="ny" name="ny" value=""' in page


def test_what_stands_in_the_template_already_is_said(client: Client, cast: Cast) -> None:
    template = template_of(cast, Wish(cast.gloves, Decimal(6)))
    fields = {"version": "1", "name": "Vecka", "row": ["104412"], "antal-104412": "6", "ny": "104412"}
    answer = client.post(f"/mallar/{template.pk}/andra/", fields, follow=True)
    assert f"{cast.gloves} står redan i mallen." in text_of(answer)
