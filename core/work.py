"""
Background work that survives a lost message, a restarted broker and a killed worker.

A piece of work is a row. Whoever runs it holds a PostgreSQL advisory lock on that row for as long as its
database session lives; when a worker is killed the lock is gone, and the sweep finds the row unfinished
and wakes another. The row is the truth, a message only a wake-up (ADR 0004).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from core.states import Transitions, move


class WorkStatus(models.TextChoices):
    """Where a piece of background work stands."""

    QUEUED = "queued", _("I kö")
    RUNNING = "running", _("Pågår")
    DONE = "done", _("Klar")
    FAILED = "failed", _("Misslyckades")


WORK_TRANSITIONS: Transitions = {
    WorkStatus.QUEUED: frozenset({WorkStatus.RUNNING}),
    WorkStatus.RUNNING: frozenset({WorkStatus.RUNNING, WorkStatus.DONE, WorkStatus.FAILED}),
    WorkStatus.FAILED: frozenset({WorkStatus.QUEUED}),
    WorkStatus.DONE: frozenset(),
}


WorkType = TypeVar("WorkType", bound="Work")


class WorkQuerySet(models.QuerySet[WorkType]):
    """Questions about background work."""

    def unfinished(self) -> Self:
        """What is queued or was under way; whether somebody still runs it only its lock can tell."""
        return self.filter(status__in=[WorkStatus.QUEUED, WorkStatus.RUNNING])


class Work(models.Model):
    """A piece of work with progress in counted things."""

    status = models.CharField(max_length=10, choices=WorkStatus, default=WorkStatus.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

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
        self.save(update_fields=["status", "started_at", "done", "error"])

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
def held(work_class: type[Work], pk: int) -> Iterator[bool]:
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
