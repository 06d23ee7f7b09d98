"""The category tree, who answers for each part of it, and by which policy."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField
from organizations.models import Membership

if TYPE_CHECKING:
    from organizations.models import User


REMINDER_DAYS, DEPUTY_DAYS, HEAD_DAYS = 1, 2, 5
"""Working days before the response day, and after it, where no policy says otherwise."""


class CategoryKind(models.TextChoices):
    """What is bought in a category."""

    GOODS = "goods", _("Varor")
    SERVICES = "services", _("Tjänster")
    BOTH = "both", _("Varor och tjänster")


class CategoryQuerySet(models.QuerySet["Category"]):
    """Questions about categories."""

    def roots(self) -> Self:
        """Top level."""
        return self.filter(parent=None)

    def leaves(self) -> Self:
        """Categories without others below them, the ones that things are bought in."""
        below = self.model.objects.open().filter(parent=models.OuterRef("pk"))
        return self.open().filter(~models.Exists(below))

    def open(self) -> Self:
        """Those that have not been merged into another."""
        return self.filter(merged_into=None)

    def under(self, category: "Category") -> Self:
        """The category itself and everything below it."""
        return self.filter(lineage__contains=[category.pk])

    def answered_by(self, user: "User", day: date) -> Self:
        """Categories that this person is manager or deputy for that day, without what they inherit."""
        on_day = models.Q(assignments__valid_during__contains=day)
        is_responsible = models.Q(assignments__manager=user) | models.Q(assignments__deputy=user)
        return self.filter(on_day & is_responsible).distinct()

    def within_reach_of(self, user: "User", day: date) -> Self:
        """Categories that the person answers for, everything below them included."""
        own_categories = self.model.objects.answered_by(user, day).values("pk")
        return self.filter(lineage__overlap=ArraySubquery(own_categories))

    def in_tree_order(self) -> Self:
        """Parents before children."""
        return self.order_by("tree_code", "pk")


class Category(models.Model):
    """
    A part of what the region buys.

    ``lineage`` holds the ids from the root down to the category itself, ``tree_code`` sorts the tree.
    Both are written by the operation that places the category. One that has been ``merged_into`` another is closed from a day on: what was
    received before stays there, and nothing new comes. An agreement in a risk category (``is_risk``, or one above is) demands the
    code of conduct. ``lead_months`` is how long a procurement takes; where nothing is said, the nearest above tells.
    """

    code = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    lineage = ArrayField(models.BigIntegerField(), default=list)
    tree_code = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=10, choices=CategoryKind)
    cpv_code = models.CharField(max_length=10, blank=True)
    account = models.ForeignKey(
        "organizations.AccountingCode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_risk = models.BooleanField(default=False)
    lead_months = models.PositiveSmallIntegerField(null=True, blank=True)

    closed_date = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=CategoryKind.values), name="category_kind"),
            models.CheckConstraint(
                condition=models.Q(lead_months=None) | models.Q(lead_months__range=(1, 60)),
                name="category_lead_months",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_date=None, merged_into=None)
                | models.Q(closed_date__isnull=False, merged_into__isnull=False)
                & ~models.Q(merged_into=models.F("id")),
                name="category_closed_is_merged",
            ),
        ]
        indexes = [GinIndex(fields=["lineage"], name="category_lineage")]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class CategoryAssignmentQuerySet(models.QuerySet["CategoryAssignment"]):
    """Questions about posts."""

    def on(self, day: date) -> Self:
        """In force that day."""
        return self.filter(valid_during__contains=day)

    def held_by(self, user: "User", day: date) -> Self:
        """Posts in which the person is manager or deputy that day."""
        return self.on(day).filter(models.Q(manager=user) | models.Q(deputy=user))

    def opens_agreements_to(self, user: "User", day: date) -> models.Q:
        """The condition that the person has a role or a post that day: agreements and suppliers are for those."""
        roles = Membership.objects.on(day).filter(user=user)
        return models.Q(models.Exists(roles)) | models.Q(models.Exists(self.held_by(user, day)))


class CategoryAssignment(models.Model):
    """Who answers for a category, and who steps in, during a period. Exactly one at any time."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="assignments")
    manager = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="managed_assignments"
    )
    deputy = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputy_assignments",
    )
    valid_during = DateRangeField()

    objects = CategoryAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("manager")),
                name="assignment_deputy_is_another",
            ),
            ExclusionConstraint(
                name="assignment_one_manager_at_a_time",
                expressions=[("category", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.manager}"


class CategoryPolicy(models.Model):
    """
    Response times in working days, of lines and of proposals, and the standing approval.

    Whoever answers is reminded ``reminder_days`` before the response day. What nobody has decided goes on to the deputy
    ``deputy_days`` after it, and to the head of procurement ``head_days`` after it. With ``standing_approval_limit``, a line below it for a standard item at agreement price is approved at
    once in the name of ``set_by``, whom the database requires. With ``needs_clinical_approval``, what replaces an item
    is offered when a clinical reviewer has approved it.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="policies")
    response_days = models.PositiveSmallIntegerField(default=2)
    proposal_response_days = models.PositiveSmallIntegerField(default=10)
    reminder_days = models.PositiveSmallIntegerField(default=REMINDER_DAYS)
    deputy_days = models.PositiveSmallIntegerField(default=DEPUTY_DAYS)
    head_days = models.PositiveSmallIntegerField(default=HEAD_DAYS)
    standing_approval_limit = AmountField(null=True, blank=True)
    needs_clinical_approval = models.BooleanField(default=False)
    set_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    valid_during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="policy_one_at_a_time",
                expressions=[("category", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=models.Q(deputy_days__gte=1, head_days__gt=models.F("deputy_days")),
                name="policy_escalates_in_turn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.response_days}"
