"""
Send what is to leave for suppliers: orders, cancellations of orders, and answers to changes.

Claim, commit, send, mark (ADR 0015). A claim is a row of its own, committed before anything leaves; while the
channel is waited for no lock is held. The end of the attempt is marked afterwards. A claim whose sender died is taken
over when its lease is over, and counts as one that may have gone out.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.models import OrderChannel
from audit import trail
from core.backoff import pause_after
from core.clock import Clock
from core.delivery import Failure
from core.errors import DomainError, stored
from core.pdf import NotTypeset
from core.states import move
from core.transactions import is_away, operation
from procurement.channels import CHANNELS, channel_for
from procurement.documents.files import made_files
from procurement.documents.stored_files import OrderFiles, files_as_sent
from procurement.gates import SupplierNotExamined
from procurement.models import (
    AttemptOutcome,
    CancellationNotice,
    ChangeNotice,
    MessageKind,
    OrderDocument,
    PurchaseOrder,
    SendAttempt,
)
from procurement.models.sending import Sendable, SendAttemptQuerySet
from procurement.operations.dissolving import dissolve_when_lapsed
from procurement.operations.send_status import NOT_SENT, SENT, locked_message, set_sent
from procurement.operations.telling import tell_of_not_sent
from procurement.states import ORDER_TRANSITIONS, OrderStatus

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
"""So many failed attempts, five hours in all, and a person has to see to it."""

MOST_UNCERTAIN_ATTEMPTS = 3
"""A message that may have arrived is not sent more often than this unless a person asks."""

LEASE = timedelta(minutes=3)
"""How long a claim holds; longer than any attempt takes (the time limit of the tasks is two minutes)."""

AT_MOST = 200
"""A sweep takes no more of each kind than this."""

SWEEP_SECONDS = 60.0
"""A sweep begins no further message after this time; the next one goes on."""


class DocumentNotTypeset(DomainError):
    """The paper of the message cannot be made."""

    code = "document_not_typeset"
    sentence = _("Dokumentet kan inte skrivas: %(error)s")


class MessageNotMade(DomainError):
    """The message cannot be put together."""

    code = "message_not_made"
    sentence = _("Meddelandet kunde inte göras: %(error)s")


class SenderDied(DomainError):
    """The program that was sending ended, so nobody knows whether the message arrived."""

    code = "sender_died"
    sentence = _("Programmet avbröts under sändningen, så meddelandet kan ha gått fram.")


class NotSentToBlockedSupplier(DomainError):
    """Nothing more is ordered from a blocked supplier."""

    code = "not_sent_to_blocked_supplier"
    sentence = _("Leverantören är spärrad: %(reason)s")


class AttemptsUsedUp(DomainError):
    """No attempt is left to make."""

    code = "attempts_used_up"
    sentence = _("Försöken är slut.")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A message that this process alone may send."""

    order: PurchaseOrder
    attempt: SendAttempt


def send_order(*, order: PurchaseOrder, at: datetime) -> PurchaseOrder:
    """
    Send an order to its supplier, if it is due; at least once, each time with the same Message-ID and files.

    An order that somebody else is sending, that waits for its next attempt, or that is sent, is left alone. A
    failure is written on the order with its reason: it is tried again later, or a person has to see to it.
    """
    _send(PurchaseOrder, order.pk, at=at)
    return PurchaseOrder.objects.select_related("supplier").get(pk=order.pk)


def send_cancellation(*, notice: CancellationNotice, at: datetime) -> CancellationNotice:
    """Tell a supplier that an order is cancelled, if it is due; not before an attempt at the order itself has ended."""
    _send(CancellationNotice, notice.pk, at=at)
    return CancellationNotice.objects.get(pk=notice.pk)


def send_change(*, notice: ChangeNotice, at: datetime) -> ChangeNotice:
    """Tell a supplier what was agreed to of the changes that it wanted, if it is due."""
    _send(ChangeNotice, notice.pk, at=at)
    return ChangeNotice.objects.get(pk=notice.pk)


def send_due(*, at: datetime) -> int:
    """
    Send whatever is due, each by itself: one that fails stops no other. Returns how many attempts were made.

    Leaves a channel alone that is away, since no message is to blame for that, and ends after a minute.
    """
    clock, attempts = Clock(at), 0
    channels_down: set[OrderChannel] = set()
    for kind in (CancellationNotice, ChangeNotice, PurchaseOrder):
        due = _due(kind, at).values_list("pk", f"{kind.supplier_path}__order_channel")[:AT_MOST]
        for key, chosen in due:
            channel = channel_for(kind.message_kind, chosen)
            if channel in channels_down:
                continue
            if (clock.now() - at).total_seconds() > SWEEP_SECONDS:
                return attempts
            try:
                failure = _send(kind, key, at=clock.now())
            except Exception as error:
                if is_away(error):
                    raise
                logger.exception("%s %s could not be sent", kind.__name__, key)
                continue
            attempts += 1
            if failure is not None and failure.server_is_away:
                channels_down.add(channel)
    return attempts


def _send(kind: type[Sendable], key: int, *, at: datetime) -> Failure | None:
    """Claim, send, mark. Returns why it failed, None when it was sent or was not for us to send."""
    clock = Clock(at)
    claim = _claim(kind, key, at)
    if claim is None:
        return None
    try:
        files = _files(claim, clock)
        failure = CHANNELS[OrderChannel(claim.attempt.channel)].send(claim.attempt, files)
    except NotTypeset as error:
        failure = Failure(DocumentNotTypeset(error=str(error)), is_permanent=True)
    except Exception as error:
        if is_away(error):
            raise  # the lease ends by itself
        logger.exception("Order %s could not be sent", claim.order)
        failure = Failure(MessageNotMade(error=str(error) or type(error).__name__))
    _mark(kind, key, claim, failure, at=clock.now())
    return failure


@operation
def _claim(kind: type[Sendable], key: int, at: datetime) -> _Claim | None:
    """
    Take a message that is due, so that nobody else sends it; None when it is not to be sent now.

    The gate is asked in the same transaction: what it says of an order still holds when the claim is committed.
    """
    if kind is PurchaseOrder and dissolve_when_lapsed(order_id=key, at=at):
        return None
    claimable = _due(kind, at).select_for_update(of=("self",), skip_locked=True, no_key=True)
    message = claimable.select_related(kind.supplier_path).filter(pk=key).first()
    if message is None:
        return None
    order = message.purchase_order
    attempts = _attempts_of(message)
    _give_up_lost(attempts, at)
    reason = _why_not_sent(message, attempts)
    if reason:
        _end(message, reason, at)
        return None
    channel = channel_for(kind.message_kind, order.supplier.order_channel)
    attempt = SendAttempt.objects.create(
        order=order,
        kind=kind.message_kind,
        serial=message.serial,
        channel=channel,
        number=(attempts.aggregate(latest=Max("number"))["latest"] or 0) + 1,
        address=CHANNELS[channel].address_of(order.supplier),
        started_at=at,
    )
    message.send_attempts += 1
    message.next_attempt_at = at + LEASE
    message.save(update_fields=["send_attempts", "next_attempt_at"])
    return _Claim(order, attempt)


def _due(kind: type[Sendable], at: datetime) -> QuerySet[Sendable]:
    """Messages of a kind that are due; a cancellation waits until no attempt at its order is under way."""
    due = kind._default_manager.filter(status=OrderStatus.READY, next_attempt_at__lte=at)
    if kind is CancellationNotice:
        sending = SendAttempt.objects.under_way().filter(
            order=OuterRef("order"), kind=MessageKind.ORDER, started_at__gt=at - LEASE
        )
        due = due.filter(~Exists(sending))
    return due.order_by("next_attempt_at", "pk")


def _attempts_of(message: Sendable) -> SendAttemptQuerySet:
    """Every attempt at this message."""
    return SendAttempt.objects.filter(
        order=message.purchase_order, kind=message.message_kind, serial=message.serial
    )


def _give_up_lost(attempts: QuerySet[SendAttempt], at: datetime) -> None:
    """End the attempt of a sender that died: its lease is over, and nobody knows whether it went out."""
    attempts.filter(outcome=AttemptOutcome.UNDER_WAY).update(
        outcome=AttemptOutcome.UNCERTAIN,
        finished_at=at,
        reason=stored(SenderDied()),
    )


def _why_not_sent(message: Sendable, attempts: QuerySet[SendAttempt]) -> str:
    """
    Say why a message may not be sent any more, as it is stored; empty when it may.

    An order that may have reached its supplier is not taken apart, but it is not sent again to one that is blocked or not examined.
    """
    supplier = message.purchase_order.supplier
    if isinstance(message, PurchaseOrder) and supplier.is_blocked:
        return stored(NotSentToBlockedSupplier(reason=supplier.blocked_reason))
    if isinstance(message, PurchaseOrder) and supplier.awaits_examination:
        return stored(SupplierNotExamined(supplier=supplier.name))
    return _exhausted(message, attempts)


def _exhausted(message: Sendable, attempts: QuerySet[SendAttempt]) -> str:
    """Say what the last attempt met when no other may be made; empty when another may."""
    latest_attempts = list(attempts.order_by("-number")[: min(message.send_attempts, MOST_ATTEMPTS)])
    uncertain = sum(attempt.outcome == AttemptOutcome.UNCERTAIN for attempt in latest_attempts)
    if message.send_attempts < MOST_ATTEMPTS and uncertain < MOST_UNCERTAIN_ATTEMPTS:
        return ""
    return latest_attempts[0].reason if latest_attempts else stored(AttemptsUsedUp())


def _files(claim: _Claim, clock: Clock) -> OrderFiles:
    """The files that are kept for this message; made and kept now when this is the first attempt."""
    order, attempt = claim.order, claim.attempt
    kind, channel = MessageKind(attempt.kind), OrderChannel(attempt.channel)
    stored_files = files_as_sent(order, kind, serial=attempt.serial, channel=channel)
    if stored_files is not None:
        return stored_files
    new_files = made_files(order, kind, serial=attempt.serial, channel=channel)
    OrderDocument.objects.create(
        order=order,
        kind=kind,
        serial=attempt.serial,
        channel=channel,
        pdf=new_files.pdf,
        pdf_sha256=hashlib.sha256(new_files.pdf).hexdigest(),
        csv=new_files.csv,
        csv_sha256=hashlib.sha256(new_files.csv).hexdigest(),
        xml=new_files.xml,
        xml_sha256="" if new_files.xml is None else hashlib.sha256(new_files.xml).hexdigest(),
        made_at=clock.now(),
    )
    return new_files


@operation
def _mark(kind: type[Sendable], key: int, claim: _Claim, failure: Failure | None, *, at: datetime) -> None:
    """Write what became of an attempt, and what follows from it."""
    message = locked_message(kind, key)
    reason = stored(failure.reason) if failure else ""
    attempts = _attempts_of(message)
    attempts.under_way().filter(pk=claim.attempt.pk).update(
        outcome=_outcome(failure), finished_at=at, reason=reason
    )
    if failure is None:
        _mark_sent(message, claim.attempt, at)
    elif message.status == OrderStatus.READY:
        message.send_error = reason
        message.next_attempt_at = at + pause_after(message.send_attempts)
        message.save(update_fields=["send_error", "next_attempt_at"])
        if failure.is_permanent or _exhausted(message, attempts):
            _end(message, reason, at)


def _outcome(failure: Failure | None) -> AttemptOutcome:
    if failure is None:
        return AttemptOutcome.SENT
    return AttemptOutcome.UNCERTAIN if failure.may_have_left else AttemptOutcome.REFUSED


def _mark_sent(message: Sendable, attempt: SendAttempt, at: datetime) -> None:
    """The first success counts; an order that was cancelled meanwhile stays cancelled, and was sent all the same."""
    if message.sent_at is not None:
        return
    set_sent(message, at=at)
    subject, event = message.purchase_order, SENT[message.message_kind]
    trail.record(event, subject=subject, by=None, at=at, to=attempt.address, attempt=attempt.number)


def _end(message: Sendable, reason: str, at: datetime) -> None:
    """Stop trying: a person has to see to it."""
    move(message, to=OrderStatus.NOT_SENT, transitions=ORDER_TRANSITIONS)
    message.send_error = reason
    message.save(update_fields=["status", "send_error"])
    order, kind = message.purchase_order, message.message_kind
    trail.record(NOT_SENT[kind], subject=order, by=None, at=at, reason=reason)
    tell_of_not_sent(order, reason, kind=kind, at=at)
