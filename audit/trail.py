"""Write to the trail, in the operation's own transaction."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, models

from audit.models import Entry
from core.bulk import insert_rows


class Actor(Protocol):
    """Whoever acts: a person, a standing policy in a person's name, or another system by itself."""

    @property
    def pk(self) -> int | None: ...  # noqa: D102

    @property
    def full_name(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class OtherSystem:
    """Another system that acts by itself, so that nobody stands behind the name."""

    full_name: str
    pk: None = None


def record(
    event: models.TextChoices,
    *,
    subject: models.Model,
    by: Actor | None,
    at: datetime,
    on_behalf_of: Actor | None = None,
    rule: str = "",
    **details: Any,
) -> None:
    """Record one event on one subject; ``details`` must be JSON."""
    record_many(event, subjects=[subject], by=by, at=at, on_behalf_of=on_behalf_of, rule=rule, **details)


def record_many(
    event: models.TextChoices,
    *,
    subjects: Iterable[models.Model],
    by: Actor | None,
    at: datetime,
    on_behalf_of: Actor | None = None,
    rule: str = "",
    **details: Any,
) -> None:
    """Record the same event on many subjects with one statement."""
    record_entries(
        entry(event, subject=subject, by=by, at=at, on_behalf_of=on_behalf_of, rule=rule, **details)
        for subject in subjects
    )


def entry(
    event: models.TextChoices,
    *,
    subject: models.Model,
    by: Actor | None,
    at: datetime,
    on_behalf_of: Actor | None = None,
    rule: str = "",
    **details: Any,
) -> Entry:
    """Build an entry to be recorded together with others."""
    return Entry(
        at=at,
        event=event.value,
        by_id=by.pk if by else None,
        by_name=by.full_name if by else "Rauk",
        on_behalf_of_name=on_behalf_of.full_name if on_behalf_of else "",
        rule=rule,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:250],
        details=details,
    )


def record_entries(entries: Iterable[Entry]) -> None:
    """Write prepared entries with one statement."""
    insert_rows(list(entries))


def record_selected(
    event: models.TextChoices,
    *,
    subject_type: str,
    rows: str,
    parameters: Sequence[Any],
    by: Actor | None,
    at: datetime,
    **details: Any,
) -> None:
    """
    Record the same event on all rows of a query, in one statement.

    :param rows: SQL that gives each subject's id, its label, and its details as JSON; ``details`` are added to them.
    """
    added = " || %s::jsonb" if details else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_entry (at, event, by_id, by_name, on_behalf_of_name, rule, subject_type, subject_id,"  # noqa: S608
            " subject_label, details) SELECT %s, %s, %s, %s, '', '', %s, known.id, left(known.label, 250),"
            f" known.details{added} FROM ({rows}) AS known (id, label, details) ORDER BY known.id",
            [
                at,
                event.value,
                by.pk if by else None,
                by.full_name if by else "Rauk",
                subject_type,
                *([json.dumps(details)] if details else []),
                *parameters,
            ],
        )
