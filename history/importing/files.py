"""From an uploaded file to its text: plain or gzip, UTF-8 with or without byte-order mark, any kind of line end."""

import csv
import io
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

UPLOAD_LIMIT = 25 * 1000 * 1000
"""The largest file that is taken in, bytes."""

TEXT_LIMIT = 250 * 1000 * 1000
"""The largest text that a packed file may unfold to, bytes."""

GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class UnreadableFile(InvalidInput):
    """The file cannot be read as a table of order lines."""

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
    """The file is not text in UTF-8."""

    code = "not_text"
    sentence = _("Filen är inte en textfil i UTF-8. Spara den som CSV (UTF-8) och försök igen.")


class WrongColumns(UnreadableFile):
    """Columns that the format needs are not there."""

    code = "wrong_columns"
    sentence = _("Filen saknar kolumner som behövs: %(missing)s. Välj en fil i formatet %(file_format)s.")


def text_of(content: bytes) -> str:
    """
    Unpack and decode a file.

    :raises UnreadableFile: empty, too large, damaged or not text.
    """
    if not content:
        raise EmptyFile
    if len(content) > UPLOAD_LIMIT:
        raise FileTooLarge
    if content.startswith(ZIP_MARKS):
        raise NotText
    plain = _unpacked(content) if content.startswith(GZIP_MARK) else content
    try:
        text = plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText from None
    if "\x00" in text:
        raise NotText
    if not text.strip():
        raise EmptyFile
    return text


def _unpacked(content: bytes) -> bytes:
    """Unpack gzip, never to more than the limit, however well it was packed."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(content, TEXT_LIMIT + 1)
    except zlib.error:
        raise BrokenArchive from None
    if len(plain) > TEXT_LIMIT:
        raise FileTooLarge
    if not unpacker.eof:
        raise BrokenArchive
    return plain


def table(text: str) -> Iterator[list[str]]:
    """
    Split text into rows of cells: comma separated, quoted cells, line ends of any kind.

    :raises UnreadableFile: a cell is never closed or is absurdly long.
    """
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error:
        raise NotText from None
