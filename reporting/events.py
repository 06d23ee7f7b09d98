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
    REPORT_WRITTEN = "report.written", _("Ett avsnitt i återrapporten skrevs")
    REPORT_FILES_REQUESTED = "report.files_requested", _("Återrapportens handlingar beställdes på nytt")
    REPORT_REVIEWED = "report.reviewed", _("Återrapporten granskades")
    REPORT_APPROVED = "report.approved", _("Återrapporten godkändes")
    REPORT_SENT_BACK = "report.sent_back", _("Återrapporten skickades tillbaka")
    REPORT_LOCKED = "report.locked", _("Återrapporten låstes")
    REPORT_HANDED_OVER = "report.handed_over", _("Återrapporten överlämnades")
    REPORT_TEMPLATE_CHANGED = "report_template.changed", _("En Word-mall för återrapporter byttes")
    REPORT_TEMPLATE_REMOVED = "report_template.removed", _("Återrapporter görs åter på programmets Word-mall")
    BASELINES_FROZEN = "baselines.frozen", _("Baslinjerna frystes")
    BASELINES_REVISED = "baselines.revised", _("Baslinjerna frystes om")
    BASELINES_WITHDRAWN = (
        "baselines.withdrawn",
        _("Baslinjerna som väntade togs tillbaka, eftersom initiativet inte längre är beslutat"),
    )
    BASELINES_CONFIRMED = "baselines.confirmed", _("Baslinjerna bekräftades")
    SAVINGS_REQUESTED = "savings.requested", _("En omräkning av besparingarna begärdes")
    SAVINGS_FAILED = "savings.failed", _("Besparingarna gick inte att räkna")
    SAVINGS_COMPUTED = "savings.computed", _("Besparingarna räknades")
    COST_REGISTERED = "cost.registered", _("Organisationens kostnad registrerades")
