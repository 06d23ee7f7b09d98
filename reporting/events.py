"""What reporting writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    REPORT_REQUESTED = "report.requested", _("Återrapporten beställdes")
    REPORT_RETRIED = "report.retried", _("Återrapporten beställdes igen efter ett fel")
    REPORT_FROZEN = "report.frozen", _("Återrapportens siffror frystes")
    REPORT_FAILED = "report.failed", _("Återrapporten gick inte att göra")
    REPORT_FINISHED = "report.finished", _("Återrapportens handlingar blev klara")
    BASELINES_FROZEN = "baselines.frozen", _("Baslinjerna frystes")
    BASELINES_REVISED = "baselines.revised", _("Baslinjerna frystes om")
    BASELINES_CONFIRMED = "baselines.confirmed", _("Baslinjerna bekräftades")
    SAVINGS_REQUESTED = "savings.requested", _("En omräkning av besparingarna begärdes")
    SAVINGS_FAILED = "savings.failed", _("Besparingarna gick inte att räkna")
    SAVINGS_COMPUTED = "savings.computed", _("Besparingarna räknades")
    COST_REGISTERED = "cost.registered", _("Organisationens kostnad registrerades")
