"""What things were called before they were called what they are called today."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import start_of


class NamedKind(models.TextChoices):
    """Things whose names stand in reports."""

    CATEGORY = "category", _("Kategori")
    SUPPLIER = "supplier", _("Leverantör")
    AGREEMENT = "agreement", _("Avtal")
    INITIATIVE = "initiative", _("Besparingsinitiativ")


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    """Questions about former names."""

    def held_on(self, day: date) -> Self:
        """Of each thing that has been given another name since, the one that it had at the end of a day."""
        later = self.filter(until_at__gte=start_of(day + timedelta(days=1)))
        return later.order_by("kind", "thing", "until_at", "pk").distinct("kind", "thing")


class FormerName(models.Model):
    """A name that a thing had until a moment; written by the database itself when it is given another. Never edited."""

    kind = models.CharField(max_length=10, choices=NamedKind)
    thing = models.BigIntegerField()
    """Its id."""
    name = models.CharField(max_length=200)
    until_at = models.DateTimeField()

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=NamedKind.values), name="former_name_kind")
        ]
        indexes = [models.Index(fields=["kind", "thing", "until_at"], name="former_name_until")]

    def __str__(self) -> str:
        return self.name
