"""How an agreement's committed value has changed, day by day."""

from datetime import date, timedelta
from typing import Self

from django.db import models

from core.clock import start_of
from core.fields import AmountField

PACE_DAYS = 90
"""The pace of an agreement is that of so many days."""


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Questions about commitments."""

    def through(self, day: date) -> Self:
        """Made that day or before; what was committed when the agreement was registered is before every day."""
        return self.filter(models.Q(is_opening=True) | models.Q(at__lt=start_of(day + timedelta(days=1))))

    def in_ninety_days(self, day: date) -> Self:
        """What was committed during the ninety days that end on a day; what was released is deducted."""
        since = start_of(day - timedelta(days=PACE_DAYS - 1))
        return self.filter(is_opening=False, at__gte=since, at__lt=start_of(day + timedelta(days=1)))

    def summed(self) -> models.Subquery:
        """The sum of each agreement's, SEK, to annotate agreements with; NULL where there is none."""
        of_each = self.filter(agreement=models.OuterRef("pk")).order_by().values("agreement")
        return models.Subquery(of_each.annotate(sum=models.Sum("amount")).values("sum"))


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
