"""Recalls: why an item is blocked, which departments have received it, and what was on its way."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.states import ItemStatus
from organizations.models import Membership

if TYPE_CHECKING:
    from organizations.models import User


class Severity(models.TextChoices):
    """What a department has to do with what it has."""

    REMOVE = "remove", _("Ta undan genast")
    ASK_FIRST = "ask_first", _("Använd inte utan att fråga")
    INFORM = "inform", _("Bara för kännedom")


class RecallQuerySet(models.QuerySet["Recall"]):
    """Questions about recalls."""

    def open(self) -> Self:
        """Not lifted."""
        return self.filter(ended_at=None)


class Recall(models.Model):
    """
    An item is blocked (on screen *återkallelse*), from ``started_at`` until it is lifted.

    ``since_date`` is the first day of receipts that are concerned; ``status_before`` what the item is again when the
    block is lifted.
    """

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="recalls")
    reason = models.CharField(max_length=200)
    severity = models.CharField(max_length=10, choices=Severity)
    batch = models.CharField(max_length=100, blank=True)
    since_date = models.DateField()
    status_before = models.CharField(max_length=12, choices=ItemStatus)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(max_length=200, blank=True)

    objects = RecallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(ended_at=None), name="recall_one_at_a_time"
            ),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="recall_severity"),
            models.CheckConstraint(
                condition=models.Q(status_before__in=ItemStatus.values), name="recall_status_before"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="recall_has_reason"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="recall_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.reason}"


class RecallUnitQuerySet(models.QuerySet["RecallUnit"]):
    """Questions about departments that have what is recalled."""

    def of(self, user: "User", day: date) -> Self:
        """Those of departments where the person orders or answers for the budget."""
        return self.filter(department__in=Membership.objects.departments_of(user, day))

    def unanswered(self) -> Self:
        """Told, and not answered, of a recall that is not lifted."""
        return self.filter(acknowledged_at=None, recall__ended_at=None)

    def visible_to(self, user: "User") -> Self:
        """Of her own departments, and all for those who see the region."""
        day = timezone.localdate()
        return self.filter(
            Membership.objects.opens_region_to(user, day)
            | models.Q(department__in=Membership.objects.departments_of(user, day))
        )


class RecallUnit(models.Model):
    """A department that has received what is recalled: when it was told, and that it has answered since."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="units")
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="recalls"
    )
    told_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(max_length=200, blank=True)

    objects = RecallUnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "department"], name="recall_unit_unique"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at=None, acknowledged_by=None)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="recall_acknowledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.recall}"


class RecallCall(models.Model):
    """Somebody has spoken with the supplier about an order that was on its way when its item was recalled."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="calls")
    order = models.ForeignKey(
        "procurement.PurchaseOrder", on_delete=models.PROTECT, related_name="recall_calls"
    )
    called_at = models.DateTimeField()
    called_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recall", "order"], name="recall_call_unique")]

    def __str__(self) -> str:
        return f"{self.order}: {self.recall}"
