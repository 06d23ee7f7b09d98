"""What is priced by an order unit, told per base unit."""

from decimal import Decimal
from typing import Any

from django.db import models

from core.money import to_unit_price


class PricedPack(models.Model):
    """A price of an order unit and how many base units that holds, which the database sees to that there is."""

    unit_price: Any
    units_per_order_unit: Any

    class Meta:
        abstract = True

    @property
    def price_per_base_unit(self) -> Decimal:
        """What one base unit costs, which prices of different packs are compared by; not rounded."""
        price: Decimal = self.unit_price / self.units_per_order_unit
        return price

    @property
    def comparison_price(self) -> Decimal:
        """What one base unit costs, as it is shown (jämförpris)."""
        return to_unit_price(self.price_per_base_unit)
