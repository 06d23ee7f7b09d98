"""The list that a department shares: who sees and keeps it, its order, two who fill it at once, mergers."""

import pytest

from audit.models import Entry
from catalog.models import DepartmentFavourite, Item
from catalog.operations import department_favourites as shared
from catalog.permissions import ItemNotInCatalogue, ListIsForThoseWhoOrder
from catalog.states import ItemStatus
from organizations.models import Department
from procurement.operations.departments import merge_departments
from tests.cast import NOW, TODAY, Cast
from tests.races import race


def put(cast: Cast, *items: Item) -> None:
    for each in items:
        shared.add(item=each, department=cast.ward, by=cast.requester, at=NOW)


def numbers(department: Department) -> list[str]:
    rows = DepartmentFavourite.objects.filter(department=department).in_order()
    return list(rows.values_list("item__number", flat=True))


def test_add_puts_it_last_once_and_says_so(cast: Cast) -> None:
    put(cast, cast.gown, cast.gloves, cast.gown)
    assert numbers(cast.ward) == ["104600", "104412"]
    entries = Entry.objects.about(cast.ward).order_by("pk")
    assert [(entry.event, entry.details["item"]) for entry in entries] == [
        ("department_favourite.added", cast.gown.swedish_name),
        ("department_favourite.added", cast.gloves.swedish_name),
    ]


@pytest.mark.parametrize(
    ("who", "count"), [("colleague", 1), ("budget_holder", 1), ("stranger", 0), ("manager", 0)]
)
def test_those_with_a_role_in_the_department_see_it(cast: Cast, who: str, count: int) -> None:
    put(cast, cast.gloves)
    assert DepartmentFavourite.objects.visible_to(getattr(cast, who), TODAY).count() == count


@pytest.mark.parametrize("who", ["stranger", "budget_holder", "manager", "auditor", "administrator"])
def test_nobody_but_those_who_order_there_keeps_it(cast: Cast, who: str) -> None:
    put(cast, cast.gloves, cast.gown)
    by = getattr(cast, who)
    for act in (
        lambda: shared.add(item=cast.chair, department=cast.ward, by=by, at=NOW),
        lambda: shared.remove(item=cast.gloves, department=cast.ward, by=by, at=NOW),
        lambda: shared.move(item=cast.gown, department=cast.ward, is_up=True, by=by, at=NOW),
    ):
        with pytest.raises(ListIsForThoseWhoOrder):
            act()
    assert numbers(cast.ward) == ["104412", "104600"]


def test_nobody_keeps_the_list_of_a_closed_department(cast: Cast) -> None:
    cast.ward.closed_date = TODAY
    cast.ward.save()
    with pytest.raises(ListIsForThoseWhoOrder):
        put(cast, cast.gloves)


def test_add_of_what_the_catalogue_does_not_show_or_too_many_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    with pytest.raises(ItemNotInCatalogue):
        put(cast, cast.gown)
    monkeypatch.setattr(shared, "MOST_SHARED", 1)
    put(cast, cast.gloves)
    with pytest.raises(shared.TooManyShared):
        put(cast, cast.chair)


def test_move_changes_places_and_stops_at_the_ends(cast: Cast) -> None:
    put(cast, cast.gown, cast.gloves, cast.chair)
    first = numbers(cast.ward)
    shared.move(item=cast.chair, department=cast.ward, is_up=True, by=cast.colleague, at=NOW)
    assert numbers(cast.ward) == [first[0], first[2], first[1]]
    shared.move(item=cast.chair, department=cast.ward, is_up=True, by=cast.colleague, at=NOW)
    shared.move(item=cast.chair, department=cast.ward, is_up=True, by=cast.colleague, at=NOW)
    assert numbers(cast.ward) == [first[2], first[0], first[1]]
    shared.move(item=cast.chair, department=cast.ward, is_up=False, by=cast.colleague, at=NOW)
    assert numbers(cast.ward) == [first[0], first[2], first[1]]
    shared.remove(item=cast.chair, department=cast.ward, by=cast.requester, at=NOW)
    with pytest.raises(shared.NotOnTheList):
        shared.move(item=cast.chair, department=cast.ward, is_up=False, by=cast.colleague, at=NOW)
    assert not shared.remove(item=cast.chair, department=cast.ward, by=cast.requester, at=NOW)
    assert Entry.objects.filter(event="department_favourite.moved").count() == 3


def test_merge_puts_the_list_after_the_others_each_item_once(cast: Cast) -> None:
    put(cast, cast.gown, cast.gloves)
    shared.add(item=cast.gloves, department=cast.home, by=cast.stranger, at=NOW)
    merge_departments(department=cast.ward, into=cast.home, by=cast.administrator, at=NOW)
    assert numbers(cast.home) == ["104412", "104600"]
    assert numbers(cast.ward) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_fill_the_list_at_once_put_each_item_there_once(cast: Cast) -> None:
    items = [cast.gloves, cast.gown, cast.gloves, cast.chair]
    people = [cast.requester, cast.colleague, cast.colleague, cast.requester]
    race(
        *[
            lambda item=item, by=by: shared.add(item=item, department=cast.ward, by=by, at=NOW)
            for item, by in zip(items, people, strict=True)
        ]
    )
    assert sorted(numbers(cast.ward)) == sorted({"104412", "104600", cast.chair.number})
    places = DepartmentFavourite.objects.values_list("position", flat=True)
    assert len(set(places)) == 3
