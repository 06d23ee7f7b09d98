"""Open and close the account of a person whom a directory tells of, inside the operation that it told for."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from audit import trail
from audit.trail import Actor
from core.addresses import place
from notices.operations.telling import News, tell
from organizations.events import Event
from organizations.models import Membership, ProvisionedGroup, Role, User
from organizations.operations.following import follow_groups
from procurement.operations.rerouting import move_waiting
from procurement.operations.succession import UnplacedWork, succeed
from provisioning.notices import LEFT_BEHIND
from provisioning.permissions import administrators_on


def close(user: User, *, by: Actor, at: datetime) -> None:
    """
    Close an account: she is signed out at once, and her work is placed by rule, since a directory names no successor.

    What nobody can take is told to the administrators, or to the heads of procurement when none is left.
    """
    user.is_active = False
    user.save(update_fields=["is_active"])
    trail.record(Event.ACCOUNT_CLOSED, subject=user, by=by, at=at)
    if leftovers := succeed(user, by=by, at=at):
        tell(_news(leftovers, user, at), by=by, at=at)


def _news(leftovers: UnplacedWork, user: User, at: datetime) -> Sequence[News]:
    facts = {
        "person": user.full_name,
        "categories": list(leftovers.categories),
        "lines": leftovers.lines,
        "attests": leftovers.attests,
        "baskets": leftovers.baskets,
    }
    day = timezone.localdate(at)
    people = administrators_on(day) or sorted(Membership.objects.holders([Role.HEAD_OF_PROCUREMENT], day))
    return [News(person, LEFT_BEHIND, place("readiness"), facts) for person in people]


def reopen(user: User, directory: str, *, by: Actor, at: datetime) -> None:
    """Open an account again: she has the roles that her groups give, and none of those that she had before."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    trail.record(Event.ACCOUNT_OPENED, subject=user, by=by, at=at)
    groups = ProvisionedGroup.objects.names_for(directory, user) or []
    if follow_groups({user.pk: groups}, directory, by=by, at=at):
        move_waiting(by=by, at=at)
