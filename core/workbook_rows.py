"""
Rows of a table, written into a sheet as the file format has them.

xlsxwriter asks a great deal of each cell. The rows of a table are alike, so what is alike is asked once, and what many rows say is
written out once: the same bytes in a fraction of the time. A sheet that is written row by row keeps no row but the last.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name

from core.printable import printable
from core.spreadsheets import Cell

LONGEST_CELL = 32_767
"""Characters that a cell can hold; a longer text would be left out whole."""
MOST_TEXTS, LONGEST_REMEMBERED = 20_000, 200
"""So many texts are remembered as they are written, and so many characters of each: names, not what people tell at length."""


class Rows:
    """
    The rows of a table on one sheet, from top to bottom.

    :param styles: for each column the format of what it holds, and that of a text in it.
    """

    def __init__(self, sheet: Any, styles: Sequence[tuple[Any, Any]]) -> None:
        self._sheet = sheet
        self._columns = [
            (xl_col_to_name(index), style._get_xf_index(), of_text._get_xf_index())
            for index, (style, of_text) in enumerate(styles)
        ]
        self._is_begun = False
        self._days: dict[date, str] = {}

    def write(self, row: int, values: Sequence[Cell]) -> None:
        """Write one row; a cell without a value is left out."""
        sheet, number = self._sheet, row + 1
        if not self._is_begun:
            sheet._write_single_row(row)  # what stands above the table
            self._is_begun = True
        cells = []
        for (letter, style, text_style), value in zip(self._columns, values, strict=True):
            if value is None:
                continue
            if isinstance(value, str):
                cells.append(f'<c r="{letter}{number}" s="{text_style}"{_text(value)}')
            elif isinstance(value, date):
                day = self._days.get(value) or self._day(value)
                cells.append(f'<c r="{letter}{number}" s="{style}"><v>{day}</v></c>')
            else:
                cells.append(f'<c r="{letter}{number}" s="{style}"><v>{float(value):.16G}</v></c>')
        sheet.previous_row = sheet.dim_rowmax = row
        if cells:
            sheet.fh.write(f'<row r="{number}">{"".join(cells)}</row>')

    def _day(self, value: date) -> str:
        """Write a day or a moment as the format counts days, and remember a day."""
        moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        day = f"{self._sheet._convert_date_time(moment):.16G}"
        if not isinstance(value, datetime):
            self._days[value] = day
        return day


def cell_text(text: str) -> str:
    """Text that a cell can hold; what is longer than a cell ends with …."""
    text = printable(text)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _text(text: str) -> str:
    """The end of a cell with a text, which begins after the cell's style."""
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else _cell_text(text)


def _cell_text(text: str) -> str:
    words = escape(cell_text(text))
    space_attr = ' xml:space="preserve"' if words != words.strip() else ""
    return f' t="inlineStr"><is><t{space_attr}>{words}</t></is></c>'


_remembered = lru_cache(MOST_TEXTS)(_cell_text)
