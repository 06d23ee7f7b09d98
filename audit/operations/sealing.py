"""Seal what has been written to the trail since last time."""

import logging
from datetime import datetime, timedelta

from django.db import connection

from audit import heads
from audit.lines import DIGEST
from audit.models import NO_SEAL, Seal
from core.transactions import operation

logger = logging.getLogger(__name__)

MOST_ENTRIES = 10_000
"""In one seal."""
LATE = timedelta(days=1)
"""An entry gets its number before its transaction is over; so long after later numbers were sealed it is still looked for."""

LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('audit.seal_trail'))"
NEXT = f"""
WITH recent AS (
    SELECT number, after_id, ids FROM audit_seal
    WHERE sealed_at >= (SELECT max(sealed_at) FROM audit_seal) - %(late)s * interval '1 second'
), reach AS (
    SELECT coalesce(min(after_id), 0) AS lowest,
        greatest(max(after_id), max(upper(ids) - 1)) AS highest,
        int8multirange(int8range(coalesce(min(after_id), 0) + 1, NULL))
            - coalesce(range_agg(ids), '{{}}'::int8multirange) AS unsealed
    FROM recent
), taken AS (
    SELECT entry.id, {DIGEST} AS digest
    FROM reach, unnest(reach.unsealed) AS gap
    JOIN audit_entry entry ON entry.id >= lower(gap) AND entry.id < coalesce(upper(gap), 9223372036854775807)
    ORDER BY entry.id
    LIMIT %(most)s
)
SELECT (SELECT coalesce(highest, 0) FROM reach), range_agg(int8range(id, id + 1))::text,
    string_agg(digest, ''::bytea ORDER BY id)
FROM taken
"""  # noqa: S608
"""What is not sealed yet. One statement sees one moment; whatever is committed after it is for the next seal."""


def seal_trail(*, at: datetime) -> int:
    """
    Close all entries that are there and open, in batches, and tell the last seal to what stands outside the database.

    Writers are not held up: an entry whose transaction is still open is sealed next time. Two that seal at once do not
    seal the same twice: the second leaves it to the first.

    :returns: how many seals were made.
    """
    made = 0
    while _seal_batch(at):
        made += 1
    heads.keep()
    return made


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


def is_behind(at: datetime, *, by: timedelta) -> bool:
    """Whether the newest entries have waited so long for their seal."""
    last = Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
    if last and last > at - by:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM audit_entry WHERE at < %s"
            " AND id >= coalesce((SELECT max(upper(ids)) FROM audit_seal WHERE sealed_at = %s), 0))",
            [at - by, last],
        )
        return bool(cursor.fetchone()[0])
