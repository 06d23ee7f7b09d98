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

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.postgresql.psycopg_any import Range

from categories.delegations import delegations_on
from categories.models import Category, CategoryPolicy
from core.compiled import compiled_once
from core.periods import last_day
from organizations.models import Absence, Delegation, Membership, Role, User
from procurement.escalation import Lateness, Step
from procurement.routing import Person, Post, Route, escalated, route, route_to_head
from procurement.routing_rules import RoutingRule


@dataclass
class Posts:
    """The posts of some categories: one query, and one more when the heads of procurement are asked for."""

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
        requesters = set(requester_ids)
        rows: list[Any] = _posts(ids, list(requesters), day) if ids else []
        pairs = (
            rows[0].acting
            if rows
            else [(each.delegator_id, each.delegate_id) for each in _delegations(list(requesters), day)]
        )
        conflicts: dict[int, set[int]] = defaultdict(set)
        for delegator, delegate in pairs:
            conflicts[delegator].add(delegate)
        post_rows = [each for each in rows if hasattr(each, "post")]
        return cls(
            posts={
                each.pk: Post(
                    category=each.name,
                    category_en=each.name_en,
                    manager=_person(each.post.manager, each.manager_away),
                    deputy=_person(each.post.deputy, each.deputy_away) if each.post.deputy else None,
                )
                for each in post_rows
            },
            policies={each.pk: each.policy for each in rows if hasattr(each, "policy")},
            conflicts={pk: frozenset({pk, *conflicts[pk]}) for pk in requesters},
            day=day,
            people={
                person.pk: person
                for each in post_rows
                for person in (each.post.manager, each.post.deputy)
                if person
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

    def route_for(
        self,
        category: Category | None,
        *,
        requester_id: int,
        lateness: Lateness | None = None,
        also_in_conflict: frozenset[int] = frozenset(),
    ) -> Route | None:
        """
        Find who answers for a line of this category that this person asked for, however late it is.

        :param also_in_conflict: ids of others who may not decide.
        """
        lineage = reversed(category.lineage) if category else []
        posts = [self.posts[ancestor] for ancestor in lineage if ancestor in self.posts]
        name = category.name if category else None
        in_conflict = self.conflicts[requester_id] | also_in_conflict
        best = route(category=name, posts=posts, heads=(), in_conflict=in_conflict) or route(
            category=name, posts=posts, heads=self.heads, in_conflict=in_conflict
        )
        if best and lateness and lateness.step != Step.ORDINARY and category:
            heads = self.heads if lateness.step == Step.HEAD else ()
            best = escalated(best, lateness, posts=posts, heads=heads, in_conflict=in_conflict)
        if best and best.facts and category:
            best = Route(best.responsible, best.rule, {**best.facts, "own_en": category.name_en})
        return best

    def head_for(
        self, rule: RoutingRule, *, requester_id: int, facts: Mapping[str, Any] | None = None
    ) -> Route | None:
        """Find the head of procurement who decides what this person asked for, by a rule."""
        conflicts = self.conflicts[requester_id]
        return route_to_head(rule, heads=self.heads, in_conflict=conflicts, facts=facts)

    def who_may_decide(
        self, category: Category | None, *, requester_id: int, rule: str = ""
    ) -> dict[int, Person]:
        """
        Whoever may be given a line of this category that this person asked for, by id: at work, and not in conflict.

        They are the managers and deputies of the category and of those above it, and the heads of procurement; these
        alone for a line that is past the limit of direct award (``rule``).
        """
        is_above = category is not None and rule != RoutingRule.DIRECT_AWARD
        lineage = reversed(category.lineage) if category and is_above else []
        posts = [self.posts[ancestor] for ancestor in lineage if ancestor in self.posts]
        holders = [person for post in posts for person in (post.manager, post.deputy) if person]
        in_conflict = self.conflicts[requester_id]
        return {
            person.pk: person
            for person in (*holders, *self.heads)
            if person.is_at_work and person.pk not in in_conflict
        }

    def policy_for(self, category: Category | None) -> CategoryPolicy | None:
        """The policy of the category, or of the nearest above it."""
        lineage = reversed(category.lineage) if category else []
        return next((self.policies[ancestor] for ancestor in lineage if ancestor in self.policies), None)

    def may_approve_for(self, person: User, *, category: Category, requester_id: int) -> bool:
        """
        Whether a standing approval in this person's name may decide what the requester asks for.

        It does so while she could decide it herself: she has a post over the category that day, or is head.
        """
        if not person.is_active or person.pk in self.conflicts[requester_id]:
            return False
        over = [self.posts[ancestor] for ancestor in category.lineage if ancestor in self.posts]
        people = {each.pk for post in over for each in (post.manager, post.deputy) if each is not None}
        return person.pk in people or any(head.pk == person.pk for head in self.heads)


@compiled_once
def _posts(categories: list[int], requesters: list[int], day: date) -> models.QuerySet[Category]:
    """The categories with that day's ``post`` and ``policy``, who is away, and who is ``acting`` for the requesters."""
    return (
        Category.objects.filter(pk__among=categories)
        .annotate(
            post=_in_force("assignments", day),
            policy=_in_force("policies", day),
            manager_away=_absence_of("post__manager", day),
            deputy_away=_absence_of("post__deputy", day),
            acting=ArraySubquery(
                delegations_on(day)
                .filter(delegator__among=requesters)
                .values_list(Pair("delegator", "delegate"))
            ),
        )
        .select_related("post__manager", "post__deputy", "policy__set_by")  # type: ignore[misc]
    )


@compiled_once
def _delegations(delegators: list[int], day: date) -> models.QuerySet[Delegation]:
    return delegations_on(day).filter(delegator__among=delegators)


class Pair(models.Func):
    """Two ids as an array."""

    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(models.BigIntegerField())


def _in_force(relation: str, day: date) -> models.FilteredRelation:
    """The row of the category that holds that day, of which there is at most one."""
    return models.FilteredRelation(relation, condition=models.Q((f"{relation}__valid_during__contains", day)))


def _absence_of(user: str, day: date) -> models.Subquery:
    """When the person named by this path is away, if she is that day."""
    return models.Subquery(Absence.objects.on(day).filter(user=models.OuterRef(user)).values("during")[:1])


def _person(user: User, absence: object) -> Person:
    until = last_day(absence) if isinstance(absence, Range) else None
    return Person(user.pk, user.full_name, until, has_left=not user.is_active)
