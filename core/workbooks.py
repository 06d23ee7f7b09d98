"""
Excel files, written row by row so that a hundred thousand lines need no more memory than one.

Text is always written as text: nothing that a person typed can become a formula or a link by itself. The same
input gives the same bytes.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter
from PIL import Image

from core.printable import property_text
from core.spreadsheets import Cell
from core.workbook_rows import Rows, cell_text

BLUE = "#12476B"
INK_2 = "#47535C"
COUNT_EVERY = 5000
ROW_HEIGHT = 15
"""Points that a row is high where nothing else is said."""
SCREEN = 96
"""Pixels per inch of a picture that says nothing else."""
MOST_ROWS = 1_000_000
"""So many lines stand on one sheet; the format has room for a few more."""
_BEGINNING = datetime(2000, 1, 1)  # noqa: DTZ001, the file format knows no zones


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    QUANTITY = "quantity"
    PRICE = "price"
    AMOUNT = "amount"
    SHARE = "share"
    DAY = "day"


_FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {},
    Kind.WHOLE: {"num_format": "#,##0"},
    Kind.QUANTITY: {"num_format": "#,##0.###"},
    Kind.PRICE: {"num_format": "#,##0.00##"},
    Kind.AMOUNT: {"num_format": "#,##0.00;[Red]\u2212#,##0.00"},
    Kind.SHARE: {"num_format": "0.0%"},
    Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "left"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what it holds, and its width in characters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 18


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with its caption, what is said in its place, and its numbers in words."""

    caption: str
    png: bytes
    pixels_per_inch: int
    alt: str
    words: str

    @property
    def rows(self) -> int:
        """How many rows of a sheet it covers."""
        with Image.open(BytesIO(self.png)) as image:
            return math.ceil(image.height / self.pixels_per_inch * 72 / ROW_HEIGHT)


class Book:
    """
    A workbook under way; the file is whole when the ``with`` block ends.

    Sheets are written one after the other, each from top to bottom.
    """

    def __init__(self, path: Path, *, title: str, author: str = "Rauk", at: datetime | None = None) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": str(path.parent),
            },
        )
        created = at.replace(tzinfo=None, microsecond=0) if at else _BEGINNING
        self._book.set_properties(
            {
                "title": property_text(title, default="Rauk"),
                "author": property_text(author, default="Rauk"),
                "created": created,
            }
        )
        add = self._book.add_format
        self._formats = {kind: add({"valign": "top"} | style) for kind, style in _FORMATS.items()}
        self._bold = {kind: add({"bold": True, "top": 2} | style) for kind, style in _FORMATS.items()}
        self._head = add(
            {"bold": True, "bottom": 2, "bottom_color": BLUE, "text_wrap": True, "valign": "bottom"}
        )
        self._head_number = add(
            {
                "bold": True,
                "bottom": 2,
                "bottom_color": BLUE,
                "text_wrap": True,
                "valign": "bottom",
                "align": "right",
            }
        )
        self._title = add({"bold": True, "font_size": 14, "font_color": BLUE})
        self._words = add({"text_wrap": True, "valign": "top"})
        self._term = add({"bold": True, "text_wrap": True, "valign": "top"})
        self._quiet = add({"font_color": INK_2})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        *,
        heading: str = "",
        intro: Sequence[str] = (),
        total: Sequence[Cell] | None = None,
        counted: Callable[[int], None] | None = None,
    ) -> int:
        """
        Write a table on a sheet, and on further ones where it is longer than a sheet; returns the number of rows.

        ``counted`` is told the number of rows now and then, for progress.
        """
        rest, row_count = iter(rows), 0
        following = next(rest, None)
        for number in itertools.count(1):
            sheet, top = self._table_sheet(
                name if number == 1 else f"{name[:27]} {number}", columns, heading, intro
            )
            on_sheet = Rows(sheet, [(self._formats[each.kind], self._formats[Kind.TEXT]) for each in columns])
            first = [] if following is None else [following]
            count = 0
            for count, row in enumerate(chain(first, islice(rest, MOST_ROWS - len(first))), start=1):
                on_sheet.write(top + count, row)
                if counted and (row_count + count) % COUNT_EVERY == 0:
                    counted(row_count + count)
            row_count += count
            following = next(rest, None)
            if following is None and total is not None:
                self._write_total(sheet, top + count + 1, columns, total)
            if count:
                sheet.autofilter(top, 0, top + count, len(columns) - 1)
            if following is None:
                break
        return row_count

    def _table_sheet(
        self, name: str, columns: Sequence[Column], heading: str, intro: Sequence[str]
    ) -> tuple[Any, int]:
        """Begin a sheet with what stands above its rows; returns it and the row of the headings."""
        sheet = self._book.add_worksheet(name[:31])
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        top = self._write_words(sheet, heading, intro)
        for index, column in enumerate(columns):
            sheet.write_string(
                top,
                index,
                cell_text(column.title),
                self._head if _is_text_kind(column.kind) else self._head_number,
            )
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet, top

    def text(self, name: str, paragraphs: Iterable[tuple[str, str]], *, heading: str = "") -> None:
        """Write a sheet of terms with their explanations."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 1, 100)
        top = self._write_words(sheet, heading, ())
        for index, (term, words) in enumerate(paragraphs):
            sheet.write_string(top + index, 0, cell_text(term), self._term)
            sheet.write_string(top + index, 1, cell_text(words), self._words)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def pictures(self, name: str, pictures: Iterable[Drawn], *, heading: str = "") -> None:
        """Write a sheet of pictures, each under its caption and with its words below."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.set_column(0, 0, 100)
        row = self._write_words(sheet, heading, ())
        for picture in pictures:
            sheet.write_string(row, 0, cell_text(picture.caption), self._term)
            scale = SCREEN / picture.pixels_per_inch
            image = {
                "image_data": BytesIO(picture.png),
                "description": cell_text(picture.alt),
                "x_scale": scale,
                "y_scale": scale,
            }
            sheet.insert_image(row + 1, 0, "picture.png", image)
            row += 2 + picture.rows
            sheet.write_string(row, 0, cell_text(picture.words), self._words)
            row += 2
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _write_words(self, sheet: Any, heading: str, intro: Sequence[str]) -> int:
        """Write what stands above a table; returns the row where the table begins."""
        if heading:
            sheet.write_string(0, 0, cell_text(heading), self._title)
        for index, words in enumerate(intro):
            sheet.write_string(index + bool(heading), 0, cell_text(words), self._quiet)
        above = len(intro) + bool(heading)
        return above + 1 if above else 0

    def _write_total(self, sheet: Any, row: int, columns: Sequence[Column], values: Sequence[Cell]) -> None:
        """Write the sum of a table; the line above it goes on over cells that say nothing."""
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            style = self._bold[column.kind]
            if value is None:
                sheet.write_blank(row, index, None, style)
            elif isinstance(value, str):
                sheet.write_string(
                    row, index, cell_text(value), style if column.kind is Kind.TEXT else self._bold[Kind.TEXT]
                )
            elif isinstance(value, date):
                sheet.write_datetime(row, index, value, style)
            else:
                sheet.write_number(row, index, float(value) if isinstance(value, Decimal) else value, style)


def _is_text_kind(kind: Kind) -> bool:
    return kind in (Kind.TEXT, Kind.DAY)
