"""
The sealed trail as two files of lines, so that anybody can hold one against the other with a few lines of their own.

``entries``: each entry as it was sealed (`audit.lines`), in the order of the seals. ``seals``: one JSON object a line.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models

from audit.lines import LINE
from audit.models import NO_SEAL, Seal
from audit.models.seals import moment

SEALS_AT_ONCE = 50
LINES = f"""
SELECT {LINE} FROM unnest(%s::int8multirange) AS covered
JOIN audit_entry entry ON entry.id >= lower(covered) AND entry.id < upper(covered)
ORDER BY entry.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals in a row, by number."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def entry_lines(self) -> Iterator[bytes]:
        """The entries, each ended by a line feed; one seal's at a time in memory."""
        for seal in self._rows().only("ids").iterator(SEALS_AT_ONCE):
            with connection.cursor() as cursor:
                cursor.execute(LINES, [seal.ids])
                yield b"".join(f"{line}\n".encode() for (line,) in cursor.fetchall())

    def seal_lines(self) -> Iterator[bytes]:
        """The seals, each with the digest of the one before it."""
        previous = (
            Seal.objects.filter(number=self.first - 1).values_list("digest", flat=True).first() or NO_SEAL
        )
        for seal in self._rows().iterator(SEALS_AT_ONCE):
            record = {
                "number": seal.number,
                "previous": previous,
                "sealed_at": moment(seal.sealed_at),
                "ids": seal.ids,
                "count": seal.count,
                "digest": seal.digest,
            }
            yield f"{json.dumps(record)}\n".encode()
            previous = seal.digest

    def _rows(self) -> models.QuerySet[Seal]:
        return Seal.objects.filter(number__range=(self.first, self.last)).order_by("number")
