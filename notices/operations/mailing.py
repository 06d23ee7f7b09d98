"""
Send letters: gather what is due, claim, commit, send, mark (ADR 0015).

While the mail server is waited for no lock is held. A claim whose sender died is taken over when its lease is over, and
counts as one that may have gone out; the Message-ID is the same each time.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import place
from core.backoff import pause_after
from core.clock import Clock
from core.delivery import Failure, deliver
from core.errors import DomainError, stored
from core.states import move
from core.transactions import is_away, operation
from core.verdicts import require
from core.wakeups import wake
from notices import permissions
from notices.events import Event
from notices.letters import message
from notices.models import Letter, Notice
from notices.notices import LETTER_NOT_SENT
from notices.operations.telling import News, tell
from notices.states import LETTER_TRANSITIONS, LetterStatus
from organizations.models import Membership, Role, User

logger = logging.getLogger(__name__)

TOO_OLD = timedelta(days=3)
"""A letter that has not left by then is given up; a mail server may be away over a weekend."""
MOST_UNCERTAIN_ATTEMPTS = 3
"""A letter that may have arrived is not sent more often than this unless somebody asks."""
LEASE = timedelta(minutes=3)
"""How long a claim holds; longer than any attempt takes (the time limit of the task is two minutes)."""
AT_MOST = 500
"""A sweep makes and sends no more letters than this."""
SWEEP_SECONDS = 60.0
"""A sweep begins no further letter after this time; the next one goes on."""


class LetterSenderDied(DomainError):
    """Nobody knows whether the letter went out."""

    code = "letter_sender_died"
    sentence = _("Programmet avbröts under sändningen, så brevet kan ha gått fram.")


class LetterNotMade(DomainError):
    """What the letter says could not be put together; the fault is logged."""

    code = "letter_not_made"
    sentence = _("Brevet kunde inte göras: %(error)s")


class LetterTooOld(DomainError):
    """It did not leave while it was news."""

    code = "letter_too_old"
    sentence = _("Brevet hann bli för gammalt.")


def send_due(*, at: datetime) -> int:
    """
    Make letters of the notices that are due, and send whatever letters are; each by itself. Returns the attempts made.

    Ends early when the mail server is away, since no letter is to blame for that, and after a minute.
    """
    clock, attempts = Clock(at), 0
    gather(at=at)
    for key in (
        Letter.objects.due(at).order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:AT_MOST]
    ):
        if (clock.now() - at).total_seconds() > SWEEP_SECONDS:
            break
        letter = _claim(key, at=clock.now())
        if letter is None:
            continue
        attempts += 1
        failure = _send(letter)
        _mark(letter, failure, at=clock.now())
        if failure is not None and failure.server_is_away:
            break
    return attempts


@operation
def gather(*, at: datetime) -> None:
    """
    Make one letter for each person who has notices due, with all of them; one sweep at a time.

    A notice is in one letter for ever: if the letter fails, it is the letter that is tried again. While it is, what is
    due after it waits for it, so that a mail server that was away is not followed by a letter for each thing that happened.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('notices: letters are made'))")
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        return
    others = Notice.objects.to_mail(at).exclude(recipient__letters__status=LetterStatus.READY)
    people = others.order_by("recipient").values_list("recipient", flat=True)
    recipient_ids = list(people.distinct()[:AT_MOST])
    if not recipient_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS (SELECT id, recipient_id FROM notices_notice WHERE due_at <= %(at)s AND letter_id IS NULL"
            " AND read_at IS NULL AND recipient_id = ANY(%(people)s) ORDER BY id FOR NO KEY UPDATE),"
            " made AS (INSERT INTO notices_letter (recipient_id, status, made_at, next_attempt_at, ends_at, attempts,"
            " uncertain_attempts, is_under_way, error) SELECT DISTINCT recipient_id, %(ready)s, %(at)s::timestamptz,"
            " %(at)s::timestamptz, %(ends)s::timestamptz, 0, 0, false, '' FROM due RETURNING id, recipient_id)"
            " UPDATE notices_notice AS notice SET letter_id = made.id FROM due JOIN made USING (recipient_id)"
            " WHERE notice.id = due.id",
            {"at": at, "people": recipient_ids, "ready": LetterStatus.READY.value, "ends": at + TOO_OLD},
        )


@operation
def retry_letter(*, letter: Letter, by: User, at: datetime) -> Letter:
    """
    Try again to send a letter that could not be sent.

    :raises NotPermitted: she is not the administrator.
    :raises WrongState: it is not one that could not be sent.
    """
    letter = Letter.objects.select_for_update(no_key=True, of=("self",)).get(pk=letter.pk)
    require(permissions.can_see_letters(by, at=at))
    move(letter, to=LetterStatus.READY, transitions=LETTER_TRANSITIONS)
    letter.next_attempt_at, letter.ends_at = at, at + TOO_OLD
    letter.attempts = letter.uncertain_attempts = 0
    letter.save(update_fields=["status", "next_attempt_at", "ends_at", "attempts", "uncertain_attempts"])
    trail.record(Event.LETTER_RETRIED, subject=letter, by=by, at=at)
    wake("notices.send_due")
    return letter


@operation
def _claim(key: int, *, at: datetime) -> Letter | None:
    """Take a letter that is due, so that nobody else sends it; None when it is not to be sent now."""
    claimable = Letter.objects.due(at).select_for_update(of=("self",), skip_locked=True, no_key=True)
    letter = claimable.select_related("recipient").filter(pk=key).first()
    if letter is None:
        return None
    if letter.is_under_way:
        letter.is_under_way = False
        letter.uncertain_attempts += 1
        letter.error = stored(LetterSenderDied())
    if not letter.recipient.is_active or not letter.notices.unread().exists():
        move(letter, to=LetterStatus.DROPPED, transitions=LETTER_TRANSITIONS)
    elif reason := _exhausted(letter, at):
        _give_up(letter, reason, at)
    else:
        letter.is_under_way = True
        letter.attempts += 1
        letter.next_attempt_at = at + LEASE
    letter.save(
        update_fields=[
            "status", "is_under_way", "attempts", "uncertain_attempts", "next_attempt_at", "error"
        ]
    )  # fmt: skip
    return letter if letter.status == LetterStatus.READY else None


def _send(letter: Letter) -> Failure | None:
    """Hand a claimed letter to the mail server."""
    try:
        return deliver(message(letter, letter.notices.order_by("pk")))
    except Exception as error:
        if is_away(error):
            raise  # the lease ends by itself
        logger.exception("Letter %s could not be written", letter.pk)
        return Failure(LetterNotMade(error=type(error).__name__))


@operation
def _mark(claimed: Letter, failure: Failure | None, *, at: datetime) -> None:
    """Write what became of an attempt, and what follows from it."""
    letter = Letter.objects.select_for_update(no_key=True, of=("self",)).get(pk=claimed.pk)
    if letter.status != LetterStatus.READY or letter.attempts != claimed.attempts:
        return  # somebody took the claim over when its lease was over
    letter.is_under_way = False
    if failure is None:
        move(letter, to=LetterStatus.SENT, transitions=LETTER_TRANSITIONS)
        letter.sent_at, letter.error = at, ""
    else:
        letter.error = stored(failure.reason)
        letter.uncertain_attempts += failure.may_have_left
        letter.next_attempt_at = at + pause_after(letter.attempts)
        if failure.is_permanent or _exhausted(letter, letter.next_attempt_at):
            _give_up(letter, letter.error, at)
    letter.save(
        update_fields=["status", "is_under_way", "uncertain_attempts", "next_attempt_at", "error", "sent_at"]
    )


def _exhausted(letter: Letter, at: datetime) -> str:
    """Say why no other attempt may be made, as it is stored; empty when one may."""
    if at < letter.ends_at and letter.uncertain_attempts < MOST_UNCERTAIN_ATTEMPTS:
        return ""
    return letter.error or stored(LetterTooOld())


def _give_up(letter: Letter, reason: str, at: datetime) -> None:
    """Stop trying, and tell the administrators; never by e-mail, since that may be what is broken."""
    move(letter, to=LetterStatus.NOT_SENT, transitions=LETTER_TRANSITIONS)
    letter.error = reason
    administrators = Membership.objects.on(timezone.localdate(at)).filter(role=Role.ADMINISTRATOR)
    tell(
        [
            News(user_id, LETTER_NOT_SENT, place("unsent_letters"), {"reason": reason})
            for user_id in administrators.values_list("user_id", flat=True)
        ],
        by=None,
        at=at,
    )
