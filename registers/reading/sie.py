"""
SIE files of accounting systems: their lines as labels and fields, and the codes of the coding string that they hold.

SIE 4B, «SIE filformat», is how Swedish accounting programs hand over their plan of accounts and their vouchers. Every line is a label and
fields: ``#KONTO 5010 "Lokalhyra"``, ``#DIM 6 "Projekt"``, ``#OBJEKT 6 "47" "Ombyggnad"``; some fields are a list in braces. The
standard's encoding is CP437; programs write Windows-1252 and UTF-8 too. Dimension 6 is the project by the standard. Verksamhet has no
number of its own, so it is told by its name. Other dimensions have no place in the coding string of an order: they are
left out, and that is said. The vouchers are read by `registers.reading.vouchers`.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from registers.reading.text import EmptyFile, FileTooLarge, UnreadableFile

HEADINGS = ("SIE-dimension", "SIE-kod", "SIE-namn")
"""What the columns of the coding string are called where a SIE file has given them."""
SIZE_LIMIT = 100_000_000
"""The largest SIE file that is taken in, bytes."""
LONGEST_LINE = 100_000
"""No line of a SIE file is longer, characters."""
PROJECT = "6"

_ENDINGS = {".se", ".si", ".sie"}
# A quotation mark that is never closed ends with its line, so that each character is looked at once.
_FIELD = re.compile(r'"((?:[^"\\]|\\.?)*)(?:"|$)|([{}])|([^\s"{}]+)')
_CP437_LETTERS = re.compile(rb"[\x86\x84\x94\x8f\x8e\x99\x82]")
_LATIN_LETTERS = re.compile(rb"[\xe5\xe4\xf6\xc5\xc4\xd6\xe9]")


class NothingInSie(UnreadableFile):
    """The SIE file has neither accounts nor objects of dimensions that are used."""

    code = "nothing_in_sie"
    sentence = _("SIE-filen har inga konton och inga objekt i dimensionerna verksamhet och projekt.")


class SieLineTooLong(UnreadableFile):
    """A line is longer than any of the standard, so that it is no SIE file."""

    code = "sie_line_too_long"
    sentence = _("Rad %(row)s är för lång för att höra till en SIE-fil.")


class DimensionLeftOut(InvalidInput):
    """A dimension that an order's coding string does not have."""

    code = "sie_dimension_left_out"
    sentence = _("Dimensionen %(name)s lästes inte: den hör inte till kodsträngen.")


class Label(NamedTuple):
    """
    A line of the file: its number, its label in capitals, and its fields; braces stand as they are.

    The braces around the rows of a voucher are labels without fields.
    """

    row: int
    name: str
    fields: list[str]
    braced: list[str] | None
    """What stood in the first pair of braces, where there was one; those fields are not among the others."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a file, each with the number of its line: dimension, code and name; and what was left out."""

    rows: list[tuple[int, tuple[str, str, str]]]
    left_out: list[InvalidInput]


def is_sie(file_name: str, mark: bytes) -> bool:
    """Tell a SIE file by the ending of its name, or by its first label."""
    return PurePath(file_name).suffix.lower() in _ENDINGS or mark.upper().startswith(b"#FLAGGA")


def text_in(content: BinaryIO) -> str:
    """
    The text of a file.

    :raises UnreadableFile: it is empty or too large.
    """
    content.seek(0)
    octets = content.read(SIZE_LIMIT + 1)
    if len(octets) > SIZE_LIMIT:
        raise FileTooLarge
    if not octets.strip():
        raise EmptyFile
    return _decoded(octets)


def labels(text: str) -> Iterator[Label]:
    """
    Read the lines that begin with a label or a brace; others are left out, as the standard says of what is not known.

    :raises SieLineTooLong: a line is longer than any row.
    """
    lines, row = io.StringIO(text, newline=None), 0
    while line := lines.readline(LONGEST_LINE):
        row += 1
        if len(line) == LONGEST_LINE:
            raise SieLineTooLong(row=row)
        line = line.strip()
        if line[:1] in ("{", "}"):
            yield Label(row, line[0], [], None)
        elif line.startswith("#"):
            yield _split(row, line)


def codes(content: BinaryIO) -> Codes:
    """
    Read the accounts and objects of a file.

    :raises UnreadableFile: it is too large, or has none.
    """
    code_labels = [label for label in labels(text_in(content)) if label.name in ("#DIM", "#KONTO", "#OBJEKT")]
    names = {
        label.fields[0]: label.fields[1]
        for label in code_labels
        if label.name == "#DIM" and len(label.fields) > 1
    }
    rows: list[tuple[int, tuple[str, str, str]]] = []
    left_out: set[str] = set()
    for row, label, fields, _braced in code_labels:
        if label == "#KONTO" and len(fields) > 1:
            rows.append((row, ("account", fields[0], fields[1])))
        elif label == "#OBJEKT" and len(fields) > 2:
            dimension = _dimension(fields[0], names.get(fields[0], ""))
            if dimension:
                rows.append((row, (dimension, fields[1], fields[2])))
            else:
                left_out.add(names.get(fields[0]) or fields[0])
    if not rows:
        raise NothingInSie
    return Codes(rows, [DimensionLeftOut(name=name[:100]) for name in sorted(left_out)])


def _dimension(number: str, name: str) -> str:
    if "verksamhet" in name.casefold():
        return "activity"
    return "project" if number == PROJECT or name.casefold().startswith("projekt") else ""


def _split(row: int, line: str) -> Label:
    """Part a line into its fields; what stands in braces is a list of its own."""
    fields: list[str] = []
    braced: list[str] | None = None
    is_within = False
    for match in _FIELD.finditer(line):
        quoted, brace, word = match.groups()
        if brace:
            is_within = brace == "{"
            braced = [] if braced is None else braced
        else:
            text = re.sub(r"\\(.)", r"\1", quoted) if word is None else word
            (braced if is_within and braced is not None else fields).append(text)
    label, *others = fields or [""]
    return Label(row, label.upper(), others, braced)


def _decoded(octets: bytes) -> str:
    """Tell the encoding by the Swedish letters that come of it, since programs write others than they say."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        is_latin = len(_LATIN_LETTERS.findall(octets)) > len(_CP437_LETTERS.findall(octets))
        return octets.decode("cp1252" if is_latin else "cp437", errors="replace")
