"""What a department usually buys, and has bought, of what is sold in several order units: each number goes with its unit."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import Price
from catalog.operations import favourites
from procurement.models import TemplateLine
from procurement.operations import baskets, requisitions
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def client(cast: Cast) -> Client:
    """
    The requester's browser; her ward has bought two cartons of gloves, of ten boxes each, twice, and three boxes once.
    """
    price = Price.objects.get(item=cast.gloves)
    carton = price.copy_during(price.valid_during)
    carton.order_unit, carton.units_per_order_unit, carton.unit_price = "kartong", Decimal(1000), Decimal(480)
    carton.save()
    for quantity, unit in ((2, "kartong"), (2, "kartong"), (3, "ask")):
        basket = worlds.basket(cast, (cast.gown, 1))
        baskets.add_item(
            basket=basket, item=cast.gloves, quantity=Decimal(quantity), unit=unit, by=cast.requester, at=NOW
        )
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    return signed_in(cast.requester)


def part(page: str, heading: str) -> str:
    """What stands under a heading, to the next."""
    return re.split(r"<h2", page.split(heading)[1])[0]


def test_what_was_bought_in_a_year_is_summed_in_one_unit(client: Client) -> None:
    """Two cartons twice and three boxes: 4 × 10 + 3 = 43 boxes."""
    assert "43 askar på ett år, i 3 beställningar." in text_of(client.get("/katalog/104412/")).replace(
        "\xa0", " "
    )


def test_what_is_usually_bought_is_offered_in_its_unit(client: Client, cast: Cast) -> None:
    for address in ("/start/", "/katalog/"):
        offered = re.findall(r'name="put" value="([^"]*)"', text_of(client.get(address)))
        assert f"2;kartong;{cast.gloves.number}" in offered
        assert f"2;ask;{cast.gloves.number}" not in offered


def test_a_favourite_is_offered_as_it_is_usually_bought(client: Client, cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    page = text_of(client.get("/favoriter/"))
    row = page.split('id="egna-104412"')[1].split("</li>")[0]
    assert "480,00 kr / kartong" in row
    assert 'name="enhet-104412" value="kartong"' in row
    assert 'name="antal-104412" value="2"' in row
    beside = part(text_of(client.get("/katalog/")), 'id="favourites"')
    assert "2;ask;104412" not in beside
    client.post("/mallar/ny/", {"fran": "favoriter", "name": "Vår", "reminder": ""})
    line = TemplateLine.objects.get(item=cast.gloves)
    assert (line.quantity, line.unit) == (2, "kartong")


def test_a_unit_that_is_no_longer_sold_gives_no_number(client: Client, cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    Price.objects.filter(order_unit="kartong").delete()
    for address in ("/start/", "/katalog/"):
        offered = re.findall(r'name="put" value="([^"]*)"', text_of(client.get(address)))
        assert f"2;ask;{cast.gloves.number}" not in offered
    row = text_of(client.get("/favoriter/")).split('id="egna-104412"')[1].split("</li>")[0]
    assert 'name="antal-104412" value="1"' in row
    assert "Mallen räknar" not in row
