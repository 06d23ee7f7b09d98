"""Labels of items, such as Svanen: which there are, and which item has which until when."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class LabelKind(models.TextChoices):
    """What a label is about."""

    ENVIRONMENT = "environment", _("Miljö")
    ORGANIC = "organic", _("Ekologiskt")
    SOCIAL = "social", _("Rättvisa villkor")
    HEALTH = "health", _("Hälsa och allergi")


class Label(models.Model):
    """A label that the region counts: a row of a register, so that a new one needs no new program."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=15, choices=LabelKind, default=LabelKind.ENVIRONMENT)
    issuer = models.CharField(max_length=100, blank=True)
    """Who gives it, and answers for its criteria."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=LabelKind.values), name="label_kind"),
            models.CheckConstraint(condition=~models.Q(name=""), name="label_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ItemLabelQuerySet(models.QuerySet["ItemLabel"]):
    """Questions about the labels of items."""

    def on(self, day: date) -> Self:
        """Proven that day."""
        return self.filter(models.Q(valid_through_date=None) | models.Q(valid_through_date__gte=day))

    def expired_on(self, day: date) -> Self:
        """Whose proof is no longer valid that day."""
        return self.filter(valid_through_date__lt=day)


class ItemLabel(models.Model):
    """An item has a label, proven by a licence until a day."""

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="labels")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="items")
    licence_number = models.CharField(max_length=60, blank=True)
    valid_through_date = models.DateField(null=True, blank=True)
    told_through_date = models.DateField(null=True, blank=True, editable=False)
    """The last day that whoever answers for the item was told of."""

    objects = ItemLabelQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "label"], name="item_label_unique")]
        indexes = [
            models.Index(
                fields=["valid_through_date"],
                condition=models.Q(valid_through_date__isnull=False),
                name="item_label_expires",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.label}"

    def is_valid_on(self, day: date) -> bool:
        """Whether its proof is valid that day."""
        return self.valid_through_date is None or self.valid_through_date >= day
