"""Prices with dates, by quantity and order unit, and ceilings per item."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Abs, Coalesce

from agreements.models import AgreementSupplier, CallOffMethod
from agreements.models.agreements import may_be_used_by
from agreements.states import ORDERABLE, SIGNED
from catalog.models.competitions import CompetitionItem
from catalog.models.items import Item
from catalog.models.packs import PricedPack
from catalog.states import CompetitionStatus
from core.fields import QuantityField, UnitPriceField
from core.money import to_quantity

if TYPE_CHECKING:
    from django.db.backends.postgresql.psycopg_any import DateRange

LAST_RANK = 32767
"""What comes after every rank that an agreement gives."""


class PriceQuerySet(models.QuerySet["Price"]):
    """Questions about prices."""

    def on(self, day: date) -> Self:
        """Valid that day under an agreement that orders may be placed under that day, or outside agreements."""
        in_agreement = models.Q(agreement=None) | models.Q(
            agreement__valid_during__contains=day, agreement__status__in=ORDERABLE
        )
        return self.filter(in_agreement, valid_during__contains=day)

    def signed(self) -> Self:
        """Those of agreements that are, or have been, in force, and outside agreements: a bid is secret until it has won."""
        return self.filter(models.Q(agreement=None) | models.Q(agreement__status__in=SIGNED))

    def usable_by(self, administrations: Any) -> Self:
        """Those of agreements that one of the administrations may call off, and outside agreements; the gate asks the same."""
        return self.filter(models.Q(agreement=None) | may_be_used_by(administrations, "agreement__"))

    def open_to_one(self, administration: Any) -> Self:
        """The same for one administration, where it is told by a row and not known beforehand."""
        one = models.Func(administration, template="ARRAY[%(expressions)s]")
        is_open = models.Q(agreement__open_to=[]) | models.Q(agreement__open_to__contains=one)
        return self.filter(models.Q(agreement=None) | is_open)

    def with_rank(self, day: Any) -> Self:
        """
        With ``supplier_rank``: which of an agreement's suppliers comes first, as its way of calling off has it.

        That is the place where it ranks them, the turn where it divides by shares, and whoever has won a competition that day for
        the item where it demands one; else all come first, so that the cheapest is chosen.
        """
        places = AgreementSupplier.objects.filter(
            agreement=models.OuterRef("agreement"), supplier=models.OuterRef("supplier")
        )
        won = CompetitionItem.objects.filter(
            item=models.OuterRef("item"),
            competition__agreement=models.OuterRef("agreement"),
            competition__winner__supplier=models.OuterRef("supplier"),
            competition__status=CompetitionStatus.AWARDED,
            competition__award_during__contains=day,
        )
        rank = models.Case(
            models.When(
                agreement__call_off_method=CallOffMethod.RANKING,
                then=Coalesce(models.Subquery(places.values("rank")[:1]), LAST_RANK),
            ),
            models.When(
                agreement__call_off_method=CallOffMethod.DISTRIBUTION_KEY,
                then=Coalesce(models.Subquery(places.values("turn")[:1]), LAST_RANK),
            ),
            models.When(
                models.Q(agreement__call_off_method=CallOffMethod.MINI_COMPETITION) & ~models.Exists(won),
                then=LAST_RANK,
            ),
            default=1,
            output_field=models.IntegerField(),
        )
        return self.annotate(supplier_rank=rank)

    def at_quantity(self, quantity: Decimal) -> Self:
        """Of the breaks of the same terms, the one that holds for a quantity, as ``catalog.pricing`` has it."""
        quantity_value = models.Value(quantity, output_field=QuantityField())
        is_above = models.Case(models.When(minimum_quantity__gt=quantity_value, then=1), default=0)
        distance = Abs(models.F("minimum_quantity") - quantity_value)
        terms = ("item_id", "agreement_id", "supplier_id", "order_unit")
        return self.order_by(*terms, is_above, distance).distinct(*terms)


class Price(PricedPack):
    """
    What one order unit of an item costs, excluding VAT, from a supplier during a period, from so many on.

    Each quantity break is a row of its own, which ``minimum_quantity`` starts; the smallest is how few are sold.
    ``order_unit`` is empty for the item's own order unit, else the name of another that the supplier sells.
    ``units_per_order_unit`` is how many base units the order unit holds; of the item's own the database takes it from
    the item when the price is registered, so that a price keeps its pack when the item gets another.
    Without an agreement it is an indicative price that the category manager confirms.
    """

    supplier_rank = 1
    """The supplier's place in the agreement, where it is read ``with_rank``."""

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="prices")
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="prices"
    )
    supplier = models.ForeignKey("agreements.Supplier", on_delete=models.PROTECT, related_name="prices")
    order_unit = models.CharField(max_length=20, blank=True, default="")
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
            models.CheckConstraint(
                condition=(models.Q(order_unit="") | models.Q(units_per_order_unit__isnull=False))
                & models.Q(units_per_order_unit__gt=0),
                name="price_has_pack",
            ),
            ExclusionConstraint(
                name="price_no_overlap",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    (Coalesce("agreement", 0), RangeOperators.EQUAL),
                    ("supplier", RangeOperators.EQUAL),
                    ("minimum_quantity", RangeOperators.EQUAL),
                    ("order_unit", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.unit_price}"

    @property
    def end_date(self) -> date | None:
        """The last day that it holds; None where none is said."""
        upper: date | None = self.valid_during.upper
        return None if upper is None else upper - timedelta(days=1)

    def copy_during(self, during: "DateRange") -> "Price":
        """The same price in another period, to be saved."""
        return Price(
            item_id=self.item_id,
            agreement_id=self.agreement_id,
            supplier_id=self.supplier_id,
            order_unit=self.order_unit,
            units_per_order_unit=self.units_per_order_unit,
            unit_price=self.unit_price,
            minimum_quantity=self.minimum_quantity,
            lead_days=self.lead_days,
            valid_during=during,
        )

    def pack_of(self, item: Item) -> tuple[str, Decimal]:
        """In which order unit the item is sold at the price, and how many base units that holds now."""
        if self.order_unit == "" or self.units_per_order_unit is None:
            return item.order_unit, item.units_per_order_unit
        return self.order_unit, self.units_per_order_unit


class ItemCeiling(models.Model):
    """
    The largest quantity of one item that an agreement allows (takvolym per artikel).

    It is in the item's own order units, of ``units_per_order_unit`` base units as the item had them when it was registered, so
    that a carton counts as the boxes that it holds.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="item_ceilings"
    )
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="ceilings")
    ceiling_quantity = QuantityField()
    committed_quantity = QuantityField(default=0)
    opening_quantity = QuantityField(default=0, editable=False)
    """What was committed when the ceiling was registered; written by the database, and never changed."""
    units_per_order_unit = models.DecimalField(
        max_digits=10, decimal_places=3, default=1, db_default=1, editable=False
    )
    """Written by the database when the ceiling is registered, and never changed."""

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

    @property
    def remaining_quantity(self) -> Decimal:
        """How many of the item's own order units are left."""
        remaining: Decimal = self.ceiling_quantity - self.committed_quantity
        return remaining

    def counted(self, quantity: Decimal, units_per_order_unit: Decimal) -> Decimal:
        """As how many of the item's own order units so many of another pack count."""
        return to_quantity(quantity * units_per_order_unit / self.units_per_order_unit)
