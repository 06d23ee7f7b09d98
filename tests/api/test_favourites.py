"""Favourites through the API: the same as on the page, her own only."""

import pytest

from catalog.models import Favourite, Item, Substitution
from catalog.operations import favourites
from catalog.states import ItemStatus
from tests.api.clients import Counted, Program
from tests.cast import ALWAYS, NOW, Cast, item
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")


def test_keep_and_let_go_as_on_the_page(cast: Cast) -> None:
    elin = Program(cast.requester)
    response = elin.post("favourites/", item="104412")
    assert response.status_code == 201
    assert response.data["item"]["number"] == "104412"
    assert response.data["item"]["price"]["unit_price"] == "58.0000"
    by_program = Favourite.objects.values_list("person", "item", "created_at").get()
    assert elin.post("favourites/", item="104412").status_code == 201
    assert elin.post("favourites/remove/", item="104412").status_code == 204
    assert elin.post("favourites/remove/", item="104412").status_code == 204
    assert not Favourite.objects.exists()
    signed_in(cast.requester).post("/katalog/104412/favorit/")
    assert Favourite.objects.values_list("person", "item", "created_at").get() == by_program


def test_refusal_is_the_same_sentence_as_on_the_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(favourites, "MOST_FAVOURITES", 0)
    response = Program(cast.requester).post("favourites/", item="104412")
    page = signed_in(cast.requester).post("/katalog/104412/favorit/")
    assert (response.status_code, response.data["code"]) == (409, "too_many_favourites")
    assert response.data["detail"] in page.content.decode()


@pytest.mark.parametrize("body", [{}, {"item": "000000"}, {"item": 104412}, {"item": None}])
def test_bad_input_is_refused(cast: Cast, body: dict[str, object]) -> None:
    elin = Program(cast.requester)
    assert elin.post("favourites/", **body).status_code == 400
    assert elin.post("favourites/remove/", **body).status_code == 400
    assert not Favourite.objects.exists()


def test_a_retired_item_cannot_be_kept_but_let_go(cast: Cast) -> None:
    favourites.add(item=cast.gown, by=cast.requester, at=NOW)
    Item.objects.filter(pk__in=[cast.gown.pk, cast.gloves.pk]).update(status=ItemStatus.RETIRED)
    elin = Program(cast.requester)
    response = elin.post("favourites/", item="104412")
    assert (response.status_code, response.data["code"]) == (409, "item_not_in_catalogue")
    assert elin.post("favourites/remove/", item="104600").status_code == 204


def test_list_is_her_own_with_price_and_replacement(cast: Cast) -> None:
    favourites.add(item=cast.gown, by=cast.requester, at=NOW)
    favourites.add(item=cast.gloves, by=cast.colleague, at=NOW)
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    (favourite,) = Program(cast.requester).get("favourites/").data["results"]
    assert (favourite["item"]["number"], favourite["replaced_by"]) == ("104600", "104412")
    assert favourite["item"]["status"] == "retired"


def test_list_asks_as_many_questions_for_many_as_for_few(cast: Cast) -> None:
    elin = Program(cast.requester)
    favourites.add(item=cast.gown, by=cast.requester, at=NOW)
    elin.get("favourites/")
    with Counted() as few:
        elin.get("favourites/")
    for number in range(20):
        new_item = item(f"3{number:05d}", f"Sak {number}", cast.office, unit="st")
        favourites.add(item=new_item, by=cast.requester, at=NOW)
    with Counted() as many:
        elin.get("favourites/")
    assert len(many.statements) == len(few.statements)
