"""Purchase history: imported order lines, and one view over all that was delivered."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.models import Category
from core.fields import AmountField, QuantityField, UnitPriceField
from core.work import Work, WorkQuerySet
from organizations.models import Membership
from reporting.models.savings import Saving

if TYPE_CHECKING:
    from organizations.models import User


class ImportFormat(models.TextChoices):
    """File formats that can be imported."""

    SCMS = "scms", _("SCMS leveranshistorik")


class PurchaseImportQuerySet(WorkQuerySet["PurchaseImport"]):
    """Questions about imports."""

    def visible_to(self, user: "User") -> Self:
        """All for finance, head of procurement and auditors; none for others."""
        return self.filter(Membership.objects.opens_region_to(user, timezone.localdate()))

    def latest_first(self) -> Self:
        """Latest on top, the files themselves left where they are."""
        return self.defer("content").select_related("requested_by").order_by("-requested_at", "-pk")


class PurchaseImport(Work):
    """One file of order lines being brought in. The file itself is kept, so that nothing is lost."""

    lock_space = 1

    file_name = models.CharField(max_length=200)
    file_format = models.CharField(max_length=20, choices=ImportFormat)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
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
        return reverse("reporting:import", args=[self.pk])


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


class PurchaseHistoryLineQuerySet(models.QuerySet["PurchaseHistoryLine"]):
    """Questions about imported lines."""

    def visible_to(self, user: "User") -> Self:
        """All for finance, head of procurement and auditors; none for others."""
        return self.filter(Membership.objects.opens_region_to(user, timezone.localdate()))

    def in_order(self) -> Self:
        """By delivery, latest first."""
        return self.order_by("-delivered_date", "-pk")


class PurchaseHistoryLine(models.Model):
    """
    One delivered line from another system, as its source tells it.

    ``source`` and ``external_id`` make an import idempotent. ``unit_price`` is per pack (order unit), ``amount`` the
    source's own line value, in ``currency``. ``item_key`` is the normalised description. Foreign keys are set
    where the line is known to our own registers.
    """

    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=60)
    purchase_import = models.ForeignKey(
        PurchaseImport, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    delivered_date = models.DateField()
    department_name = models.CharField(max_length=120)
    supplier_name = models.CharField(max_length=160)
    category_name = models.CharField(max_length=160)
    item_key = models.CharField(max_length=300)
    description = models.CharField(max_length=300)
    quantity = QuantityField()
    unit = models.CharField(max_length=20, blank=True)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    unit_price = UnitPriceField()
    amount = AmountField()
    currency = models.CharField(max_length=3, default="SEK")
    note = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(
        "organizations.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="history_lines",
    )
    supplier = models.ForeignKey(
        "categories.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="history_lines"
    )
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="history_lines"
    )
    agreement = models.ForeignKey(
        "categories.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="history_lines"
    )
    item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="history_lines"
    )

    objects = PurchaseHistoryLineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="history_line_once")]
        indexes = [
            models.Index(fields=["source", "item_key", "delivered_date"], name="history_item_date"),
            models.Index(fields=["item", "delivered_date"], name="history_known_item_date"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class DeliveredLineQuerySet(models.QuerySet["DeliveredLine"]):
    """Questions about delivered lines."""

    def visible_to(self, user: "User") -> Self:
        """All for finance, head of procurement and auditors; for others what was delivered in their categories."""
        day = timezone.localdate()
        return self.filter(
            models.Q(Membership.objects.opens_region_to(user, day))
            | models.Q(category__in=Category.objects.within_reach_of(user, day))
        )

    def uncounted(self) -> Self:
        """Lines in SEK that no confirmed baseline speaks of: they give no saving and are said to give none."""
        received = Saving.objects.filter(receipt_line=models.OuterRef("receipt_line"))
        imported = Saving.objects.filter(history_line=models.OuterRef("history_line"))
        return self.filter(~models.Exists(received), ~models.Exists(imported), currency="SEK")

    def outside_agreements(self) -> Self:
        """
        Lines in SEK that came under no agreement.

        Orders that were approved without one, and purchases that the imported ledger ties to none.
        """
        return self.filter(agreement=None, currency="SEK")

    def within(self, categories: Collection[int] | None) -> Self:
        """In these categories (ids) or below them; None for all."""
        if categories is None:
            return self
        return self.filter(category__lineage__overlap=list(categories))

    def latest_first(self) -> Self:
        """By delivery, latest first."""
        return self.order_by("-delivered_date", "key")

    def for_display(self) -> Self:
        """With what a row on a page needs, in one query."""
        return self.select_related("item", "category", "department", "supplier", "history_line")

    def with_order(self) -> Self:
        """With the order that a received line came by, and what was asked for."""
        return self.select_related(
            "receipt_line__allocation__order_line__order", "receipt_line__allocation__line"
        )


class DeliveredLine(models.Model):
    """
    Everything that was delivered and accepted, from the chain or from imported history: one database view.

    Quantity in order units, price per order unit excluding VAT.
    """

    key = models.CharField(max_length=30, primary_key=True)
    receipt_line = models.ForeignKey(
        "procurement.ReceiptLine", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    history_line = models.ForeignKey(
        PurchaseHistoryLine, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    delivered_date = models.DateField()
    item = models.ForeignKey("catalog.Item", on_delete=models.DO_NOTHING, null=True, related_name="+")
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    supplier = models.ForeignKey(
        "categories.Supplier", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    category = models.ForeignKey(
        "categories.Category", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    agreement = models.ForeignKey(
        "categories.Agreement", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    quantity = QuantityField()
    unit_price = UnitPriceField()
    amount = AmountField()
    currency = models.CharField(max_length=3)

    objects = DeliveredLineQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "reporting_deliveredline"

    def __str__(self) -> str:
        return self.key
