"""What replaces an item, how well, when, and who has said so."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from categories.models import CategoryPolicy
from core.keys import content_hash


class Equivalence(models.TextChoices):
    """How good a replacement is."""

    FULL = "full", _("Likvärdig")
    WITH_CONDITION = "with_condition", _("Likvärdig med villkor")
    CRISIS_ONLY = "crisis_only", _("Bara i kris")


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    """Questions about substitutions."""

    def on(self, day: date) -> Self:
        """Valid that day."""
        return self.filter(valid_during__contains=day)

    def not_over(self, day: date) -> Self:
        """Valid that day, or later."""
        return self.filter(models.Q(valid_during__endswith__gt=day) | models.Q(valid_during__upper_inf=True))

    def awaiting_review(self, day: date) -> Self:
        """Valid that day, or later, of categories where a clinical reviewer approves, and not approved."""
        substitutions = self.not_over(day).alias(needs_review=_needs_review(day))
        return substitutions.filter(needs_review=True, approved_at=None)


def _needs_review(day: date) -> Coalesce:
    """Whether the policy of the replaced item's category, or of the nearest above it, asks for a clinical reviewer."""
    policies = CategoryPolicy.objects.filter(
        category__lineage__contained_by=models.OuterRef("from_item__category__lineage"),
        valid_during__contains=day,
    )
    nearest = policies.order_by("-category__lineage__len").values("needs_clinical_approval")
    return Coalesce(models.Subquery(nearest[:1]), False, output_field=models.BooleanField())


class Substitution(models.Model):
    """
    One item replaces another: ``factor`` order units of the new one for each of the old.

    ``note`` is what whoever takes it has to know: the condition, or in which crisis, where it is not equivalent.

    A trigger refuses what would make items replace each other in a circle on any day. Where the category asks for it, a
    clinical reviewer approves; a trigger takes the approval back when anything of what she approved is changed, or days
    are added to those she approved.
    """

    from_item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="substitutions")
    to_item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="replaces")
    factor = models.DecimalField(max_digits=10, decimal_places=4, default=1)
    equivalence = models.CharField(max_length=15, choices=Equivalence, default=Equivalence.FULL)
    note = models.CharField(max_length=200, blank=True)
    valid_during = DateRangeField()
    approved_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_item=models.F("to_item")), name="substitution_by_another"
            ),
            models.CheckConstraint(condition=models.Q(factor__gt=0), name="substitution_factor_positive"),
            models.CheckConstraint(
                condition=models.Q(equivalence__in=Equivalence.values), name="substitution_equivalence"
            ),
            models.CheckConstraint(
                condition=models.Q(equivalence=Equivalence.FULL) | ~models.Q(note=""),
                name="substitution_condition_said",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None, approved_at=None)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="substitution_approved_by_somebody",
            ),
            ExclusionConstraint(
                name="substitution_no_overlap",
                expressions=[
                    ("from_item", RangeOperators.EQUAL),
                    ("to_item", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_item} → {self.to_item}"

    @property
    def content(self) -> str:
        """SHA-256 of what a reviewer approves: what replaces what, how well, on what terms, and when."""
        during = (self.valid_during.lower, self.valid_during.upper)
        terms = (Decimal(self.factor), self.equivalence, self.note)
        return content_hash(self.from_item_id, self.to_item_id, *terms, *during)

    @property
    def last_date(self) -> date | None:
        """The last day that it holds; None until further notice."""
        upper: date | None = self.valid_during.upper
        return upper - timedelta(days=1) if upper else None
