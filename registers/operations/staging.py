"""
Copy the lines of a file to a table of the session's own: each in plain text by column, or refused.

Comparing makes changes of them; nothing is written twice.
"""

import csv
import io
import json
from collections.abc import Sequence
from itertools import islice

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, stored
from core.printable import printable
from registers.kinds import Cell, Joined, text_of
from registers.ledgers import Refused
from registers.models import ChangeKind, Import
from registers.operations.rows import ValueMissing
from registers.reading.lines import Line
from registers.register import BoundColumn
from registers.unreadable import Unreadable


class CellsWithoutHeading(InvalidInput):
    """The row goes on after the last heading, so its cells may have been shifted."""

    code = "register_cells_without_heading"
    sentence = _("Raden har celler utan rubrik, så det är inte säkert att de andra står i rätt kolumn.")


MOST_REMEMBERED = 10_000
"""So many different texts of a column are remembered with what they were read as."""


def begin() -> None:
    """Make the table anew, for the lines of one file."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_change")
        cursor.execute(
            "CREATE TEMPORARY TABLE incoming_change"
            ' (sheet text, row integer, key text, kind text, values jsonb, "column" text, reason text)'
        )


def end() -> None:
    """Let go of the table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_change")


class Stage:
    """Takes the lines of one file in, some thousand at a time."""

    def __init__(self, of_import: Import) -> None:
        self.reader = _Reader(of_import)
        self.only_with = of_import.part.only_with

    def keep(self, step: Sequence[Line]) -> None:
        """Copy lines to the table."""
        text = io.StringIO()
        writer = csv.writer(text)
        for line in step:
            values, key, column, reason = self.reader.read(line)
            if not all(values.get(name) for name in self.only_with):
                continue
            kind = ChangeKind.REFUSED.value if reason else ChangeKind.READ.value
            plain = json.dumps(values, ensure_ascii=False)
            writer.writerow([line.sheet[:100], line.row, key, kind, plain, column, reason])
        text.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                'COPY incoming_change (sheet, row, key, kind, values, "column", reason)'
                ' FROM STDIN (FORMAT csv, FORCE_NOT_NULL (sheet, key, "column", reason))',
                text,
            )


class _Reader:
    """Reads lines by the headings of one file."""

    def __init__(self, of_import: Import) -> None:
        self.register, self.conventions = of_import.register, of_import.conventions
        self.constants = of_import.constants
        self.width = len(of_import.headings)
        self.first = self.register.first
        self.telling = {"", *(column.name for column in self.register.keys)}
        """The columns without which it is not known which row it is."""
        self.columns: list[tuple[int, str, BoundColumn, dict[str, str]]] = []
        self.joined: dict[str, tuple[Joined, dict[str, int]]] = {}
        """What is put together: its kind, and the places by heading."""
        for place, (heading, name) in enumerate(of_import.headings):
            column = self.register.bound.get(name)
            if column is None:
                continue
            if name not in self.joined:
                self.columns.append((place, name, column, {}))
            if isinstance(column.kind, Joined):
                self.joined.setdefault(name, (column.kind, {}))[1][heading] = place

    def read(self, line: Line) -> tuple[dict[str, str], str, str, str]:
        """Give the line as plain text by column and its key; with the column and the reason when it is refused."""
        values: dict[str, str] = dict(self.constants)
        refused: tuple[str, InvalidInput] | None = None
        is_known = True
        cells, count = line.cells, len(line.cells)
        for place, name, column, known in self.columns:
            is_joined = name in self.joined
            cell = None if is_joined or place >= count else cells[place]
            if type(cell) is str and cell in known and not line.refused:
                values[name] = known[cell]
                continue
            try:
                if is_joined:
                    cell = self._join(name, line)
                elif place in line.refused:
                    raise line.refused[place]
                values[name] = column.plain(cell, self.conventions)
            except Unreadable as refusal:
                values[name] = _shown(cell)
                refused, is_known = refused or (name, refusal), is_known and name not in self.telling
            else:
                if column.is_required and not values[name]:
                    refused = refused or (name, ValueMissing(column=column.heading))
                    is_known = is_known and name not in self.telling
                elif type(cell) is str and len(known) < MOST_REMEMBERED:
                    known[cell] = values[name]
        if refused is None and line.refused and not cells:
            refused = ("", next(iter(line.refused.values())))
        if (
            refused is None
            and count > self.width
            and any(_shown(cell).strip() for cell in islice(cells, self.width, None))
        ):
            refused = ("", CellsWithoutHeading())
        if refused is None:
            refused = self._completed(values)
        if refused is None:
            if self.first and not values.get(self.first.name, "-"):
                del values[
                    self.first.name
                ]  # the row means the period that is, as a file without first days does
            return values, self.register.key_of(values), "", ""
        key = self.register.key_of(values) if is_known and refused[0] not in self.telling else ""
        return self._as_it_stood(line), key, refused[0], stored(refused[1])

    def _join(self, name: str, line: Line) -> str:
        """
        Put together what stands in several columns.

        :raises Unreadable: one of them cannot be read.
        """
        kind, places = self.joined[name]
        for place in places.values():
            if place in line.refused:
                raise line.refused[place]
        count = len(line.cells)
        return kind.join(
            {
                heading: text_of(line.cells[place]) if place < count else ""
                for heading, place in places.items()
            }
        )

    def _completed(self, values: dict[str, str]) -> tuple[str, InvalidInput] | None:
        """Fill in what follows of a row's own values; gives the column and the reason when it cannot be used."""
        if self.register.ledger is None:
            return None
        try:
            self.register.ledger.complete(values)
        except Refused as refused:
            return refused.column, refused.refusal
        return None

    def _as_it_stood(self, line: Line) -> dict[str, str]:
        """What the cells of a refused line say, for the person to see and mend."""
        texts = [_shown(cell) for cell in line.cells[: self.width]]
        texts += [""] * (self.width - len(texts))
        stood = {name: texts[place] for place, name, _column, _known in self.columns}
        for name, (kind, places) in self.joined.items():
            stood[name] = kind.join({heading: texts[place] for heading, place in places.items()})
        return stood


def _shown(cell: Cell) -> str:
    """What stood in a cell that could not be read, for the person to see."""
    if isinstance(cell, float):
        return text_of(cell).replace(".", ",")
    return printable(str(cell if cell is not None else ""))[:200]
