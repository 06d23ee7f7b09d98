"""
Background work that survives a lost message, a restarted broker and a killed worker.

A piece of work is a row. Whoever runs it holds a PostgreSQL advisory lock on that row for as long as its
database session lives; when a worker is killed the lock is gone, and the sweep finds the row unfinished
and wakes another. The row is the truth, a message only a wake-up (ADR 0004).

Work ends. What fails for a reason of its own has failed at once, with that reason. What fails because something
outside is away is tried again after a pause that grows. What dies again and again, whatever kills it, is given up.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection, models
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from core import request_ids
from core.backoff import pause_after
from core.clock import Clock
from core.errors import DomainError
from core.states import Transitions, move
from core.transactions import count_fault

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
"""So many times work is begun before it is given up."""

OUTSIDE = (OperationalError, InterfaceError, OSError, MemoryError)
"""Failures that another try may be spared: the database, the disk, the network or the memory was short."""


class WorkStatus(models.TextChoices):
    """Where a piece of background work stands."""

    QUEUED = "queued", _("I kö")
    RUNNING = "running", _("Pågår")
    DONE = "done", _("Klar")
    FAILED = "failed", _("Misslyckades")


WORK_TRANSITIONS: Transitions = {
    WorkStatus.QUEUED: frozenset({WorkStatus.RUNNING}),
    WorkStatus.RUNNING: frozenset(
        {WorkStatus.RUNNING, WorkStatus.QUEUED, WorkStatus.DONE, WorkStatus.FAILED}
    ),
    WorkStatus.FAILED: frozenset({WorkStatus.QUEUED}),
    WorkStatus.DONE: frozenset(),
}


WorkType = TypeVar("WorkType", bound="Work")


class WorkQuerySet(models.QuerySet[WorkType]):
    """Questions about background work."""

    def unfinished(self) -> Self:
        """What is queued or was under way; whether somebody still runs it only its lock can tell."""
        return self.filter(status__in=[WorkStatus.QUEUED, WorkStatus.RUNNING])

    def due(self, at: datetime) -> Self:
        """What is unfinished and does not wait for another try."""
        return self.unfinished().exclude(next_attempt_at__gt=at)


class Work(models.Model):
    """A piece of work with progress in counted things."""

    status = models.CharField(max_length=10, choices=WorkStatus, default=WorkStatus.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    """How many times it was begun, since it was asked for or queued again."""
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    """Not before this, when a try has failed for something outside."""
    request_id = models.CharField(
        max_length=request_ids.LONGEST, blank=True, default=request_ids.current_id, editable=False
    )
    """The request in which it was asked for."""

    lock_space: ClassVar[int]
    """A number of its own for each kind of work, the first half of the advisory lock's key."""

    class Meta:
        abstract = True

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status in {WorkStatus.DONE, WorkStatus.FAILED}

    @property
    def percent(self) -> int:
        """Progress in whole per cent."""
        return 100 * self.done // self.total if self.total else 0

    def start(self, *, at: datetime) -> None:
        """Begin, or begin again after a crash."""
        move(self, to=WorkStatus.RUNNING, transitions=WORK_TRANSITIONS)
        self.started_at, self.done, self.error = at, 0, ""
        self.attempts, self.next_attempt_at = self.attempts + 1, None
        self.save(update_fields=["status", "started_at", "done", "error", "attempts", "next_attempt_at"])

    def wait(self, *, at: datetime, error: str) -> None:
        """Queue for another try after a pause, with the reason why this one failed."""
        move(self, to=WorkStatus.QUEUED, transitions=WORK_TRANSITIONS)
        self.error, self.next_attempt_at = error, at + pause_after(self.attempts)
        self.save(update_fields=["status", "error", "next_attempt_at"])

    def queue_again(self) -> None:
        """Queue failed work again, because somebody asks for it."""
        move(self, to=WorkStatus.QUEUED, transitions=WORK_TRANSITIONS)
        self.finished_at, self.error, self.attempts, self.next_attempt_at = None, "", 0, None
        self.save(update_fields=["status", "finished_at", "error", "attempts", "next_attempt_at"])

    def advance(self, *, done: int, total: int | None = None) -> None:
        """Say how far the work has come; visible to others at once when called outside a transaction."""
        self.done = done
        self.total = self.total if total is None else total
        self.save(update_fields=["done", "total"])

    def finish(self, *, at: datetime) -> None:
        """Mark as done."""
        move(self, to=WorkStatus.DONE, transitions=WORK_TRANSITIONS)
        self.finished_at, self.done = at, self.total
        self.save(update_fields=["status", "finished_at", "done"])

    def fail(self, *, at: datetime, error: str) -> None:
        """Mark as failed with a sentence for the person who asked."""
        move(self, to=WorkStatus.FAILED, transitions=WORK_TRANSITIONS)
        self.finished_at, self.error = at, error
        self.save(update_fields=["status", "finished_at", "error"])


@contextmanager
def lock_for(work_class: type[Work], pk: int) -> Iterator[bool]:
    """
    Hold the right to run one piece of work; yields False when somebody else has it.

    The lock belongs to the database session, so it vanishes with a killed worker. It needs a direct
    connection or a pooler in session mode.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [work_class.lock_space, pk])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [work_class.lock_space, pk])


def carry_out(
    work: WorkType,
    *,
    at: datetime,
    steps: Callable[[WorkType, Clock], None],
    give_up: Callable[[WorkType, str, datetime], None],
) -> WorkType:
    """
    Run one piece of work to its end, unless it is finished, waits for another try, or somebody else has it.

    ``steps`` does it and marks it done; it may be called again after a crash in the middle. ``give_up`` marks it
    failed with a reason. Nothing that one row does can stop the others: no failure leaves this function but that of
    a database that is away, and then the row is as it was.
    """
    asked_in = work.request_id or request_ids.current_id()
    with request_ids.under(asked_in), lock_for(type(work), work.pk) as is_ours:
        work.refresh_from_db()
        if (
            not is_ours
            or work.is_finished
            or (work.next_attempt_at is not None and work.next_attempt_at > at)
        ):
            return work
        if work.attempts >= MOST_ATTEMPTS:
            give_up(work, work.error or str(INTERRUPTED), at)
            return work
        clock = Clock(at)
        work.start(at=at)
        try:
            steps(work, clock)
        except DomainError as error:
            give_up(work, str(error), clock.now())
        except Exception as error:
            _after(error, work, clock.now(), give_up)
        return work


INTERRUPTED = gettext_lazy("Arbetet har avbrutits gång på gång utan att bli klart.")


def _after(
    error: Exception, work: WorkType, at: datetime, give_up: Callable[[WorkType, str, datetime], None]
) -> None:
    """Let work wait for another try when something outside failed, and otherwise give it up."""
    logger.error("%s %s failed", type(work).__name__, work.pk, exc_info=error)
    count_fault(error)
    reason = reason_of(error)
    try:
        if isinstance(error, OUTSIDE) and work.attempts < MOST_ATTEMPTS:
            work.wait(at=at, error=reason)
        else:
            give_up(work, reason, at)
    except (OperationalError, InterfaceError):
        raise error from None  # the database is away: the sweep goes on when it is back


def reason_of(error: Exception) -> str:
    """Say what went wrong in a sentence: the database's own words, and of other faults only that they are logged."""
    if not isinstance(error, DatabaseError):
        return gettext("Något gick fel på vår sida. Felet är loggat. Försök igen om en stund.")
    words = next(iter(str(error).splitlines()), "")[:200]
    return gettext("Databasen tog inte emot uppgifterna: %(words)s") % {"words": words}
