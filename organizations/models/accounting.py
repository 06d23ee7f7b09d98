"""The coding string's dimensions; ansvar is the department itself."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """A dimension of the coding string (kodsträng)."""

    ACCOUNT = "account", _("Konto")
    ACTIVITY = "activity", _("Verksamhet")
    PROJECT = "project", _("Projekt")


class AccountingCodeQuerySet(models.QuerySet["AccountingCode"]):
    """Questions about codes."""

    def open(self, day: date) -> Self:
        """Codes that may be used that day."""
        return self.filter(models.Q(closed_date=None) | models.Q(closed_date__gt=day))

    def in_order(self) -> Self:
        """By dimension and code."""
        return self.order_by("dimension", Length("code"), "code")


class AccountingCode(models.Model):
    """A konto, verksamhet or projekt that an order can be booked on."""

    dimension = models.CharField(max_length=10, choices=Dimension)
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    closed_date = models.DateField(null=True, blank=True)

    objects = AccountingCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="accounting_code_unique"),
            models.CheckConstraint(
                condition=models.Q(dimension__in=Dimension.values), name="accounting_code_dimension"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
