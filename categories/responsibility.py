"""Who answers for each category on a day: her own post, or the nearest above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models

from categories.models import Category, CategoryAssignment
from core.compiled import compiled_once
from core.periods import last_day
from organizations.models import Absence


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The post that a category has that day; ``is_inherited`` when it stands above."""

    category: Category
    post: CategoryAssignment | None
    is_inherited: bool = False
    away_through: date | None = None
    """The manager's last day of absence, when she is away."""

    @property
    def depth(self) -> int:
        """How far below the roots, 0 for a root."""
        return len(self.category.lineage) - 1

    @property
    def is_orphan(self) -> bool:
        """Whether nobody answers for it."""
        return self.post is None


def posts_on(day: date, category_ids: Iterable[int] | None = None) -> dict[int, CategoryAssignment]:
    """Assignments in force that day by category id, with manager, deputy and the manager's absence; one query."""
    posts = _posts(day) if category_ids is None else _posts_of(list(category_ids), day)
    return {post.category_id: post for post in posts}


def _in_force(day: date) -> models.QuerySet[CategoryAssignment]:
    absences = Absence.objects.filter(user=models.OuterRef("manager"), during__contains=day).values("during")[
        :1
    ]
    posts = CategoryAssignment.objects.filter(valid_during__contains=day).select_related("manager", "deputy")
    return posts.annotate(away_during=models.Subquery(absences))


@compiled_once
def _posts(day: date) -> models.QuerySet[CategoryAssignment]:
    return _in_force(day)


@compiled_once
def _posts_of(categories: list[int], day: date) -> models.QuerySet[CategoryAssignment]:
    return _in_force(day).filter(category__among=categories)


def responsibility_for(category: Category, posts: Mapping[int, CategoryAssignment]) -> Responsibility:
    """Find the nearest post, the category's own first."""
    for category_id in reversed(category.lineage):
        post = posts.get(category_id)
        if post is not None:
            absence = getattr(post, "away_during", None)
            return Responsibility(
                category=category,
                post=post,
                is_inherited=category_id != category.pk,
                away_through=last_day(absence) if absence is not None else None,
            )
    return Responsibility(category=category, post=None)
