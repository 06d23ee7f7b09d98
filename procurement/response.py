"""
How quickly lines are decided, by category: the median and the ninetieth percentile of working days, and the share that is
decided by the day that was promised.

Each line counts once, by the first decision that a person makes of it; standing approvals are nobody's time. It is counted in
the category that the line was decided in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.functions import TruncDate
from django.utils import timezone

from core.clock import start_of
from core.percentiles import Percentile
from procurement.models import LineDecision

WINDOW = timedelta(days=90)
"""So far back decisions are counted."""
NINETIETH = 0.9


@dataclass(frozen=True, slots=True)
class Response:
    """Decisions of a category; ``within`` is the share made by the promised day, 0 to 1."""

    count: int
    median_days: Decimal
    ninetieth_days: Decimal
    within: Decimal


def decisions_counted(categories: Sequence[int] | None, day: date) -> models.QuerySet[LineDecision]:
    """
    The decisions that are counted, with ``is_within``: whether they were made by the promised day.

    :param categories: ids of the categories, with what is under them; None for all.
    """
    decisions = LineDecision.objects.filter(response_days__isnull=False, at__gte=start_of(day - WINDOW))
    if categories is not None:
        decisions = decisions.filter(line__category__lineage__overlap=list(categories))
    decided_on = TruncDate("at", tzinfo=timezone.get_default_timezone())
    return decisions.annotate(
        is_within=models.Case(
            models.When(promised_date__gte=decided_on, then=True),
            default=False,
            output_field=models.BooleanField(),
        )
    )


FIGURES: dict[str, Any] = {
    "count": models.Count("pk"),
    "median": Percentile("response_days"),
    "ninetieth": Percentile("response_days", share=NINETIETH),
    "within": models.Count("pk", filter=models.Q(is_within=True)),
}
"""What is told of a group of decisions; ``response_from`` reads it."""


def response_from(count: int, median: float | None, ninetieth: float | None, within: int) -> Response | None:
    """Read the figures of a group; None when nothing was decided."""
    if not count:
        return None
    return Response(count, Decimal(str(median or 0)), Decimal(str(ninetieth or 0)), Decimal(within) / count)


def response_of(categories: Sequence[int] | None, day: date) -> Response | None:
    """The figures of these categories, with what is under them, together: one query."""
    return response_from(**decisions_counted(categories, day).aggregate(**FIGURES))
