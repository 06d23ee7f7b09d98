"""Article numbers of GS1 for the packs that an item is sold in."""

from collections.abc import Iterable
from typing import Self

from django.db import models

from catalog.gtin import bare


def without_zeros(code: str) -> models.Func:
    """A GTIN as it is compared: one of 8, 12, 13 or 14 digits is the same with zeros before it."""
    return models.Func(models.F(code), models.Value("0"), function="ltrim", output_field=models.CharField())


class ItemCodeQuerySet(models.QuerySet["ItemCode"]):
    """Questions about codes of packs."""

    def written(self, digits: Iterable[str]) -> Self:
        """Those that are one of these, with however many zeros before."""
        return self.alias(bare=without_zeros("code")).filter(bare__in=[bare(each) for each in digits])


class ItemCode(models.Model):
    """
    The GTIN of one pack of an item: who scans a carton gets a carton.

    ``order_unit`` is the order unit that the pack is, also where it is the item's own. ``Item.gtin`` is of the item
    itself, in whatever unit it is sold. A trigger refuses a code that is another item's, with however many zeros before.
    """

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=14)
    order_unit = models.CharField(max_length=20)

    objects = ItemCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(without_zeros("code"), name="item_code_unique"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^([0-9]{8}|[0-9]{12,14})$"), name="item_code_is_gtin"
            ),
            models.CheckConstraint(condition=~models.Q(order_unit=""), name="item_code_has_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.order_unit})"
