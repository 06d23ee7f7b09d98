"""
Read the lines of a file by its headings: each in plain text by column, or refused.

Many lines are read together, a column at a time: a text that was read before is known, and what can be kept as it stands
is told of all of them at once. Only lines that there is something to say of are looked at one by one.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, stored
from core.printable import printable
from registers.cells import LOST, Cell, text_of
from registers.kinds import Joined
from registers.ledgers import Refused
from registers.models import Import
from registers.reading.lines import UNSAID, Line
from registers.register import KEY_JOINT, BoundColumn
from registers.unreadable import Unreadable, ValueMissing


class CellsWithoutHeading(InvalidInput):
    """The row goes on after the last heading, so its cells may have been shifted."""

    code = "register_cells_without_heading"
    sentence = _("Raden har celler utan rubrik, så det är inte säkert att de andra står i rätt kolumn.")


MOST_REMEMBERED = 10_000
"""So many different texts of a column are remembered with what they were read as."""

Texts = list[str | None]
"""Plain text, or nothing where the column is not said; of each column, or of each line."""


class PlainLine(NamedTuple):
    """
    A line as it was read: plain text by the reader's columns, in their order.

    One that is refused has the column and the reason, and its texts are those that stood in the file.
    """

    sheet: str
    row: int
    key: str
    column: str
    reason: str
    texts: Sequence[str | None]


def names_of(of_import: Import) -> list[str]:
    """The columns that the lines of a file have a text for, in the order of their texts."""
    return [name for name in of_import.register.bound if name in of_import.columns]


class Reader:
    """Reads lines by the headings of one file."""

    def __init__(self, of_import: Import) -> None:
        self.register, self.conventions = of_import.register, of_import.conventions
        self.constants, self.said = of_import.constants, of_import.said_constants
        self.leaves_unsaid = False
        """Whether a line has said nothing of a column that the file has."""
        self.width = len(of_import.headings)
        self.first = self.register.first
        self.telling = {"", *(column.name for column in self.register.keys)}
        """The columns without which it is not known which row it is."""
        self.columns: list[tuple[int, str, BoundColumn, dict[Cell, str]]] = []
        """The columns of the file, each with its place, and the texts that are remembered."""
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
        self.names = names_of(of_import)

    def read(self, lines: Sequence[Line]) -> list[PlainLine]:
        """Read lines; those that are looked at one by one come last."""
        even: list[Line] = []
        alone: list[Line] = []
        for line in lines:
            is_even = not (line.refused or line.has_unsaid) and len(line.cells) <= self.width
            (even if is_even else alone).append(line)
        if even:
            plain_lines, others = self._together(even)
            return [*plain_lines, *(self._read_one(line) for line in (*others, *alone))]
        return [self._read_one(line) for line in alone]

    def _together(self, lines: Sequence[Line]) -> tuple[list[PlainLine], list[Line]]:
        """Read lines that are no wider than the headings a column at a time; gives the others that need a look."""
        by_place = list(zip(*(self._whole(line.cells) for line in lines), strict=True))
        by_name: dict[str, Texts] = {}
        for place, name, column, text_by_cell in self.columns:
            places = self.joined[name][1] if name in self.joined else {}
            cells = by_place[place] if len(places) < 2 else [self._joined(name, line) for line in lines]
            by_name[name] = self._texts(column, text_by_cell, cells)
        odd = {
            place
            for texts in by_name.values()
            if None in texts
            for place, text in enumerate(texts)
            if text is None
        }
        others = [lines[place] for place in sorted(odd)]
        if odd:
            good_places = [place for place in range(len(lines)) if place not in odd]
            lines = [lines[place] for place in good_places]
            by_name = {name: [texts[place] for place in good_places] for name, texts in by_name.items()}
        for name, text in self.constants.items():
            by_name[name] = [text] * len(lines)
        if self.register.ledger is not None:
            lines, by_name, incomplete = self._complete(lines, by_name)
            others += incomplete
        if self.first and self.first.name in by_name:
            # A row without a first day means the period that is, as a file without first days does.
            by_name[self.first.name] = [text or None for text in by_name[self.first.name]]
        rows = zip(*(by_name[name] for name in self.names), strict=True)
        keys = self._keys(by_name, len(lines))
        return [
            PlainLine(line.sheet, line.row, key, "", "", texts)
            for line, key, texts in zip(lines, keys, rows, strict=True)
        ], others

    def _whole(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        """Cells under every heading; empty ones at the end of a line may not be in the file."""
        return cells if len(cells) == self.width else [*cells, *[""] * (self.width - len(cells))]

    def _texts(self, column: BoundColumn, text_by_cell: dict[Cell, str], cells: Sequence[Cell]) -> Texts:
        """Read the cells of a column; nothing for one that cannot be read, or is empty and may not be."""
        if None in cells:
            cells = ["" if cell is None else cell for cell in cells]
        texts: Texts = [*map(text_by_cell.get, cells)]
        if None not in texts:
            return texts
        places = [place for place, text in enumerate(texts) if text is None]
        missing = [cells[place] for place in places]
        strings = [cell for cell in missing if type(cell) is str]
        new_texts: Texts
        if len(strings) == len(missing) and column.kind.stand(strings):
            new_texts = [text or column.default for text in strings]
        else:
            new_texts = [self._text(column, cell) for cell in missing]
        if constant := self.said.get(column.name):
            new_texts = [constant if text == "" else text for text in new_texts]
        if column.is_required:
            new_texts = [text or None for text in new_texts]
        for place, cell, text in zip(places, missing, new_texts, strict=True):
            texts[place] = text
            if text is not None and type(cell) is str and len(text_by_cell) < MOST_REMEMBERED:
                text_by_cell[cell] = text
        return texts

    def _text(self, column: BoundColumn, cell: Cell) -> str | None:
        try:
            return column.plain(cell, self.conventions)
        except Unreadable:
            return None

    def _joined(self, name: str, line: Line) -> Cell:
        """What stands in several columns, put together; the mark of a lost letter, which is refused, where they cannot be."""
        try:
            return self._join(name, line)
        except Unreadable:
            return LOST

    def _complete(
        self, lines: Sequence[Line], by_name: dict[str, Texts]
    ) -> tuple[list[Line], dict[str, Texts], list[Line]]:
        """Fill in what follows of the lines' own values; gives those too that cannot be used."""
        names, good_lines, incomplete = [*by_name], [], []
        rows: list[Sequence[str | None]] = []
        for line, texts in zip(lines, zip(*by_name.values(), strict=True), strict=True):
            values: dict[str, str] = dict(zip(names, texts, strict=True))
            if self._complete_row(values) is None:
                good_lines.append(line)
                rows.append([*map(values.get, self.names)])
            else:
                incomplete.append(line)
        columns = zip(*rows, strict=True) if rows else ([] for _name in self.names)
        return (
            good_lines,
            {name: [*texts] for name, texts in zip(self.names, columns, strict=True)},
            incomplete,
        )

    def _keys(self, by_name: Mapping[str, Texts], count: int) -> list[str]:
        """The keys of lines, as the register makes them of each one."""
        nothing: Texts = [""] * count
        parts = [by_name.get(column.name, nothing) for column in self.register.keys]
        keys = [KEY_JOINT.join(map(str, texts)) for texts in zip(*parts, strict=True)]
        if self.first is None or self.first.name not in by_name:
            return keys
        begins = by_name[self.first.name]
        return [
            key if day is None else f"{key}{KEY_JOINT}{day}" for key, day in zip(keys, begins, strict=True)
        ]

    def _read_one(self, line: Line) -> PlainLine:
        values, key, column, reason = self._read(line)
        return PlainLine(line.sheet, line.row, key, column, reason, [values.get(name) for name in self.names])

    def _read(self, line: Line) -> tuple[dict[str, str], str, str, str]:
        """Give the line as plain text by column and its key; with the column and the reason when it is refused."""
        values: dict[str, str] = dict(self.constants)
        fault: tuple[str, InvalidInput] | None = None
        is_known = True
        cells, count = line.cells, len(line.cells)
        for place, name, column, _known in self.columns:
            is_joined = name in self.joined
            cell = None if is_joined or place >= count else cells[place]
            if cell is UNSAID:
                self.leaves_unsaid = True
                values |= {name: self.said[name]} if name in self.said else {}
                continue
            try:
                if is_joined:
                    cell = self._join(name, line)
                elif place in line.refused:
                    raise line.refused[place]
                values[name] = column.plain(cell, self.conventions) or self.said.get(name, "")
            except Unreadable as refusal:
                values[name] = _cell_text(cell)
                fault, is_known = fault or (name, refusal), is_known and name not in self.telling
            else:
                if column.is_required and not values[name]:
                    fault = fault or (name, ValueMissing(column=column.heading))
                    is_known = is_known and name not in self.telling
        if fault is None and line.refused and not cells:
            fault = ("", next(iter(line.refused.values())))
        if (
            fault is None
            and count > self.width
            and any(_cell_text(cell).strip() for cell in islice(cells, self.width, None))
        ):
            fault = ("", CellsWithoutHeading())
        if fault is None:
            fault = self._complete_row(values)
        if fault is None:
            if self.first and not values.get(self.first.name, "-"):
                del values[
                    self.first.name
                ]  # the row means the period that is, as a file without first days does
            return values, self.register.key_of(values), "", ""
        key = self.register.key_of(values) if is_known and fault[0] not in self.telling else ""
        return self._original_texts(line), key, fault[0], stored(fault[1])

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

    def _complete_row(self, values: dict[str, str]) -> tuple[str, InvalidInput] | None:
        """Fill in what follows of a row's own values; gives the column and the reason when it cannot be used."""
        if self.register.ledger is None:
            return None
        try:
            self.register.ledger.complete(values)
        except Refused as refused:
            return refused.column, refused.refusal
        return None

    def _original_texts(self, line: Line) -> dict[str, str]:
        """What the cells of a refused line say, for the person to see and mend."""
        texts = [_cell_text(cell) for cell in line.cells[: self.width]]
        texts += [""] * (self.width - len(texts))
        unsaid = {place for place, cell in enumerate(line.cells) if cell is UNSAID}
        text_by_name = {
            name: texts[place] for place, name, _column, _known in self.columns if place not in unsaid
        }
        for name, (kind, places) in self.joined.items():
            text_by_name[name] = kind.join({heading: texts[place] for heading, place in places.items()})
        return text_by_name


def _cell_text(cell: Cell) -> str:
    """What stood in a cell that could not be read, for the person to see."""
    if isinstance(cell, float):
        return text_of(cell).replace(".", ",")
    return printable(str(cell if cell is not None else ""))[:200]
