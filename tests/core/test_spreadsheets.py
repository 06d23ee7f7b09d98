"""CSV that Swedish spreadsheets read, and that runs nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.spreadsheets import Cell, csv_cell, csv_lines, harmless


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+46 498",
        "-1+1",
        "-A1",
        "\u2003=1",
        "\u200b=1",
        "\ufeff@a",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "\u00a0=1",
        "＝1",
        "|cmd",
        "%0A",
    ],
)
def test_text_that_could_be_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "Handskar", "-580", "-1234,50", "−12.5", "1-2", "a=b", "'=1", "Ängs & åkers"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("-1234.50"), "-1234,50"),
        (Decimal("0.5825"), "0,5825"),
        (Decimal("1E+3"), "1000"),
        (12, "12"),
        (date(2021, 5, 25), "2021-05-25"),
        (datetime(2021, 5, 25, 8, 40, tzinfo=UTC), "2021-05-25 08:40:00+00:00"),
        (None, ""),
        ("=1", "'=1"),
        ("\r\n=1", "'\n=1"),
        ("a\x00b\x07c\ud800", "abc\ufffd"),
        ("-580", "-580"),
    ],
)
def test_cells(value: Cell, written: str) -> None:
    assert csv_cell(value) == written


def test_csv_has_a_bom_semicolons_and_decimal_commas() -> None:
    lines = list(csv_lines(("Namn", "Belopp"), [("Sax; stor", Decimal("12.50")), ('Säg "å"', None)]))
    assert lines[0] == "\ufeffNamn;Belopp\r\n".encode()
    assert b"".join(lines[1:]).decode() == '"Sax; stor";12,50\r\n"Säg ""å""";\r\n'
