"""Receipts: what came, what was wrong with it, what was accepted, and what was taken back or sent back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField, QuantityField, UnitPriceField
from procurement.models.lines import RequisitionLine
from procurement.models.origin import Origin

if TYPE_CHECKING:
    from organizations.models import User


class Deviation(models.TextChoices):
    """What was wrong with a delivery."""

    NONE = "none", _("Ingen avvikelse")
    OVER = "over", _("För många")
    SHORT = "short", _("För få, resten kommer inte")
    DAMAGED = "damaged", _("Skadad")
    WRONG = "wrong", _("Fel vara")
    NOT_ORDERED = "not_ordered", _("Något kom som inte är beställt")


class ReceiptKind(models.TextChoices):
    """What a receipt tells: that something came, that it went back, or that an earlier receipt was a mistake."""

    DELIVERY = "delivery", _("Mottagning")
    RETURN = "return", _("Retur")
    TAKEN_BACK = "taken_back", _("Återtagen mottagning")


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Questions about receipts."""

    def visible_to(self, user: "User") -> Self:
        """Those with a line that the person may see."""
        lines = RequisitionLine.objects.opened_to(user).values("pk")
        receipt_ids = ReceiptLine.objects.filter(allocation__line__in=lines).values("receipt")
        return self.filter(pk__in=receipt_ids)

    def with_lines(self) -> Self:
        """With what came."""
        lines = ReceiptLine.objects.order_by("pk")
        return self.prefetch_related(models.Prefetch("lines", lines, to_attr="shown_lines"))


class Receipt(models.Model):
    """
    One delivery note signed (mottagning), or one service acceptance. ``key`` makes a double press harmless.

    It is never edited: a mistake is taken back, and goods go back to the supplier, by a receipt of another kind that
    names it as the one that it ``takes_back`` from, with the reason as its note.
    """

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
    kind = models.CharField(
        max_length=10, choices=ReceiptKind, default=ReceiptKind.DELIVERY, db_default=ReceiptKind.DELIVERY
    )
    takes_back = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="receipt_key_unique"),
            models.CheckConstraint(condition=models.Q(kind__in=ReceiptKind.values), name="receipt_kind"),
            models.CheckConstraint(
                condition=models.Q(kind=ReceiptKind.DELIVERY, takes_back=None)
                | ~models.Q(kind=ReceiptKind.DELIVERY)
                & models.Q(takes_back__isnull=False)
                & ~models.Q(note=""),
                name="receipt_taken_back_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["department", "-received_at"], name="receipt_department_latest")]

    def __str__(self) -> str:
        return f"{self.department} {self.received_at:%Y-%m-%d}"


class ReceiptLineQuerySet(models.QuerySet["ReceiptLine"]):
    """Questions about what came."""

    def standing(self) -> Self:
        """What came and has not been taken back as a mistake."""
        mistakes = ReceiptLine.objects.filter(
            reverses=models.OuterRef("pk"), receipt__kind=ReceiptKind.TAKEN_BACK
        )
        return self.filter(~models.Exists(mistakes), reverses=None)

    def with_reversals(self) -> Self:
        """With what of it has gone back, and whether it has been taken back as a mistake."""
        reversals = ReceiptLine.objects.filter(reverses=models.OuterRef("pk")).order_by()
        reversed_sum = reversals.values("reverses").annotate(gone=models.Sum("quantity")).values("gone")
        return self.annotate(
            reversed_quantity=Coalesce(models.Subquery(reversed_sum), 0, output_field=QuantityField()),
            is_taken_back=models.Exists(reversals.filter(receipt__kind=ReceiptKind.TAKEN_BACK)),
        )


class ReceiptLine(Origin):
    """
    What came for one allocation. Never edited.

    ``quantity`` is what was accepted, in order units of ``units_per_order_unit`` base units; ``deviation_quantity``
    what was over, damaged or wrong. ``stands_for`` is the item that was asked for when another came in its place:
    ``stands_for_factor`` base units of what came do for one of that, as it was said on the day of the decision. The database
    writes the origin, the day, what came, its pack, the substitution and the day it was expected down at the receipt.

    ``closed_quantity`` is what will not come of the allocation, by what this row says. A row that ``reverses`` another
    counts it away, with a minus: all of it when that was a mistake, a part when goods are sent back. It is of the same
    day, price and origin as the other, which the database sees to, so that every figure is as if it had not come.
    """

    reversed_quantity: Decimal
    is_taken_back: bool
    """What has happened to it since; read with it by ``with_reversals()``."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    allocation = models.ForeignKey(
        "procurement.Allocation", on_delete=models.PROTECT, related_name="receipt_lines"
    )
    quantity = QuantityField()
    unit_price = UnitPriceField()
    amount = AmountField()
    closed_quantity = QuantityField(default=0, db_default=0)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="reversals"
    )
    deviation = models.CharField(max_length=12, choices=Deviation, default=Deviation.NONE)
    deviation_quantity = QuantityField(default=0)
    comment = models.CharField(max_length=200, blank=True)
    delivered_date = models.DateField()
    expected_date = models.DateField(null=True, blank=True)
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

    objects = ReceiptLineQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-delivered_date"], name="receipt_line_latest"),
            models.Index(fields=["supplier", "delivered_date"], name="receipt_line_supplier"),
            models.Index(
                fields=["reverses"],
                condition=models.Q(reverses__isnull=False),
                name="receipt_line_reversing",
            ),
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
                condition=models.Q(reverses=None, closed_quantity__gte=0)
                & (
                    models.Q(quantity__gt=0, deviation_quantity__gte=0)
                    | models.Q(quantity=0) & ~models.Q(deviation=Deviation.NONE)
                )
                | models.Q(
                    reverses__isnull=False, quantity__lte=0, deviation=Deviation.NONE, deviation_quantity=0
                ),
                name="receipt_line_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.quantity}"

    @property
    def returned_quantity(self) -> Decimal:
        """What of it has gone back."""
        return -self.reversed_quantity

    @property
    def kept_quantity(self) -> Decimal:
        """What of it has not."""
        return Decimal(self.quantity + self.reversed_quantity)

    @property
    def is_late(self) -> bool:
        """Whether it came after the day when it was expected."""
        return self.expected_date is not None and self.delivered_date > self.expected_date
