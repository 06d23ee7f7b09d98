"""Which delegations are in force, and whether a person has anything to delegate."""

from datetime import date
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from categories.models import CategoryAssignment
from organizations.models import Delegation, DelegationScope, Membership, User
from organizations.models.roles import DELEGABLE, ROLES_OF_SCOPE, DelegationQuerySet


def delegations_on(day: date) -> DelegationQuerySet:
    """
    Delegations in force that day.

    They are accepted, not taken back, and the delegator has something that day which another can do in her place.
    """
    roles = Membership.objects.on(day).filter(user=models.OuterRef("delegator"), role__in=DELEGABLE)
    posts = CategoryAssignment.objects.filter(
        models.Q(manager=models.OuterRef("delegator")) | models.Q(deputy=models.OuterRef("delegator")),
        valid_during__contains=day,
    )
    return Delegation.objects.in_force(day).filter(models.Exists(roles) | models.Exists(posts))


def delegators_of(
    user: User, day: date, right: DelegationScope = DelegationScope.ALL
) -> models.QuerySet[Delegation, Any]:
    """Ids of those for whom the person acts that day: at all, or in their decisions or attests."""
    return delegations_on(day).carrying(right).filter(delegate=user).values("delegator")


def has_something_to_delegate(
    person: User, during: DateRange, scope: DelegationScope = DelegationScope.ALL
) -> bool:
    """Whether the person has a post or a role of that scope on any of these days."""
    roles = Membership.objects.filter(
        user=person, role__in=ROLES_OF_SCOPE[scope], valid_during__overlap=during
    )
    posts = CategoryAssignment.objects.filter(
        models.Q(manager=person) | models.Q(deputy=person), valid_during__overlap=during
    )
    return roles.exists() or (scope != DelegationScope.ATTESTS and posts.exists())
