"""Favourites: kept and let go, each once, each her own."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from catalog.favourites import favourites_of
from catalog.models import Favourite, Item, Substitution
from catalog.operations import favourites
from catalog.permissions import ItemNotInCatalogue
from catalog.states import ItemStatus
from tests.cast import ALWAYS, NOW, TODAY, Cast, item


def numbers(cast: Cast) -> list[str]:
    return [
        favourite.item.number
        for favourite in favourites_of(cast.requester, day=TODAY, department_id=cast.ward.pk)
    ]


def test_add_keeps_the_item_for_the_person_alone(cast: Cast) -> None:
    favourite = favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    assert (favourite.person, favourite.item, favourite.created_at) == (cast.requester, cast.gloves, NOW)
    assert list(Favourite.objects.visible_to(cast.requester)) == [favourite]
    assert list(Favourite.objects.visible_to(cast.colleague)) == []


def test_add_twice_keeps_it_once(cast: Cast) -> None:
    first = favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    second = favourites.add(item=cast.gloves, by=cast.requester, at=NOW + timedelta(days=1))
    assert second == first
    assert Favourite.objects.get().created_at == NOW


def test_add_shows_the_latest_first(cast: Cast) -> None:
    favourites.add(item=cast.gown, by=cast.requester, at=NOW)
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW + timedelta(minutes=1))
    assert numbers(cast) == ["104412", "104600"]


@pytest.mark.parametrize("status", [ItemStatus.PROPOSED, ItemStatus.ASSESSED, ItemStatus.RETIRED])
def test_add_what_the_catalogue_does_not_show_is_refused(cast: Cast, status: ItemStatus) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=status)
    with pytest.raises(ItemNotInCatalogue):
        favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    assert not Favourite.objects.exists()


def test_add_past_the_most_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(favourites, "MOST_FAVOURITES", 2)
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    favourites.add(item=cast.gown, by=cast.requester, at=NOW)
    with pytest.raises(favourites.TooManyFavourites):
        favourites.add(item=cast.chair, by=cast.requester, at=NOW)
    assert favourites.add(item=cast.gown, by=cast.requester, at=NOW).item == cast.gown
    assert favourites.add(item=cast.chair, by=cast.colleague, at=NOW).item == cast.chair


def test_add_and_remove_leave_no_trail(cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    favourites.remove(item=cast.gloves, by=cast.requester)
    assert not Entry.objects.exists()


def test_remove_lets_go_of_her_own_only_and_does_no_harm_twice(cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    favourites.add(item=cast.gloves, by=cast.colleague, at=NOW)
    assert favourites.remove(item=cast.gloves, by=cast.requester)
    assert not favourites.remove(item=cast.gloves, by=cast.requester)
    assert [favourite.person for favourite in Favourite.objects.all()] == [cast.colleague]


def test_remove_of_what_has_left_the_catalogue(cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)
    assert favourites.remove(item=cast.gloves, by=cast.requester)


def test_database_keeps_an_item_once_for_each_person(cast: Cast) -> None:
    favourite = favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    with pytest.raises(IntegrityError, match="favourite_unique"), transaction.atomic():
        Favourite.objects.create(person=favourite.person, item=favourite.item, created_at=NOW)


def test_list_tells_price_and_what_replaces_what_has_left(cast: Cast) -> None:
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    favourites.add(item=cast.gown, by=cast.requester, at=NOW + timedelta(minutes=1))
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    gown, gloves = favourites_of(cast.requester, day=TODAY, department_id=cast.ward.pk)
    assert (gown.is_gone, gown.can_be_added) == (True, False)
    assert gown.replacement is not None
    assert gown.replacement.to_item == cast.gloves
    assert (gloves.is_gone, gloves.can_be_added, gloves.replacement) == (False, True, None)
    assert gloves.price is not None
    assert str(gloves.price.unit_price) == "58.0000"


def test_list_uses_the_same_queries_for_one_and_for_forty(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            favourites_of(cast.requester, day=TODAY, department_id=cast.ward.pk)
        return len(captured)

    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    few = queries()
    for number in range(40):
        thing = item(f"3{number:05d}", f"Sak {number}", cast.office, unit="st")
        favourites.add(item=thing, by=cast.requester, at=NOW)
    assert queries() == few == 2


def test_add_a_blocked_item_keeps_it_without_offering_it(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad")
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    (favourite,) = favourites_of(cast.requester, day=TODAY, department_id=cast.ward.pk)
    assert (favourite.is_gone, favourite.can_be_added) == (False, False)
