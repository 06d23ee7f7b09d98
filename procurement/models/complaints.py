"""Complaints: what a supplier owes for what was wrong, by when, and how it ended."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import QuantityField
from procurement.models.lines import RequisitionLine
from procurement.models.receipts import ReceiptKind, ReceiptLine

if TYPE_CHECKING:
    from organizations.models import User


class Expectation(models.TextChoices):
    """What is expected of the supplier when something was wrong."""

    REPLACEMENT = "replacement", _("Nytt kommer")
    CREDIT = "credit", _("Krediteras")
    COLLECTION = "collection", _("Hämtas av leverantören")
    NOTHING = "nothing", _("Inget mer väntas")


EXPECTED = [Expectation.REPLACEMENT, Expectation.CREDIT, Expectation.COLLECTION]
"""What makes a complaint."""


class SettlementOutcome(models.TextChoices):
    """How a complaint ended."""

    DONE = "done", _("Klart")
    NOT_COMING = "not_coming", _("Blir inte av")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Questions about complaints."""

    def visible_to(self, user: "User") -> Self:
        """Those about lines that the person may see."""
        lines = RequisitionLine.objects.opened_to(user).values("pk")
        return self.filter(receipt_line__allocation__line__in=lines)

    def unsettled(self) -> Self:
        """Those that nobody has settled, about receipts that were no mistakes."""
        mistakes = ReceiptLine.objects.filter(
            reverses=models.OuterRef("receipt_line"), receipt__kind=ReceiptKind.TAKEN_BACK
        )
        return self.filter(~models.Exists(mistakes), settlement=None)

    def open(self) -> Self:
        """
        Those that somebody has to see to: unsettled, and not replaced.

        A replacement is there when nothing is left to come of what was ordered.
        """
        allocation = "receipt_line__allocation"
        has_come = models.Q(
            **{
                "expects": Expectation.REPLACEMENT,
                f"{allocation}__quantity__lte": models.F(f"{allocation}__received_quantity")
                + models.F(f"{allocation}__closed_quantity"),
            }
        )
        return self.unsettled().filter(~has_come)

    def for_display(self) -> Self:
        """With what a row on a page needs, those due first on top."""
        return self.select_related(
            "receipt_line__receipt__received_by",
            "receipt_line__allocation__order_line__item",
            "receipt_line__allocation__order_line__order__supplier",
            "receipt_line__allocation__line__requisition__department",
        ).order_by("due_date", "pk")


class Complaint(models.Model):
    """
    What is expected of the supplier for a received row where something was wrong (reklamation). Never edited.

    ``quantity`` in order units, ``due_date`` the day by which it should have come, been credited or collected.
    """

    receipt_line = models.OneToOneField(
        "procurement.ReceiptLine", on_delete=models.PROTECT, related_name="complaint"
    )
    expects = models.CharField(max_length=12, choices=Expectation)
    quantity = QuantityField()
    due_date = models.DateField()

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(expects__in=EXPECTED), name="complaint_expects"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="complaint_quantity_positive"),
        ]
        indexes = [models.Index(fields=["due_date"], name="complaint_due")]

    def __str__(self) -> str:
        return f"{self.get_expects_display()}: {self.quantity}"

    @property
    def ended(self) -> "ComplaintSettlement | None":
        """How it ended, if somebody has said so; read with it."""
        return getattr(self, "settlement", None)

    def is_late_on(self, day: date) -> bool:
        """Whether the day has passed by which it should have been settled."""
        return self.due_date < day


class ComplaintSettlement(models.Model):
    """
    How a complaint ended, said by a person. Never edited.

    ``reference`` is the number of the credit note, or what was agreed; ``closed_quantity`` what of the allocation will
    not come by it.
    """

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="settlement")
    outcome = models.CharField(max_length=10, choices=SettlementOutcome)
    reference = models.CharField(max_length=200, blank=True)
    closed_quantity = QuantityField(default=0)
    settled_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=SettlementOutcome.values), name="complaint_settlement_outcome"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_quantity__gte=0), name="complaint_settlement_closed"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=SettlementOutcome.DONE) | ~models.Q(reference=""),
                name="complaint_settlement_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.get_outcome_display()}"
