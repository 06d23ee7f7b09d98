"""Receipts: what came, what was wrong with it, and what was accepted."""

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, QuantityField, UnitPriceField
from procurement.models.origin import Origin


class Deviation(models.TextChoices):
    """What was wrong with a delivery."""

    NONE = "none", _("Ingen avvikelse")
    OVER = "over", _("För många")
    SHORT = "short", _("För få, resten kommer inte")
    DAMAGED = "damaged", _("Skadad")
    WRONG = "wrong", _("Fel vara")


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Questions about receipts."""

    def with_lines(self) -> Self:
        """With what came."""
        lines = ReceiptLine.objects.order_by("pk")
        return self.prefetch_related(models.Prefetch("lines", lines, to_attr="shown_lines"))


class Receipt(models.Model):
    """One delivery note signed (mottagning), or one service acceptance. ``key`` makes a double press harmless."""

    shown_lines: Sequence["ReceiptLine"]
    """What came; read with it, or made with it."""

    key = models.UUIDField()
    key_content = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was received with the key."""
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="receipts"
    )
    received_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="receipts")
    received_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="receipt_key_unique")]
        indexes = [models.Index(fields=["department", "-received_at"], name="receipt_department_latest")]

    def __str__(self) -> str:
        return f"{self.department} {self.received_at:%Y-%m-%d}"


class ReceiptLine(Origin):
    """
    What came for one allocation. Never edited.

    ``quantity`` is what was accepted, in order units of ``units_per_order_unit`` base units; ``deviation_quantity``
    what was over, damaged or wrong. ``stands_for`` is the item that was asked for when another came in its place:
    ``stands_for_factor`` base units of what came do for one of that, as it was said on the day of the decision. The database
    writes the origin, the day, what came, its pack and the substitution down at the receipt.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    allocation = models.ForeignKey(
        "procurement.Allocation", on_delete=models.PROTECT, related_name="receipt_lines"
    )
    quantity = QuantityField()
    unit_price = UnitPriceField()
    amount = AmountField()
    deviation = models.CharField(max_length=8, choices=Deviation, default=Deviation.NONE)
    deviation_quantity = QuantityField(default=0)
    comment = models.CharField(max_length=200, blank=True)
    delivered_date = models.DateField()
    item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    description = models.CharField(max_length=250, blank=True)
    agreement = models.ForeignKey(
        "agreements.Agreement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    unit = models.CharField(max_length=20, blank=True)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    stands_for = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    stands_for_factor = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-delivered_date"], name="receipt_line_latest"),
            models.Index(
                fields=["allocation"], condition=~models.Q(deviation="none"), name="receipt_line_deviating"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "allocation"], name="receipt_line_unique"),
            models.CheckConstraint(
                condition=models.Q(deviation__in=Deviation.values), name="receipt_line_deviation"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, deviation_quantity__gte=0)
                | models.Q(quantity=0) & ~models.Q(deviation=Deviation.NONE),
                name="receipt_line_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.quantity}"
