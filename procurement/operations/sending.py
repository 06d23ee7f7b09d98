"""
Send what is to leave for suppliers: orders, and cancellations of orders.

Claim, commit, send, mark (ADR 0015). A claim is a row of its own, committed before anything leaves; while the mail
server is waited for no lock is held. The end of the attempt is marked afterwards. A claim whose sender died is taken
over when its lease is over, and counts as one that may have gone out.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.backoff import pause_after
from core.clock import Clock
from core.delivery import Failure, deliver
from core.errors import DomainError, stored
from core.pdf import NotTypeset
from core.states import move
from core.transactions import is_away, operation
from core.verdicts import require
from core.wakeups import wake
from organizations.models import User
from procurement import notifications, permissions
from procurement.documents.files import made_files
from procurement.documents.kept import OrderFiles, kept_files
from procurement.events import Event
from procurement.models import (
    AttemptOutcome,
    CancellationNotice,
    MessageKind,
    OrderDocument,
    PurchaseOrder,
    SendAttempt,
)
from procurement.models.sending import Sendable
from procurement.operations.dissolving import dissolve_when_lapsed
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


def send_due(*, at: datetime) -> int:
    """
    Send whatever is due, each by itself: one that fails stops no other. Returns how many attempts were made.

    Ends early when the mail server is away, since no message is to blame for that, and after a minute.
    """
    clock, attempts = Clock(at), 0
    for kind in (CancellationNotice, PurchaseOrder):
        for key in _due(kind, at).values_list("pk", flat=True)[:AT_MOST]:
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
                return attempts
    return attempts


@operation
def retry_sending(*, order: PurchaseOrder, by: User, at: datetime) -> PurchaseOrder:
    """
    Try again to send an order, or its cancellation, that could not be sent.

    :raises NotPermitted: she is no manager of what is ordered.
    :raises WrongState: it is not one that could not be sent.
    """
    message, on_behalf_of = _stuck(order, by=by, at=at)
    order = message.purchase_order
    move(message, to=OrderStatus.READY, transitions=ORDER_TRANSITIONS)
    message.next_attempt_at, message.send_attempts = at, 0
    message.save(update_fields=["status", "next_attempt_at", "send_attempts"])
    if isinstance(message, PurchaseOrder):
        trail.record(Event.ORDER_RETRIED, subject=order, by=by, at=at, on_behalf_of=on_behalf_of)
        wake("procurement.send_order", order_id=order.pk)
    else:
        trail.record(Event.CANCELLATION_RETRIED, subject=order, by=by, at=at, on_behalf_of=on_behalf_of)
        wake("procurement.send_cancellation", notice_id=message.pk)
    return order


@operation
def confirm_received_by_supplier(*, order: PurchaseOrder, by: User, at: datetime) -> PurchaseOrder:
    """
    Mark an order, or its cancellation, as sent because the supplier has it although no attempt is known to have arrived.

    :raises NotPermitted: she is no manager of what is ordered.
    :raises WrongState: it is not one that could not be sent.
    """
    message, on_behalf_of = _stuck(order, by=by, at=at)
    move(message, to=OrderStatus.SENT, transitions=ORDER_TRANSITIONS)
    message.sent_at, message.send_error = at, ""
    message.save(update_fields=["status", "sent_at", "send_error"])
    event = Event.ORDER_SENT if isinstance(message, PurchaseOrder) else Event.CANCELLATION_SENT
    trail.record(
        event,
        subject=message.purchase_order,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of,
        rule="confirmed_by_supplier",
    )
    return message.purchase_order


def _stuck(order: PurchaseOrder, *, by: User, at: datetime) -> tuple[Sendable, User | None]:
    """
    Lock the order, and its notice when it is cancelled.

    :returns: the one of them that could not be sent, and in whose place the person sees to it.
    """
    message = _locked(PurchaseOrder, order.pk)
    require(permissions.can_retry_sending(by, message.purchase_order, at=at))
    capacity = permissions.cancelling_capacity(by, message.purchase_order, at=at)
    if message.status == OrderStatus.CANCELLED:
        message = _locked(CancellationNotice, message.purchase_order.cancellation_notice.pk)
    return message, capacity.on_behalf_of


def _send(kind: type[Sendable], key: int, *, at: datetime) -> Failure | None:
    """Claim, send, mark. Returns why it failed, None when it was sent or was not for us to send."""
    clock = Clock(at)
    claim = _claim(kind, key, at)
    if claim is None:
        return None
    try:
        files = _files(claim, clock)
        failure = deliver(notifications.message(claim.attempt, files))
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
    attempts = SendAttempt.objects.filter(order=order, kind=kind.message_kind)
    _give_up_lost(attempts, at)
    reason = _why_not_sent(message, attempts)
    if reason:
        _end(message, reason, at)
        return None
    attempt = SendAttempt.objects.create(
        order=order,
        kind=kind.message_kind,
        number=(attempts.aggregate(latest=Max("number"))["latest"] or 0) + 1,
        address=order.supplier.order_email,
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

    An order that may have reached its supplier is not taken apart, but it is not sent again to one that is blocked.
    """
    supplier = message.purchase_order.supplier
    if isinstance(message, PurchaseOrder) and supplier.is_blocked:
        return stored(NotSentToBlockedSupplier(reason=supplier.blocked_reason))
    return _exhausted(message, attempts)


def _exhausted(message: Sendable, attempts: QuerySet[SendAttempt]) -> str:
    """Say what the last attempt met when no other may be made; empty when another may."""
    made = list(attempts.order_by("-number")[: min(message.send_attempts, MOST_ATTEMPTS)])
    uncertain = sum(attempt.outcome == AttemptOutcome.UNCERTAIN for attempt in made)
    if message.send_attempts < MOST_ATTEMPTS and uncertain < MOST_UNCERTAIN_ATTEMPTS:
        return ""
    return made[0].reason if made else stored(AttemptsUsedUp())


def _files(claim: _Claim, clock: Clock) -> OrderFiles:
    """The files that are kept for this message; made and kept now when this is the first attempt."""
    kept = kept_files(claim.order, MessageKind(claim.attempt.kind))
    if kept is not None:
        return kept
    made = made_files(claim.order, MessageKind(claim.attempt.kind))
    OrderDocument.objects.create(
        order=claim.order,
        kind=claim.attempt.kind,
        pdf=made.pdf,
        pdf_sha256=hashlib.sha256(made.pdf).hexdigest(),
        csv=made.csv,
        csv_sha256=hashlib.sha256(made.csv).hexdigest(),
        made_at=clock.now(),
    )
    return made


@operation
def _mark(kind: type[Sendable], key: int, claim: _Claim, failure: Failure | None, *, at: datetime) -> None:
    """Write what became of an attempt, and what follows from it."""
    message = _locked(kind, key)
    reason = stored(failure.reason) if failure else ""
    attempts = SendAttempt.objects.filter(order=message.purchase_order, kind=kind.message_kind)
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
    if message.status != OrderStatus.CANCELLED:
        move(message, to=OrderStatus.SENT, transitions=ORDER_TRANSITIONS)
    message.sent_at, message.send_error = at, ""
    message.save(update_fields=["status", "sent_at", "send_error"])
    event = Event.ORDER_SENT if isinstance(message, PurchaseOrder) else Event.CANCELLATION_SENT
    subject = message.purchase_order
    trail.record(event, subject=subject, by=None, at=at, to=attempt.address, attempt=attempt.number)


def _end(message: Sendable, reason: str, at: datetime) -> None:
    """Stop trying: a person has to see to it."""
    move(message, to=OrderStatus.NOT_SENT, transitions=ORDER_TRANSITIONS)
    message.send_error = reason
    message.save(update_fields=["status", "send_error"])
    event = Event.ORDER_NOT_SENT if isinstance(message, PurchaseOrder) else Event.CANCELLATION_NOT_SENT
    order, is_cancellation = message.purchase_order, isinstance(message, CancellationNotice)
    trail.record(event, subject=order, by=None, at=at, reason=reason)
    tell_of_not_sent(order, reason, is_cancellation=is_cancellation, at=at)


def _locked(kind: type[Sendable], key: int) -> Sendable:
    """Lock one message; its supplier comes with it."""
    locked = kind._default_manager.select_for_update(of=("self",), no_key=True)
    return locked.select_related(kind.supplier_path).get(pk=key)
