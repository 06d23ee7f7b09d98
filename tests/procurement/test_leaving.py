"""A person leaves: one act ends all that she held, and what waited for her is with somebody who can act."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from categories.models import CategoryAssignment
from categories.responsibility import posts_on
from office.rules import breaches
from organizations.models import ApiToken, Delegation, Membership, Session
from organizations.operations.api_tokens import create_token
from procurement.operations.leaving import PersonHasLeft, SucceededByHerself, leave
from procurement.states import UNDECIDED
from tests.cast import NOW, TODAY, Cast, delegation
from tests.worlds import basket, submitted


def test_posts_and_queue_go_to_the_successor(cast: Cast) -> None:
    requisition = submitted(cast, (cast.gloves, 2))
    leave(user=cast.manager, successor=cast.office_deputy, by=cast.administrator, at=NOW)
    post = posts_on(TODAY)[cast.medical.pk]
    assert (post.manager, post.deputy) == (cast.office_deputy, cast.deputy)
    assert posts_on(TODAY - timedelta(days=1))[cast.medical.pk].manager == cast.manager
    line = requisition.lines.get()
    assert (line.responsible, line.status in UNDECIDED) == (cast.office_deputy, True)


def test_nobody_is_deputy_for_herself(cast: Cast) -> None:
    leave(user=cast.manager, successor=cast.deputy, by=cast.administrator, at=NOW)
    post = posts_on(TODAY)[cast.medical.pk]
    assert (post.manager, post.deputy) == (cast.deputy, None)


def test_all_that_an_account_held_ends(cast: Cast) -> None:
    create_token(user=cast.manager, name="Ekonomi", days=10, scope="read", by=cast.manager, at=NOW)  # type: ignore[arg-type]
    Session.objects.create(
        session_key="x" * 32, session_data="", expire_date=NOW + timedelta(1), person=cast.manager
    )
    delegation(cast.manager, cast.office_deputy, valid_during=DateRange(TODAY, TODAY + timedelta(days=5)))
    leave(user=cast.manager, successor=cast.deputy, by=cast.head, at=NOW)
    cast.manager.refresh_from_db()
    assert not cast.manager.is_active
    assert not ApiToken.objects.filter(user=cast.manager).exists()
    assert not Session.objects.filter(person=cast.manager).exists()
    assert not Delegation.objects.standing().filter(delegator=cast.manager).exists()
    assert not CategoryAssignment.objects.held_by(cast.manager, TODAY).exists()


def test_roles_end_and_baskets_go_along(cast: Cast) -> None:
    own_basket = basket(cast, (cast.gloves, 2))
    leave(user=cast.requester, successor=cast.colleague, by=cast.administrator, at=NOW)
    own_basket.refresh_from_db()
    assert own_basket.requester == cast.colleague
    assert not Membership.objects.on(TODAY).filter(user=cast.requester).exists()
    assert Membership.objects.on(TODAY - timedelta(days=1)).filter(user=cast.requester).exists()


def test_what_she_asked_for_on_her_last_day_breaks_no_rule(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 2))
    leave(user=cast.requester, successor=None, by=cast.administrator, at=NOW)
    assert breaches(NOW) == []


def test_the_successor_is_somebody_else_who_is_there(cast: Cast) -> None:
    with pytest.raises(SucceededByHerself):
        leave(user=cast.manager, successor=cast.manager, by=cast.administrator, at=NOW)
    leave(user=cast.deputy, successor=cast.manager, by=cast.administrator, at=NOW)
    with pytest.raises(PersonHasLeft):
        leave(user=cast.manager, successor=cast.deputy, by=cast.administrator, at=NOW)
