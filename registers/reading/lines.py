"""
The lines of a file that was handed in, whatever program made it.

What the file is, its first bytes tell, not its name: a workbook (XLSX, XLSM, XLSB, ODS, XLS), a SIE file, or text.
"""

import csv
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from registers.cells import Cell
from registers.reading import sie, text, workbooks
from registers.reading.text import UTF_16_MARKS, UnreadableFile
from registers.unreadable import Unreadable

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF", b"<", b"\xef\xbb\xbf<", b"{\\rtf")


class NotATable(UnreadableFile):
    """The file is a document of another kind: PDF, a web page, a text with layout."""

    code = "not_a_table"
    sentence = _(
        "Filen är varken en arbetsbok eller en textfil med kolumner, utan ett dokument av annat slag. "
        "Spara tabellen som XLSX, ODS eller CSV."
    )


class UnclosedQuote(UnreadableFile):
    """A quotation mark opens a cell that never ends, so where the next rows begin cannot be told."""

    code = "unclosed_quote"
    sentence = _("På rad %(row)s börjar en cell med ett citattecken som aldrig avslutas rätt.")


class StrayQuote(Unreadable):
    """There is something after the quotation mark that ends a cell."""

    code = "stray_quote"
    sentence = _("Raden har ett citattecken på fel plats, så dess celler går inte att skilja åt.")


_NONE: Mapping[int, Unreadable] = MappingProxyType({})


class Line(NamedTuple):
    """
    A line of a sheet; ``row`` is its number as the person's program shows it.

    ``refused`` has, by the cell's place, why a cell cannot be used whatever it says.
    """

    sheet: str
    row: int
    cells: Sequence[Cell]
    refused: Mapping[int, Unreadable] = _NONE
    has_unsaid: bool = False
    """Whether some of the cells are `UNSAID`."""


@dataclass(slots=True)
class Overview:
    """What reading a file tells beside its lines: about how many there are, and what was left out."""

    total: int = 0
    left_out: list[InvalidInput] = field(default_factory=list)


Reading = Callable[[BinaryIO, Overview], Generator[Line, None, None]]
"""Reads a file as `lines` does."""


@dataclass(frozen=True, slots=True)
class Document:
    """
    A kind of document that has rows, and is neither a workbook nor text with columns.

    :param is_of: tells by a file's first bytes whether it is one.
    :param lines: reads it as `lines` does.
    """

    is_of: Callable[[bytes], bool]
    lines: Reading


DOCUMENTS: list[Document] = []
"""The kinds of documents that apps above know."""

HEAD = 4096
"""So many bytes at its beginning tell what a document is."""


class _Unsaid(str):
    __slots__ = ()


UNSAID = _Unsaid()
"""A cell that says nothing of its column, so that what the register holds is left as it is."""


def lines(
    content: BinaryIO, *, file_name: str, overview: Overview | None = None, of_sie: Reading | None = None
) -> Generator[Line, None, None]:
    """
    Read the lines of a file, empty ones left out; the first one has the headings.

    :param overview: filled in while the lines are read.
    :param of_sie: how a SIE file is read; for its codes where nothing else is said.
    :raises UnreadableFile: it is empty, too large, damaged, or nothing that has rows.
    """
    overview = overview if overview is not None else Overview()
    content.seek(0)
    mark = content.read(8)
    if mark.startswith((_ZIP, _COMPOUND)):
        return _workbook_lines(content, overview)
    if mark.startswith(_OTHERS) or mark.startswith(UTF_16_MARKS):
        content.seek(0)
        head = content.read(HEAD)
        for document in DOCUMENTS:
            if document.is_of(head):
                return document.lines(content, overview)
    if mark.startswith(_OTHERS):
        raise NotATable
    if sie.is_sie(file_name, mark):
        return (of_sie or _sie_lines)(content, overview)
    return _text_lines(content, overview)


def _workbook_lines(content: BinaryIO, overview: Overview) -> Generator[Line, None, None]:
    for part in workbooks.parts(content):
        match part:
            case workbooks.Sheet():
                overview.total += part.rows
            case workbooks.HiddenSheet():
                overview.left_out.append(part)
            case workbooks.Row():
                yield Line(part.sheet, part.number, part.cells, part.refused)


def _sie_lines(content: BinaryIO, overview: Overview) -> Generator[Line, None, None]:
    codes = sie.codes(content)
    overview.total, overview.left_out = len(codes.rows), [*overview.left_out, *codes.left_out]
    yield Line("", 0, sie.HEADINGS)
    for row, cells in codes.rows:
        yield Line("", row, cells)


def _text_lines(content: BinaryIO, overview: Overview) -> Generator[Line, None, None]:
    overview.total = text.count_lines(content)
    text_lines = text.lines_of(text.text_in(content))
    heading, skipped = next(text_lines, ""), 0
    while heading and not heading.strip():
        heading, skipped = next(text_lines, ""), skipped + 1
    if heading[:4].lower() == "sep=" and len(heading.strip()) <= 5:
        delimiter, skipped, heading = heading.strip()[4:] or ";", skipped + 1, next(text_lines, "")
    else:
        delimiter = text.delimiter_of(heading)
    reader = csv.reader(chain([heading], text_lines), strict=True, delimiter=delimiter)
    row, before = skipped, 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if row == skipped + 1 or reader.line_num - before > 1:
                raise UnclosedQuote(row=row) from None
            yield Line("", row, [], {0: StrayQuote()})
        else:
            if any(map(str.strip, cells)):
                yield Line("", row, cells)
        before = reader.line_num
