"""What history writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    IMPORT_REQUESTED = "import.requested", _("En fil med orderrader lämnades in")
    IMPORT_FINISHED = "import.finished", _("Orderraderna lästes in")
    IMPORT_FAILED = "import.failed", _("Filen kunde inte läsas in")
