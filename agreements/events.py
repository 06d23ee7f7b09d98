"""What is written to the trail of agreements."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    AGREEMENT_ACTIVATED = "agreement.activated", _("Avtalet aktiverades")
    OPTION_USED = "agreement.option_used", _("En option utnyttjades")
    OPTION_NOT_USED = "agreement.option_not_used", _("En option utnyttjades inte")
    AGREEMENT_TERMINATED = "agreement.terminated", _("Avtalet sades upp")
    AGREEMENT_ENDED = "agreement.ended", _("Avtalet avslutades")
    PROCUREMENT_STARTED = "agreement.procurement_started", _("Nästa upphandling startades")
    OWNER_CHANGED = "agreement.owner_changed", _("Avtalet fick en ny ansvarig")
    DOCUMENT_ATTACHED = "agreement.document_attached", _("Ett dokument lades till avtalet")
    CALENDAR_MADE = "agreement.calendar_made", _("En kalenderadress skapades")
    CALENDAR_TAKEN_BACK = "agreement.calendar_taken_back", _("En kalenderadress togs tillbaka")
