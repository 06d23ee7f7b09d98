"""Prices with dates, and ceilings per item."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from agreements.models import AgreementSupplier, CallOffMethod
from agreements.models.agreements import may_be_used_by
from agreements.states import ORDERABLE
from core.fields import QuantityField, UnitPriceField


class PriceQuerySet(models.QuerySet["Price"]):
    """Questions about prices."""

    def on(self, day: date) -> Self:
        """Valid that day under an agreement that orders may be placed under that day, or outside agreements."""
        in_agreement = models.Q(agreement=None) | models.Q(
            agreement__valid_during__contains=day, agreement__status__in=ORDERABLE
        )
        return self.filter(in_agreement, valid_during__contains=day)

    def usable_by(self, administrations: Any) -> Self:
        """Those of agreements that one of the administrations may call off, and outside agreements; the gate asks the same."""
        return self.filter(models.Q(agreement=None) | may_be_used_by(administrations, "agreement__"))

    def best_first(self) -> Self:
        """Under agreement before outside, then by rank where the agreement ranks its suppliers, then cheapest, then oldest."""
        outside = models.Case(models.When(agreement=None, then=1), default=0)
        places = AgreementSupplier.objects.filter(
            agreement=models.OuterRef("agreement"), supplier=models.OuterRef("supplier")
        )
        rank = models.Case(
            models.When(
                agreement__call_off_method=CallOffMethod.RANKING,
                then=models.Subquery(places.values("rank")[:1]),
            ),
            default=1,
        )
        return self.order_by("item_id", outside, rank, "unit_price", "pk")


class Price(models.Model):
    """
    What one order unit of an item costs, excluding VAT, from a supplier during a period.

    ``units_per_order_unit`` is how many base units that order unit holds; the database takes it from the item when the
    price is registered, so that a price keeps its pack when the item gets another.
    Without an agreement it is an indicative price that the category manager confirms.
    """

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="prices")
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="prices"
    )
    supplier = models.ForeignKey("agreements.Supplier", on_delete=models.PROTECT, related_name="prices")
    unit_price = UnitPriceField()
    units_per_order_unit = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    minimum_quantity = QuantityField(default=1)
    lead_days = models.PositiveSmallIntegerField(default=3)
    valid_during = DateRangeField()

    objects = PriceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(unit_price__gt=0), name="price_positive"),
            models.CheckConstraint(condition=models.Q(minimum_quantity__gt=0), name="price_minimum_positive"),
            ExclusionConstraint(
                name="price_no_overlap",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    (models.functions.Coalesce("agreement", 0), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.unit_price}"


class ItemCeiling(models.Model):
    """The largest quantity of one item that an agreement allows (takvolym per artikel), in order units."""

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="item_ceilings"
    )
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="ceilings")
    ceiling_quantity = QuantityField()
    committed_quantity = QuantityField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "item"], name="item_ceiling_unique"),
            models.CheckConstraint(
                condition=models.Q(
                    committed_quantity__gte=0, committed_quantity__lte=models.F("ceiling_quantity")
                ),
                name="item_within_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.item}"
