"""
In which capacities a person acts today: her roles, her categories, and for whom she acts by delegation.

Separation of duties looks at the person acting, at the moment of the act. Each kind of fact is one query, asked when
it is first needed, once per person object and day; a person object lives no longer than a request.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import models

from categories.models import CategoryAssignment
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
        delegations = Delegation.objects.filter(delegate=self.person, valid_during__contains=self.day)
        return {each.delegator_id: each.delegator for each in delegations.select_related("delegator")}

    @property
    def manages(self) -> frozenset[int]:
        """Ids of categories that she is manager of."""
        return self._posts[0]

    @property
    def deputises(self) -> dict[int, User]:
        """Managers, who are away, by the id of the category that she is deputy for."""
        return self._posts[1]

    @cached_property
    def _posts(self) -> tuple[frozenset[int], dict[int, User]]:
        away = Absence.objects.filter(user=models.OuterRef("manager"), during__contains=self.day)
        posts = list(
            CategoryAssignment.objects.filter(
                models.Q(manager=self.person) | models.Q(deputy=self.person), valid_during__contains=self.day
            )
            .select_related("manager")
            .annotate(is_away=models.Exists(away))
        )
        hers = self.person.pk
        return (
            frozenset(post.category_id for post in posts if post.manager_id == hers),
            {post.category_id: post.manager for post in posts if post.deputy_id == hers and post.is_away},
        )


def standing_on(user: User, day: date) -> Standing:
    """Give the person's standing that day."""
    known: dict[date, Standing] = user.__dict__.setdefault("_standing_on", {})
    return known.setdefault(day, Standing(user, day))
