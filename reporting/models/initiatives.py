"""Saving initiatives, what they are compared with, and their frozen baselines (DOMAIN 2.2)."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.models import Category
from core.fields import AmountField, QuantityField, UnitPriceField
from organizations.models import Membership
from reporting.models.methods import BaselineMethod, SavingNature
from reporting.periods import first_and_last
from reporting.savings import BaselineEffect, a_year_after, baseline_effect, planned_effect

if TYPE_CHECKING:
    from organizations.models import User


class InitiativeStage(models.TextChoices):
    """How far people have come with an initiative, before its agreement and its prices say the rest."""

    IDEA = "idea", _("Idé")
    ANALYSIS = "analysis", _("Analys")
    DECIDED = "decided", _("Beslutat")
    CANCELLED = "cancelled", _("Avbrutet")


class InitiativeStatus(models.TextChoices):
    """
    Where an initiative stands (DOMAIN 2.7, rule 9): idea to closed, or cancelled.

    What people have not decided is told by the stage; the rest by the agreement, the baselines and the register, so that it
    never says something else than they do.
    """

    IDEA = "idea", _("Idé")
    ANALYSIS = "analysis", _("Analys")
    DECIDED = "decided", _("Beslutat")
    CONTRACTED = "contracted", _("Avtalat")
    INTRODUCED = "introduced", _("Infört")
    REALISED = "realised", _("Realiserat")
    CLOSED = "closed", _("Avslutat")
    CANCELLED = "cancelled", _("Avbrutet")


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

    def with_status(self, day: date) -> Self:
        """
        Annotate each with its ``status`` (``InitiativeStatus``) on a day.

        What counts was frozen with its first day: what the register says of it since changes nothing.
        """
        baselines = Baseline.objects.counted().filter(initiative=models.OuterRef("pk"))
        is_planned = ~models.Exists(baselines)
        begun, counts = (
            baselines.filter(counts_during__startswith__lte=day),
            baselines.filter(counts_during__endswith__gt=day),
        )
        has_savings = models.Exists(baselines.filter(savings__isnull=False))
        return self.annotate(
            status=models.Case(
                models.When(stage=InitiativeStage.CANCELLED, then="stage"),
                models.When(~models.Q(stage=InitiativeStage.DECIDED) & is_planned, then="stage"),
                models.When(
                    models.Q(new_agreement=None) & is_planned, then=models.Value(InitiativeStatus.DECIDED)
                ),
                models.When(~models.Exists(begun), then=models.Value(InitiativeStatus.CONTRACTED)),
                models.When(~models.Exists(counts), then=models.Value(InitiativeStatus.CLOSED)),
                models.When(has_savings, then=models.Value(InitiativeStatus.REALISED)),
                default=models.Value(InitiativeStatus.INTRODUCED),
            )
        )

    def with_frozen(self, *, are_counted: bool = False) -> Self:
        """With ``frozen_method`` and ``frozen_from``: how the last baselines that stand were frozen, or the ones that count."""
        baselines = Baseline.objects.filter(initiative=models.OuterRef("pk"), superseded_at=None)
        last = (baselines.filter(is_counted=True) if are_counted else baselines).order_by("-version", "pk")
        return self.annotate(
            frozen_method=models.Subquery(last.values("method")[:1]),
            frozen_from=models.Subquery(last.values(first=models.F("counts_during__startswith"))[:1]),
        )

    def at_status(self, statuses: Iterable[InitiativeStatus]) -> Self:
        """Those with one of some statuses, of initiatives that are annotated with them."""
        return self.filter(status__in=list(statuses))

    def in_order(self) -> Self:
        """By the day that they take effect, then by code."""
        return self.order_by("effective_date", "code", "pk")


class SavingInitiative(models.Model):
    """
    A new agreement that changes prices from a day: the reason for a set of baselines.

    ``expected_amount`` is what it is thought to give in a full year, until its baselines are frozen.
    Under INDEXED the old price follows ``index_series`` from ``index_from`` to ``index_to`` (the first of those months);
    ``index_share_percent`` of it does, the rest stands still.
    """

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
    nature = models.CharField(max_length=10, choices=SavingNature, default=SavingNature.RECURRING)
    stage = models.CharField(max_length=10, choices=InitiativeStage, default=InitiativeStage.IDEA)
    expected_amount = AmountField(null=True, blank=True)
    effective_date = models.DateField()
    index_series = models.ForeignKey(
        "agreements.IndexSeries", on_delete=models.PROTECT, null=True, blank=True, related_name="initiatives"
    )
    index_from = models.DateField(null=True, blank=True)
    index_to = models.DateField(null=True, blank=True)
    index_share_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(100),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )

    status: str
    """Annotated by ``with_status``."""
    frozen_method: str | None
    frozen_from: date | None
    """Annotated by ``with_frozen``."""

    objects = SavingInitiativeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(method__in=BaselineMethod.values), name="initiative_method"
            ),
            models.CheckConstraint(
                condition=models.Q(nature__in=SavingNature.values), name="initiative_nature"
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=InitiativeStage.values), name="initiative_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(index_share_percent__gt=0, index_share_percent__lte=100),
                name="initiative_index_share",
            ),
            models.CheckConstraint(
                condition=models.Q(index_series=None, index_from=None, index_to=None)
                | models.Q(index_series__isnull=False, index_from__day=1, index_to__day=1),
                name="initiative_index_between_months",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def compared_by(self) -> BaselineMethod:
        """By what its baselines were frozen, whatever the register says since; by what they will be while there are none."""
        return BaselineMethod(self.frozen_method or self.method)

    @property
    def begins(self) -> date:
        """The first day that its baselines count, likewise."""
        return self.frozen_from or self.effective_date

    def get_absolute_url(self) -> str:
        """The initiative's baselines."""
        return reverse("reporting:initiative", args=[self.pk])


class BaselineQuerySet(models.QuerySet["Baseline"]):
    """Questions about baselines."""

    def confirmed(self) -> Self:
        """Confirmed by finance, also those that a later version has replaced since."""
        return self.filter(confirmed_at__isnull=False)

    def counted(self) -> Self:
        """Those that delivered lines are compared with: confirmed, of the last confirmed version, with a price."""
        return self.filter(is_counted=True)

    def awaiting(self) -> Self:
        """Frozen and waiting for finance."""
        return self.filter(confirmed_at=None, superseded_at=None)

    def with_is_new(self) -> Self:
        """Annotate each with ``is_new``: whether no version of its initiative counts, so that it is in no figure at all."""
        counted_versions = Baseline.objects.counted().filter(initiative=models.OuterRef("initiative"))
        return self.annotate(is_new=~models.Exists(counted_versions))

    def latest_version(self) -> Self:
        """Those of each initiative's last version, confirmed or not."""
        later = Baseline.objects.filter(
            initiative=models.OuterRef("initiative"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later))


class Baseline(models.Model):
    """
    The frozen inputs of one item's saving: prices before, price after, volume of the last twelve months.

    Prices are per pack of ``units_per_order_unit`` base units, excluding VAT, and the quantity is in such packs: the
    order unit of the item under the new agreement. What came in other packs, or as an item that this one replaces, is
    converted. ``unit_price`` is what was paid or budgeted before, and gives the reduction; ``counterfactual_price`` is
    what the price would have been, and gives what was avoided; by the method one of them may be missing, or both.
    Category and nature are those of the day when it was frozen. ``counts_during`` is the twelve months from the
    effective day during which received lines count as new savings (DOMAIN 2.3); a later baseline of the same
    item ends it when finance confirms that one.

    What is frozen is never edited: a change is the initiative's next version, with its reason, which takes the place of
    the one before (``superseded_at``) when it is confirmed, or at once when that one was not.
    """

    initiative = models.ForeignKey(SavingInitiative, on_delete=models.PROTECT, related_name="baselines")
    version = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=200, blank=True)
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="baselines")
    method = models.CharField(max_length=15, choices=BaselineMethod)
    nature = models.CharField(max_length=10, choices=SavingNature, default=SavingNature.RECURRING)
    category = models.ForeignKey("categories.Category", on_delete=models.PROTECT, related_name="+")
    category_code = models.CharField(max_length=20)
    category_name = models.CharField(max_length=160)
    category_lineage = ArrayField(models.BigIntegerField())
    unit = models.CharField(max_length=20)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3)
    unit_price = UnitPriceField(null=True)
    counterfactual_price = models.DecimalField(max_digits=20, decimal_places=8, null=True)
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
    superseded_at = models.DateTimeField(null=True, blank=True)
    is_counted = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(confirmed_at__isnull=False, superseded_at=None) & ~models.Q(method=BaselineMethod.NONE),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    is_new: bool
    """Annotated by ``with_is_new``."""

    objects = BaselineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "version", "item"], name="baseline_once_per_item"),
            models.CheckConstraint(
                condition=models.Q(method__in=BaselineMethod.values), name="baseline_method"
            ),
            models.CheckConstraint(
                condition=models.Q(nature__in=SavingNature.values), name="baseline_nature"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    method__in=[BaselineMethod.PREV_CONTRACT, BaselineMethod.HIST_AVG, BaselineMethod.BUDGET],
                    unit_price__isnull=False,
                    counterfactual_price=None,
                )
                | models.Q(
                    method=BaselineMethod.INDEXED,
                    unit_price__isnull=False,
                    counterfactual_price__isnull=False,
                )
                | models.Q(method=BaselineMethod.AVG_BID, unit_price=None, counterfactual_price__isnull=False)
                | models.Q(method=BaselineMethod.NONE, unit_price=None, counterfactual_price=None),
                name="baseline_prices_by_method",
            ),
            models.CheckConstraint(
                condition=models.Q(version=1) | ~models.Q(reason=""), name="baseline_change_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None, confirmed_at=None)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="baseline_confirmed_by_and_at",
            ),
            ExclusionConstraint(
                name="baseline_one_per_item_and_day",
                expressions=[("item", RangeOperators.EQUAL), ("counts_during", RangeOperators.OVERLAPS)],
                condition=models.Q(confirmed_at__isnull=False, superseded_at=None)
                & ~models.Q(method=BaselineMethod.NONE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.item}"

    @property
    def effect(self) -> BaselineEffect:
        """What the new price gives over a full year at the frozen volume, component by component."""
        return baseline_effect(
            price_before=self.unit_price,
            counterfactual_price=self.counterfactual_price,
            new_price=self.new_unit_price,
            annual_quantity=self.annual_quantity,
        )

    @property
    def index_values(self) -> tuple[Decimal, Decimal] | None:
        """What the index was in its two months, as published; None without an index."""
        if "index" not in self.evidence:
            return None
        return Decimal(self.evidence["index_from_value"]), Decimal(self.evidence["index_to_value"])

    @property
    def full_year_effect(self) -> Decimal:
        """The reduction of a full year at the frozen volume; minus when dearer."""
        return self.effect.reduction

    @property
    def planned_effect(self) -> Decimal:
        """The part of the full-year effect that is planned: all of it, or that of its days when it was replaced."""
        return self._planned(self.effect.reduction)

    @property
    def planned_avoidance(self) -> Decimal:
        """The same of what is avoided."""
        return self._planned(self.effect.avoidance)

    def _planned(self, full_year: Decimal) -> Decimal:
        starts, through = first_and_last(self.counts_during)
        return planned_effect(full_year, starts=starts, ends=through + timedelta(days=1)).total

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
