"""
In which capacities a person acts today: her roles, her categories, and for whom she acts by delegation.

Separation of duties looks at the person acting, at the moment of the act. Each kind of fact is one query, asked when
it is first needed, once per person object and day; a person object lives no longer than a request.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models

from categories.delegations import delegations_on
from categories.models import CategoryAssignment
from core.compiled import compiled_once
from organizations.models import Absence, Delegation, User
from organizations.permissions import Roles, roles_on


@dataclass(frozen=True)
class Standing:
    """What a person may act as on one day."""

    person: User
    day: date

    @cached_property
    def roles(self) -> Roles:
        """Her roles."""
        return roles_on(self.person, self.day)

    @cached_property
    def acts_for(self) -> dict[int, User]:
        """Delegators by id."""
        return {each.delegator_id: each.delegator for each in _delegations(self.person.pk, self.day)}

    @property
    def manages(self) -> frozenset[int]:
        """Ids of categories that she is manager of."""
        return self._posts[0]

    @property
    def deputises(self) -> dict[int, User]:
        """Managers, who are away or have left, by the id of the category that she is deputy for."""
        return self._posts[1]

    @property
    def deputy_of(self) -> frozenset[int]:
        """Ids of categories that she is deputy for, whether or not the manager is at work."""
        return self._posts[2]

    @cached_property
    def _posts(self) -> tuple[frozenset[int], dict[int, User], frozenset[int]]:
        person = self.person.pk
        posts: list[Any] = _posts(person, self.day)
        return (
            frozenset(post.category_id for post in posts if post.manager_id == person),
            {post.category_id: post.manager for post in posts if post.deputy_id == person and post.is_away},
            frozenset(post.category_id for post in posts if post.deputy_id == person),
        )


@compiled_once
def _delegations(to: int, day: date) -> models.QuerySet[Delegation]:
    return delegations_on(day).filter(delegate=to).select_related("delegator")


@compiled_once
def _posts(person: int, day: date) -> models.QuerySet[CategoryAssignment]:
    absences = Absence.objects.on(day).filter(user=models.OuterRef("manager"))
    is_away = models.Q(models.Exists(absences)) | models.Q(manager__is_active=False)
    return (
        CategoryAssignment.objects.filter(
            models.Q(manager=person) | models.Q(deputy=person), valid_during__contains=day
        )
        .select_related("manager")
        .annotate(is_away=models.ExpressionWrapper(is_away, output_field=models.BooleanField()))
    )


def standing_on(user: User, day: date) -> Standing:
    """Give the person's standing that day."""
    known: dict[date, Standing] = user.__dict__.setdefault("_standing_on", {})
    return known.setdefault(day, Standing(user, day))
