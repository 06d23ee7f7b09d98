"""Initiatives, frozen baselines and the append-only savings register (DOMAIN 2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.models import Category
from core.fields import AmountField, QuantityField, UnitPriceField
from core.work import Work, WorkQuerySet
from organizations.models import Membership
from procurement.models.origin import Origin
from reporting.periods import first_and_last
from reporting.savings import a_year_after, full_year_effect, planned_effect

if TYPE_CHECKING:
    from organizations.models import User


class BaselineMethod(models.TextChoices):
    """How the price to compare with was found (DOMAIN 2.2). Printed beside every amount."""

    PREV_CONTRACT = "prev_contract", _("Förra avtalet")
    HIST_AVG = "hist_avg", _("Snitt 12 mån.")


class Component(models.TextChoices):
    """What part of the effect a register line counts."""

    PRICE = "price", _("Pris")


class SavingInitiativeQuerySet(models.QuerySet["SavingInitiative"]):
    """Questions about initiatives."""

    def visible_to(self, user: "User") -> Self:
        """All for finance, head of procurement and auditors; for others those of their categories or items."""
        day = timezone.localdate()
        reach = Category.objects.within_reach_of(user, day)
        items = Baseline.objects.filter(initiative=models.OuterRef("pk"), item__category__in=reach)
        return self.filter(
            models.Q(Membership.objects.opens_region_to(user, day))
            | models.Q(category__in=reach)
            | models.Q(models.Exists(items))
        )

    def awaiting(self) -> Self:
        """With frozen baselines that finance has not confirmed."""
        waiting = Baseline.objects.awaiting().filter(initiative=models.OuterRef("pk"))
        return self.filter(models.Exists(waiting))

    def in_order(self) -> Self:
        """By the day that they take effect, then by code."""
        return self.order_by("effective_date", "code", "pk")


class SavingInitiative(models.Model):
    """A new agreement that changes prices from a day: the reason for a set of baselines."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=150)
    category = models.ForeignKey("categories.Category", on_delete=models.PROTECT, related_name="initiatives")
    old_agreement = models.ForeignKey(
        "agreements.Agreement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ended_initiatives",
    )
    new_agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="initiatives"
    )
    method = models.CharField(max_length=15, choices=BaselineMethod)
    effective_date = models.DateField()

    objects = SavingInitiativeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(method__in=BaselineMethod.values), name="initiative_method"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The initiative's baselines."""
        return reverse("reporting:initiative", args=[self.pk])


class BaselineQuerySet(models.QuerySet["Baseline"]):
    """Questions about baselines."""

    def confirmed(self) -> Self:
        """Confirmed by finance; only these are counted."""
        return self.filter(confirmed_at__isnull=False)

    def awaiting(self) -> Self:
        """Frozen and waiting for finance."""
        return self.filter(confirmed_at=None)


class Baseline(models.Model):
    """
    The frozen inputs of one item's saving: price before, price after, volume of the last twelve months.

    Prices are per pack of ``units_per_order_unit`` base units, excluding VAT, and the quantity is in such packs: the
    order unit of the item under the new agreement. What came in other packs, or as an item that this one replaces, is
    converted. The category is that of the item when it was frozen. ``counts_during`` is the twelve months from the
    effective day during which received lines count as new savings (DOMAIN 2.3); a later baseline of the same
    item ends it when finance confirms that one.
    """

    initiative = models.ForeignKey(SavingInitiative, on_delete=models.PROTECT, related_name="baselines")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="baselines")
    method = models.CharField(max_length=15, choices=BaselineMethod)
    category = models.ForeignKey("categories.Category", on_delete=models.PROTECT, related_name="+")
    category_code = models.CharField(max_length=20)
    category_name = models.CharField(max_length=160)
    category_lineage = ArrayField(models.BigIntegerField())
    unit = models.CharField(max_length=20)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3)
    unit_price = UnitPriceField()
    new_unit_price = UnitPriceField()
    annual_quantity = QuantityField()
    counts_during = DateRangeField()
    evidence = models.JSONField(default=dict)
    frozen_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_baselines",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = BaselineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "item"], name="baseline_once_per_item"),
            models.CheckConstraint(
                condition=models.Q(method__in=BaselineMethod.values), name="baseline_method"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_at=None)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="baseline_confirmed_by_and_at",
            ),
            ExclusionConstraint(
                name="baseline_one_per_item_and_day",
                expressions=[("item", RangeOperators.EQUAL), ("counts_during", RangeOperators.OVERLAPS)],
                condition=models.Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.item}"

    @property
    def full_year_effect(self) -> Decimal:
        """What the new price gives over a full year at the frozen volume; minus when dearer."""
        return full_year_effect(
            baseline_price=self.unit_price,
            new_price=self.new_unit_price,
            annual_quantity=self.annual_quantity,
        )

    @property
    def planned_effect(self) -> Decimal:
        """The part of the full-year effect that is planned: all of it, or that of its days when it was replaced."""
        starts, through = first_and_last(self.counts_during)
        return planned_effect(self.full_year_effect, starts=starts, ends=through + timedelta(days=1)).total

    @property
    def is_replaced(self) -> bool:
        """Whether a later baseline ended it before its twelve months."""
        starts, through = first_and_last(self.counts_during)
        return through + timedelta(days=1) < a_year_after(starts)

    @property
    def counts_through(self) -> date:
        """The last day that counts."""
        return first_and_last(self.counts_during)[1]

    @property
    def counted_query(self) -> str:
        """The days that count, as the address of the lines says them."""
        first, last = first_and_last(self.counts_during)
        return f"fran={first.isoformat()}&till={last.isoformat()}"


class SavingsRunQuerySet(WorkQuerySet["SavingsRun"]):
    """Questions about computations of the register."""

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.order_by("-requested_at", "-pk")


class SavingsRun(Work):
    """One computation of the savings register."""

    lock_space = 2

    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="savings_runs"
    )
    added_count = models.PositiveIntegerField(default=0)

    objects = SavingsRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M}"


class SavingQuerySet(models.QuerySet["Saving"]):
    """Questions about the register."""

    def current(self) -> Self:
        """The last calculation of each line: those that no correction has replaced. Sums are taken over these."""
        return self.filter(corrections=None)

    def visible_to(self, user: "User") -> Self:
        """All for finance, head of procurement and auditors; for others those of their categories."""
        day = timezone.localdate()
        return self.filter(
            models.Q(Membership.objects.opens_region_to(user, day))
            | models.Q(category__in=Category.objects.within_reach_of(user, day))
        )

    def latest_first(self) -> Self:
        """By delivery, latest first."""
        return self.order_by("-delivered_date", "-pk")

    def for_display(self) -> Self:
        """With what a row on a page or in a file needs, in one query."""
        return self.select_related(
            "item",
            "baseline__initiative",
            "receipt_line__allocation__order_line__order",
            "history_line",
        )

    def total(self) -> Decimal:
        """Sum of amounts, increases included with their minus."""
        return self.aggregate(total=models.Sum("amount"))["total"] or Decimal("0.00")


class Saving(Origin):
    """
    What one delivered line gave: (baseline price − paid price) × quantity, rounded per line; minus when dearer.

    Append-only. Once per delivered line, component and calculation version. A line that is to be compared with
    another baseline is calculated again as the next version, which ``replaces`` the one before; only the last one
    counts. Whose it was and from whom is that of the delivered line; the category is that of the baseline, so that
    plan and outcome stand side by side. Prices are per order unit of the line, which holds ``units_per_order_unit``
    base units.
    """

    receipt_line = models.ForeignKey(
        "procurement.ReceiptLine", on_delete=models.PROTECT, null=True, blank=True, related_name="savings"
    )
    history_line = models.ForeignKey(
        "history.PurchaseHistoryLine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="savings",
    )
    component = models.CharField(max_length=10, choices=Component, default=Component.PRICE)
    calculation_version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="corrections"
    )
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="savings")
    run = models.ForeignKey(SavingsRun, on_delete=models.PROTECT, related_name="savings")
    delivered_date = models.DateField()
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="savings")
    description = models.CharField(max_length=300)
    quantity = QuantityField()
    unit = models.CharField(max_length=20, blank=True)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3)
    baseline_price = UnitPriceField()
    paid_price = UnitPriceField()
    amount = AmountField()

    objects = SavingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(receipt_line=None, history_line__isnull=False)
                | models.Q(receipt_line__isnull=False, history_line=None),
                name="saving_of_one_line",
            ),
            models.UniqueConstraint(
                fields=["receipt_line", "component", "calculation_version"],
                condition=models.Q(receipt_line__isnull=False),
                name="saving_once_per_receipt_line",
            ),
            models.UniqueConstraint(
                fields=["history_line", "component", "calculation_version"],
                condition=models.Q(history_line__isnull=False),
                name="saving_once_per_history_line",
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=models.Q(replaces__isnull=False), name="saving_replaced_once"
            ),
            models.CheckConstraint(
                condition=models.Q(calculation_version=1, replaces=None)
                | models.Q(calculation_version__gt=1, replaces__isnull=False),
                name="saving_versions_follow",
            ),
        ]
        indexes = [models.Index(fields=["delivered_date", "category"], name="saving_date_category")]

    def __str__(self) -> str:
        return f"{self.delivered_date} {self.amount}"
