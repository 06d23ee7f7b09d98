"""Copy the lines of a file to the table of changes: each in plain text by column, or refused."""

import csv
import io
import json
from collections.abc import Sequence
from itertools import islice

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, stored
from core.printable import printable
from registers.kinds import Cell, text_of
from registers.models import ChangeKind, Import
from registers.operations.rows import ValueMissing
from registers.reading.lines import Line
from registers.register import BoundColumn
from registers.unreadable import Unreadable


class CellsWithoutHeading(InvalidInput):
    """The row goes on after the last heading, so its cells may have been shifted."""

    code = "register_cells_without_heading"
    sentence = _("Raden har celler utan rubrik, så det är inte säkert att de andra står i rätt kolumn.")


def keep_lines(of_import: Import, step: Sequence[Line]) -> None:
    """Copy lines to the table of changes; used inside an operation."""
    reader = _Reader(of_import)
    text = io.StringIO()
    writer = csv.writer(text)
    for line in step:
        values, key, column, reason = reader.read(line)
        kind = ChangeKind.REFUSED if reason else ChangeKind.READ
        plain = json.dumps(values, ensure_ascii=False)
        writer.writerow(
            [of_import.pk, line.sheet[:100], line.row, key, kind, plain, "{}", False, column, reason]
        )
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            'COPY registers_change (of_import_id, sheet, row, key, kind, values, before, is_left_out, "column", reason)'
            ' FROM STDIN (FORMAT csv, FORCE_NOT_NULL (sheet, key, "column", reason))',
            text,
        )


class _Reader:
    """Reads lines by the headings of one file."""

    def __init__(self, of_import: Import) -> None:
        self.register, self.conventions = of_import.register, of_import.conventions
        self.width = len(of_import.headings)
        self.telling = {"", *(column.name for column in self.register.keys)}
        """The columns without which it is not known which row it is."""
        self.columns: list[tuple[int, str, BoundColumn]] = [
            (place, name, self.register.bound[name])
            for place, (_heading, name) in enumerate(of_import.headings)
            if name
        ]

    def read(self, line: Line) -> tuple[dict[str, str], str, str, str]:
        """Give the line as plain text by column and its key; with the column and the reason when it is refused."""
        values: dict[str, str] = {}
        refused: tuple[str, InvalidInput] | None = None
        is_known = True
        cells, count = line.cells, len(line.cells)
        for place, name, column in self.columns:
            cell = cells[place] if place < count else None
            try:
                if place in line.refused:
                    raise line.refused[place]
                values[name] = column.kind.plain(cell, self.conventions)
            except Unreadable as refusal:
                values[name] = _shown(cell)
                refused, is_known = refused or (name, refusal), is_known and name not in self.telling
            else:
                if column.is_required and not values[name]:
                    refused = refused or (name, ValueMissing(column=column.heading))
        if refused is None and line.refused and not cells:
            refused = ("", next(iter(line.refused.values())))
        if refused is None and any(_shown(cell).strip() for cell in islice(cells, self.width, None)):
            refused = ("", CellsWithoutHeading())
        if refused is None:
            return values, self.register.key_of(values), "", ""
        key = self.register.key_of(values) if is_known and refused[0] not in self.telling else ""
        return self._as_it_stood(line), key, refused[0], stored(refused[1])

    def _as_it_stood(self, line: Line) -> dict[str, str]:
        """What the cells of a refused line say, for the person to see and mend."""
        count = len(line.cells)
        return {
            name: _shown(line.cells[place]) if place < count else "" for place, name, _column in self.columns
        }


def _shown(cell: Cell) -> str:
    """What stood in a cell that could not be read, for the person to see."""
    if isinstance(cell, float):
        return text_of(cell).replace(".", ",")
    return printable(str(cell if cell is not None else ""))[:200]
