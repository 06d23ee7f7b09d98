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

    Imported lines are never changed nor taken away. ``rows`` are those of ``history.price_savings``, with decimals as
    text.
    """

    source = models.CharField(max_length=20, unique=True)
    last_line_id = models.BigIntegerField()
    rows = models.JSONField()
    lines_left_out = models.PositiveBigIntegerField()

    objects = PriceComparisonQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.source} {self.last_line_id}"
