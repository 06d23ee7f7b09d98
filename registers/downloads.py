"""
Registers as files: what a list shows, and the template to fill in; both are read back by the import as they are.

Keys and dates stand as they are typed, choices and headings in the reader's language.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.spreadsheets import Cell
from core.workbooks import Book, Kind
from core.workbooks import Column as SheetColumn
from registers.kinds import Choice, Day, Flag, Number
from registers.listing import Selection
from registers.register import BoundColumn, Register
from registers.words import QUANTITY_PLACES, allowed, as_read, meanings, plain_of, requirement

CHUNK = 2000
MOST_CELLS = 500_000
"""So many cells of a workbook are written while somebody waits; more are written in the background (`operations.lists`)."""
WIDEST = 40


def headings(register: Register) -> list[str]:
    """The headings of a file, in the reader's language."""
    return [str(column.heading) for column in register.bound.values()]


def cells(selection: Selection) -> Iterator[list[Cell]]:
    """Read the rows that a list shows, in its order, a portion at a time."""
    columns = list(selection.register.bound.values())
    for row in selection.ordered().iterator(chunk_size=CHUNK):
        yield [cell_of(column, plain_of(row, column)) for column in columns]


def fits_a_workbook(selection: Selection) -> bool:
    """Whether what a list shows is written as a workbook while somebody waits."""
    return selection.count * len(selection.register.bound) <= MOST_CELLS


def cell_of(column: BoundColumn, text: str) -> Cell:
    """What stands in a cell: numbers as numbers, days as days, the rest as text."""
    if not text:
        return None
    if isinstance(column.kind, Number):
        return Decimal(text)
    return as_read(column, text) if isinstance(column.kind, Choice | Flag) else text


def write_rows(path: Path, selection: Selection, *, counted: Callable[[int], None] | None = None) -> None:
    """Write the rows that a list shows as a workbook; ``counted`` is told of each portion that is written."""
    register = selection.register
    with Book(path, title=str(register.title)) as book:
        book.table(str(register.title), sheet_columns(register), cells(selection), counted=counted)


def write_template(path: Path, register: Register) -> None:
    """Write a workbook with the headings alone, and what each column may hold on a sheet of its own."""
    with Book(path, title=str(register.title)) as book:
        book.table(str(register.title), sheet_columns(register), [])
        book.text(_("Förklaringar"), explanations(register), heading=_("Vad kolumnerna innehåller"))


def explanations(register: Register) -> list[tuple[str, str]]:
    """What each column may hold."""
    return [
        (
            str(column.heading),
            " ".join(
                part
                for part in (
                    f"{requirement(column)}.",
                    allowed(column),
                    str(column.note),
                    *(f"{label}: {meaning}" for label, meaning in meanings(column)),
                )
                if part
            ),
        )
        for column in register.bound.values()
    ]


def sheet_columns(register: Register) -> list[SheetColumn]:
    """The columns of a sheet."""
    return [
        SheetColumn(str(column.heading), _kind(column.kind), _width(column))
        for column in register.bound.values()
    ]


def _kind(kind: Any) -> Kind:
    if not isinstance(kind, Number):
        return Kind.TEXT
    if kind.places == 0:
        return Kind.WHOLE
    return Kind.QUANTITY if kind.places == QUANTITY_PLACES else Kind.PRICE


def _width(column: BoundColumn) -> int:
    if isinstance(column.kind, Number | Day | Flag):
        return max(12, len(str(column.heading)) + 2)
    return min(WIDEST, max(14, getattr(column.kind, "most", None) or 20, len(str(column.heading)) + 2))
