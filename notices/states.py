"""How a notice reaches a person, and where a letter stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class Delivery(models.TextChoices):
    """When a person has a notice by e-mail; in the program it is at once in any case."""

    AT_ONCE = "at_once", _("Genast med e-post")
    DIGEST = "digest", _("Samlat i ett brev kl. 07.30 på arbetsdagar")
    PROGRAM = "program", _("Bara i Rauk")


class LetterStatus(models.TextChoices):
    """Where a letter stands."""

    READY = "ready", _("Ska skickas")
    SENT = "sent", _("Skickat")
    NOT_SENT = "not_sent", _("Gick inte att skicka")
    DROPPED = "dropped", _("Behövdes inte längre")


LETTER_TRANSITIONS: Transitions = {
    LetterStatus.READY: frozenset({LetterStatus.SENT, LetterStatus.NOT_SENT, LetterStatus.DROPPED}),
    LetterStatus.NOT_SENT: frozenset({LetterStatus.READY}),
    LetterStatus.SENT: frozenset(),
    LetterStatus.DROPPED: frozenset(),
}
