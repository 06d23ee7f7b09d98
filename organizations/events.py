"""What organizations writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    DELEGATION_GIVEN = "delegation.given", _("Delegation gavs")
    ABSENCE_REPORTED = "absence.reported", _("Frånvaro anmäldes")
    API_TOKEN_CREATED = "api_token.created", _("API-nyckel skapades")
    API_TOKEN_REVOKED = "api_token.revoked", _("API-nyckel drogs in")
    SESSIONS_ENDED = "sessions.ended", _("Inloggningar avslutades")
