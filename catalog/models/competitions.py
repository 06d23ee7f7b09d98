"""Renewed competition under an agreement: who was invited, what they bid, and who won what."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField
from django.db import models

from agreements.models import Agreement, Supplier
from agreements.models.agreements import DIARY_NUMBER
from catalog.states import BidOutcome, CompetitionStatus
from categories.models import CategoryAssignment
from core.fields import AmountField, QuantityField
from core.ordering import swedish
from core.periods import last_day
from organizations.permissions import roles_on

if TYPE_CHECKING:
    from django.db.backends.postgresql.psycopg_any import DateRange

    from organizations.models import User


def _opens_bids_to(user: "User", day: date, *, of: str = "") -> models.Q:
    """
    The condition that the person may read the bids of a competition.

    What suppliers bid is secret until it is decided (OSL 19:3). Until then it is for those who answer for the agreement, and
    those who see the region.

    :param of: how the competition is reached, as ``competition__``.
    """
    posts = CategoryAssignment.objects.held_by(user, day).values("category")
    return (
        ~models.Q(**{f"{of}status": CompetitionStatus.OPEN})
        | models.Q(models.Value(roles_on(user, day).sees_region))
        | models.Q(**{f"{of}agreement__owner": user})
        | models.Q(**{f"{of}agreement__category__lineage__overlap": ArraySubquery(posts)})
    )


class CompetitionQuerySet(models.QuerySet["RenewedCompetition"]):
    """Questions about competitions."""

    def visible_to(self, user: "User", day: date) -> Self:
        """Those of agreements that the person may see."""
        sees_all = CategoryAssignment.objects.opens_agreements_to(user, day)
        return self.filter(sees_all | models.Q(agreement__owner=user))

    def with_bids_opened_to(self, user: "User", day: date) -> Self:
        """With ``are_bids_shown``: whether the person may read what was bid."""
        when_opened = models.When(_opens_bids_to(user, day), then=True)
        return self.annotate(are_bids_shown=models.Case(when_opened, default=False))

    def locked(self) -> Self:
        """Locked for an operation."""
        return self.select_for_update(of=("self",), no_key=True)

    def awarded_on(self, day: Any) -> Self:
        """Those whose award may be called off that day."""
        return self.filter(status=CompetitionStatus.AWARDED, award_during__contains=day)

    def with_items(self) -> Self:
        """With ``item_ids``: what each was about."""
        items = CompetitionItem.objects.filter(competition=models.OuterRef("pk")).order_by("item_id")
        return self.annotate(item_ids=ArraySubquery(items.values("item_id")))

    def for_display(self) -> Self:
        """With what a page says of each."""
        return self.select_related(
            "agreement__category", "agreement__owner", "winner__supplier", "started_by", "decided_by"
        )

    def latest_first(self) -> Self:
        """The latest first."""
        return self.order_by("-invited_date", "-pk")


class RenewedCompetition(models.Model):
    """
    A renewed competition (förnyad konkurrensutsättning, LOU 7:8): the agreement's suppliers bid for a purchase under it.

    The database invites every supplier of the agreement; whoever joins the agreement while there is time to bid can be invited
    then. While it is open what they answer is registered; once it is decided nothing of it is changed. An award says which bid
    won, why, and on which days it may be ordered from.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="competitions")
    subject = models.CharField(max_length=200)
    diary_number = models.CharField(max_length=20, blank=True)
    invited_date = models.DateField()
    bids_by_date = models.DateField()
    status = models.CharField(max_length=9, choices=CompetitionStatus, default=CompetitionStatus.OPEN)
    started_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    winner = models.OneToOneField(
        "catalog.CompetitionBid", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    award_during: "models.Field[DateRange | None, DateRange | None]" = DateRangeField(  # type: ignore[misc]
        null=True, blank=True
    )
    decided_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=1000, blank=True)

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=CompetitionStatus.values), name="competition_status"
            ),
            models.CheckConstraint(condition=~models.Q(subject=""), name="competition_has_a_subject"),
            models.UniqueConstraint(
                fields=["agreement", "subject"],
                condition=models.Q(status=CompetitionStatus.OPEN),
                name="competition_once_while_open",
            ),
            models.CheckConstraint(
                condition=models.Q(diary_number="") | models.Q(diary_number__regex=DIARY_NUMBER),
                name="competition_diary_number",
            ),
            models.CheckConstraint(
                condition=models.Q(bids_by_date__gt=models.F("invited_date")),
                name="competition_gives_time_to_bid",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=CompetitionStatus.OPEN, decided_by=None, decided_at=None, decision_reason=""
                )
                | models.Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~models.Q(decision_reason="")
                & ~models.Q(status=CompetitionStatus.OPEN),
                name="competition_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=CompetitionStatus.AWARDED, winner__isnull=False, award_during__isnull=False
                )
                | ~models.Q(status=CompetitionStatus.AWARDED) & models.Q(winner=None, award_during=None),
                name="competition_awarded_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided."""
        return self.status == CompetitionStatus.OPEN

    def read_uninvited(self) -> list[Supplier]:
        """The agreement's suppliers today that have not been invited, in the order of the agreement: they came later."""
        places = self.agreement.suppliers.exclude(supplier__in=self.bids.values("supplier"))
        return [place.supplier for place in places.select_related("supplier").in_order()]

    @property
    def through_date(self) -> date | None:
        """The last day that the winner may be ordered from; None when nobody has won."""
        return None if self.award_during is None else last_day(self.award_during)


class CompetitionItem(models.Model):
    """
    An item that a competition is about, and how many of its order units are asked for; one that is about none is about needs
    in words.
    """

    competition = models.ForeignKey(
        RenewedCompetition, on_delete=models.PROTECT, db_index=False, related_name="items"
    )
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="competitions")
    quantity = QuantityField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "item"], name="competition_item_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="competition_item_asks_for_some"),
        ]

    def __str__(self) -> str:
        return f"{self.competition}: {self.item}"


class CompetitionBidQuerySet(models.QuerySet["CompetitionBid"]):
    """Questions about bids."""

    def opened_to(self, user: "User", day: date) -> Self:
        """Those that the person may read."""
        return self.filter(_opens_bids_to(user, day, of="competition__"))

    def in_order(self) -> Self:
        """The lowest bid first, and those who did not bid last."""
        return self.order_by(models.F("amount").asc(nulls_last=True), swedish("supplier__name"), "pk")


class CompetitionBid(models.Model):
    """One of the invited, and what it answered: a bid with its amount, that it declines, or nothing."""

    competition = models.ForeignKey(
        RenewedCompetition, on_delete=models.PROTECT, db_index=False, related_name="bids"
    )
    supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, related_name="competition_bids"
    )
    invited_date = models.DateField()
    """The day on which the competition's suppliers were invited, or a later one for whoever joined the agreement after that."""
    outcome = models.CharField(
        max_length=9, choices=BidOutcome, default=BidOutcome.AWAITED, db_default=BidOutcome.AWAITED.value
    )
    amount = AmountField(null=True, blank=True)
    registered_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(null=True, blank=True)

    objects = CompetitionBidQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "supplier"], name="competition_bid_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=BidOutcome.values), name="competition_bid_outcome"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=BidOutcome.BID, amount__gt=0)
                | ~models.Q(outcome=BidOutcome.BID) & models.Q(amount=None),
                name="competition_bid_has_its_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=BidOutcome.AWAITED, registered_by=None, registered_at=None)
                | ~models.Q(outcome=BidOutcome.AWAITED)
                & models.Q(registered_by__isnull=False, registered_at__isnull=False),
                name="competition_bid_registered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition}: {self.supplier}"
