"""What the purchasing organisation costs."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from core.fields import AmountField


class OrganisationCost(models.Model):
    """Cost of the purchasing organisation during a period (organisationskostnad), SEK."""

    during = DateRangeField()
    persons = models.DecimalField(max_digits=5, decimal_places=1)
    amount = AmountField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisation_cost_no_overlap", expressions=[("during", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="organisation_cost_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.during}: {self.amount}"
