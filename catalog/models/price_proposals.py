"""Prices that a supplier wants to raise: proposed, and decided before they take effect."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from catalog.models.prices import Price
from catalog.states import PriceProposalStatus
from categories.models import CategoryAssignment
from core.fields import AmountField, QuantityField, UnitPriceField

if TYPE_CHECKING:
    from organizations.models import User

DECIDED = (PriceProposalStatus.APPROVED, PriceProposalStatus.REJECTED)


class PriceProposalQuerySet(models.QuerySet["PriceProposal"]):
    """Questions about proposals."""

    def visible_to(self, user: "User", day: date) -> Self:
        """Those of agreements that the person may see: all for who has a role or a post, else those of what she owns."""
        opened = CategoryAssignment.objects.opens_agreements_to(user, day)
        return self.filter(opened | models.Q(agreement__owner=user))

    def locked(self) -> Self:
        """Locked for an operation."""
        return self.select_for_update(of=("self",), no_key=True)


class PriceProposal(models.Model):
    """
    New prices of an agreement's supplier from a day on.

    Whoever registered it does not decide it. An approved one has become price periods; a rejected one is history. One that comes
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
                condition=models.Q(registered_by=None, index_clause__isnull=False)
                | models.Q(registered_by__isnull=False, index_clause=None),
                name="price_proposal_by_somebody_or_a_clause",
            ),
            models.UniqueConstraint(
                fields=["index_clause", "supplier", "from_date"],
                condition=~models.Q(status=PriceProposalStatus.WITHDRAWN),
                name="price_proposal_once_of_a_clause_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.from_date}"


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "price"], name="proposed_price_once"),
            models.CheckConstraint(
                condition=models.Q(new_price__gt=0, annual_quantity__gte=0), name="proposed_price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_id}: {self.old_price} → {self.new_price}"
