"""Order lines that were delivered in other systems."""

from django.db import models

from core.fields import AmountField, QuantityField, UnitPriceField
from procurement.models.origin import Origin


class PurchaseHistoryLine(Origin):
    """
    One delivered line from another system, as its source tells it.

    ``source`` and ``external_id`` tell it apart, so that it comes in once; ``import_row`` is the row of the file that told it. ``unit_price`` is per pack (order unit), ``amount`` the
    source's own line value, in ``currency``. It is never changed, and goes only when its import is taken back. ``item_key`` is the normalised description. Foreign keys are set
    where the line is known to our own registers; the names are the source's own, or those of the registers on the day
    that the line came in. The database writes down what is left out of the origin, and the pack of a known item.
    """

    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=60)
    of_import = models.ForeignKey(
        "registers.Import", on_delete=models.PROTECT, null=True, blank=True, related_name="purchases"
    )
    import_row = models.PositiveIntegerField(null=True, blank=True)
    delivered_date = models.DateField()
    item_key = models.CharField(max_length=300)
    description = models.CharField(max_length=300)
    quantity = QuantityField()
    unit = models.CharField(max_length=20, blank=True)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    unit_price = UnitPriceField()
    amount = AmountField()
    currency = models.CharField(max_length=3, default="SEK")
    note = models.CharField(max_length=200, blank=True)
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="history_lines"
    )
    item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="history_lines"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="history_line_once")]
        indexes = [
            models.Index(fields=["source", "item_key", "delivered_date"], name="history_item_date"),
            models.Index(fields=["item", "delivered_date"], name="history_known_item_date"),
            models.Index(fields=["source", "-id"], name="history_source_latest"),
            models.Index(fields=["-delivered_date"], name="history_latest"),
            models.Index(
                fields=["category", "delivered_date"],
                condition=models.Q(agreement=None, currency="SEK"),
                name="history_outside_agreements",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
