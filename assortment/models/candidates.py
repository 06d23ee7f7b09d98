"""What could be one choice instead of several: written down each night from the last twelve months."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assortment.states import ProposalStatus
from categories.models import Category
from core.fields import AmountField, QuantityField, UnitPriceField
from organizations.models import Membership

if TYPE_CHECKING:
    from organizations.models import User


class CandidateKind(models.TextChoices):
    """What there are several of."""

    ITEMS = "items", _("Artiklar som liknar varandra")
    NEEDS = "needs", _("Behov som återkommer")


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Questions about candidates."""

    def visible_to(self, user: "User") -> Self:
        """Those of her categories; all for those who see the region."""
        day = timezone.localdate()
        own_categories = Category.objects.within_reach_of(user, day).values("pk")
        return self.filter(
            models.Q(Membership.objects.opens_region_to(user, day)) | models.Q(category__in=own_categories)
        )

    def most_worth_first(self) -> Self:
        """By what one choice would be worth in a year."""
        return self.order_by("-worth", "pk")


class Candidate(models.Model):
    """
    The same thing under several numbers or names, or a need in free text that returns.

    ``amount`` is what it cost in the last twelve months, ``worth`` what the cheapest of them would have saved: the volume
    times the price above the cheapest (``assortment.standardising``). ``key`` tells it apart from night to night, so that one
    that was turned into a proposal keeps it.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=5, choices=CandidateKind)
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="candidates"
    )
    title = models.CharField(max_length=300)
    unit = models.CharField(max_length=20)
    cheapest_item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cheapest_price = UnitPriceField()
    dearest_price = UnitPriceField()
    choices = models.PositiveIntegerField()
    """How many items, or how many wordings."""
    times = models.PositiveIntegerField()
    departments = models.PositiveIntegerField()
    amount = AmountField()
    worth = AmountField()
    computed_on = models.DateField()
    proposal = models.ForeignKey(
        "assortment.Proposal", on_delete=models.PROTECT, null=True, blank=True, related_name="candidates"
    )

    objects = CandidateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=CandidateKind.values), name="candidate_kind"),
            models.CheckConstraint(condition=models.Q(worth__gte=0), name="candidate_worth_not_negative"),
        ]
        indexes = [
            models.Index("category", models.F("worth").desc(), "id", name="candidate_most_worth"),
            models.Index(models.F("worth").desc(), "id", name="candidate_region_worth"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_proposed(self) -> bool:
        """Whether it is a proposal that was not taken back, read with its proposal."""
        return self.proposal is not None and self.proposal.status != ProposalStatus.WITHDRAWN


class CandidateItem(models.Model):
    """One of the items of a candidate: its price and volume in base units, and what the cheapest would have saved."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="+")
    base_price = UnitPriceField()
    base_quantity = QuantityField()
    amount = AmountField()
    worth = AmountField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate", "item"], name="candidate_item_once")]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.item}"


class CandidateNight(models.Model):
    """The day whose candidates are written down."""

    day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day"], name="candidate_night_once")]

    def __str__(self) -> str:
        return self.day.isoformat()
