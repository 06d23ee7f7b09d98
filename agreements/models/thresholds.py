"""The amounts of the procurement acts, by period."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import reader
from core.fields import AmountField


class ThresholdKind(models.TextChoices):
    """What an amount limits."""

    DIRECT_AWARD = "direct_award", _("Direktupphandlingsgräns")
    DOCUMENTATION = "documentation", _("Dokumentationsplikt från")
    PROCUREMENT = "procurement", _("Tröskelvärde")


class ThresholdQuerySet(models.QuerySet["Threshold"]):
    """Questions about thresholds."""

    def on(self, day: date) -> Self:
        """In force that day."""
        return self.filter(valid_during__contains=day)


class Threshold(models.Model):
    """
    An amount of the procurement acts during a period (beloppsgräns), SEK excluding VAT.

    The direct-award limit is that of LOU 19 a ch.; from ``DOCUMENTATION`` on a direct award is documented (LOU 19 a:11); above
    ``PROCUREMENT`` (LOU 5:1) the whole act applies. One for a category, such as social services, is for what is
    bought in it and below it.
    """

    kind = models.CharField(max_length=15, choices=ThresholdKind)
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="thresholds"
    )
    amount = AmountField()
    valid_during = DateRangeField()

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="threshold_no_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (models.functions.Coalesce("category", 0), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=models.Q(kind__in=ThresholdKind.values), name="threshold_kind"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="threshold_positive"),
        ]

    def __str__(self) -> str:
        return f"{ThresholdKind(self.kind).label}: {reader.kr(self.amount)}"
