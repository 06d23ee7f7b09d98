"""What reporting writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    REPORT_REQUESTED = "report.requested", _("Återrapporten beställdes")
    REPORT_RETRIED = "report.retried", _("Återrapporten beställdes igen efter ett fel")
    REPORT_FROZEN = "report.frozen", _("Återrapportens siffror frystes")
    REPORT_FINISHED = "report.finished", _("Återrapportens handlingar blev klara")
