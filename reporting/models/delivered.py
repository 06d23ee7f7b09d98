"""Everything that was delivered, from the chain and from history: one view over both."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from categories.models import Category
from core.fields import AmountField, QuantityField, UnitPriceField
from history.models import PurchaseHistoryLine
from organizations.models import Membership
from procurement.models.origin import Origin
from reporting.models.savings import Saving

if TYPE_CHECKING:
    from organizations.models import User


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
        """In these categories (ids) or below them, as the tree was on the line's own day; None for all."""
        if categories is None:
            return self
        return self.filter(category_lineage__overlap=list(categories))

    def latest_first(self) -> Self:
        """By delivery, latest first."""
        return self.order_by("-delivered_date", "key")

    def for_display(self) -> Self:
        """With what a row on a page needs, in one query."""
        return self.select_related("item", "category", "history_line")

    def with_order(self) -> Self:
        """With the order that a received line came by, and what was asked for."""
        return self.select_related(
            "receipt_line__allocation__order_line__order", "receipt_line__allocation__line"
        )


class DeliveredLine(Origin):
    """
    Everything that was delivered and accepted, from the chain or from imported history: one database view.

    Quantity in order units of ``units_per_order_unit`` base units, price per order unit excluding VAT. Organisation,
    category and supplier are those of the line's own day. What was sent back, or received by mistake, is a line of its own
    with a minus, of the day of the line that it counts away.
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
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    description = models.CharField(max_length=300)
    quantity = QuantityField()
    unit = models.CharField(max_length=20)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    unit_price = UnitPriceField()
    amount = AmountField()
    stands_for = models.ForeignKey("catalog.Item", on_delete=models.DO_NOTHING, null=True, related_name="+")
    stands_for_factor = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    currency = models.CharField(max_length=3)

    objects = DeliveredLineQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "reporting_deliveredline"

    def __str__(self) -> str:
        return self.key
