"""What notices writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    LETTER_RETRIED = "letter.retried", _("Ett brev med notiser skickas igen")
