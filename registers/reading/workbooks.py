"""
Workbooks, read by a process of its own that may take only so much memory and time.

A workbook is a program's inner parts packed together, and hostile until it is parsed: a few kilobytes may unfold to gigabytes,
and a single cell in the last corner of a sheet may ask for room for all the others. Whatever happens in the reading
process, the one that asked gets lines or a sentence.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from registers.cells import Cell
from registers.reading.text import PIECE, UnreadableFile
from registers.unreadable import Unreadable

SIZE_LIMIT = 50_000_000
"""The largest workbook that is taken in, bytes."""
UNPACKED_LIMIT = 800_000_000
"""What all parts of a workbook may say that they unfold to, bytes."""
MEMORY_LIMIT = 1_500_000_000
"""So much memory the reading process may have, bytes."""
SECONDS_LIMIT = 60
"""So many seconds it may work."""

_READER = (
    f"import sys; sys.path.append({str(Path(__file__).parents[2])!r});"
    " from registers.reading import workbook_process; workbook_process.main()"
)
"""The process sees the modules that it is made of, and neither the directory that it begins in nor the environment."""


class WorkbookTooLarge(UnreadableFile):
    """The workbook is larger than what is taken in, packed or unpacked."""

    code = "workbook_too_large"
    sentence = _(
        "Arbetsboken är för stor, eller har celler långt utanför tabellen. "
        "Kopiera bara tabellens rader till en ny arbetsbok, eller spara bladet som CSV."
    )


class BrokenWorkbook(UnreadableFile):
    """It begins as a workbook, and is none that can be read."""

    code = "broken_workbook"
    sentence = _(
        "Filen går inte att läsa som arbetsbok. Den är skadad, eller av ett annat slag. "
        "Öppna den i ett kalkylprogram och spara den som XLSX, ODS eller CSV."
    )


class LockedWorkbook(UnreadableFile):
    """The workbook is encrypted."""

    code = "locked_workbook"
    sentence = _("Arbetsboken är skyddad med lösenord. Spara den utan lösenord och försök igen.")


class WorkbookWithEntities(UnreadableFile):
    """The workbook declares a document type, as no spreadsheet program does."""

    code = "workbook_with_entities"
    sentence = _("Arbetsboken innehåller sådant som inget kalkylprogram skriver, och läses därför inte.")


class NoVisibleSheet(UnreadableFile):
    """All sheets are hidden, empty, or no tables."""

    code = "no_visible_sheet"
    sentence = _("Arbetsboken har inget synligt blad med rader.")


class HiddenSheet(InvalidInput):
    """A sheet that nobody sees was not read."""

    code = "hidden_sheet"
    sentence = _("Bladet ”%(sheet)s” är dolt och lästes inte.")


class FormulaWithoutValue(Unreadable):
    """A formula that no program has worked out."""

    code = "formula_without_value"
    sentence = _(
        "Cellen är en formel som inte är uträknad. Öppna filen i ett kalkylprogram och spara den igen."
    )


class CellWithError(Unreadable):
    """A formula that came out wrong."""

    code = "cell_with_error"
    sentence = _("Cellen visar ett fel, som #REF! eller #DIV/0!.")


class MergedCell(Unreadable):
    """A cell that is merged with others, so that it is not known for which rows or columns it stands."""

    code = "merged_cell"
    sentence = _("Cellen är sammanfogad med andra. Dela upp den, så att varje rad har sina egna värden.")


_FAILURES: dict[str, type[UnreadableFile]] = {
    "large": WorkbookTooLarge,
    "locked": LockedWorkbook,
    "entities": WorkbookWithEntities,
    "broken": BrokenWorkbook,
}
_REFUSALS: dict[str, type[Unreadable]] = {
    "formula": FormulaWithoutValue,
    "error": CellWithError,
    "merged": MergedCell,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is about to be read."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet; ``refused`` has, by the cell's place, why it cannot be used."""

    sheet: str
    number: int
    cells: Sequence[Cell]
    refused: Mapping[int, Unreadable]


def parts(content: BinaryIO) -> Iterator[Sheet | HiddenSheet | Row]:
    """
    Read a workbook: of each sheet in order that it is hidden, or how many rows it has, and the rows that are not empty.

    :raises UnreadableFile: it is too large, damaged, encrypted, hostile, or has nothing to show.
    """
    has_rows = False
    with tempfile.TemporaryFile() as file:
        _copy(content, file)
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _READER, *map(str, (MEMORY_LIMIT, SECONDS_LIMIT, UNPACKED_LIMIT))],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert process.stdout is not None  # noqa: S101, it was asked for
            sheet = ""
            for line in process.stdout:
                match json.loads(line):
                    case {"failure": failure}:
                        raise _FAILURES[failure]
                    case {"hidden": name}:
                        yield HiddenSheet(sheet=name[:100])
                    case {"sheet": name, "rows": rows}:
                        sheet = name
                        yield Sheet(name, rows)
                    case [*rows]:
                        has_rows = True
                        yield from (_row(sheet, *row) for row in rows)
            _require_end(process.wait())
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
    if not has_rows:
        raise NoVisibleSheet


def _copy(content: BinaryIO, file: Any) -> None:
    content.seek(0)
    size = 0
    while piece := content.read(PIECE):
        size += len(piece)
        if size > SIZE_LIMIT:
            raise WorkbookTooLarge
        file.write(piece)
    file.flush()
    file.seek(0)


def _require_end(status: int) -> None:
    """
    See to it that the reader came to the end of the workbook.

    :raises UnreadableFile: it was ended on the way, by the limits or by what it read.
    """
    if status < 0:
        raise WorkbookTooLarge
    if status > 0:
        raise BrokenWorkbook


def _row(sheet: str, number: int, cells: list[Any], refusals: list[list[Any]]) -> Row:
    return Row(
        sheet,
        number,
        [_cell(cell) if isinstance(cell, dict) else cell for cell in cells],
        {place: _REFUSALS[why]() for place, why in refusals},
    )


def _cell(cell: dict[str, str]) -> date | datetime:
    """A day or a moment; JSON has neither."""
    return date.fromisoformat(cell["day"]) if "day" in cell else datetime.fromisoformat(cell["moment"])
