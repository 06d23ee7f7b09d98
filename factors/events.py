"""What factors writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

WORDS = {
    "password": _("lösenord"),
    "passkey": _("lösennyckel"),
    "totp": _("app med engångskoder"),
    "webauthn": _("lösennyckel"),
    "recovery_codes": _("återställningskod"),
}
"""How the trail tells of a way to sign in and of a factor."""


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    ADDED = "factor.added", _("Ett andra steg lades till")
    REMOVED = "factor.removed", _("Ett andra steg togs bort")
    ALL_REMOVED = "factor.all_removed", _("Personens andra steg togs bort av någon annan")
    CODES_MADE = "factor.codes_made", _("Nya återställningskoder gjordes")
    USED = "factor.used", _("Det andra steget visades")
    FAILED = "factor.failed", _("Fel kod i det andra steget")
