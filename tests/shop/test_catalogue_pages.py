"""The catalogue and an item as an orderer sees them: notes, addresses, few questions to the database."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog import search
from catalog.models import Item, Price, Substitution
from catalog.states import ItemStatus
from categories.models import CategoryPolicy
from procurement.models import Requisition
from procurement.operations import baskets
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, item
from tests.pages import signed_in, text_of
from tests.procurement.ordering import HTMX

pytestmark = pytest.mark.usefixtures("at_nine")

# Session, person; roles, department, basket, lines; seven of the plan; categories, search, habits, prices; what was
# ordered last, favourites; header.
CATALOGUE_QUERIES = 24


def test_catalogue_shows_notes(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gown.pk).update(
        status=ItemStatus.PHASING_OUT, last_order_date=TODAY.replace(month=6)
    )
    Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    client = signed_in(cast.requester)
    page = text_of(client.get(reverse("shop:catalogue")))
    assert "Utgår 18 juni" in page
    assert "Ersätts av" in page
    assert "Sofia Ekdahl prövar behovet." in page
    Item.objects.filter(pk=cast.gown.pk).update(
        status=ItemStatus.BLOCKED, blocked_reason="Återkallad av tillverkaren."
    )
    for url in (reverse("shop:catalogue"), reverse("shop:item", args=["104600"])):
        page = text_of(client.get(url))
        assert "Återkallad av tillverkaren." in page


def test_catalogue_can_be_read_by_those_who_do_not_order(cast: Cast) -> None:
    page = text_of(signed_in(cast.auditor).get(reverse("shop:catalogue")))
    assert "Undersökningshandske" in page
    assert "Lägg till" not in page


def test_catalogue_while_typing_answers_with_the_part_that_changes(cast: Cast) -> None:
    client = signed_in(cast.requester)
    part = text_of(client.get("/katalog/?q=hand", headers={**HTMX, "HX-Target": "catalogue"}))
    assert part.lstrip().startswith("<div")
    response = client.get(
        "/katalog/?q=hand", headers={**HTMX, "HX-Target": "catalogue", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in text_of(response)


@pytest.mark.parametrize(
    "address",
    ["?sida=0", "?sortering=x", "?sida=abc", "?sida=99999999", "?q=" + "a" * 2000, "?sida=-1", "?artikel=x"],
)
def test_catalogue_survives_any_address(cast: Cast, address: str) -> None:
    answer = signed_in(cast.requester).get(f"/katalog/{address}", follow=True)
    assert answer.status_code == 200
    assert cast.gloves.name in text_of(answer) or "a" * 100 in address


def test_catalogue_of_an_unknown_category_or_item_is_not_found(cast: Cast) -> None:
    client = signed_in(cast.requester)
    assert client.get("/katalog/?kategori=finnsinte").status_code == 404
    assert client.get("/katalog/999999/").status_code == 404
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)
    assert client.get("/katalog/104412/").status_code == 404


def test_item_page_shows_the_departments_own_buys(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 12))
    page = text_of(signed_in(cast.colleague).get(reverse("shop:item", args=["104412"])))
    assert "12 askar" in page
    assert "Elin Bergvall" in page
    assert "RA 2020-014" in page
    other = text_of(signed_in(cast.stranger).get(reverse("shop:item", args=["104412"])))
    assert "har inte beställt artikeln" in other


def test_suggest_answers_with_a_few(cast: Cast) -> None:
    client = signed_in(cast.requester)
    assert "104412" in text_of(client.get(reverse("shop:suggest"), {"q": "handske"}))
    assert client.get(reverse("shop:suggest")).status_code == 200


def _fill(cast: Cast, first: int, count: int) -> None:
    for number in range(first, first + count):
        new_item = item(
            f"2{number:05d}", f"Testartikel {number}", cast.gloves_category, unit="ask", factor=100
        )
        Item.objects.filter(pk=new_item.pk).update(family=f"familj {number // 2}", size=str(number))
        Price.objects.create(
            item=new_item,
            agreement=cast.agreement,
            supplier=cast.supplier,
            unit_price=Decimal(5),
            valid_during=ALWAYS,
        )


@pytest.mark.parametrize(("limit", "sentence"), [(1000, "Raden beslutas direkt."), (600, "1 rad prövas")])
def test_the_basket_beside_is_judged_with_what_the_week_has_asked_for(
    cast: Cast, limit: int, sentence: str
) -> None:
    worlds.submitted(cast, (cast.gloves, 6), by=cast.colleague)
    worlds.basket(cast, (cast.gloves, 6))
    CategoryPolicy.objects.update(standing_approval_limit=limit)
    assert sentence in text_of(signed_in(cast.requester).get("/katalog/"))


def test_the_basket_beside_is_judged_with_all_of_the_item_in_it(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=300)
    worlds.basket(cast, (cast.gloves, 6))
    assert "1 rad prövas" in text_of(signed_in(cast.requester).get("/katalog/"))


def test_catalogue_asks_as_many_questions_for_many_rows_as_for_few(cast: Cast) -> None:
    client = signed_in(cast.requester)
    worlds.basket(cast, (cast.gloves, 1))
    _fill(cast, 0, 2)
    client.get("/katalog/")
    with CaptureQueriesContext(connection) as few:
        client.get("/katalog/")
    _fill(cast, 2, 40)
    worlds.submitted(cast, (cast.gown, 1), by=cast.colleague)
    for number in range(10):
        baskets.add_item(
            basket=Requisition.objects.baskets().get(),
            item=Item.objects.get(number=f"2{number:05d}"),
            quantity=Decimal(1),
            by=cast.requester,
            at=NOW,
        )
    with CaptureQueriesContext(connection) as many:
        client.get("/katalog/")
    assert len(many) <= CATALOGUE_QUERIES
    assert (
        len(many) <= len(few) + 3
    )  # habits' items and prices, the latest requisition's sum, once there are any


def test_keyboard_skips_to_the_first_result(cast: Cast) -> None:
    """From the search field two steps to the link, one along it, one to the number, and Enter: five keys to a line."""
    client = signed_in(cast.requester)
    page = client.get("/katalog/?q=handske").content.decode()
    links = re.findall(r'<a class="skip"[^>]*href="([^"]+)"', page)
    assert links[1:] == ["#lagg-till", "#lagg-till"]
    assert page.count('id="lagg-till"') == 1
    between = page.split('id="q"')[1].split('class="skip"')[0]
    assert len(re.findall(r"<(?:button|a |select|textarea|input(?![^>]*hidden))", between)) == 2
    item_page = client.get("/katalog/104412/").content.decode()
    assert re.findall(r'<a class="skip"[^>]*href="([^"]+)"', item_page)[1:] == ["#lagg-till"]
    for content in (page, item_page):
        form = content.split('id="lagg-till"')[1].split("</form>")[0]
        assert 'tabindex="-1"' in form
        assert len(re.findall(r"<(?:input(?![^>]*hidden)|button(?![^>]*tabindex=.-1))", form)) == 2


def test_catalogue_sorts_and_keeps_to_a_supplier_by_its_address(cast: Cast) -> None:
    client = signed_in(cast.requester)
    page = text_of(client.get(f"/katalog/?leverantor={cast.supplier.pk}&sortering=pris"))
    assert "Undersökningshandske" in page
    assert "Kontorsstol" not in page.split('id="found"')[1].split("<aside")[0]
    assert page.index("Undersökningshandske nitril") < page.index("Skyddsrock engångs")  # 0,58 and 14,90 each
    assert f'<option value="{cast.supplier.pk}" selected>' in page
    assert '<option value="pris" selected>' in page
    chair = text_of(client.get(f"/katalog/?leverantor={cast.paper_supplier.pk}"))
    assert f'"/katalog/?kategori={cast.office.code}&amp;leverantor={cast.paper_supplier.pk}"' in chair


def test_catalogue_says_that_what_was_ranked_is_sorted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_RANKED", 1)
    client = signed_in(cast.requester)
    assert "som används mest är sorterade" in text_of(client.get("/katalog/?sortering=namn"))
    assert "är sorterade" not in text_of(client.get("/katalog/"))


@pytest.mark.parametrize("address", ["?leverantor=x", "?leverantor=999999999"])
def test_catalogue_of_an_unknown_supplier_is_not_found(cast: Cast, address: str) -> None:
    assert signed_in(cast.requester).get(f"/katalog/{address}").status_code == 404
