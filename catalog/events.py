"""What catalog writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    SHARED_ITEM_ADDED = "department_favourite.added", _("En artikel sattes på enhetens lista")
    SHARED_ITEM_REMOVED = "department_favourite.removed", _("En artikel togs bort från enhetens lista")
    SHARED_ITEM_MOVED = "department_favourite.moved", _("Ordningen på enhetens lista ändrades")
