"""Files that are kept in the database, part by part, so that a large one needs no more memory than a small one."""

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.routines import AdditiveMigration, RoutineRun

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["AdditiveMigration", "ClosedDay", "Forgotten", "RoutineRun", "StoredFile", "StoredPart"]


class Forgotten(DomainError):
    """The file was to be kept for some time only."""

    code = "file_forgotten"
    sentence = _("Filen sparas inte längre. Läs in den på nytt om du behöver den.")


PART_SIZE = 1_000_000
"""So many bytes are a part; all parts of a file but the last have this size."""


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Questions about kept files."""

    def keep(self, content: BinaryIO, *, forget_after: datetime | None = None) -> "StoredFile":
        """
        Keep what a stream holds from its first byte to its last; it is read twice. Used inside an operation.

        :param forget_after: when its content may be forgotten; never, unless it is said.
        """
        digest, size = hashlib.sha256(), 0
        for part in _parts(content):
            digest.update(part)
            size += len(part)
        stored_file = self.create(sha256=digest.hexdigest(), size=size, forget_after=forget_after)
        for position, part in enumerate(_parts(content)):
            StoredPart.objects.create(file=stored_file, position=position, content=part)
        return stored_file

    def forget(self, *, at: datetime) -> int:
        """Remove the content of the files whose time has come; returns how many. Used inside an operation."""
        due = self.filter(forget_after__lt=at, pk__in=StoredPart.objects.values("file"))
        numbers = list(due.values_list("pk", flat=True))
        StoredPart.objects.filter(file__in=numbers).delete()
        return len(numbers)


def _parts(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    return iter(partial(content.read, PART_SIZE), b"")


class StoredFile(models.Model):
    """A file as it was handed in or made. Never edited; after ``forget_after`` its content may go, and its digest stays."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    forget_after = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["forget_after"],
                condition=models.Q(forget_after__isnull=False),
                name="stored_file_forgotten",
            )
        ]

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
        """
        The bytes of one part of a file.

        :raises Forgotten: the file's time has come.
        """
        content = self.filter(file=file, position=position).values_list("content", flat=True).first()
        if content is None:
            raise Forgotten
        return bytes(content)


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
        chunk = self._part[offset : offset + len(view)]
        view[: len(chunk)] = chunk
        self._place += len(chunk)
        return len(chunk)


class ClosedDay(models.Model):
    """A day on which the region is closed, beside Saturdays, Sundays and the holidays of the law (stängd dag)."""

    day = models.DateField(unique=True)
    reason = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.reason}"
