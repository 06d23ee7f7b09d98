"""
What the rule of direct awards asks for: similar purchases and their limit, by category. One question.

Purchases of other systems are known to apps above this one. Each of those says what a category's come to, and the settings name it
(``SIMILAR_PURCHASES``).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from agreements.models import ThresholdKind
from agreements.thresholds import amount_in_force
from categories.models import Category
from core.clock import start_of
from core.compiled import compiled_once
from core.errors import Names
from core.fields import AmountField
from core.money import ZERO
from organizations.models import Administration
from procurement.direct_award import SimilarPurchases, first_similar_day
from procurement.models import RequisitionLine
from procurement.models.line_questions import RequisitionLineQuerySet
from procurement.states import COMMITTED

Sums = Callable[..., QuerySet[Any, Any]]
"""What purchases of an authority come to in the category of the outer question, from a day through another: ``sum``, one row."""


def similar_purchases(authority: int, categories: Iterable[int], *, day: date) -> dict[int, SimilarPurchases]:
    """What the authority's similar purchases come to that day in each category, and the limit: one question, or none."""
    ids = list(categories)
    if not ids:
        return {}
    since = first_similar_day(day)
    return {
        each.pk: SimilarPurchases(
            Names(each.name, each.name_en or each.name),
            each.outside,  # type: ignore[attr-defined]
            each.limit,  # type: ignore[attr-defined]
        )
        for each in _of_categories(authority, ids, day, since, start_of(since))
    }


def similar_to(line: RequisitionLine, *, day: date) -> SimilarPurchases | None:
    """Those of a line that would be bought under no agreement: two questions. None under one, or without a category."""
    if line.agreement_id is not None or line.category_id is None:
        return None
    administration = line.requisition.department.administration_id
    authority = authorities_of([administration])[administration]
    return similar_purchases(authority, [line.category_id], day=day).get(line.category_id)


def authorities_of(administrations: Iterable[int]) -> dict[int, int]:
    """The authority of each administration."""
    ids = list(set(administrations))
    return {each.pk: each.authority_id for each in _administrations(ids)} if ids else {}


def ordered_outside(*, authority: int, since: datetime) -> RequisitionLineQuerySet:
    """Lines that are approved here under no agreement from a moment on; what will not come is left out by who sums them."""
    return RequisitionLine.objects.filter(
        status__in=COMMITTED,
        approved_agreement=None,
        decided_at__gte=since,
        requisition__department__administration__authority=authority,
    )


@cache
def external_sums() -> list[Sums]:
    """What the apps above know of purchases in other systems."""
    return [import_string(path) for path in settings.SIMILAR_PURCHASES]


@compiled_once
def _of_categories(
    authority: int, categories: list[int], day: date, since: date, since_moment: datetime
) -> QuerySet[Category]:
    own_lines = ordered_outside(authority=authority, since=since_moment)
    committed_amount = Sum(F("approved_amount") - F("released_amount"))
    sums = [
        summed(own_lines, committed_amount),
        *(each(authority=authority, since=since, until=day) for each in external_sums()),
    ]
    outside = sum((_sum_or_zero(each) for each in sums[1:]), _sum_or_zero(sums[0]))
    return (
        Category.objects.filter(pk__among=categories)
        .only("name", "name_en")
        .annotate(outside=outside, limit=amount_in_force(ThresholdKind.DIRECT_AWARD, day))
        .order_by("pk")
    )


def summed(purchases: QuerySet[Any, Any], amount: Sum) -> QuerySet[Any, Any]:
    """What purchases in the category of the outer question come to, those included that were made in one merged into it."""
    outer = OuterRef(OuterRef("pk"))
    categories = Category.objects.filter(Q(pk=outer) | Q(merged_into=outer)).values("pk")
    of_it = purchases.filter(category__in=categories).order_by()
    sums: QuerySet[Any, Any] = of_it.annotate(one=Value(1)).values("one").annotate(sum=amount).values("sum")
    return sums


def _sum_or_zero(rows: QuerySet[Any, Any]) -> Any:
    return Coalesce(Subquery(rows), ZERO, output_field=AmountField())


@compiled_once
def _administrations(ids: list[int]) -> QuerySet[Administration]:
    return Administration.objects.filter(pk__among=ids).only("authority_id")
