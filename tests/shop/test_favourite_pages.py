"""Favourites and the same again, as an orderer's browser has them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Favourite, Item, Price, Substitution
from catalog.operations import favourites
from catalog.states import ItemStatus
from procurement.models import Requisition
from procurement.states import LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast, item
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

HTMX = {"HX-Request": "true"}
KEEP = "/katalog/104412/favorit/"
LET_GO = "/katalog/104412/favorit/ta-bort/"


def copied(client: Client, made: Requisition) -> str:
    return text_of(client.post(reverse("shop:requisition_copy", args=[made.number]), follow=True))


def test_keep_and_let_go_without_script(cast: Cast) -> None:
    client = signed_in(cast.requester)
    response = client.post(KEEP, {"next": "/katalog/?q=handskar"}, follow=True)
    assert response.redirect_chain == [("/katalog/?q=handskar", 302)]
    page = text_of(response)
    assert "Undersökningshandske nitril, puderfri, blå är en av dina favoriter." in page
    assert f'action="{LET_GO}"' in page
    removal = client.post(LET_GO, {"next": "/katalog/104412/"}, follow=True)
    assert removal.redirect_chain == [("/katalog/104412/", 302)]
    assert "är inte längre en favorit." in text_of(removal)
    assert not Favourite.objects.exists()


def test_keep_by_htmx_answers_with_the_star_and_the_list(cast: Cast) -> None:
    part = text_of(signed_in(cast.requester).post(KEEP, {"view": "rad"}, headers=HTMX))
    assert f'action="{LET_GO}"' in part
    assert 'id="favourites" hx-swap-oob' in part
    assert "58,00 kr / ask" in part
    assert "<html" not in part


def test_let_go_in_the_list_by_htmx_answers_with_the_list(cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    part = text_of(signed_in(cast.requester).post(LET_GO, {"view": "lista"}, headers=HTMX))
    assert part.startswith('<section class="paper" id="favourites">')
    assert "Spara det du beställer ofta" in part


@pytest.mark.parametrize("address", ["/katalog/000000/favorit/", "/katalog/x/favorit/ta-bort/"])
def test_an_unknown_item_is_not_found(cast: Cast, address: str) -> None:
    assert signed_in(cast.requester).post(address).status_code == 404


def test_keep_a_retired_item_is_not_found(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)
    assert signed_in(cast.requester).post(KEEP).status_code == 404
    assert not Favourite.objects.exists()


def test_keep_one_too_many_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(favourites, "MOST_FAVOURITES", 0)
    response = signed_in(cast.requester).post(KEEP)
    assert response.status_code == 409
    assert "Du har redan 0 favoriter. Ta bort någon först." in text_of(response)


def test_keep_never_leads_to_another_site(cast: Cast) -> None:
    response = signed_in(cast.requester).post(KEEP, {"next": "https://ond.example/"})
    assert response["Location"] == "/katalog/104412/"


def test_list_offers_as_many_as_the_ward_usually_buys(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 6), by=cast.colleague)
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    page = text_of(signed_in(cast.requester).get("/katalog/"))
    beside = page[page.index('id="favourites"') :]
    assert "Lägg till 6 askar Undersökningshandske nitril, puderfri, blå" in beside


def test_list_shows_a_retired_one_with_what_replaces_it(cast: Cast) -> None:
    favourites.add(item=cast.gown, by=cast.requester, at=NOW)
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    page = text_of(signed_in(cast.requester).get("/katalog/"))
    beside = page[page.index('id="favourites"') :]
    assert "Har utgått" in beside
    assert 'Ersätts av<a href="/katalog/104412/">' in beside
    assert "/katalog/104600/favorit/ta-bort/" in beside
    assert 'href="/katalog/104600/"' not in beside


def test_those_who_order_for_nobody_keep_but_cannot_add(cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.auditor, at=NOW)
    page = text_of(signed_in(cast.auditor).get("/katalog/"))
    assert "58,00 kr / ask" in page
    assert reverse("shop:basket_add") not in page


@pytest.mark.parametrize("address", ["/start/", "/katalog/"])
def test_same_again_is_the_departments_latest_of_several_items_whoever_ordered(
    cast: Cast, address: str
) -> None:
    worlds.submitted(cast, (cast.chair, 2), (cast.gown, 1), at=NOW - timedelta(days=7))
    requisition = worlds.submitted(cast, (cast.gloves, 6), (cast.gown, 2), by=cast.colleague)
    worlds.submitted(cast, (cast.chair, 1))
    client = signed_in(cast.requester)
    page = text_of(client.get(address))
    assert "Hela förra beställningen" in page
    assert "Oskar Lindahl beställde 2 artiklar i dag, för 646 kr." in page
    basket = copied(client, requisition)
    assert "2 rader ligger i korgen." in basket
    assert "Skicka 2 rader" in basket
    lines = Requisition.objects.baskets().get().lines.order_by("position")
    assert [(line.item, line.quantity) for line in lines] == [
        (cast.gloves, Decimal(6)),
        (cast.gown, Decimal(2)),
    ]


def test_same_again_tells_what_cannot_be_ordered_and_what_replaces_it(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 6), (cast.gown, 2), (cast.chair, 1))
    new = item("104601", "Skyddsrock <tunn>", cast.medical, unit="förp")
    Item.objects.filter(pk__in=[cast.gown.pk, cast.chair.pk]).update(status=ItemStatus.RETIRED)
    Substitution.objects.create(from_item=cast.gown, to_item=new, valid_during=ALWAYS)
    page = copied(signed_in(cast.requester), requisition)
    assert "1 rad ligger i korgen." in page
    assert "2 artiklar går inte längre att beställa:" in page
    assert (
        "<li>Skyddsrock engångs, fluidresistent, ersätts av "
        '<a href="/katalog/104601/">Skyddsrock &lt;tunn&gt;</a></li>' in page
    )
    assert "<li>Kontorsstol ergonomisk, tyg, svart</li>" in page


def test_same_again_of_what_is_sold_in_larger_numbers_now(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 3))
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=5)
    page = copied(signed_in(cast.requester), requisition)
    assert "säljs numera i minst 5 askar" in page
    assert Requisition.objects.baskets().get().lines.get().quantity == 5


def test_same_again_twice_changes_nothing_the_second_time(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 3))
    client = signed_in(cast.requester)
    copied(client, requisition)
    assert "Allt ligger redan i korgen. Inget lades till." in copied(client, requisition)
    assert Requisition.objects.baskets().get().lines.get().quantity == 3


def test_same_again_leaves_what_lies_in_the_basket_as_it_is_and_says_so(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 3), (cast.gown, 2))
    worlds.basket(cast, (cast.gown, 5))
    page = copied(signed_in(cast.requester), requisition)
    assert "1 rad ligger i korgen." in page
    assert "1 artikel låg där redan, och antalet är som det var." in page
    assert Requisition.objects.baskets().get().lines.get(item=cast.gown).quantity == 5


def test_same_again_for_a_department_of_ones_own_only(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 3))
    address = reverse("shop:requisition_copy", args=[requisition.number])
    assert signed_in(cast.stranger).post(address).status_code == 404
    assert signed_in(cast.auditor).post(address).status_code == 403
    assert not Requisition.objects.baskets().exists()


def test_nothing_to_order_again_shows_nothing(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 3))
    requisition = worlds.submitted(cast, (cast.gloves, 3), (cast.gown, 1))
    requisition.lines.filter(item=cast.gown).update(status=LineStatus.WITHDRAWN)
    assert "Hela förra beställningen" not in text_of(signed_in(cast.requester).get("/katalog/"))
