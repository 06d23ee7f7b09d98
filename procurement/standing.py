"""
In which capacities a person acts today: her roles, her categories, and for whom she acts by delegation.

Separation of duties looks at the person acting, at the moment of the act. Her roles are one query, her posts and those
she acts for another, asked when first needed, once per person object and day; a person object lives no longer than a
request.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from categories.delegations import delegations_on
from categories.models import CategoryAssignment
from core.compiled import compiled_once
from organizations.models import Absence, DelegationScope, User
from organizations.models.roles import COVERING
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

    @property
    def acts_for(self) -> dict[int, User]:
        """Delegators by id, whatever they have delegated."""
        return {each.pk: each for each in self._others if each.delegated}

    @property
    def decides_for(self) -> dict[int, User]:
        """Those who have delegated their decisions, by id."""
        return self._delegators_of(DelegationScope.DECISIONS)

    @property
    def attests_for(self) -> dict[int, User]:
        """Those who have delegated their attests, by id."""
        return self._delegators_of(DelegationScope.ATTESTS)

    def _delegators_of(self, right: DelegationScope) -> dict[int, User]:
        scopes = COVERING[right]
        return {each.pk: each for each in self._others if not set(scopes).isdisjoint(each.delegated)}

    @property
    def manages(self) -> frozenset[int]:
        """Ids of categories that she is manager of."""
        return frozenset(pk for each in self._people if each.pk == self.person.pk for pk in each.posts)

    @property
    def deputises(self) -> dict[int, User]:
        """Managers, who are away or have left, by the id of the category that she is deputy for."""
        return {pk: each for each in self._others if each.is_away for pk in each.posts}

    @property
    def deputy_of(self) -> frozenset[int]:
        """Ids of categories that she is deputy for, whether or not the manager is at work."""
        return frozenset(pk for each in self._others for pk in each.posts)

    @property
    def _others(self) -> list[Any]:
        return [each for each in self._people if each.pk != self.person.pk]

    @cached_property
    def _people(self) -> list[Any]:
        return _people(self.person.pk, self.day)


@compiled_once
def _people(person: int, day: date) -> models.QuerySet[User]:
    """
    The person, those who have delegated to her, and the managers whose deputy she is.

    ``posts`` are ids of the categories that one of them is manager of, and where she is manager or deputy; ``delegated`` the
    scopes of what one of them has delegated to her.
    """
    delegations = delegations_on(day).filter(delegate=person).order_by()
    shared = CategoryAssignment.objects.filter(
        models.Q(manager=person) | models.Q(deputy=person), valid_during__contains=day
    ).order_by()
    is_away = models.Q(models.Exists(Absence.objects.on(day).filter(user=models.OuterRef("pk")))) | models.Q(
        is_active=False
    )
    return User.objects.filter(
        pk__in=User.objects.filter(pk=person)
        .values("pk")
        .union(delegations.values("delegator"), shared.values("manager"))
    ).annotate(
        posts=ArraySubquery(shared.filter(manager=models.OuterRef("pk")).values("category")),
        delegated=ArraySubquery(delegations.filter(delegator=models.OuterRef("pk")).values("scope")),
        is_away=models.ExpressionWrapper(is_away, output_field=models.BooleanField()),
    )


def standing_on(user: User, day: date) -> Standing:
    """Give the person's standing that day."""
    standing: Standing = user.remembered.setdefault((Standing, day), Standing(user, day))
    return standing


def remember_standing(user: User, day: date, people: list[User]) -> None:
    """
    Keep on the person what has been read of her posts already, or is supposed of them.

    :param people: she herself, delegators and managers, each with ``posts``, ``delegated`` and ``is_away``.
    """
    standing = Standing(user, day)
    vars(standing)["_people"] = people
    user.remembered[Standing, day] = standing
