"""How an agreement's committed value has changed, day by day."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models

from core.clock import start_of
from core.fields import AmountField

if TYPE_CHECKING:
    from agreements.models.agreements import Agreement

PACE_DAYS = 90
"""The pace of an agreement is that of so many days."""


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Questions about commitments."""

    def through(self, day: date) -> Self:
        """Made that day or before; what was committed when the agreement was registered is before every day."""
        return self.filter(models.Q(is_opening=True) | models.Q(at__lt=start_of(day + timedelta(days=1))))

    def pace_of(self, agreements: "Iterable[Agreement]", *, day: date) -> dict[int, Decimal]:
        """
        Kronor per day under each agreement, by its id, over the ninety days that end on a day; one query.

        What was released is deducted. An agreement that nothing was committed under is left out.
        """
        since = start_of(day - timedelta(days=PACE_DAYS - 1))
        sums = (
            self.filter(agreement__in=[each.pk for each in agreements], is_opening=False)
            .filter(at__gte=since, at__lt=start_of(day + timedelta(days=1)))
            .values_list("agreement")
            .annotate(amount=models.Sum("amount"))
            .order_by("agreement")
        )
        return {agreement_id: amount / PACE_DAYS for agreement_id, amount in sums}


class Commitment(models.Model):
    """
    One change of what is committed under an agreement, SEK: plus when lines are approved, minus when released.

    Written by the database with the change itself, and never edited, so that what was committed on any day can be
    told afterwards. ``is_opening`` is what was committed when the agreement was registered.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, db_index=False, related_name="commitments"
    )
    at = models.DateTimeField()
    amount = AmountField()
    is_opening = models.BooleanField(default=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agreement", "at"], name="commitment_agreement_at")]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.amount}"
