"""The append-only savings register and its computations (DOMAIN 2)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.models import Category
from core.fields import AmountField, QuantityField, UnitPriceField
from core.work import Work, WorkQuerySet
from organizations.models import Membership
from procurement.models.origin import Origin
from reporting.models.initiatives import Baseline
from reporting.models.methods import SavingNature

if TYPE_CHECKING:
    from organizations.models import User


class Component(models.TextChoices):
    """
    What part of the effect a register line counts; the parts of a delivered line add up to its whole effect.

    A reduction is money left over. What was avoided never is, and stands apart from the budget (DOMAIN 2.7, rule 4). What
    a price still gives after the twelve months in which it is new is retained, and apart too (DOMAIN 2.3).
    """

    REDUCTION = "reduction", _("Prissänkning")
    AVOIDANCE = "avoidance", _("Undviken höjning")
    RETAINED = "retained", _("Kvarhållen effekt")


class EffectPart(models.TextChoices):
    """What an effect is part of: the budget, or one of those that stand apart from it."""

    BUDGET = "budget", _("Budgeteffekt")
    AVOIDED = "avoided", _("Undvikna höjningar")
    ONE_OFF = "one_off", _("Engångseffekter")
    CRISIS = "crisis", _("Krispriser")
    RETAINED = "retained", _("Kvarhållen effekt")

    @classmethod
    def of(cls, component: str, nature: str) -> "EffectPart":
        """What a component of an initiative of some nature is part of."""
        if nature != SavingNature.RECURRING:
            return cls(nature)
        return PARTS[Component(component)]

    @property
    def nature(self) -> SavingNature:
        """The nature of the initiatives that it comes of."""
        is_apart = self in (EffectPart.ONE_OFF, EffectPart.CRISIS)
        return SavingNature(self.value) if is_apart else SavingNature.RECURRING

    @property
    def component(self) -> Component | None:
        """The component that it is; None for every one of its nature."""
        return next((component for component, part in PARTS.items() if part is self), None)


PARTS = {
    Component.REDUCTION: EffectPart.BUDGET,
    Component.AVOIDANCE: EffectPart.AVOIDED,
    Component.RETAINED: EffectPart.RETAINED,
}
"""What each component of an initiative that recurs is part of."""


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


DEARER = models.Q(counterfactual_price=None, baseline_price__lt=models.F("paid_price")) | models.Q(
    counterfactual_price__lt=models.F("baseline_price")
)
"""Whose price is higher than the one that it is compared with; what was sent back of it has a plus."""


class SavingQuerySet(models.QuerySet["Saving"]):
    """Questions about the register."""

    def current(self) -> Self:
        """The last calculation of each line: those that no correction has replaced. Sums are taken over these."""
        return self.filter(~models.Exists(Saving.objects.filter(replaces=models.OuterRef("pk"))))

    def of_part(self, part: EffectPart) -> Self:
        """What is part of the budget effect, or what stands apart from it in some way; increases among them."""
        lines = self.filter(nature=part.nature)
        return lines if part.component is None else lines.filter(component=part.component)

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
    What one delivered line gave in one component, rounded per line; minus when dearer.

    A reduction is (baseline price − paid price) × quantity, what was avoided (counterfactual price − baseline price) ×
    quantity; where nothing was paid before, the baseline price of what was avoided is the paid price.

    Append-only. Once per delivered line, component and calculation version. A line that is to be compared with
    another baseline is calculated again as the next version, which ``replaces`` the one before; only the last one
    counts. Whose it was and from whom is that of the delivered line; the category is that of the baseline, so that
    plan and outcome stand side by side. Prices are per order unit of the line, which holds ``units_per_order_unit``
    base units.
    """

    receipt_line = models.ForeignKey(
        "procurement.ReceiptLine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="savings",
    )
    history_line = models.ForeignKey(
        "history.PurchaseHistoryLine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="savings",
    )
    component = models.CharField(max_length=10, choices=Component, default=Component.REDUCTION)
    nature = models.CharField(max_length=10, choices=SavingNature, default=SavingNature.RECURRING)
    calculation_version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="corrections"
    )
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="savings")
    run = models.ForeignKey(SavingsRun, on_delete=models.PROTECT, db_index=False, related_name="savings")
    delivered_date = models.DateField()
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, db_index=False, related_name="savings")
    description = models.CharField(max_length=300)
    quantity = QuantityField()
    unit = models.CharField(max_length=20, blank=True)
    units_per_order_unit = models.DecimalField(max_digits=12, decimal_places=3)
    baseline_price = UnitPriceField()
    counterfactual_price = models.DecimalField(max_digits=20, decimal_places=8, null=True)
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
            models.CheckConstraint(
                condition=models.Q(component__in=["reduction", "retained"], counterfactual_price=None)
                | models.Q(component="avoidance", counterfactual_price__isnull=False),
                name="saving_prices_by_component",
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
        indexes = [
            models.Index(fields=["delivered_date", "category"], name="saving_date_category"),
            models.Index(fields=["item", "delivered_date"], name="saving_item_date"),
        ]

    def __str__(self) -> str:
        return f"{self.delivered_date} {self.amount}"

    @property
    def compared_prices(self) -> tuple[Decimal, Decimal]:
        """The price that the line is compared with, and that which it is held against: their difference is the saving."""
        if self.counterfactual_price is None:
            return self.baseline_price, self.paid_price
        return self.counterfactual_price, self.baseline_price
