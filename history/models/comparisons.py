"""Price comparisons that are kept."""

from typing import Self

from django.db import models

from history.models.lines import PurchaseHistoryLine


class PriceComparisonQuerySet(models.QuerySet["PriceComparison"]):
    """Questions about kept comparisons."""

    def current(self, source: str) -> Self:
        """The comparison of a source, unless lines have come in since it was made."""
        latest = PurchaseHistoryLine.objects.filter(source=source).order_by("-pk").values("pk")[:1]
        return self.filter(source=source, last_line_id=models.Subquery(latest))


class PriceComparison(models.Model):
    """
    What a source's prices were worth when its last line had come in: it holds until another does.

    Imported lines are never changed, and the database takes the comparison away with lines that go. ``rows`` are those of ``history.price_savings``, ``splits`` those of
    ``history.purchase_splits``, with decimals as text.
    """

    source = models.CharField(max_length=20, unique=True)
    last_line_id = models.BigIntegerField()
    rows = models.JSONField()
    splits = models.JSONField()
    lines_left_out = models.PositiveBigIntegerField()

    objects = PriceComparisonQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.source} {self.last_line_id}"


class PriceBaseline(models.Model):
    """
    What an item had cost the year before, kept with its source's comparison: the sums that the average is made of.

    ``year`` is that of the lines that are compared with it. ``amount`` in the source's currency; ``base_quantity`` in base
    units, or in packs of lines that do not tell what is in them (``has_pack``).
    """

    source = models.CharField(max_length=20)
    item_key = models.CharField(max_length=300)
    has_pack = models.BooleanField()
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=30, decimal_places=6)
    base_quantity = models.DecimalField(max_digits=30, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "item_key", "has_pack", "year"], name="price_baseline_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.item_key} {self.year}"
