"""Seal what has been written to the trail since last time."""

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from audit import heads
from audit.lines import DIGEST
from audit.models import NO_SEAL, Seal
from core.models import RoutineRun
from core.routines import Routine
from core.transactions import operation

logger = logging.getLogger(__name__)

MOST_ENTRIES = 10_000
"""In one seal."""
LATE = timedelta(days=1)
"""An entry gets its number before its transaction is over; so long after later numbers were sealed it is still looked for."""

LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('audit.seal_trail'))"
RECENT = """
recent AS (
    SELECT after_id, ids FROM audit_seal WHERE number > coalesce((SELECT max(number) FROM audit_seal
        WHERE sealed_at < (SELECT sealed_at FROM audit_seal ORDER BY number DESC LIMIT 1) - %(late)s * interval '1 second'), 0)
), reach AS (
    SELECT coalesce(min(after_id), 0) AS lowest, coalesce(greatest(max(after_id), max(upper(ids) - 1)), 0) AS highest,
        (SELECT pg_sequence_last_value(pg_get_serial_sequence('audit_entry', 'id'))) AS last_given
    FROM recent
)"""
"""
The seals that are looked behind, which are in a row, so that a clock that was wrong makes no gap among them; and between
which ids an entry may be that is sealed next. A number that the sequence has not given is nobody's.
"""
NEXT = f"""
WITH {RECENT}, taken AS (
    SELECT entry.id, entry.digest
    FROM reach,
        unnest(int8multirange(int8range(lowest + 1, NULL))
            - (SELECT coalesce(range_agg(ids), '{{}}'::int8multirange) FROM recent)) AS gap,
        LATERAL (
            SELECT entry.id, {DIGEST} AS digest FROM audit_entry entry
            WHERE entry.id >= lower(gap) AND entry.id <= least(upper(gap) - 1, last_given)
            ORDER BY entry.id
            LIMIT %(most)s
        ) AS entry
    LIMIT %(most)s
)
SELECT (SELECT highest FROM reach), range_agg(int8range(id, id + 1))::text, string_agg(digest, ''::bytea ORDER BY id)
FROM taken
"""  # noqa: S608
"""What is not sealed yet. One statement sees one moment; whatever is committed after it is for the next seal."""


def seal_trail(*, at: datetime) -> int:
    """
    Close all entries that are there and open, in batches, and tell each seal to what stands outside the database.

    When the file of heads is lost or cannot be written, it is noted where somebody sees it; the file gets what it lacks
    when it can be written again.

    Writers are not held up: an entry whose transaction is still open is sealed next time. Two that seal at once do not
    seal the same twice: the second leaves it to the first.

    :returns: how many seals were made.
    """
    count, is_lost = 0, heads.is_lost()
    while _seal_batch(at):
        count += 1
    try:
        heads.keep()
        if is_lost:
            logger.error("The file with the trail's heads was not there and is begun anew from the database")
            _note_missed(at, "begun anew")
    except OSError as error:
        logger.exception("The heads of the trail are not kept")
        _note_missed(at, error.strerror or type(error).__name__)
    return count


@operation
def _seal_batch(at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(NEXT, {"late": LATE.total_seconds(), "most": MOST_ENTRIES})
        after_id, ids, digests = cursor.fetchone()
    if not digests:
        return False
    last = Seal.objects.order_by("-number").values_list("number", "digest").first()
    number, previous = last or (0, NO_SEAL)
    seal = Seal(number=number + 1, sealed_at=at, after_id=after_id, ids=ids, digests=bytes(digests))
    seal.digest = seal.sealed_with(previous=previous)
    seal.save(force_insert=True)
    logger.info("Trail sealed", extra={"seal": seal.number, "digest": seal.digest, "entries": seal.count})
    return True


def _note_missed(at: datetime, fault: str) -> None:
    runs = RoutineRun.objects.filter(routine=Routine.TRAIL_HEAD, faults__has_key="file")
    if not runs.filter(ended_at__gt=at - heads.NOTED_EACH).exists():
        RoutineRun.objects.create(
            routine=Routine.TRAIL_HEAD,
            began_at=at,
            ended_at=max(at, timezone.now()),
            faults={"file": fault},
        )


def is_behind(at: datetime, *, by: timedelta) -> bool:
    """Whether the newest entries have waited so long for their seal."""
    last = Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
    if last and at - by < last < at + by:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM audit_entry WHERE at < %s AND id >"
            " coalesce((SELECT greatest(max(after_id), max(upper(ids) - 1)) FROM audit_seal WHERE sealed_at = %s), 0))",
            [at - by, last],
        )
        return bool(cursor.fetchone()[0])
