"""The texts of follow-up reports: what the region says until somebody writes, and what people have written."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 10_000


class WrittenPart(models.TextChoices):
    """The parts of a report that only people write, in the order of the document; none may be empty when it is locked."""

    PROPOSAL = "proposal", _("Förslag till beslut")
    ASSESSMENT = "assessment", _("Bedömning")
    CHILDREN_PERSPECTIVE = "children_perspective", _("Barn- och genusperspektiv")
    RURAL_PERSPECTIVE = "rural_perspective", _("Landsbygdsperspektiv")
    RECIPIENTS = "recipients", _("Skickas till")
    SIGNATURE = "signature", _("Underskrift")


class ReportPart(models.TextChoices):
    """What a standard text is for: who sends and receives, where a written part begins, how a heading reads, and what is asked."""

    SENDER = "sender", _("Avsändande förvaltning")
    RECIPIENT = "recipient", _("Mottagare")
    PROPOSAL = "proposal", _("Förslag till beslut")
    ASSESSMENT = "assessment", _("Bedömning")
    CHILDREN_PERSPECTIVE = "children_perspective", _("Barn- och genusperspektiv")
    RURAL_PERSPECTIVE = "rural_perspective", _("Landsbygdsperspektiv")
    RECIPIENTS = "recipients", _("Skickas till")
    SIGNATURE = "signature", _("Underskrift")
    HEADING_PROPOSAL = "heading_proposal", _("Rubrik: Förslag till beslut")
    HEADING_SUMMARY = "heading_summary", _("Rubrik: Sammanfattning")
    HEADING_BACKGROUND = "heading_background", _("Rubrik: Ärendebeskrivning")
    HEADING_ASSESSMENT = "heading_assessment", _("Rubrik: Bedömning")
    HEADING_ECONOMY = "heading_economy", _("Rubrik: Ekonomisk konsekvensanalys")
    HEADING_CHILDREN = "heading_children_perspective", _("Rubrik: Barn- och genusperspektiv")
    HEADING_RURAL = "heading_rural_perspective", _("Rubrik: Landsbygdsperspektiv")
    HEADING_BASIS = "heading_basis", _("Rubrik: Beslutsunderlag")
    HEADING_RECIPIENTS = "heading_recipients", _("Rubrik: Skickas till")
    HEADING_SIGNATURE = "heading_signature", _("Rubrik: Underskrift")
    HEADING_ANNEX = "heading_annex", _("Rubrik: Bilaga 1")
    HEADING_PICTURES = "heading_pictures", _("Rubrik i bilagan: Resultatet i bilder")
    HEADING_INDICATORS = "heading_indicators", _("Rubrik i bilagan: Indikatorer")
    HEADING_INITIATIVES = "heading_initiatives", _("Rubrik i bilagan: Initiativ")
    HEADING_INCREASES = "heading_increases", _("Rubrik i bilagan: Kostnadsökningar")
    HEADING_APART = "heading_apart", _("Rubrik i bilagan: Redovisas för sig")
    HEADING_AGREEMENTS = "heading_agreements", _("Rubrik i bilagan: Avtal")
    HEADING_DEVIATIONS = "heading_deviations", _("Rubrik i bilagan: Avvikelser")
    HEADING_RECOMMENDATIONS = "heading_recommendations", _("Rubrik i bilagan: Revisionens rekommendationer")
    HEADING_PLAN = "heading_plan", _("Rubrik i bilagan: Genomförandeplan")
    HEADING_QUALITY = "heading_quality", _("Rubrik i bilagan: Vad siffrorna inte säger")
    HEADING_METHOD = "heading_method", _("Rubrik i bilagan: Så är det räknat")
    ASK_PROPOSAL = "ask_proposal", _("Ledtext: Förslag till beslut")
    ASK_ASSESSMENT = "ask_assessment", _("Ledtext: Bedömning")
    ASK_CHILDREN = "ask_children_perspective", _("Ledtext: Barn- och genusperspektiv")
    ASK_RURAL = "ask_rural_perspective", _("Ledtext: Landsbygdsperspektiv")
    ASK_RECIPIENTS = "ask_recipients", _("Ledtext: Skickas till")
    ASK_SIGNATURE = "ask_signature", _("Ledtext: Underskrift")


HEADING, ASK = "heading_", "ask_"
"""What the parts that are headings, and guiding sentences, begin with; the rest is the key of the section."""
LONGEST_LINE = 200
"""Characters of a heading or a guiding sentence as a report has it."""


class ReportTextQuerySet(models.QuerySet["ReportText"]):
    """Questions about standard texts."""

    def by_part(self, day: date) -> dict[str, str]:
        """The text of each part that has one that day."""
        return dict(self.filter(valid_during__contains=day).values_list("part", "text"))


class ReportText(models.Model):
    """
    What a part of a follow-up report says until somebody writes something else, during a period (rapporttext).

    A report keeps the texts that it was asked for with, and the headings and guiding sentences that its figures were frozen with.
    """

    part = models.CharField(max_length=30, choices=ReportPart)
    text = models.TextField(max_length=LONGEST_TEXT)
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


class WrittenTextQuerySet(models.QuerySet["WrittenText"]):
    """Questions about what people have written."""

    def current(self) -> Self:
        """The last version of each part, with who wrote it."""
        return self.order_by("part", "-version").distinct("part").select_related("by")

    def latest_first(self) -> Self:
        """All versions with who wrote them, the last on top."""
        return self.order_by("-version").select_related("by")


class WrittenText(models.Model):
    """
    One version of one part of a report, as somebody saved it (rapportavsnitt). Never edited; the last one holds.

    ``by`` is None for the version that a report begins with, from the standard texts or the version before.
    """

    report = models.ForeignKey("reporting.FollowUpReport", on_delete=models.PROTECT, related_name="texts")
    part = models.CharField(max_length=30, choices=WrittenPart)
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = WrittenTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "part", "version"], name="written_text_version_unique"),
            models.CheckConstraint(condition=models.Q(part__in=WrittenPart.values), name="written_text_part"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="written_text_version"),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {WrittenPart(self.part).label}, {self.version}"
