"""
Who answers for categories on a day, and who may not decide for whom: what routing needs to know, read at once.

Routing is asked here when a requisition is planned and again when what waits is moved, so both give the same answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import Range

from categories.delegations import delegations_on
from categories.models import Category, CategoryAssignment, CategoryPolicy
from core.compiled import compiled_once
from core.periods import last_day
from organizations.models import Absence, Delegation, Membership, Role, User
from procurement.routing import Person, Post, Route, route


@dataclass
class Posts:
    """The posts of some categories: three queries, and one more when the heads of procurement are asked for."""

    posts: dict[int, Post]
    policies: dict[int, CategoryPolicy]
    conflicts: Mapping[int, frozenset[int]]
    """Ids of those who may not decide for each requester: herself, and whoever acts for her by delegation."""
    day: date
    people: dict[int, User]
    """Those named in posts, and the heads once they are asked for, by id."""

    @classmethod
    def read(cls, requester_ids: Iterable[int], categories: Iterable[Category], *, day: date) -> "Posts":
        """Read what is so that day for these requesters and categories."""
        ids = list({ancestor for category in categories for ancestor in category.lineage})
        assignments: list[Any] = _assignments(ids, day)
        conflicts: dict[int, set[int]] = defaultdict(set)
        requesters = set(requester_ids)
        for each in _delegations(list(requesters), day):
            conflicts[each.delegator_id].add(each.delegate_id)
        return cls(
            posts={
                each.category_id: Post(
                    category=each.category.name,
                    category_en=each.category.name_en,
                    manager=_person(each.manager, each.manager_away),
                    deputy=_person(each.deputy, each.deputy_away) if each.deputy else None,
                )
                for each in assignments
            },
            policies={policy.category_id: policy for policy in _policies(ids, day)},
            conflicts={pk: frozenset({pk, *conflicts[pk]}) for pk in requesters},
            day=day,
            people={
                person.pk: person for each in assignments for person in (each.manager, each.deputy) if person
            },
        )

    @cached_property
    def heads(self) -> list[Person]:
        """Heads of procurement."""
        heads = list(
            Membership.objects.on(self.day)
            .filter(role=Role.HEAD_OF_PROCUREMENT)
            .select_related("user")
            .annotate(user_away=_absence_of("user", self.day))
        )
        self.people |= {each.user_id: each.user for each in heads}
        return [_person(each.user, each.user_away) for each in heads]  # type: ignore[attr-defined]

    def route_for(self, category: Category | None, *, requester_id: int) -> Route | None:
        """Find who answers for a line of this category that this person asked for."""
        lineage = reversed(category.lineage) if category else []
        posts = [self.posts[ancestor] for ancestor in lineage if ancestor in self.posts]
        name = category.name if category else None
        in_conflict = self.conflicts[requester_id]
        found = route(category=name, posts=posts, heads=(), in_conflict=in_conflict) or route(
            category=name, posts=posts, heads=self.heads, in_conflict=in_conflict
        )
        if found and found.facts and category:
            found = Route(found.responsible, found.rule, {**found.facts, "own_en": category.name_en})
        return found

    def policy_for(self, category: Category | None) -> CategoryPolicy | None:
        """The policy of the category, or of the nearest above it."""
        lineage = reversed(category.lineage) if category else []
        return next((self.policies[ancestor] for ancestor in lineage if ancestor in self.policies), None)

    def may_approve_for(self, person: User, *, requester_id: int) -> bool:
        """Whether a standing approval in this person's name may decide what the requester asks for."""
        return person.is_active and person.pk not in self.conflicts[requester_id]


@compiled_once
def _assignments(categories: list[int], day: date) -> models.QuerySet[CategoryAssignment]:
    return (
        CategoryAssignment.objects.filter(category__among=categories, valid_during__contains=day)
        .select_related("category", "manager", "deputy")
        .annotate(manager_away=_absence_of("manager", day), deputy_away=_absence_of("deputy", day))
    )


@compiled_once
def _policies(categories: list[int], day: date) -> models.QuerySet[CategoryPolicy]:
    return CategoryPolicy.objects.filter(
        category__among=categories, valid_during__contains=day
    ).select_related("set_by")


@compiled_once
def _delegations(delegators: list[int], day: date) -> models.QuerySet[Delegation]:
    return delegations_on(day).filter(delegator__among=delegators)


def _absence_of(user: str, day: date) -> models.Subquery:
    """When the person named by this path is away, if she is that day."""
    return models.Subquery(Absence.objects.on(day).filter(user=models.OuterRef(user)).values("during")[:1])


def _person(user: User, away: object) -> Person:
    until = last_day(away) if isinstance(away, Range) else None
    return Person(user.pk, user.full_name, until, has_left=not user.is_active)
