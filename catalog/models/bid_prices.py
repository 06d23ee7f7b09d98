"""What the items of a competition cost in a bid."""

from typing import Self

from django.db import models

from catalog.models.competitions import CompetitionBid
from catalog.models.packs import PricedPack
from core.fields import UnitPriceField


class BidPriceQuerySet(models.QuerySet["BidPrice"]):
    """Questions about the prices of bids."""

    def in_order(self) -> Self:
        """By the number of the item, its own order unit first."""
        return self.order_by("item__number", "order_unit", "pk")


class BidPrice(PricedPack):
    """
    What one order unit of an item costs in a bid, excluding VAT, in any number.

    Order unit and pack are as those of ``Price``: empty for the item's own, whose pack the database takes from the item. When the
    bid wins, it is the agreement's price from that supplier on the days of the award.
    """

    bid = models.ForeignKey(CompetitionBid, on_delete=models.PROTECT, db_index=False, related_name="prices")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="bid_prices")
    order_unit = models.CharField(max_length=20, blank=True, default="")
    units_per_order_unit = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    unit_price = UnitPriceField()

    objects = BidPriceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "item", "order_unit"], name="bid_price_once"),
            models.CheckConstraint(condition=models.Q(unit_price__gt=0), name="bid_price_positive"),
            models.CheckConstraint(
                condition=(models.Q(order_unit="") | models.Q(units_per_order_unit__isnull=False))
                & models.Q(units_per_order_unit__gt=0),
                name="bid_price_has_pack",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.unit_price}"
