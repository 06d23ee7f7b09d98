"""How new prices were computed by an agreement's index clause."""

from datetime import date
from decimal import Decimal

from django.db import models

from agreements.indexing import Link
from catalog.models.price_proposals import PriceProposal


class IndexAdjustment(models.Model):
    """
    What an index had done when prices were proposed by it (indexjustering): the numbers themselves, so that they stay.

    ``change_percent`` is what the clause gives, ``percent`` what is left of it under its cap. Values of series with different
    bases are told in each other's by ``links``: the series, the month, and what each had then.
    """

    proposal = models.OneToOneField(
        PriceProposal, on_delete=models.PROTECT, primary_key=True, related_name="index_adjustment"
    )
    base_month = models.DateField()
    base_value = models.DecimalField(max_digits=12, decimal_places=4)
    month = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=4)
    links = models.JSONField(default=list, blank=True)
    change_percent = models.DecimalField(max_digits=12, decimal_places=4)
    percent = models.DecimalField(max_digits=12, decimal_places=4)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    base_value__gt=0,
                    value__gt=0,
                    month__gt=models.F("base_month"),
                    percent__lte=models.F("change_percent"),
                ),
                name="index_adjustment_of_two_months",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.percent} %"

    @property
    def bases(self) -> list[Link]:
        """The new bases that the series had got between the two months."""
        return [
            Link(each["code"], date.fromisoformat(each["month"]), Decimal(each["old"]), Decimal(each["new"]))
            for each in self.links
        ]

    @property
    def is_capped(self) -> bool:
        """Whether the index gave more than the clause lets prices rise."""
        return self.percent != self.change_percent
