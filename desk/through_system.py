"""How much of what each administration buys comes by orders of the system, and how much beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from core.money import percent_of
from reporting.models import DeliveredLine


@dataclass(frozen=True, slots=True)
class ShareThroughSystem:
    """What an administration has had delivered, SEK excluding VAT, and what of it was ordered and received here."""

    amount: Decimal
    through_amount: Decimal

    @property
    def percent(self) -> Decimal:
        """The share in percent, one decimal."""
        return percent_of(self.through_amount, self.amount)


def shares_through_system(*, since: date, through: date) -> Mapping[int, ShareThroughSystem]:
    """
    The share of each administration (by id) of what was delivered on these days; those that bought nothing are left out.

    A line that was received here counts as through the system, one that another system told of does not.
    """
    sums = (
        DeliveredLine.objects.filter(
            currency="SEK",
            delivered_date__gte=since,
            delivered_date__lte=through,
            administration__isnull=False,
        )
        .values("administration")
        .annotate(
            all=Sum("amount"), here=Sum("amount", filter=Q(receipt_line__isnull=False), default=Decimal(0))
        )
        .order_by("administration")
    )
    return {
        row["administration"]: ShareThroughSystem(row["all"], row["here"]) for row in sums if row["all"] > 0
    }
