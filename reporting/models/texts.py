"""The standard texts of follow-up reports."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportPart(models.TextChoices):
    """What a standard text is for."""

    SENDER = "sender", _("Avsändande förvaltning")
    RECIPIENT = "recipient", _("Mottagare")
    PROPOSAL = "proposal", _("Förslag till beslut")
    ASSESSMENT = "assessment", _("Bedömning")
    CHILDREN_PERSPECTIVE = "children_perspective", _("Barn- och genusperspektiv")
    RURAL_PERSPECTIVE = "rural_perspective", _("Landsbygdsperspektiv")


class ReportTextQuerySet(models.QuerySet["ReportText"]):
    """Questions about standard texts."""

    def by_part(self, day: date) -> dict[str, str]:
        """The text of each part that has one that day."""
        return dict(self.filter(valid_during__contains=day).values_list("part", "text"))


class ReportText(models.Model):
    """
    What a part of a follow-up report says until somebody writes something else, during a period (rapporttext).

    A report keeps the texts that it was asked for with.
    """

    part = models.CharField(max_length=20, choices=ReportPart)
    text = models.TextField(max_length=10_000)
    valid_during = DateRangeField()

    objects = ReportTextQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="report_text_one_at_a_time",
                expressions=[("part", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=models.Q(part__in=ReportPart.values), name="report_text_part"),
            models.CheckConstraint(condition=~models.Q(text=""), name="report_text_is_there"),
        ]

    def __str__(self) -> str:
        return str(ReportPart(self.part).label)
