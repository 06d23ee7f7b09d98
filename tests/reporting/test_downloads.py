"""The register as files: opened with other programs, harmless, streamed."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import workbooks
from tests.cast import Cast
from tests.pages import signed_in
from tests.reporting import initiatives


@pytest.fixture
def finance(cast: Cast) -> Client:
    """Finance, with a register of five lines, one of them dearer."""
    cast.gloves.name = "=HYPERLINK(1)"
    cast.gloves.save()
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 12, 1), "10", "70.00", department=cast.home)
    initiatives.computed()
    client = Client()
    client.force_login(cast.controller)
    return client


def test_csv_is_what_a_swedish_spreadsheet_reads(finance: Client) -> None:
    answer = finance.get("/besparingar/csv/?ar=2020")
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="besparingar-2020-01-01-2020-12-31.csv"' in answer["Content-Disposition"]
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 5
    assert {row["Artikel"] for row in rows} == {"'=HYPERLINK(1)"}
    amounts = [Decimal(row["Besparing, kr"].replace(",", ".")) for row in rows]
    assert sum(amounts) == Decimal("7732.00")
    assert "-68,00" in [row["Besparing, kr"] for row in rows]
    first = rows[0]
    assert (first["Leveransdatum"], first["Antal"], first["Baslinjepris, kr"]) == (
        "2020-09-15",
        "300,000",
        "63,2000",
    )
    assert first["Metod"] == "Snitt 12 mån."


def test_csv_follows_the_selection(finance: Client) -> None:
    assert finance.get("/besparingar/csv/?ar=2020&okning=1").getvalue().count(b"\r\n") == 2


def test_workbook_has_sums_lines_and_method(finance: Client) -> None:
    answer = finance.get("/besparingar/excel/?ar=2020")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    assert book.sheetnames == ["Per kategori", "Orderrader", "Metod"]
    lines = [row for row in book["Orderrader"].iter_rows(values_only=True) if row[1] == "104412"]
    assert len(lines) == 5
    assert str(lines[0][0]).startswith("2020-09-15")
    assert sum(Decimal(str(row[20])) for row in lines) == Decimal("7732")
    assert {row[2] for row in lines} == {"=HYPERLINK(1)"}
    cells = [cell for row in book["Orderrader"].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    summary = list(book["Per kategori"].iter_rows(values_only=True))
    assert summary[-1][0] == "Budgeteffekt, netto"
    assert [Decimal(str(value)) for value in summary[-1][5:]] == [
        Decimal(text) for text in ("27040", "9013.33", "0", "18026.67", "9013.33", "7732")
    ]
    assert any("Snitt 12 mån." in str(row[1]) for row in book["Metod"].iter_rows(values_only=True))


@pytest.mark.parametrize("kind", ["csv", "excel"])
def test_files_take_few_queries_however_many_lines(
    cast: Cast, finance: Client, kind: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, 29):
        initiatives.delivered(cast, date(2020, 10, day), "1", "58.00")
    initiatives.computed()
    with django_assert_max_num_queries(14):
        finance.get(f"/besparingar/{kind}/?ar=2020").getvalue()


def test_a_table_longer_than_a_sheet_goes_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 4)
    path = tmp_path / "x.xlsx"
    for count, sheets in ((0, [2]), (3, [5]), (4, [6]), (5, [5, 3]), (9, [5, 5, 3])):
        with workbooks.Book(path, title="x") as book:
            rows = ((number,) for number in range(count))
            column = [workbooks.Column("Tal", workbooks.Kind.WHOLE)]
            assert book.table("Rader", column, rows, total=[count]) == count
        workbook = openpyxl.load_workbook(path)
        assert [sheet.max_row for sheet in workbook.worksheets] == sheets
        assert [row[0] for sheet in workbook for row in sheet.iter_rows(min_row=2, values_only=True)] == [
            *range(count),
            count,
        ]


def test_workbook_says_what_it_is_limited_to(cast: Cast, finance: Client) -> None:
    def above(client: Client, query: str) -> list[str]:
        answer = client.get(f"/besparingar/excel/?ar=2020{query}")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))["Per kategori"]
        cells = [str(row[0]) for row in sheet.iter_rows(values_only=True, max_row=6) if row[0]]
        return cells[2 : cells.index("Kategori")]

    assert above(finance, "") == []
    assert above(finance, f"&kategori={cast.medical.code}") == [f"Bara {cast.medical}."]
    assert above(finance, "&manad=10&okning=1") == [
        "Bladet Orderrader är begränsat till: oktober\u00a02020, Kostnadsökningar. Summorna här är det inte."
    ]
    assert above(signed_in(cast.manager), "") == [
        "Bara de kategorier som den som hämtade filen ansvarar för."
    ]
