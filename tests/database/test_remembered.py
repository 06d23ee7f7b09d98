"""A world is built once, and again where something else was written before it."""

from collections.abc import Callable

import pytest
from django.db import transaction

from organizations.models import DeliveryPlace, Department
from tests import worlds
from tests.cast import NOW, Cast
from tests.database.world_cache import remembered
from tests.pages import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

built: list[str] = []


@remembered
def place(cast: Cast, name: str, *, of: Department) -> DeliveryPlace:
    """A place that counts how often it is built."""
    built.append(name)
    address = {"street": "Sjukhusgatan 1", "postcode": "621 55", "city": "Visby"}
    return DeliveryPlace.objects.create(department=of, name=name, **address)


def in_a_test(cast: Cast, name: str, before: Callable[[], object]) -> DeliveryPlace:
    """Ask for the world as a test does, in a transaction that is taken back."""
    with transaction.atomic():
        before()
        delivery_place = place(cast, name, of=cast.ward)
        assert DeliveryPlace.objects.get(pk=delivery_place.pk).name == delivery_place.name == name
        assert delivery_place.department == cast.ward
        transaction.set_rollback(True)
    return delivery_place


def nothing() -> None:
    """Write nothing."""


@pytest.mark.parametrize(
    ("what", "before", "times"),
    [
        ("nothing", lambda _cast: None, 1),
        ("a session", lambda cast: signed_in(cast.requester), 1),
        ("a world", worlds.basket, 2),
        ("a row", lambda cast: Department.objects.filter(pk=cast.ward.pk).update(name="Ny"), 3),
    ],
)
def test_a_world_is_built_again_only_where_something_else_is_there(
    cast: Cast, what: str, before: Callable[[Cast], object], times: int
) -> None:
    built.clear()
    first = in_a_test(cast, what, nothing)
    later = [in_a_test(cast, what, lambda: before(cast)) for _time in range(2)]
    assert len(built) == times
    if times == 1:
        assert {each.pk for each in later} == {first.pk}


def test_a_world_that_stands_on_another_is_not_the_same_as_one_that_stands_alone(cast: Cast) -> None:
    alone = worlds.submitted(cast)
    assert alone.submitted_at == NOW
    with transaction.atomic():
        worlds.basket(cast, (cast.gown, 1))
        both = worlds.submitted(cast)
        assert both.lines.count() == 2
        transaction.set_rollback(True)
