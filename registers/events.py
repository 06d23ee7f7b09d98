"""What registers write to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    ROW_ADDED = "register.row_added", _("Registerraden lades till")
    ROW_CHANGED = "register.row_changed", _("Registerraden ändrades")
    ROW_ENDED = "register.row_ended", _("Registerraden avslutades")
    ROW_REMOVED = "register.row_removed", _("Registerraden togs bort")
    IMPORT_REQUESTED = "register.import_requested", _("Fil lämnades till registret")
    IMPORT_COMPARED = "register.import_compared", _("Filen jämfördes med registret")
    IMPORT_APPLIED = "register.import_applied", _("Filens ändringar genomfördes")
    IMPORT_RISES_DECIDED = "register.import_rises_decided", _("Filens höjningar beslutades vid inläsningen")
    IMPORT_TAKEN_BACK = "register.import_taken_back", _("Filens ändringar togs tillbaka")
    MAPPING_KEPT = "register.mapping_kept", _("En mappning av en källas filer sparades")
    IMPORT_FAILED = "register.import_failed", _("Filen kunde inte läsas in")
    IMPORT_NOT_APPLIED = "register.import_not_applied", _("Filens ändringar kunde inte genomföras")
