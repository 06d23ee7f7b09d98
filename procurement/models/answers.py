"""
What suppliers answer to orders, and what they are told when something is changed after the order was sent.

An answer is a fact: what the supplier said, of each line, when, and the file that it came in. What follows from it stands
on the order's lines (`OrderLine.answer`). A `ChangeNotice` tells the supplier what was agreed to and what was not, that fewer
are needed, or asks for another day.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import localized
from core.fields import QuantityField, UnitPriceField
from procurement.models.sending import MessageKind, Sendable
from procurement.states import OrderStatus

if TYPE_CHECKING:
    from procurement.models.orders import PurchaseOrder


class AnswerOutcome(models.TextChoices):
    """What a supplier says to an order, or to a line of it."""

    ACKNOWLEDGED = "acknowledged", _("Ordern är framme")
    CONFIRMED = "confirmed", _("Levereras som beställt")
    CHANGED = "changed", _("Levereras med ändring")
    REFUSED = "refused", _("Levereras inte")


LINE_OUTCOMES = (AnswerOutcome.CONFIRMED, AnswerOutcome.CHANGED, AnswerOutcome.REFUSED)


class SupplierAnswerQuerySet(models.QuerySet["SupplierAnswer"]):
    """Questions about answers."""

    def latest(self) -> Self:  # type: ignore[override]
        """Latest first."""
        return self.order_by("-received_at", "-pk")


class SupplierAnswer(models.Model):
    """
    One answer of a supplier's to an order (leverantörens svar). Never edited.

    ``registered_by`` is the person who wrote down what the supplier said; nobody when it came as a file. An answer that
    could not be acted on, as one to an order that is cancelled, is kept with the reason.
    """

    order = models.ForeignKey("procurement.PurchaseOrder", on_delete=models.PROTECT, related_name="answers")
    key = models.UUIDField()
    key_content = models.CharField(max_length=64)
    """SHA-256 of what was answered with the key."""
    outcome = models.CharField(max_length=12, choices=AnswerOutcome)
    reference = models.CharField(max_length=60, blank=True)
    """What the supplier calls the order, or the answer."""
    note = models.TextField(blank=True)
    received_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file = models.BinaryField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    not_taken_reason = models.TextField(blank=True)
    """Why nothing followed from it, a stored refusal."""

    objects = SupplierAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="supplier_answer_key_unique"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=AnswerOutcome.values), name="supplier_answer_outcome"
            ),
            models.CheckConstraint(
                condition=models.Q(file=None, file_sha256="")
                | models.Q(file__isnull=False) & ~models.Q(file_sha256=""),
                name="supplier_answer_file_has_hash",
            ),
        ]
        indexes = [models.Index(fields=["order", "-received_at"], name="supplier_answer_latest")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.outcome}"

    @property
    def not_taken_sentence(self) -> str:
        """Why nothing followed from it, in the reader's language."""
        return localized(self.not_taken_reason)


class AnsweredLine(models.Model):
    """What an answer says of one line of the order; what it says nothing of is as ordered. Never edited."""

    answer = models.ForeignKey(SupplierAnswer, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        "procurement.OrderLine", on_delete=models.PROTECT, related_name="answered_lines"
    )
    outcome = models.CharField(max_length=12, choices=AnswerOutcome)
    quantity = QuantityField(null=True, blank=True)
    unit_price = UnitPriceField(null=True, blank=True)
    delivery_date = models.DateField(null=True, blank=True)
    comment = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "order_line"], name="answered_line_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=LINE_OUTCOMES), name="answered_line_outcome"
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome=AnswerOutcome.CHANGED)
                | models.Q(quantity__isnull=False)
                | models.Q(unit_price__isnull=False)
                | models.Q(delivery_date__isnull=False),
                name="answered_line_says_what_changes",
            ),
            models.CheckConstraint(
                condition=(models.Q(quantity=None) | models.Q(quantity__gt=0))
                & (models.Q(unit_price=None) | models.Q(unit_price__gte=0)),
                name="answered_line_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} {self.outcome}"


class ChangeNotice(Sendable):
    """
    Tells the supplier which of the changes it wanted were agreed to, what is needed no longer, or on which other day (besked om
    ändring).
    """

    shown_lines: Sequence["NoticedLine"]
    """What was decided; read with it, or made with it."""

    message_kind = MessageKind.CHANGE
    supplier_path = "order__supplier"

    order = models.ForeignKey(
        "procurement.PurchaseOrder", on_delete=models.PROTECT, related_name="change_notices"
    )
    number = models.PositiveSmallIntegerField()
    """Which of the order's notices it is."""
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    answer_due_date = models.DateField(null=True, blank=True)
    """The last day on which the supplier should have answered it; nothing when it asks nothing, or the supplier is not asked to."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="change_notice_number_unique"),
            models.CheckConstraint(
                condition=models.Q(status__in=OrderStatus.values), name="change_notice_status"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=OrderStatus.SENT) | models.Q(sent_at__isnull=False),
                name="change_notice_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(status="ready"), name="change_notice_due"
            ),
            models.Index(
                fields=["order"], condition=models.Q(status="not_sent"), name="change_notice_not_sent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.number} {self.status}"

    @property
    def purchase_order(self) -> "PurchaseOrder":
        """The order that is changed."""
        return self.order

    @property
    def serial(self) -> int:
        """Which of the order's notices it is."""
        return self.number


class NoticedDecision(models.TextChoices):
    """What is decided of a line of a sent order."""

    AGREED = "agreed", _("Godtagen ändring")
    DECLINED = "declined", _("Levereras inte")
    REDUCED = "reduced", _("Färre behövs")
    DAY_ASKED = "day_asked", _("Annan dag begärd")


class NoticedLine(models.Model):
    """
    What a notice says of one line: the supplier's change is agreed to, the line is not wanted, fewer are, or it is wanted on
    another day. Never edited.

    ``quantity`` is all that is to be delivered of the line, with what has come already. ``day_before`` is the day that another one
    was asked for instead of.
    """

    notice = models.ForeignKey(ChangeNotice, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        "procurement.OrderLine", on_delete=models.PROTECT, related_name="noticed_lines"
    )
    decision = models.CharField(max_length=10, choices=NoticedDecision)
    quantity = QuantityField()
    unit_price = UnitPriceField()
    delivery_date = models.DateField()
    day_before = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "order_line"], name="noticed_line_once"),
            models.CheckConstraint(
                condition=models.Q(decision__in=NoticedDecision.values), name="noticed_line_decision"
            ),
            models.CheckConstraint(
                condition=models.Q(decision=NoticedDecision.DAY_ASKED, day_before__isnull=False)
                & ~models.Q(day_before=models.F("delivery_date"))
                | ~models.Q(decision=NoticedDecision.DAY_ASKED) & models.Q(day_before=None),
                name="noticed_line_says_the_day_before",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.order_line_id}"
