"""Proposals from the operation, what was asked about them, and the decisions that stay."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assortment.models.councils import CouncilSeat, Stance, Vote
from assortment.states import AT_COUNCIL, UNDECIDED, WITH_MANAGER, ProposalStatus
from catalog.states import ItemStatus
from categories.delegations import delegators_of
from categories.models import Category, CategoryAssignment
from core.fields import QuantityField, UnitPriceField
from organizations.models import DelegationScope, Membership, Role

if TYPE_CHECKING:
    from organizations.models import User


class ProposalKind(models.TextChoices):
    """What is proposed."""

    ITEM = "item", _("En ny artikel")
    REPLACEMENT = "replacement", _("En artikel i stället för en annan")
    REMOVAL = "removal", _("Att en artikel tas bort")


class DeviceClass(models.TextChoices):
    """The class of a medical device, by regulation (EU) 2017/745 (MDR) or 2017/746 (IVDR)."""

    NONE = "none", _("Inte en medicinteknisk produkt")
    CLASS_I = "1", _("MDR klass I")
    CLASS_IIA = "2a", _("MDR klass IIa")
    CLASS_IIB = "2b", _("MDR klass IIb")
    CLASS_III = "3", _("MDR klass III")
    IVD = "ivd", _("IVDR, in vitro-diagnostik")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions about proposals."""

    def visible_to(self, user: "User", day: date | None = None) -> Self:
        """
        Her own; those that her council votes on; those in categories that she, or somebody whom she acts for, has a post in
        or above; all for those who see the region. Those without a category are with the head of procurement.
        """
        day = day or timezone.localdate()
        seats = CouncilSeat.objects.on(day).filter(user=user, category=models.OuterRef("council"))
        acting = delegators_of(user, day, DelegationScope.DECISIONS)
        posts = CategoryAssignment.objects.on(day).filter(
            models.Q(manager=user)
            | models.Q(deputy=user)
            | models.Q(manager__in=acting)
            | models.Q(deputy__in=acting)
        )
        within = Category.objects.filter(lineage__overlap=ArraySubquery(posts.values("category")))
        heads = Membership.objects.on(day).filter(user__in=acting, role=Role.HEAD_OF_PROCUREMENT)
        return self.filter(
            models.Q(proposer=user)
            | models.Q(models.Exists(seats))
            | models.Q(category__in=within.values("pk"))
            | models.Q(Membership.objects.opens_region_to(user, day))
            | models.Q(models.Exists(heads))
        )

    def locked(self) -> Self:
        """Lock the rows until the operation ends."""
        return self.select_for_update(no_key=True, of=("self",))

    def undecided(self) -> Self:
        """Nobody has said yes or no."""
        return self.filter(status__in=UNDECIDED)

    def with_manager(self) -> Self:
        """Waiting for whoever answers for the category; so does a question that nobody is left to answer."""
        is_unanswerable = models.Q(status=ProposalStatus.RETURNED, proposer__is_active=False)
        return self.filter(models.Q(status__in=WITH_MANAGER) | is_unanswerable)

    def at_council(self) -> Self:
        """Put to the vote of a council, and not decided."""
        return self.filter(council__isnull=False, status__in=AT_COUNCIL)

    def to_vote_on(self, user: "User", day: date) -> Self:
        """
        Those at a council in which the person sits that day, on which she has not voted.

        Not her own, nor those of categories that she is manager of: whoever decides has no vote.
        """
        posts = CategoryAssignment.objects.on(day).filter(manager=user)
        decides = Category.objects.filter(
            pk=models.OuterRef("category"), lineage__overlap=ArraySubquery(posts.values("category"))
        )
        seats = CouncilSeat.objects.on(day).filter(user=user, category=models.OuterRef("council"))
        votes = Vote.objects.filter(proposal=models.OuterRef("pk"), user=user)
        return self.at_council().filter(
            models.Exists(seats),
            ~models.Exists(votes),
            ~models.Exists(decides),
            ~models.Q(proposer=user),
            vote_through_date__gte=day,
        )

    def for_display(self) -> Self:
        """With what a row or a page needs, in one query; ``declared`` has the ids of those in conflict of interest."""
        declared = Vote.objects.filter(proposal=models.OuterRef("pk"), stance=Stance.CONFLICT)
        return self.select_related(
            "proposer", "category", "council", "new_item", "department", "decision__by"
        ).annotate(declared=ArraySubquery(declared.values("user")))

    def soonest_first(self) -> Self:
        """By the day that an answer is promised for."""
        return self.order_by("response_due_date", "pk")

    def latest_first(self) -> Self:
        """Newest first."""
        return self.order_by("-proposed_at", "-pk")


class Proposal(models.Model):
    """
    Somebody in the operation wants an item in, exchanged for another, or out.

    Who answers is not kept: it is read from the posts of the day (``assortment.answering``), so that nothing waits for
    somebody who cannot act. ``response_due_date`` is the promised day; the time that a question waits for its answer
    is added to it. ``council`` is the category whose council votes, from when it is put to the vote. ``key`` makes a
    double press harmless.
    """

    kind = models.CharField(max_length=12, choices=ProposalKind)
    title = models.CharField(max_length=200)
    reason = models.TextField()
    yearly_quantity = QuantityField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    unit_price = UnitPriceField(null=True, blank=True)
    supplier_name = models.CharField(max_length=120, blank=True)
    evidence = models.TextField(blank=True)
    medical_safety = models.TextField(blank=True)
    device_class = models.CharField(max_length=5, choices=DeviceClass, blank=True)
    new_item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals_to_take_in"
    )
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    proposer = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="proposals")
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    status = models.CharField(max_length=10, choices=ProposalStatus, default=ProposalStatus.RECEIVED)
    proposed_at = models.DateTimeField()
    response_due_date = models.DateField()
    council = models.ForeignKey(
        "categories.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals_to_vote_on",
    )
    vote_through_date = models.DateField(null=True, blank=True)
    key = models.UUIDField(null=True, blank=True)
    key_content = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was proposed with the key."""

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ProposalKind.values), name="proposal_kind"),
            models.CheckConstraint(
                condition=models.Q(status__in=ProposalStatus.values), name="proposal_status"
            ),
            models.CheckConstraint(
                condition=models.Q(device_class__in=["", *DeviceClass.values]), name="proposal_device_class"
            ),
            models.CheckConstraint(
                condition=models.Q(yearly_quantity=None) | models.Q(yearly_quantity__gt=0),
                name="proposal_quantity_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price=None) | models.Q(unit_price__gte=0),
                name="proposal_price_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(council=None, vote_through_date=None)
                | models.Q(council__isnull=False, vote_through_date__isnull=False),
                name="proposal_council_has_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ProposalStatus.ASSESSED) | models.Q(council__isnull=False),
                name="proposal_assessed_has_council",
            ),
            models.UniqueConstraint(fields=["key"], name="proposal_key_unique"),
        ]
        indexes = [
            models.Index(fields=["proposer", "-proposed_at"], name="proposal_by_latest"),
            models.Index(
                fields=["response_due_date"],
                condition=models.Q(status__in=UNDECIDED),
                name="proposal_undecided",
            ),
            models.Index(fields=["category", "-proposed_at"], name="proposal_in_category"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_undecided(self) -> bool:
        """Whether nobody has said yes or no."""
        return self.status in UNDECIDED


class AffectedItem(models.Model):
    """An item that a proposal wants exchanged or taken out. Never edited."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="affected")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="proposals_about")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "item"], name="affected_item_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.item}"


class ProposalFile(models.Model):
    """A picture or a document that came with a proposal. Never edited."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        "attachments.Attachment", on_delete=models.PROTECT, related_name="proposal_file"
    )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.attachment}"


class ProposalQuestion(models.Model):
    """A question to whoever proposed. Never edited."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="questions")
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.by}"


class ProposalReply(models.Model):
    """Her answer. Never edited."""

    question = models.OneToOneField(ProposalQuestion, on_delete=models.PROTECT, related_name="reply")
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.question_id} {self.by}"


class ProposalDecision(models.Model):
    """
    Yes or no, for ever: who, in whose place, when and why; which council, and how its votes fell. Never edited.

    ``seats`` is how many had a vote: those who sat in the council then, and those who had voted while they did, without whoever
    proposed and whoever decides.
    ``promised_date`` is the day that an answer was promised for, ``response_days`` the working days that it took, those on
    which a question waited for the one who proposed left out.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    is_yes = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="proposal_decisions")
    on_behalf_of = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    category = models.ForeignKey(
        "categories.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposal_decisions",
    )
    council = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    council_name = models.CharField(max_length=100, blank=True)
    seats = models.PositiveSmallIntegerField(default=0)
    votes_for = models.PositiveSmallIntegerField(default=0)
    votes_against = models.PositiveSmallIntegerField(default=0)
    votes_abstained = models.PositiveSmallIntegerField(default=0)
    conflicts = models.PositiveSmallIntegerField(default=0)
    promised_date = models.DateField()
    response_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="proposal_decision_has_reason"),
            models.CheckConstraint(
                condition=models.Q(
                    council=None, council_name="", votes_for=0, votes_against=0, votes_abstained=0
                )
                | models.Q(council__isnull=False) & ~models.Q(council_name=""),
                name="proposal_decision_votes_of_council",
            ),
        ]
        indexes = [models.Index(fields=["category", "-at"], name="proposal_decision_category")]

    def __str__(self) -> str:
        return f"{self.proposal} {self.is_yes}"

    @property
    def votes_cast(self) -> int:
        """How many voted or abstained; those in conflict do neither."""
        return self.votes_for + self.votes_against + self.votes_abstained

    @property
    def has_quorum(self) -> bool:
        """Whether more than half of those in the council who are not in conflict voted or abstained (beslutför)."""
        return self.council_id is not None and 2 * self.votes_cast > self.seats - self.conflicts


class DecidedItem(models.Model):
    """An item that a decision is about: what went out, what came in. Never edited."""

    decision = models.ForeignKey(ProposalDecision, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="proposal_decisions")
    is_new = models.BooleanField()
    """Whether it came in by the decision."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "item"], name="decided_item_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.item}"


class DecidedStep(models.Model):
    """A step of an item's life cycle that was taken because of a decision: what the item became then. Never edited."""

    decided = models.ForeignKey(DecidedItem, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=12, choices=ItemStatus)
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=ItemStatus.values), name="decided_step_status"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decided_id} {self.status}"
