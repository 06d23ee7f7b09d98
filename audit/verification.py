"""
Hold the trail against its seals, and the seals against what was told of them outside the database.

Everything is computed anew from the rows as they are: nothing in the database is believed for its own sake.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, models

from audit.heads import Head
from audit.lines import DIGEST
from audit.models import NO_SEAL, Seal
from audit.models.seals import DIGEST_BYTES
from audit.operations.sealing import LATE, RECENT

SEALS_AT_ONCE = 20
LONGEST_TRANSACTION = timedelta(hours=1)
"""So much earlier than the last sealing may an entry say that it happened, since its transaction was open; as a clock may differ."""
NEVER = datetime.min.replace(tzinfo=UTC)
"""Before it is only what PostgreSQL can tell: years before Christ, which the line writes like those after."""
MOST_OF_A_KIND = 1000
"""Findings of one kind and seal; a trail that was emptied needs no more."""

ENTRIES = f"""
SELECT entry.id, {DIGEST} AS digest, entry.at < %s AS is_early, entry.at > %s AS is_ahead
FROM (SELECT unnest(%s::int8multirange) AS covered) AS seal
JOIN audit_entry entry ON entry.id >= lower(covered) AND entry.id < upper(covered)
ORDER BY entry.id
"""  # noqa: S608
OPEN = f"""
WITH {RECENT}, outside AS (
    SELECT entry.id, entry.id > lowest AND entry.id <= coalesce(last_given, 0) AS is_waiting
    FROM reach, unnest(int8multirange(int8range(NULL, NULL))
        - (SELECT coalesce(range_agg(ids), '{{}}'::int8multirange) FROM audit_seal)) AS gap
    JOIN audit_entry entry ON entry.id >= coalesce(lower(gap), '-9223372036854775808'::int8)
        AND entry.id <= coalesce(upper(gap) - 1, 9223372036854775807)
)
SELECT (array_agg(id ORDER BY id) FILTER (WHERE NOT is_waiting))[:%(most)s], count(*) FILTER (WHERE is_waiting) FROM outside
"""  # noqa: S608


class FindingKind(models.TextChoices):
    """What may be wrong with a trail."""

    SEAL_MISSING = "seal_missing", "A seal is missing"
    SEAL_CHANGED = "seal_changed", "A seal was changed, or one before it"
    SEAL_FALSE = "seal_false", "A seal names entries that it has no digest for, so they are not read"
    ENTRY_CHANGED = "entry_changed", "An entry was changed"
    ENTRY_REMOVED = "entry_removed", "An entry was removed"
    ENTRY_ADDED = "entry_added", "An entry was added where all was sealed"
    ENTRY_BACKDATED = (
        "entry_backdated",
        "An entry says that it happened before the sealing that came before its own",
    )
    ENTRY_AHEAD = "entry_ahead", "An entry says that it happened after it was sealed"
    HEAD_DIFFERS = "head_differs", "A seal is not the one that was told outside the database"
    HEAD_LACKING = "head_lacking", "A seal's head is not among those that were told of all seals"
    HEAD_WITHOUT_SEAL = "head_without_seal", "A seal that was told outside the database is not there"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed."""

    kind: FindingKind
    seal: int | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What was held against what, and what came of it."""

    seals: int
    entries: int
    waiting: int
    """Entries that are to be sealed next time."""
    last: Head | None
    findings: list[Finding]
    heads: int
    """How many seals' heads it was held against; none proves nothing against whoever owns the database."""
    last_head: int | None
    """The last seal that a head was told of."""


def verify_trail(heads: Iterable[Head] = (), *, are_all: bool = False) -> Verified:
    """
    Compute every seal anew from the entries, in order; besides the heads one seal is in memory, and all is read once.

    :param are_all: the heads were told of every seal up to the last of them, so that none lacks.
    """
    findings: list[Finding] = []
    entries, last, highest = 0, Head(0, NO_SEAL), 0
    sealings = _Sealings()
    digests_by_number = _by_number(heads)
    count, last_head = len(digests_by_number), max(digests_by_number, default=None)
    for seal in Seal.objects.order_by("number").iterator(SEALS_AT_ONCE):
        for number in range(last.number + 1, min(seal.number, last.number + 1 + MOST_OF_A_KIND)):
            findings.append(Finding(FindingKind.SEAL_MISSING, seal=number))
        if seal.sealed_with(previous=last.digest) != seal.digest or seal.after_id != highest:
            findings.append(Finding(FindingKind.SEAL_CHANGED, seal=seal.number))
        if are_all and last_head and seal.number < last_head and seal.number not in digests_by_number:
            findings.append(Finding(FindingKind.HEAD_LACKING, seal=seal.number))
        findings += (
            Finding(FindingKind.HEAD_DIFFERS, seal=seal.number)
            for digest in digests_by_number.pop(seal.number, ())
            if digest != seal.digest
        )
        not_before = sealings.before(seal.sealed_at)
        if seal.is_sound:
            findings += _entry_findings(seal, not_before=not_before)
            highest = max(highest, seal.last_id)
        else:
            findings.append(Finding(FindingKind.SEAL_FALSE, seal=seal.number))
        entries += seal.count
        last = Head(seal.number, seal.digest)
    findings += (Finding(FindingKind.HEAD_WITHOUT_SEAL, seal=number) for number in sorted(digests_by_number))
    added, waiting = _open_entries()
    findings += (Finding(FindingKind.ENTRY_ADDED, entry=pk) for pk in added)
    return Verified(
        last.number,
        entries,
        waiting,
        last if last.number else None,
        findings,
        heads=count,
        last_head=last_head,
    )


class _Sealings:
    """The times of sealing, as they are passed: all seals of one time stand for one look at the trail."""

    def __init__(self) -> None:
        self.this: datetime | None = None
        self.earlier: datetime | None = None

    def before(self, at: datetime) -> datetime | None:
        """When the trail was sealed before that time, as far as it is known."""
        if at != self.this:
            self.earlier, self.this = self.this, at
        return self.earlier


def _by_number(heads: Iterable[Head]) -> dict[int, set[str]]:
    digests_by_number: dict[int, set[str]] = {}
    for head in heads:
        digests_by_number.setdefault(head.number, set()).add(head.digest)
    return digests_by_number


def _entry_findings(seal: Seal, *, not_before: datetime | None) -> Iterator[Finding]:
    limits = (not_before - LONGEST_TRANSACTION if not_before else NEVER, seal.sealed_at + LONGEST_TRANSACTION)
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [*limits, seal.ids])
        rows = cursor.fetchall()
    for pk, _digest, is_early, is_ahead in rows:
        if is_early:
            yield Finding(FindingKind.ENTRY_BACKDATED, seal=seal.number, entry=pk)
        elif is_ahead:
            yield Finding(FindingKind.ENTRY_AHEAD, seal=seal.number, entry=pk)
    if (
        hashlib.sha256(b"".join(bytes(digest) for _pk, digest, *_times in rows)).digest()
        == hashlib.sha256(seal.digests).digest()
    ):
        return
    digest_by_pk = {pk: bytes(digest) for pk, digest, *_times in rows}
    for pk, digest in _sealed_digests(seal):
        if pk not in digest_by_pk:
            yield Finding(FindingKind.ENTRY_REMOVED, seal=seal.number, entry=pk)
        elif digest_by_pk[pk] != digest:
            yield Finding(FindingKind.ENTRY_CHANGED, seal=seal.number, entry=pk)


def _sealed_digests(seal: Seal) -> Iterator[tuple[int, bytes]]:
    """The ids that were sealed, and the digest of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::int8multirange) AS covered, generate_series(lower(covered), upper(covered) - 1) AS id"
            " ORDER BY id LIMIT %s",
            [seal.ids, seal.count],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    digests = bytes(seal.digests)
    for place, pk in enumerate(ids):
        yield pk, digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]


def _open_entries() -> tuple[list[int], int]:
    """Entries in no seal: the first of those that no sealing will look for any more, and how many the next one takes."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"late": LATE.total_seconds(), "most": MOST_OF_A_KIND})
        added, waiting = cursor.fetchone()
    return added or [], waiting
