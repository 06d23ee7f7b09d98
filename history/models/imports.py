"""Files of order lines that were brought in."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.work import Work, WorkQuerySet
from organizations.models import Membership

if TYPE_CHECKING:
    from organizations.models import User


class ImportFormat(models.TextChoices):
    """File formats that can be imported."""

    SCMS = "scms", _("SCMS-leveranshistorik")


class PurchaseImportQuerySet(WorkQuerySet["PurchaseImport"]):
    """Questions about imports."""

    def visible_to(self, user: "User") -> Self:
        """All for finance, head of procurement and auditors; none for others."""
        return self.filter(Membership.objects.opens_region_to(user, timezone.localdate()))

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.select_related("requested_by").order_by("-requested_at", "-pk")


class PurchaseImport(Work):
    """One file of order lines being brought in. The file itself is kept, so that nothing is lost."""

    lock_space = 1

    file_name = models.CharField(max_length=200)
    file_format = models.CharField(max_length=20, choices=ImportFormat)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="purchase_imports"
    )
    imported_count = models.PositiveIntegerField(default=0)
    already_present_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)

    objects = PurchaseImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file_format__in=ImportFormat.values), name="import_format"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """The import's own page."""
        return reverse("history:import", args=[self.pk])


class ImportRefusal(models.Model):
    """A row that could not be brought in: where, why, and what it said."""

    purchase_import = models.ForeignKey(PurchaseImport, on_delete=models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)
    raw = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purchase_import", "row"], name="import_refusal_row_unique")
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"
