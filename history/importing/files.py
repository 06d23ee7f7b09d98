"""
From an uploaded file to its table.

Plain or gzip, in UTF-8, UTF-16 with a byte-order mark or Windows-1252, with any kind of line end, its cells parted by
commas, semicolons or tabs.
"""

import codecs
import csv
import io
import re
import zlib
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.numbers import TwoReadings, parse_number

UPLOAD_LIMIT = 25 * 1000 * 1000
"""The largest file that is taken in, bytes."""

TEXT_LIMIT = 250 * 1000 * 1000
"""The largest text that a packed file may unfold to, bytes."""

GZIP_MARK = b"\x1f\x8b"
ZIP_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
COMMA = ","
DELIMITERS = (COMMA, ";", "\t")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_THOUSANDS_OR_DECIMALS = re.compile(r"-?[0-9]{1,3},[0-9]{3}")


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
    """The file is not text."""

    code = "not_text"
    sentence = _("Filen är inte en textfil. Spara den som CSV och försök igen.")


class WrongColumns(UnreadableFile):
    """Columns that the format needs are not there."""

    code = "wrong_columns"
    sentence = _("Filen saknar kolumner som behövs: %(missing)s. Välj en fil i formatet %(file_format)s.")


class RepeatedColumns(UnreadableFile):
    """Two columns have the same name, so that it is not known which one is meant."""

    code = "repeated_columns"
    sentence = _(
        "Filen har flera kolumner som heter %(names)s. Ta bort eller byt namn på dem som inte gäller."
    )


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
    text = _decoded(_unpacked(content) if content.startswith(GZIP_MARK) else content)
    if _BINARY.search(text):
        raise NotText
    if not text.strip():
        raise EmptyFile
    return text


def _decoded(plain: bytes) -> str:
    """Read UTF-16 where a mark says so, else UTF-8, else Windows-1252 as older spreadsheet programs write it."""
    encodings = ["utf-16"] if plain.startswith(UTF_16_MARKS) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return plain.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotText


def _unpacked(content: bytes) -> bytes:
    """Unpack every member of a gzip file, never to more than the limit, however well it was packed."""
    plain, rest = bytearray(), content
    while rest:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            plain += unpacker.decompress(rest, TEXT_LIMIT + 1 - len(plain))
        except zlib.error:
            raise BrokenArchive from None
        if len(plain) > TEXT_LIMIT:
            raise FileTooLarge
        if not unpacker.eof:
            raise BrokenArchive
        rest = unpacker.unused_data.lstrip(b"\x00")
    return bytes(plain)


def delimiter_of(text: str) -> str:
    """Tell what parts the cells: whatever there is most of in the heading."""
    heading = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    return max(DELIMITERS, key=heading.count)


def number(text: str, *, delimiter: str) -> Decimal:
    """
    Read a number of a file, where people and programs write it in their own ways.

    With commas between the cells the point is the decimal mark, else numbers are Swedish. A comma within a number
    of the first kind stands for decimals where it cannot stand for thousands.

    :raises NotANumber: it is none, or two.
    """
    if delimiter != COMMA or (COMMA in text and "." not in text):
        if delimiter == COMMA and _THOUSANDS_OR_DECIMALS.fullmatch(text):
            raise TwoReadings(text, thousands=text.replace(COMMA, ""), decimals=text.replace(COMMA, "."))
        return parse_number(text, units=())
    return parse_number(text, language="en", units=())


def table(text: str) -> Iterator[list[str]]:
    """
    Split text into rows of cells: quoted where they need to be, line ends of any kind.

    :raises UnreadableFile: a cell is never closed or is absurdly long.
    """
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter_of(text))
    except csv.Error:
        raise NotText from None
