"""Prices that a supplier wants to raise: proposed, and decided before they take effect."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from catalog.models.prices import Price
from catalog.states import PriceProposalStatus
from categories.models import CategoryAssignment
from core.fields import AmountField, QuantityField, UnitPriceField
from core.money import percent_of

if TYPE_CHECKING:
    from organizations.models import User

DECIDED = (PriceProposalStatus.APPROVED, PriceProposalStatus.REJECTED)


class PriceProposalQuerySet(models.QuerySet["PriceProposal"]):
    """Questions about proposals."""

    def visible_to(self, user: "User", day: date) -> Self:
        """Those of agreements that the person may see: all for who has a role or a post, else those of what she owns."""
        sees_all = CategoryAssignment.objects.opens_agreements_to(user, day)
        return self.filter(sees_all | models.Q(agreement__owner=user))

    def locked(self) -> Self:
        """Locked for an operation."""
        return self.select_for_update(of=("self",), no_key=True)

    def undecided(self) -> Self:
        """Those that wait for a decision."""
        return self.filter(status=PriceProposalStatus.PROPOSED)

    def with_totals(self) -> Self:
        """With ``price_count``, ``total_effect`` in kronor a year, and ``agreed_effect`` where another price was agreed on."""
        agreed = Coalesce("rows__agreed_price", "rows__new_price")
        return self.annotate(
            price_count=models.Count("rows"),
            total_effect=models.Sum("rows__annual_effect"),
            agreed_effect=models.Sum(
                (agreed - models.F("rows__old_price")) * models.F("rows__annual_quantity"),
                output_field=AmountField(),
            ),
        )

    def for_display(self) -> Self:
        """With what a row on a page needs, in one query."""
        related = ("agreement__category", "agreement__owner", "supplier", "registered_by", "decided_by")
        return self.select_related(*related).with_totals()

    def soonest_first(self) -> Self:
        """By the day that the prices would begin; of the same agreement together."""
        return self.order_by("from_date", "agreement__number", "pk")

    def latest_first(self) -> Self:
        """The latest decided first."""
        return self.order_by(models.F("decided_at").desc(nulls_first=True), "-pk")


class PriceProposal(models.Model):
    """
    New prices of an agreement's supplier from a day on.

    Whoever registered it does not decide it. An approved one has become price periods; a rejected one is history. One that lapsed
    was of a price that a competition's winner no longer has that day; ``decided_by`` is who awarded it. One that comes
    of an index clause is registered by nobody; ``index_adjustment`` says how it was computed. There is one for each of the
    clause's days, unless it was withdrawn.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="price_proposals"
    )
    supplier = models.ForeignKey("agreements.Supplier", on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    reason = models.TextField()
    status = models.CharField(
        max_length=10, choices=PriceProposalStatus, default=PriceProposalStatus.PROPOSED
    )
    index_clause = models.ForeignKey(
        "agreements.IndexClause",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="price_proposals",
    )
    registered_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    agreed_from_date = models.DateField(null=True, blank=True)
    """From which day they were approved, where that is another day."""
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    """The proposal that its prices were chosen from, where the others waited or were decided otherwise."""
    of_import = models.ForeignKey(
        "registers.Import", on_delete=models.PROTECT, null=True, blank=True, related_name="price_proposals"
    )
    """The price list that it came from."""

    objects = PriceProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=PriceProposalStatus.values), name="price_proposal_status"
            ),
            models.CheckConstraint(
                condition=models.Q(status=PriceProposalStatus.PROPOSED, decided_by=None, decided_at=None)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~models.Q(status=PriceProposalStatus.PROPOSED),
                name="price_proposal_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=DECIDED) | ~models.Q(decided_by=models.F("registered_by")),
                name="price_proposal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=PriceProposalStatus.REJECTED) | ~models.Q(decision_reason=""),
                name="price_proposal_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_from_date=None)
                | models.Q(status=PriceProposalStatus.APPROVED, agreed_from_date__gt=models.F("from_date")),
                name="price_proposal_agreed_later",
            ),
            models.CheckConstraint(
                condition=models.Q(registered_by=None, index_clause__isnull=False)
                | models.Q(registered_by__isnull=False, index_clause=None),
                name="price_proposal_by_somebody_or_a_clause",
            ),
            models.UniqueConstraint(
                fields=["index_clause", "supplier", "from_date"],
                condition=~models.Q(status=PriceProposalStatus.WITHDRAWN) & models.Q(split_from=None),
                name="price_proposal_once_of_a_clause_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.from_date}"

    @property
    def is_undecided(self) -> bool:
        """Whether it waits for a decision."""
        return self.status == PriceProposalStatus.PROPOSED

    @property
    def begins(self) -> date:
        """The day that the prices begin, or would."""
        return self.agreed_from_date or self.from_date

    def has_passed(self, day: date) -> bool:
        """Whether its day has come without a decision, so that the old prices stay."""
        return self.is_undecided and self.from_date <= day


class ProposedPrice(models.Model):
    """One price of a proposal, with what it would cost in a year by what was bought in the last one."""

    proposal = models.ForeignKey(PriceProposal, on_delete=models.PROTECT, related_name="rows")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="proposals")
    """The price that it would follow."""
    old_price = UnitPriceField()
    new_price = UnitPriceField()
    annual_quantity = QuantityField()
    """Order units bought in the twelve months before it was registered."""
    department_count = models.PositiveIntegerField()
    annual_effect = AmountField()
    """Kronor a year; below nought when it falls."""
    agreed_price = UnitPriceField(null=True, blank=True)
    """The lower price that was approved, where another was agreed on."""
    units_per_order_unit = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    through_date = models.DateField(null=True, blank=True)
    """What a price list says beside the price; what is empty is as it was."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "price"], name="proposed_price_once"),
            models.CheckConstraint(
                condition=models.Q(new_price__gt=0, annual_quantity__gte=0), name="proposed_price_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_price=None)
                | models.Q(agreed_price__gt=0, agreed_price__lte=models.F("new_price")),
                name="proposed_price_agreed_is_no_higher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_id}: {self.old_price} → {self.new_price}"

    @property
    def final_price(self) -> Decimal:
        """What was approved, or would be."""
        price: Decimal = self.new_price if self.agreed_price is None else self.agreed_price
        return price

    @property
    def percent(self) -> Decimal:
        """How much dearer it becomes."""
        return percent_of(self.final_price - self.old_price, self.old_price)

    @property
    def base_unit_percent(self) -> Decimal:
        """How much dearer a base unit becomes, also where the pack becomes another; while the price is as it was."""
        before = self.price.units_per_order_unit
        assert before is not None  # noqa: S101, the database holds it
        pack = self.units_per_order_unit or before
        return percent_of(self.final_price * before / pack - self.old_price, self.old_price)

    @property
    def is_lowered(self) -> bool:
        """Whether a lower price than the proposed was approved."""
        return self.agreed_price is not None


class PriceProposalFile(models.Model):
    """A document that came with a proposal, such as the supplier's letter."""

    proposal = models.ForeignKey(PriceProposal, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        "attachments.Attachment", on_delete=models.PROTECT, related_name="price_proposal_file"
    )

    def __str__(self) -> str:
        return f"{self.proposal}: {self.attachment}"
