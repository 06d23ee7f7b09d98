"""Which days an agreement had before something was decided of them."""

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from core.clock import start_of


class FormerPeriodQuerySet(models.QuerySet["FormerPeriod"]):
    """Questions about former periods."""

    def held_on(self, day: date) -> Self:
        """Those that were decided away since the end of a day, the first such first."""
        return self.filter(until_at__gte=start_of(day + timedelta(days=1))).order_by("until_at", "pk")


class FormerPeriod(models.Model):
    """
    The days of an agreement, and the months of its undecided options, until a moment. Never edited.

    It is written with each decision that changes them: an option that is used or let go, a notice, an end. What a register corrects
    was wrong before too, and is kept in the trail alone.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, db_index=False, related_name="former_periods"
    )
    valid_during = DateRangeField()
    option_months = models.PositiveSmallIntegerField()
    until_at = models.DateTimeField()

    objects = FormerPeriodQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agreement", "until_at"], name="former_period_until")]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.valid_during}"
