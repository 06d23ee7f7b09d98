"""How quickly proposals are answered, by category: the median of working days, and the share within the promised day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.db.models.functions import TruncDate
from django.utils import timezone

from assortment.models import Proposal, ProposalDecision
from categories.models import Category
from core.percentiles import Percentile
from organizations.models import User

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Response:
    """One category in the last twelve months; ``within`` is the share answered by the promised day."""

    category: Category | None
    count: int
    median_days: Decimal
    within: Decimal


def responses(user: User, day: date) -> Sequence[Response]:
    """By the category of each proposal that the person sees and that was decided in the last year; in tree order."""
    proposals = Proposal.objects.visible_to(user).order_by()
    rows = (
        ProposalDecision.objects.filter(proposal__in=proposals.values("pk"), at__date__gt=day - YEAR)
        .annotate(
            decided_on=TruncDate("at", tzinfo=timezone.get_default_timezone()),
            is_within=models.Case(models.When(decided_on__lte=models.F("promised_date"), then=1), default=0),
        )
        .order_by()
        .values("category")
        .annotate(
            count=models.Count("pk"), median=Percentile("response_days"), within=models.Sum("is_within")
        )
    )
    row_by_category = {row["category"]: row for row in rows}
    categories = Category.objects.in_bulk([pk for pk in row_by_category if pk])
    category_responses = [
        Response(
            categories.get(pk),
            row["count"],
            Decimal(str(row["median"])),
            Decimal(row["within"]) / row["count"],
        )
        for pk, row in row_by_category.items()
    ]
    return sorted(category_responses, key=lambda each: each.category.tree_code if each.category else "")
