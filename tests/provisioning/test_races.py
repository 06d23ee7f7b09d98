"""The same message twice at once, and a message while an administrator acts on a page."""

from functools import partial

import pytest
from django.utils import timezone

from organizations.models import Membership, ProvisionedMember, ProvisionedPerson, Role, User
from organizations.operations.directories import Arrival
from procurement.operations.leaving import leave
from provisioning.operations.arrivals import come_in
from provisioning.operations.groups import add_group, change_group
from provisioning.operations.keys import create_directory_key
from provisioning.operations.people import add_person, change_person
from provisioning.payloads import GroupFacts, PersonFacts
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.provisioning.directories import gives
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


def told(email: str, *, is_active: bool = True) -> PersonFacts:
    return PersonFacts(email, "", "Ny", "Anställd", "", "", email, [{"value": email}], is_active, "", "")


def test_the_same_person_at_once_is_one(cast: Cast) -> None:
    key, _text = create_directory_key(name="x", directory="region", days=9, by=None, at=NOW)
    for email in ("ny@gotland.example", cast.requester.email):
        outcomes = race(*[partial(add_person, facts=told(email), key=key, at=NOW)] * 3)
        assert sorted(type(each).__name__ for each in outcomes) == [
            "AlreadyThere",
            "AlreadyThere",
            "ProvisionedPerson",
        ]
        assert User.objects.filter(email=email).count() == 1
        assert ProvisionedPerson.objects.filter(user__email=email).count() == 1


def test_she_leaves_in_the_directory_and_on_the_page_at_once(cast: Cast) -> None:
    key, _text = create_directory_key(name="x", directory="region", days=9, by=None, at=NOW)
    row = add_person(facts=told(cast.manager.email), key=key, at=NOW)
    line = worlds.line(cast)
    outcomes = race(
        partial(
            change_person,
            number=row.number,
            change=lambda _row: told(cast.manager.email, is_active=False),
            version=None,
            key=key,
            at=NOW,
        ),
        partial(leave, user=cast.manager, successor=cast.deputy, by=cast.administrator, at=NOW),
    )
    assert type(outcomes[0]).__name__ == "ProvisionedPerson"
    assert type(outcomes[1]).__name__ in ("User", "NothingToEnd")
    line.refresh_from_db()
    assert line.responsible == cast.deputy
    assert not User.objects.get(pk=cast.manager.pk).is_active


def test_two_changes_of_a_group_at_once_are_both_made(cast: Cast) -> None:
    key, _text = create_directory_key(name="x", directory="region", days=9, by=None, at=NOW)
    gives("Hemse", Role.REQUESTER, cast.home)
    gives("Visby", Role.REQUESTER, cast.home)
    people = [add_person(facts=told(each.email), key=key, at=NOW) for each in (cast.controller, cast.auditor)]
    group = add_group(facts=GroupFacts("Hemse", "", frozenset()), key=key, at=timezone.now())
    other = add_group(
        facts=GroupFacts("Visby", "", frozenset(each.number for each in people)), key=key, at=NOW
    )

    def put_in(person: ProvisionedPerson, before: GroupFacts) -> GroupFacts:
        return GroupFacts(before.name, before.external_id, before.members | {person.number})

    outcomes = race(
        *[
            partial(
                change_group, number=group.number, change=partial(put_in, each), version=None, key=key, at=NOW
            )
            for each in people
        ],
        partial(
            change_group,
            number=other.number,
            change=lambda before: GroupFacts(before.name, "", frozenset()),
            version=None,
            key=key,
            at=NOW,
        ),
    )
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert ProvisionedMember.objects.filter(group=group).count() == 2
    memberships = Membership.objects.on(TODAY).filter(department=cast.home, directory="region")
    assert memberships.count() == 2


@pytest.mark.parametrize("is_known", [True, False])
def test_who_signs_in_twice_at_once_for_the_first_time_comes_in_twice(cast: Cast, *, is_known: bool) -> None:
    """Two tabs, or a double click in the directory: she is not told that her own address is another's."""
    email = cast.requester.email if is_known else "ny@gotland.example"
    arrival = Arrival("region", "4711", email, "Ny", "Anställd", None)
    outcomes = race(*[partial(come_in, arrival=arrival, may_create=True, at=NOW)] * 3)
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    assert len({each.pk for each in outcomes}) == 1
    assert User.objects.filter(email=email).count() == 1
