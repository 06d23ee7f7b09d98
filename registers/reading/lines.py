"""The lines of a file that was handed in: CSV so far."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from registers.kinds import Cell


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sheet; ``row`` is its number as the person's program shows it."""

    sheet: str
    row: int
    cells: Sequence[Cell]


def lines(content: BinaryIO, *, file_name: str) -> Iterator[Line]:
    """Read the lines of a file, empty ones left out."""
    text = io.TextIOWrapper(content, encoding="utf-8-sig", newline="")
    for number, cells in enumerate(csv.reader(text, delimiter=";"), start=1):
        if any(cells):
            yield Line("", number, cells)
