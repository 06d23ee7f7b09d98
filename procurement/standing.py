"""
In which capacities a person acts today: her roles, her categories, and for whom she acts by delegation.

Separation of duties looks at the person acting, at the moment of the act. These facts are read once per person
object and day, three queries whatever the number of lines, and a person object lives no longer than a request.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import models

from categories.models import CategoryAssignment
from organizations.models import Absence, Delegation, User
from organizations.permissions import Roles, roles_on


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may act as on one day."""

    roles: Roles
    acts_for: dict[int, User] = field(default_factory=dict)
    """Delegators by id."""
    manages: frozenset[int] = frozenset()
    """Ids of categories that she is manager of."""
    deputises: dict[int, User] = field(default_factory=dict)
    """Managers, who are away, by the id of the category that she is deputy for."""


def standing_on(user: User, day: date) -> Standing:
    """Read the person's standing that day."""
    known: dict[date, Standing] = user.__dict__.setdefault("_standing_on", {})
    if day not in known:
        delegations = Delegation.objects.filter(delegate=user, valid_during__contains=day).select_related(
            "delegator"
        )
        assignments = (
            CategoryAssignment.objects.filter(
                models.Q(manager=user) | models.Q(deputy=user), valid_during__contains=day
            )
            .select_related("manager")
            .annotate(
                is_away=models.Exists(
                    Absence.objects.filter(user=models.OuterRef("manager"), during__contains=day)
                )
            )
        )
        posts = list(assignments)
        known[day] = Standing(
            roles=roles_on(user, day),
            acts_for={delegation.delegator_id: delegation.delegator for delegation in delegations},
            manages=frozenset(post.category_id for post in posts if post.manager_id == user.pk),
            deputises={
                post.category_id: post.manager for post in posts if post.deputy_id == user.pk and post.is_away
            },
        )
    return known[day]
