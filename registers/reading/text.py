"""
Text files that were handed in, as tables.

Plain or gzip, in UTF-8, UTF-16 with a byte-order mark or Windows-1252, with any kind of line end, its cells parted by
commas, semicolons or tabs.
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, TextIO

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

if TYPE_CHECKING:
    from typing_extensions import Buffer

UPLOAD_LIMIT = 250 * 1000 * 1000
"""The largest file that is taken in, bytes."""

TEXT_LIMIT = 2 * 1000 * 1000 * 1000
"""The largest text that a packed file may unfold to, bytes."""

LONGEST_LINE = 1_000_000
"""No row is longer, characters."""

PIECE = 1_000_000
"""So much of a file is looked through at a time, bytes."""

GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DELIMITERS = (",", ";", "\t")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")


class UnreadableFile(InvalidInput):
    """The file cannot be read as a table."""

    code = "unreadable_file"


class EmptyFile(UnreadableFile):
    """There is nothing in the file."""

    code = "empty_file"
    sentence = _("Filen är tom.")


class FileTooLarge(UnreadableFile):
    """The file is larger than what is taken in."""

    code = "file_too_large"
    sentence = _(
        "Filen är för stor. Den får vara högst %(limit)s MB, packad till högst %(text_limit)s MB text."
    )

    def __init__(self) -> None:
        super().__init__(limit=UPLOAD_LIMIT // 1_000_000, text_limit=TEXT_LIMIT // 1_000_000)


class BrokenArchive(UnreadableFile):
    """The gzip file is cut off or damaged."""

    code = "broken_archive"
    sentence = _(
        "Filen är packad med gzip men går inte att packa upp. Den är troligen avbruten eller skadad."
    )


class NotText(UnreadableFile):
    """The file is not text."""

    code = "not_text"
    sentence = _("Filen är inte en textfil. Spara den som CSV och försök igen.")


def text_in(content: BinaryIO) -> TextIO:
    """
    Look a file through from end to end, then give its text to be read, unpacked and decoded line by line.

    :raises UnreadableFile: empty, too large, damaged or not text.
    """
    mark = _beginning(content, 4)
    if not mark:
        raise EmptyFile
    if content.seek(0, io.SEEK_END) > UPLOAD_LIMIT:
        raise FileTooLarge
    if mark.startswith(ZIP_MARKS):
        raise NotText
    is_packed = mark.startswith(GZIP_MARK)
    encoding = _encoding(content, is_packed)
    return io.TextIOWrapper(_open_stream(content, is_packed), encoding=encoding, newline="")


def count_lines(content: BinaryIO) -> int:
    """
    Count the lines of a file, quickly: those within quoted cells count too.

    :raises UnreadableFile: it is empty, or cannot be unpacked.
    """
    stream = _open_stream(content, _beginning(content, 2) == GZIP_MARK)
    feeds = returns = 0
    for piece in iter(lambda: stream.read(PIECE), b""):
        feeds, returns = feeds + piece.count(b"\n"), returns + piece.count(b"\r")
    return max(feeds, returns)


def _beginning(content: BinaryIO, size: int) -> bytes:
    content.seek(0)
    return content.read(size)


def _open_stream(content: BinaryIO, is_packed: bool) -> io.BufferedReader:
    """Read a file from its first byte, unpacked."""
    content.seek(0)
    return io.BufferedReader(_Unpacked(content) if is_packed else _Unclosed(content))


def _encoding(content: BinaryIO, is_packed: bool) -> str:
    """Tell UTF-16 where a mark says so, else UTF-8, else Windows-1252 as older spreadsheet programs write it."""
    is_marked = _open_stream(content, is_packed).read(2) in UTF_16_MARKS
    for encoding in ["utf-16"] if is_marked else ["utf-8-sig", "cp1252"]:
        if _is_text(_open_stream(content, is_packed), encoding):
            return encoding
    raise NotText


def _is_text(stream: BinaryIO, encoding: str) -> bool:
    """
    Say whether all of it can be decoded.

    :raises EmptyFile: there is nothing but white space.
    :raises NotText: there are bytes in it that no text has.
    """
    decoder, has_words = codecs.getincrementaldecoder(encoding)(), False
    try:
        for piece in iter(lambda: stream.read(PIECE), b""):
            text = decoder.decode(piece)
            if _BINARY.search(text):
                raise NotText
            has_words = has_words or bool(text.strip())
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    if not has_words:
        raise EmptyFile
    return True


class _Unclosed(io.RawIOBase):
    """A stream that stays open when the text that was read from it is closed."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer).cast("B")
        chunk = self._content.read(len(view))
        view[: len(chunk)] = chunk
        return len(chunk)


class _Unpacked(_Unclosed):
    """Every member of a gzip file, never more than the limit, however well it was packed."""

    def __init__(self, content: BinaryIO) -> None:
        super().__init__(content)
        self._gzip, self._size = gzip.GzipFile(fileobj=content), 0

    def readinto(self, buffer: "Buffer") -> int:
        view = memoryview(buffer).cast("B")
        try:
            chunk = self._gzip.read(len(view))
        except (OSError, EOFError, zlib.error):
            raise BrokenArchive from None
        self._size += len(chunk)
        if self._size > TEXT_LIMIT:
            raise FileTooLarge
        view[: len(chunk)] = chunk
        return len(chunk)


def delimiter_of(heading: str) -> str:
    """Tell what parts the cells: whatever there is most of in the heading."""
    return max(DELIMITERS, key=heading.count)


def lines_of(text: TextIO) -> Iterator[str]:
    """
    Read line by line.

    :raises NotText: a line is longer than any row.
    """
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise NotText
        yield line
