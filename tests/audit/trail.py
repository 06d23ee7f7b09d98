"""A trail that is written and sealed, and what its owner can do to it."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from audit import heads
from audit.models import Entry
from audit.operations import sealing
from audit.verification import FindingKind, verify_trail
from tests.cast import NOW

MINUTE = timedelta(minutes=1)


def write(*events: str, minutes: int = 0) -> list[Entry]:
    """Write entries to the trail."""
    return Entry.objects.bulk_create(
        Entry(
            at=NOW + minutes * MINUTE,
            event=event,
            by_id=7,
            by_name="Åsa Öberg",
            subject_type="procurement.requisition",
            subject_id=place,
            subject_label=f"2026-{place:05}",
            details={"amount": "1200.50", "text": "rad ett\nrad två 🧤", "empty": None},
        )
        for place, event in enumerate(events, 1)
    )


def as_owner(statement: str, *values: int) -> None:
    """Do what only the database's owner can, once the triggers are laid to rest."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def sealed(*batches: int) -> list[Entry]:
    """Write and seal batches of so many entries, one each minute."""
    entries: list[Entry] = []
    for minutes, count in enumerate(batches):
        entries += write(*(f"event.{place}" for place in range(count)), minutes=minutes)
        sealing.seal_trail(at=NOW + minutes * MINUTE)
    return entries


def found() -> list[tuple[FindingKind, int | None, int | None]]:
    """What the verification finds."""
    saved_heads = heads.read(Path(settings.TRAIL_HEADS))
    return [(each.kind, each.seal, each.entry) for each in verify_trail(saved_heads).findings]
