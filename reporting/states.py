"""States of a follow-up report. One table shows the way from draft to the board; docs/states.md is drawn from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class ReportStage(models.TextChoices):
    """How far people have come with a report (DOMAIN 4.4)."""

    DRAFT = "draft", _("Utkast")
    REVIEWED = "reviewed", _("Granskad")
    APPROVED = "approved", _("Godkänd")
    LOCKED = "locked", _("Låst")
    HANDED_OVER = "handed_over", _("Överlämnad")


REPORT_TRANSITIONS: Transitions = {
    ReportStage.DRAFT: frozenset({ReportStage.REVIEWED}),
    ReportStage.REVIEWED: frozenset({ReportStage.APPROVED, ReportStage.DRAFT}),
    ReportStage.APPROVED: frozenset({ReportStage.LOCKED, ReportStage.DRAFT}),
    ReportStage.LOCKED: frozenset({ReportStage.HANDED_OVER}),
    ReportStage.HANDED_OVER: frozenset(),
}

FINAL = (ReportStage.LOCKED, ReportStage.HANDED_OVER)
"""Of a report in these nothing changes any more."""
