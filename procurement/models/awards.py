"""The documentation of direct awards (dokumentation av direktupphandling)."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models.agreements import DIARY_NUMBER
from categories.models import Category
from core.fields import AmountField
from core.organisation_numbers import LONGEST
from organizations.models import Membership
from procurement.award_records import AwardFacts, Bid, missing_fields
from procurement.models.decisions import ExceptionGround
from procurement.states import CAME_TO_NOTHING

if TYPE_CHECKING:
    from organizations.models import User


class Competition(models.TextChoices):
    """Whether and how competition was used."""

    NONE = "none", _("Nej, en leverantör tillfrågades")
    ASKED = "asked", _("Ja, flera leverantörer tillfrågades")
    ADVERTISED = "advertised", _("Ja, köpet annonserades")


class AwardRecordQuerySet(models.QuerySet["AwardRecord"]):
    """Questions about the documentation of direct awards."""

    def visible_to(self, user: "User", day: date) -> Self:
        """All, for who sees the region; for others those in categories that they answer for."""
        own_categories = Category.objects.within_reach_of(user, day).values("pk")
        return self.filter(
            models.Q(Membership.objects.opens_region_to(user, day))
            | models.Q(line__category__in=own_categories)
        )

    def to_complete(self) -> Self:
        """Those that are not complete, of what was bought in the end."""
        return self.filter(completed_at=None).exclude(order__status__in=CAME_TO_NOTHING)

    def in_order(self) -> Self:
        """What is to be completed first, then the latest; last what came to nothing."""
        return self.order_by(
            models.ExpressionWrapper(
                models.Q(completed_at=None, order__status__in=CAME_TO_NOTHING),
                output_field=models.BooleanField(),
            ).asc(),
            models.F("completed_at").desc(nulls_first=True),
            "due_date",
            "-contract_date",
            "pk",
        )

    def for_display(self) -> Self:
        """With what a row on a page needs."""
        return self.select_related("order", "line__category", "completed_by")


class AwardRecord(models.Model):
    """
    The documentation of one direct award: an order under no agreement that comes to the amount from which it is a duty.

    Made with the order. What the contract says is frozen then; the rest is written by whoever answers for the category, and from
    ``completed_at`` on nothing is changed: the database refuses it. ``line`` is the largest of the order's, by which it is known who
    answers.
    """

    order = models.OneToOneField(
        "procurement.PurchaseOrder", on_delete=models.PROTECT, related_name="award_record"
    )
    line = models.ForeignKey("procurement.RequisitionLine", on_delete=models.PROTECT, related_name="+")
    authority_name = models.CharField(max_length=100)
    authority_org_number = models.CharField(max_length=11)
    supplier_name = models.CharField(max_length=120)
    supplier_org_number = models.CharField(max_length=LONGEST)
    contract_date = models.DateField()
    due_date = models.DateField()
    amount = AmountField()
    exception_ground = models.CharField(max_length=16, choices=ExceptionGround, blank=True)

    diary_number = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    term = models.CharField(max_length=200, blank=True)
    estimated_amount = AmountField(null=True, blank=True)
    competition = models.CharField(max_length=10, choices=Competition, blank=True)
    reasons = models.TextField(blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AwardRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(diary_number="") | models.Q(diary_number__regex=DIARY_NUMBER),
                name="award_record_diary_number",
            ),
            models.CheckConstraint(
                condition=models.Q(competition="") | models.Q(competition__in=Competition.values),
                name="award_record_competition",
            ),
            models.CheckConstraint(
                condition=models.Q(exception_ground="")
                | models.Q(exception_ground__in=ExceptionGround.values),
                name="award_record_exception_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(completed_at=None, completed_by=None)
                | (
                    models.Q(
                        completed_at__isnull=False, completed_by__isnull=False, estimated_amount__isnull=False
                    )
                    & ~models.Q(diary_number="")
                    & ~models.Q(subject="")
                    & ~models.Q(term="")
                    & ~models.Q(competition="")
                    & ~models.Q(reasons="")
                ),
                name="award_record_complete",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_date"], condition=models.Q(completed_at=None), name="award_record_to_complete"
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier_name} {self.contract_date}"

    @property
    def came_to_nothing(self) -> bool:
        """Whether the order was cancelled, or the supplier delivers nothing of it, so that there is no award to document."""
        return self.order.status in CAME_TO_NOTHING

    @property
    def is_complete(self) -> bool:
        """Whether everything is written, once and for all."""
        return self.completed_at is not None

    def facts(self) -> AwardFacts:
        """What is written of it; asks for the bids."""
        values: dict[str, Any] = {name: getattr(self, name) for name in WRITTEN}
        bids = [
            Bid(each.supplier_name, each.org_number, each.was_asked, each.amount)
            for each in self.bids.order_by("position")
        ]
        return AwardFacts(**values, bids=bids)

    def holes(self) -> list[str]:
        """What is still to be written, as codes; asks for the bids."""
        return missing_fields(self.facts())


WRITTEN = ("diary_number", "subject", "term", "estimated_amount", "competition", "reasons")
"""What a person writes, the suppliers apart."""


class AwardBid(models.Model):
    """A supplier that was asked, or offered, before a direct award. Fixed when the record is complete."""

    record = models.ForeignKey(AwardRecord, on_delete=models.PROTECT, related_name="bids")
    position = models.PositiveSmallIntegerField()
    supplier_name = models.CharField(max_length=120)
    org_number = models.CharField(max_length=11, blank=True)
    was_asked = models.BooleanField(default=True)
    amount = AmountField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="award_bid_position"),
            models.CheckConstraint(condition=~models.Q(supplier_name=""), name="award_bid_has_supplier"),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0), name="award_bid_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.supplier_name}"
