"""Coming in through the directory and being told of by it: one mechanism, and one answer."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from organizations.models import Role, User
from organizations.operations.directories import AccountIsOver, Arrival
from procurement.models import BudgetAttest
from provisioning.operations.arrivals import come_in
from tests import worlds
from tests.cast import NOW, Cast, membership, person
from tests.provisioning.directories import REGION, Directory, gives, roles, told


def arrival(email: str, *groups: str) -> Arrival:
    return Arrival(REGION, f"sub-{email}", email, "Ulla", "Ek", groups)


def test_work_of_a_mover_goes_on_when_she_signs_in(cast: Cast) -> None:
    gives("Attest", Role.BUDGET_HOLDER, cast.ward, "300000")
    boss, other = (person(name, name, "Chef") for name in ("ulla", "bo"))
    come_in(arrival=arrival(boss.email, "Attest"), may_create=False, at=NOW)
    cast.budget_holder.memberships.all().delete()
    membership(other, Role.BUDGET_HOLDER, cast.ward, "400000")
    worlds.submitted(cast, (cast.gloves, 300))
    assert BudgetAttest.objects.get().responsible == boss
    come_in(arrival=arrival(boss.email), may_create=False, at=NOW + timedelta(hours=1))
    assert BudgetAttest.objects.get().responsible == other


def test_directory_that_tells_of_groups_is_believed_whatever_it_says_at_the_door(
    cast: Cast, directory: Directory
) -> None:
    gives("Hemse", Role.REQUESTER, cast.home)
    gives("Ekonomi", Role.CONTROLLER)
    number = directory.joins(cast.stranger)
    come_in(arrival=arrival(cast.stranger.email, "Ekonomi"), may_create=False, at=NOW)
    assert ("controller", "") in roles(cast.stranger)
    directory.group("Revision", number)
    assert ("controller", "") not in roles(cast.stranger)
    come_in(arrival=arrival(cast.stranger.email, "Ekonomi"), may_create=False, at=NOW)
    assert ("controller", "") not in roles(cast.stranger)


def test_account_that_the_directory_closed_is_not_opened_by_signing_in(
    cast: Cast, directory: Directory
) -> None:
    come_in(arrival=arrival(cast.requester.email), may_create=True, at=NOW)
    number = directory.joins(cast.requester)
    directory.ask("DELETE", f"/Users/{number}")
    with pytest.raises(AccountIsOver):
        come_in(arrival=arrival(cast.requester.email), may_create=True, at=NOW)


def test_whom_a_directory_has_told_of_is_not_invited_where_she_comes_in_through_it(
    directory: Directory, settings: Settings
) -> None:
    """Seven thousand people from the directory are no list of people to send passwords to."""
    email = "ny@gotland.example"
    directory.ask("POST", "/Users", told(email, "Ny", "Anställd"))
    assert User.objects.without_way_in().filter(email=email).exists()
    door = {"provider_id": REGION, "name": "Region Gotland", "settings": {}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [door]}}
    assert not User.objects.without_way_in().filter(email=email).exists()
    door["provider_id"] = "annan"
    assert User.objects.without_way_in().filter(email=email).exists()
