"""Prices that an initiative's items are compared with, when they are not in an agreement or in what was bought."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import UnitPriceField
from reporting.models.initiatives import SavingInitiative


class ComparedPriceKind(models.TextChoices):
    """Where a price to compare with comes from."""

    BID = "bid", _("Anbud")
    BUDGET = "budget", _("Beslutad budget")


class ComparedPrice(models.Model):
    """
    A price that an initiative's item is compared with: a valid bid, or what the approved budget says (jämförelsepris).

    Per order unit of the item, excluding VAT. A bid that was found abnormally low is kept and not counted. ``source``
    is the bidder, or the decision that the budget stands in.
    """

    initiative = models.ForeignKey(SavingInitiative, on_delete=models.PROTECT, related_name="compared_prices")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ComparedPriceKind)
    source = models.CharField(max_length=160)
    unit_price = UnitPriceField()
    is_abnormally_low = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "item", "kind", "source"], name="compared_price_once_per_source"
            ),
            models.UniqueConstraint(
                fields=["initiative", "item"],
                condition=models.Q(kind="budget"),
                name="compared_price_one_budget",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ComparedPriceKind.values), name="compared_price_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__gt=0) & ~models.Q(source=""), name="compared_price_of_a_source"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="bid") | models.Q(is_abnormally_low=False),
                name="compared_price_only_bids_are_low",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.item}, {self.source}"
