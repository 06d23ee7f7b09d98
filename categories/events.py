"""What is written to the trail of categories."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    CATEGORY_MERGED = "category.merged", _("Kategorin slogs ihop med en annan")
    CATEGORY_ASSIGNED = "category.assigned", _("Kategorin fick en ny ansvarig")
