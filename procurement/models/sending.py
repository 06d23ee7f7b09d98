"""
What goes to a supplier, and every attempt to get it there.

Three kinds of message leave: the order, the cancellation of an order that may have reached the supplier, and the answer to a
change that the supplier wants (`answers.py`). They are claimed, sent and marked alike, so they are `Sendable`. A claim moves ``next_attempt_at`` to the end of its lease: if
whoever sends it dies, the message is due again then.
"""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models import OrderChannel
from core.errors import localized
from procurement.states import OrderStatus

if TYPE_CHECKING:
    from procurement.models.orders import PurchaseOrder


class MessageKind(models.TextChoices):
    """What a message to a supplier is."""

    ORDER = "order", _("Inköpsorder")
    CANCELLATION = "cancellation", _("Makulering")
    CHANGE = "change", _("Besked om ändring")


class AttemptOutcome(models.TextChoices):
    """What became of one attempt."""

    UNDER_WAY = "under_way", _("Pågår")
    SENT = "sent", _("Skickad")
    REFUSED = "refused", _("Gick inte i väg")
    UNCERTAIN = "uncertain", _("Kan ha gått fram")


MAY_HAVE_LEFT = (AttemptOutcome.UNDER_WAY, AttemptOutcome.SENT, AttemptOutcome.UNCERTAIN)


class Sendable(models.Model):
    """A message that is sent once, in one or more attempts."""

    status = models.CharField(max_length=10, choices=OrderStatus, default=OrderStatus.READY)
    next_attempt_at = models.DateTimeField()
    send_attempts = models.PositiveIntegerField(default=0)
    """Attempts since it was first ready, or since somebody asked for another try."""
    send_error = models.TextField(blank=True)
    """Why the last attempt failed, a stored refusal; empty when it is sent."""
    sent_at = models.DateTimeField(null=True, blank=True)

    message_kind: ClassVar[MessageKind]
    supplier_path: ClassVar[str]
    """Where its supplier is, for `select_related`."""

    class Meta:
        abstract = True

    @property
    def serial(self) -> int:
        """Which message of its kind it is about the order; there is but one order, and one cancellation of it."""
        return 1

    @property
    def send_error_sentence(self) -> str:
        """Why the last attempt failed, in the reader's language."""
        return localized(self.send_error)

    @property
    def purchase_order(self) -> "PurchaseOrder":
        """The order that it is, or speaks of."""
        raise NotImplementedError


class CancellationNotice(Sendable):
    """Tells the supplier that an order is cancelled; made when the order may have reached the supplier."""

    message_kind = MessageKind.CANCELLATION
    supplier_path = "order__supplier"

    order = models.OneToOneField(
        "procurement.PurchaseOrder", on_delete=models.PROTECT, related_name="cancellation_notice"
    )
    requested_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[OrderStatus.READY, OrderStatus.SENT, OrderStatus.NOT_SENT]),
                name="cancellation_notice_status",
            ),
            models.CheckConstraint(
                condition=models.Q(status=OrderStatus.SENT, sent_at__isnull=False)
                | ~models.Q(status=OrderStatus.SENT) & models.Q(sent_at__isnull=True),
                name="cancellation_notice_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(status="ready"),
                name="cancellation_notice_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.status}"

    @property
    def purchase_order(self) -> "PurchaseOrder":
        """The order that is cancelled."""
        return self.order


class SendAttemptQuerySet(models.QuerySet["SendAttempt"]):
    """Questions about attempts."""

    def under_way(self) -> Self:
        """Begun and not ended: somebody is sending, or died while sending."""
        return self.filter(outcome=AttemptOutcome.UNDER_WAY)

    def may_have_left(self) -> Self:
        """Those after which the supplier may have the message."""
        return self.filter(outcome__in=MAY_HAVE_LEFT)

    def in_order(self) -> Self:
        """As they were made."""
        return self.order_by("started_at", "pk")


class SendAttempt(models.Model):
    """One attempt to hand a message to its channel. Its end is written once and never changed."""

    order = models.ForeignKey("procurement.PurchaseOrder", on_delete=models.PROTECT, related_name="attempts")
    kind = models.CharField(max_length=12, choices=MessageKind)
    serial = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=8, choices=OrderChannel, default=OrderChannel.EMAIL)
    number = models.PositiveIntegerField()
    address = models.CharField(max_length=254)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=AttemptOutcome, default=AttemptOutcome.UNDER_WAY)
    reason = models.TextField(blank=True)
    """Why it failed, a stored refusal."""

    objects = SendAttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind", "serial", "number"], name="send_attempt_number_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=OrderChannel.values), name="send_attempt_channel"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=MessageKind.values), name="send_attempt_kind"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=AttemptOutcome.values), name="send_attempt_outcome"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=AttemptOutcome.UNDER_WAY, finished_at__isnull=True)
                | ~models.Q(outcome=AttemptOutcome.UNDER_WAY) & models.Q(finished_at__isnull=False),
                name="send_attempt_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["order", "kind", "serial"],
                condition=models.Q(outcome=AttemptOutcome.UNDER_WAY),
                name="send_attempt_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind} {self.number}: {self.outcome}"

    @property
    def reason_sentence(self) -> str:
        """Why it failed, in the reader's language."""
        return localized(self.reason)


class OrderDocument(models.Model):
    """The files of a message as they were sent, made once before its first attempt through a channel. Never changed."""

    order = models.ForeignKey("procurement.PurchaseOrder", on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=MessageKind)
    serial = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=8, choices=OrderChannel, default=OrderChannel.EMAIL)
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    csv = models.BinaryField()
    csv_sha256 = models.CharField(max_length=64)
    xml = models.BinaryField(null=True, blank=True)
    """What goes through Peppol; nothing in what goes by e-mail."""
    xml_sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind", "serial", "channel"], name="order_document_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=MessageKind.values), name="order_document_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(channel=OrderChannel.EMAIL, xml=None, xml_sha256="")
                | models.Q(channel=OrderChannel.PEPPOL, xml__isnull=False) & ~models.Q(xml_sha256=""),
                name="order_document_fits_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"
