"""Which departments try an item, and when."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from core.periods import first_day, last_day


class TrialQuerySet(models.QuerySet["Trial"]):
    """Questions about trials."""

    def on(self, day: date) -> Self:
        """Under way that day."""
        return self.filter(valid_during__contains=day)

    def not_over(self, day: date) -> Self:
        """Under way or to come."""
        return self.filter(valid_during__endswith__gt=day)


class Trial(models.Model):
    """
    A department tries an item (on screen *prov*) from a first day through a last.

    While the item's status says that it is on trial, nobody else can order it. The database copies the rows to
    ``Item.tried``, so that whoever has the item has the answer.
    """

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="trials")
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="trials"
    )
    valid_during = DateRangeField()

    objects = TrialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_during__lower_inf=False, valid_during__upper_inf=False),
                name="trial_has_last_day",
            ),
            ExclusionConstraint(
                name="trial_no_overlap",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.item}"

    @property
    def first_date(self) -> date:
        """The first day."""
        return first_day(self.valid_during)

    @property
    def last_date(self) -> date:
        """The last day."""
        return last_day(self.valid_during)
