"""The seal of a batch of entries: a link in a chain of SHA-256, so that whoever changes one must change all after it."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from django.db import models

NO_SEAL = "0" * 64
"""What stands for the seal before the first."""
VERSION = "rauk-trail-1"
DIGEST_BYTES = 32
RANGE = re.compile(r"\[(-?\d+),(-?\d+)\)")


class IdsField(models.Field[Any, Any]):
    """Ids as PostgreSQL writes a multirange of them: ``{[1,5),[7,9)}``; a number that was never used has no place in it."""

    def db_type(self, connection: Any) -> str:
        """Give the column's type."""
        return "int8multirange"


class Seal(models.Model):
    """
    One batch of entries, closed.

    ``digests`` are the SHA-256 of each entry's line (`audit.lines`) in the order of their ids, one after another.
    ``digest`` is the SHA-256 of `text`, which names the seal before it.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    after_id = models.BigIntegerField()
    """The highest id that was sealed before; only lower ones that came late may be sealed besides higher ones."""
    ids = IdsField()
    digests = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="seal_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="seal_digest_is_sha256"
            ),
        ]
        indexes = [models.Index(fields=["sealed_at"], name="audit_seal_sealed_at")]

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"

    @property
    def count(self) -> int:
        """How many entries it closes."""
        return len(self.digests) // DIGEST_BYTES

    @property
    def is_sound(self) -> bool:
        """Whether its ids have an end, and each has its digest."""
        ranges = self._ranges()
        is_bounded = self.ids.count(",") == 2 * len(ranges) - 1
        return is_bounded and sum(after - first for first, after in ranges) * DIGEST_BYTES == len(
            self.digests
        )

    @property
    def last_id(self) -> int:
        """The highest id that it closes."""
        return self._ranges()[-1][1] - 1

    def text(self, *, previous: str) -> str:
        """
        What is sealed: five lines, each ended by a line feed.

        :param previous: the digest of the seal before it, or `NO_SEAL`.
        """
        entries = hashlib.sha256(self.digests).hexdigest()
        lines = (f"{VERSION} {self.number}", previous, moment(self.sealed_at), self.ids, entries)
        return "".join(f"{line}\n" for line in lines)

    def sealed_with(self, *, previous: str) -> str:
        """Compute its digest."""
        return hashlib.sha256(self.text(previous=previous).encode()).hexdigest()

    def _ranges(self) -> list[tuple[int, int]]:
        return [(int(first), int(after)) for first, after in RANGE.findall(self.ids)]


def moment(at: datetime) -> str:
    """A moment to the microsecond, in UTC, as seals and lines write it."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
