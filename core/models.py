"""Files that are kept in the database, part by part, so that a large one needs no more memory than a small one."""

import hashlib
import io
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from django.db import models

from core.routines import AdditiveMigration, RoutineRun

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["AdditiveMigration", "RoutineRun", "StoredFile", "StoredPart"]

PART_SIZE = 1_000_000
"""So many bytes are a part; all parts of a file but the last have this size."""


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Questions about kept files."""

    def keep(self, content: BinaryIO) -> "StoredFile":
        """Keep what a stream holds from its first byte to its last; it is read twice. Used inside an operation."""
        digest, size = hashlib.sha256(), 0
        for part in _parts(content):
            digest.update(part)
            size += len(part)
        kept = self.create(sha256=digest.hexdigest(), size=size)
        for position, part in enumerate(_parts(content)):
            StoredPart.objects.create(file=kept, position=position, content=part)
        return kept


def _parts(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    return iter(partial(content.read, PART_SIZE), b"")


class StoredFile(models.Model):
    """A file as it was handed in or made. Never edited."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    objects = StoredFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.sha256

    def open(self) -> BinaryIO:
        """Read it from its first byte, a part at a time."""
        return io.BufferedReader(_StoredBytes(self))

    def pieces(self) -> Iterator[bytes]:
        """Its parts in order."""
        for position in range(-(-self.size // PART_SIZE)):
            yield StoredPart.objects.content_of(self, position)


class StoredPartQuerySet(models.QuerySet["StoredPart"]):
    """Questions about parts."""

    def content_of(self, file: StoredFile, position: int) -> bytes:
        """The bytes of one part of a file."""
        return bytes(self.values_list("content", flat=True).get(file=file, position=position))


class StoredPart(models.Model):
    """A part of a kept file."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, db_index=False, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = StoredPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="stored_part_position")]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.position}"


class _StoredBytes(io.RawIOBase):
    """A kept file as a stream that can be read from any place; holds one part."""

    def __init__(self, file: StoredFile) -> None:
        self._file, self._place = file, 0
        self._position, self._part = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size}[whence]
        self._place = start + offset
        return self._place

    def readinto(self, buffer: "Buffer") -> int:
        position, offset = divmod(self._place, PART_SIZE)
        if self._place >= self._file.size:
            return 0
        if position != self._position:
            self._part = StoredPart.objects.content_of(self._file, position)
            self._position = position
        view = memoryview(buffer).cast("B")
        given = self._part[offset : offset + len(view)]
        view[: len(given)] = given
        self._place += len(given)
        return len(given)
