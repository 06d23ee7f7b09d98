"""Rows of a table are the bytes that xlsxwriter would have made of them, cell by cell."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import xlsxwriter

from core.spreadsheets import Cell
from core.workbook_rows import Rows

ROWS: list[list[Cell]] = [
    ['Handske & "nitril" <blå>', Decimal("1234.5600"), date(2020, 2, 29), 7],
    ["", Decimal("-0.0001"), date(1900, 1, 1), 0],
    [" med blanksteg ", Decimal("12345678901234.56"), datetime(2021, 3, 4, 15, 30, tzinfo=UTC), -3],
    [None, None, None, None],
    ["rad\nett", None, date(2020, 2, 29), None],
    ['Handske & "nitril" <blå>', "saknas", None, 10**12],
]


def made(path: Path, write: Callable[[Any, list[Any]], None]) -> bytes:
    """A sheet with a heading above its rows and a sum below them."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    styles = [
        book.add_format(style) for style in ({}, {"num_format": "0.00"}, {"num_format": "yyyy-mm-dd"}, {})
    ]
    sheet = book.add_worksheet("Blad")
    for column in range(4):
        sheet.write_string(1, column, f"Kolumn {column}", styles[0])
    write(sheet, styles)
    sheet.write_number(len(ROWS) + 2, 3, 5, styles[1])
    book.close()
    with ZipFile(path) as packed:
        return packed.read("xl/worksheets/sheet1.xml")


def cell_by_cell(sheet: Any, styles: list[Any]) -> None:
    for row, values in enumerate(ROWS, start=2):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value, styles[0] if column else styles[column])
            elif isinstance(value, datetime):
                sheet.write_datetime(row, column, value.replace(tzinfo=None), styles[column])
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, styles[column])
            elif value is not None:
                sheet.write_number(row, column, float(value), styles[column])


def by_rows(sheet: Any, styles: list[Any]) -> None:
    rows = Rows(sheet, [(style, styles[0]) for style in styles])
    for row, values in enumerate(ROWS, start=2):
        rows.write(row, values)


def test_rows_are_the_same_bytes(tmp_path: Path) -> None:
    assert made(tmp_path / "rader.xlsx", by_rows) == made(tmp_path / "celler.xlsx", cell_by_cell)


def test_text_that_looks_like_a_rich_text_is_text(tmp_path: Path) -> None:
    """xlsxwriter would take it for its own."""

    def write(sheet: Any, styles: list[Any]) -> None:
        Rows(sheet, [(styles[0], styles[0])]).write(2, ["<r><t>fet</t></r>"])

    assert b"&lt;r&gt;&lt;t&gt;fet&lt;/t&gt;&lt;/r&gt;" in made(tmp_path / "bok.xlsx", write)
