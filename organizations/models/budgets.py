"""Budget frames: how much a department may spend during a period."""

from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField


class FrameConsequence(models.TextChoices):
    """What happens to an order that a department's frame does not suffice for."""

    WARN = "warn", _("Säg till, och låt beställningen gå vidare")
    ROUTE = "route", _("Låt budgetansvarig attestera")


class BudgetFrameQuerySet(models.QuerySet["BudgetFrame"]):
    """Questions about frames."""

    def on(self, day: date) -> Self:
        """Those of that day."""
        return self.filter(valid_during__contains=day)

    def locked(self) -> Self:
        """Locked for an operation, in primary key order: whoever judges an order against them waits for the last one."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class BudgetFrame(models.Model):
    """
    What a department may spend during a period, SEK excluding VAT (ram), and by whose decision.

    How much of it is taken is never stored: it is computed from the lines that are charged to the department.
    """

    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="budget_frames"
    )
    valid_during = DateRangeField()
    amount = AmountField()
    consequence = models.CharField(
        max_length=5, choices=FrameConsequence, default=FrameConsequence.WARN, db_default="warn"
    )
    decision = models.CharField(max_length=100, blank=True, default="", db_default="")

    objects = BudgetFrameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="budget_frame_amount"),
            models.CheckConstraint(
                condition=models.Q(consequence__in=FrameConsequence.values), name="budget_frame_consequence"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_during__lower_inf=False, valid_during__upper_inf=False),
                name="budget_frame_has_ends",
            ),
            ExclusionConstraint(
                name="budget_frame_no_overlap",
                expressions=[("department", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}, {self.first_day:%Y-%m-%d}–{self.last_day:%Y-%m-%d}"

    @property
    def first_day(self) -> date:
        """The first day of its period; the database holds that it has one."""
        return self.valid_during.lower or date.min

    @property
    def last_day(self) -> date:
        """The last day of its period."""
        return self.valid_during.upper - timedelta(days=1) if self.valid_during.upper else date.max
