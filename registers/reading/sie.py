"""
The codes of an accounting system's SIE file: accounts, and the objects of its dimensions.

SIE 4B, «SIE filformat», is how Swedish accounting programs hand over their plan of accounts. Every line is a label and fields:
``#KONTO 5010 "Lokalhyra"``, ``#DIM 6 "Projekt"``, ``#OBJEKT 6 "47" "Ombyggnad"``. The standard's encoding is CP437; programs
write Windows-1252 and UTF-8 too. Dimension 6 is the project by the standard. Verksamhet has no number of its own, so it
is told by its name. Other dimensions have no place in the coding string of an order: they are left out, and that is said.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from registers.reading.text import FileTooLarge, UnreadableFile

HEADINGS = ("SIE-dimension", "SIE-kod", "SIE-namn")
"""What the columns of the coding string are called where a SIE file has given them."""
SIZE_LIMIT = 100_000_000
"""The largest SIE file that is taken in, bytes."""
PROJECT = "6"

_ENDINGS = {".se", ".si", ".sie"}
_FIELD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"{}]+)')
_CP437_LETTERS = re.compile(rb"[\x86\x84\x94\x8f\x8e\x99\x82]")
_LATIN_LETTERS = re.compile(rb"[\xe5\xe4\xf6\xc5\xc4\xd6\xe9]")


class NothingInSie(UnreadableFile):
    """The SIE file has neither accounts nor objects of dimensions that are used."""

    code = "nothing_in_sie"
    sentence = _("SIE-filen har inga konton och inga objekt i dimensionerna verksamhet och projekt.")


class DimensionLeftOut(InvalidInput):
    """A dimension that an order's coding string does not have."""

    code = "sie_dimension_left_out"
    sentence = _("Dimensionen %(name)s lästes inte: den hör inte till kodsträngen.")


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a file, each with the number of its line: dimension, code and name; and what was left out."""

    rows: list[tuple[int, tuple[str, str, str]]]
    left_out: list[InvalidInput]


def is_sie(file_name: str, mark: bytes) -> bool:
    """Tell a SIE file by the ending of its name, or by its first label."""
    return PurePath(file_name).suffix.lower() in _ENDINGS or mark.upper().startswith(b"#FLAGGA")


def codes(content: BinaryIO) -> Codes:
    """
    Read the accounts and objects of a file.

    :raises UnreadableFile: it is too large, or has none.
    """
    content.seek(0)
    octets = content.read(SIZE_LIMIT + 1)
    if len(octets) > SIZE_LIMIT:
        raise FileTooLarge
    labels = [(number, *_split(line)) for number, line in enumerate(_decoded(octets).splitlines(), start=1)]
    names = {fields[0]: fields[1] for _number, label, fields in labels if label == "#DIM" and len(fields) > 1}
    rows: list[tuple[int, tuple[str, str, str]]] = []
    left_out: set[str] = set()
    for number, label, fields in labels:
        if label == "#KONTO" and len(fields) > 1:
            rows.append((number, ("account", fields[0], fields[1])))
        elif label == "#OBJEKT" and len(fields) > 2:
            dimension = _dimension(fields[0], names.get(fields[0], ""))
            if dimension:
                rows.append((number, (dimension, fields[1], fields[2])))
            else:
                left_out.add(names.get(fields[0]) or fields[0])
    if not rows:
        raise NothingInSie
    return Codes(rows, [DimensionLeftOut(name=name[:100]) for name in sorted(left_out)])


def _dimension(number: str, name: str) -> str:
    if "verksamhet" in name.casefold():
        return "activity"
    return "project" if number == PROJECT or name.casefold().startswith("projekt") else ""


def _split(line: str) -> tuple[str, list[str]]:
    if not line.lstrip().startswith("#"):
        return "", []
    label, *fields = [
        re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in _FIELD.findall(line)
    ]
    return label.upper(), fields


def _decoded(octets: bytes) -> str:
    """Tell the encoding by the Swedish letters that come of it, since programs write others than they say."""
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        is_latin = len(_LATIN_LETTERS.findall(octets)) > len(_CP437_LETTERS.findall(octets))
        return octets.decode("cp1252" if is_latin else "cp437", errors="replace")
