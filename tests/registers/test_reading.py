"""Whatever program made a file, its lines come out; whatever is wrong with it, a sentence does."""

import gzip
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from registers.reading import sie, text, workbooks
from registers.reading.lines import Line, NotATable, Overview, StrayQuote, UnclosedQuote, lines
from registers.reading.workbooks import CellWithError, FormulaWithoutValue, MergedCell
from tests.registers import files

DATA = Path(__file__).parent / "data"
SIE = Path(__file__).resolve().parents[3] / "shared/data/accounting/sie_jsisie/sie_test_files"
TABLE = [["Ansvar", "Namn", "Pris"], ["0012", "Mottagning Å", "1,5"]]


def read(content: bytes, file_name: str = "fil") -> list[Line]:
    return list(lines(io.BytesIO(content), file_name=file_name))


def cells(content: bytes, file_name: str = "fil") -> list[list[Any]]:
    return [list(line.cells) for line in read(content, file_name)]


WRITTEN = "\r\n".join(";".join(row) for row in TABLE) + "\r\n"


@pytest.mark.parametrize(
    "content",
    [
        WRITTEN.encode(),
        WRITTEN.encode("utf-8-sig"),
        WRITTEN.encode("utf-16"),
        WRITTEN.encode("cp1252"),
        WRITTEN.replace("\r\n", "\r").encode(),
        WRITTEN.replace(";", "\t").encode(),
        WRITTEN.replace(",", ".").replace(";", ",").replace("1.5", '"1,5"').encode(),
        ("sep=;\r\n" + WRITTEN).encode(),
        ("\r\n\r\n" + WRITTEN).encode(),
        gzip.compress(WRITTEN.encode("cp1252")),
    ],
    ids=["utf-8", "bom", "utf-16", "cp1252", "cr", "tab", "comma", "sep", "blank first", "gzip"],
)
def test_text_of_any_kind_is_the_same_table(content: bytes) -> None:
    assert cells(content) == TABLE


def test_the_row_is_the_one_that_a_spreadsheet_program_shows() -> None:
    content = 'a;b\n\n1;"två\nrader"\n;;\n2;3\n'.encode()
    assert [line.row for line in read(content)] == [1, 3, 5]
    assert [line.row for line in read(b"\nsep=;\na;b\n1;2\n")] == [3, 4]


def test_a_quotation_mark_in_the_wrong_place_loses_its_row_alone() -> None:
    one, two, three = read(b'a;b\n1;"x"y\n2;3\n')
    assert isinstance(two.refused[0], StrayQuote)
    assert (one.row, two.row, three.row, three.cells) == (1, 2, 3, ["2", "3"])


@pytest.mark.parametrize("content", [b'a;b\n1;"x\n2;3\n4;"y"z\n5;6\n', b'a;b\n1;"x\n2;3\n', b'"a;b\n1;2\n'])
def test_a_quotation_mark_that_swallows_rows_is_told(content: bytes) -> None:
    with pytest.raises(UnclosedQuote):
        read(content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", text.EmptyFile),
        (b" \n\n", text.EmptyFile),
        (b"%PDF-1.7 ...", NotATable),
        (b"<html><table><tr><td>Ansvar</td></tr></table></html>", NotATable),
        (b"a;b\n1;\x00\x01\n", text.NotText),
        (WRITTEN.encode("utf-16-le"), text.NotText),
        (gzip.compress(b"x" * 1000)[:-6], text.BrokenArchive),
        (b"PK\x03\x04" + b"junk" * 20, workbooks.BrokenWorkbook),
        (files.archive({"word/document.xml": "<w/>"}), workbooks.BrokenWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), workbooks.BrokenWorkbook),
        (files.encrypted_workbook(), workbooks.LockedWorkbook),
        (files.xlsx([])[:-300], workbooks.BrokenWorkbook),
        (files.xlsx([]), workbooks.NoVisibleSheet),
        (files.entity_bomb(), workbooks.WorkbookWithEntities),
        (files.zip_bomb, workbooks.WorkbookTooLarge),
        (files.far_away("XFD1048576"), workbooks.WorkbookTooLarge),
        (files.ods('<table:table-row table:number-rows-repeated="1048576">'
                   '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
                   "<text:p>x</text:p></table:table-cell></table:table-row>"), workbooks.BrokenWorkbook),
    ],
)  # fmt: skip
def test_what_is_no_table_gets_a_sentence(
    content: bytes | Callable[[], bytes], refusal: type[text.UnreadableFile]
) -> None:
    data = content if isinstance(content, bytes) else content()
    start = time.monotonic()
    with pytest.raises(refusal) as caught:
        read(data, "enheter.xlsx")
    assert str(caught.value)
    assert time.monotonic() - start < 10


def test_a_workbook_too_large_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "SIZE_LIMIT", 1000)
    with pytest.raises(workbooks.WorkbookTooLarge):
        read(files.xlsx(TABLE))


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "SECONDS_LIMIT", 1)
    many = files.xlsx_of_xml(("<row>" + "<c><f>1</f><v>1</v></c>" * 100 + "</row>") * 40_000)
    with pytest.raises(workbooks.WorkbookTooLarge):
        read(many)


def xlsx_of_xlsxwriter(rows: list[list[Any]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("Enheter")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize("made", [files.xlsx, files.ods_of, xlsx_of_xlsxwriter])
def test_workbooks_of_different_programs_are_the_same_table(made: Callable[[list[list[Any]]], bytes]) -> None:
    assert cells(made(TABLE)) == TABLE


def test_a_workbook_of_the_old_kind() -> None:
    overview = Overview()
    content = (DATA / "departments.xls").open("rb")
    with content:
        rows = list(lines(content, file_name="departments.xls", overview=overview))
    assert [line.cells for line in rows[:3]] == [
        ["Ansvar", "Namn", "Förvaltning", "Verksamhet"],
        ["0012", "Mottagning Ö", "HSF", 310],
        ["7001", date(2026, 4, 3), "HSF", 12.5],
    ]
    assert [str(each) for each in overview.left_out] == ["Bladet ”Dolt” är dolt och lästes inte."]


def test_cells_that_cannot_be_believed_are_refused() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Kod", "Namn", "Pris"])
    sheet.append(["=1+1", "#REF!", 12.299999999999999])
    sheet.merge_cells("A4:A5")
    sheet["A4"], sheet["B5"] = "7", "två"
    rows = read(files.saved(book))
    kinds = [(line.row, {place: type(why) for place, why in line.refused.items()}) for line in rows]
    assert kinds == [
        (1, {}),
        (2, {0: FormulaWithoutValue, 1: CellWithError}),
        (4, {0: MergedCell}),
        (5, {0: MergedCell}),
    ]


def test_a_formula_that_was_worked_out_is_its_value() -> None:
    sheet = (
        '<row r="1"><c r="A1" t="str"><f>A2</f><v>Kod</v></c><c r="B1"><f>1+1</f><v>2</v></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c></row>'
    )
    (line,) = read(files.xlsx_of_xml(sheet))
    assert (line.cells, dict(line.refused)) == (["Kod", 2.0, ""], {})


def test_cells_of_ods_that_cannot_be_believed_are_refused() -> None:
    content = files.ods(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>Kod</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1+1"/>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="string" table:number-rows-spanned="2" table:number-columns-spanned="1">'
        "<text:p>m</text:p></table:table-cell></table:table-row>"
        '<table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="3"/><table:covered-table-cell/>'
        "</table:table-row>"
    )
    first, second = read(content)
    assert {place: type(why) for place, why in first.refused.items()} == {
        1: FormulaWithoutValue,
        2: CellWithError,
        4: MergedCell,
    }
    assert first.cells[3] == 2
    assert {place: type(why) for place, why in second.refused.items()} == {4: MergedCell}


def test_hidden_sheets_and_empty_columns_are_not_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in TABLE:
        sheet.append(row)
    sheet["XFD1"].number_format = "0.00"
    hidden_sheet = book.create_sheet("Gammalt")
    hidden_sheet.append(["Ansvar"])
    hidden_sheet.sheet_state = "veryHidden"
    overview = Overview()
    rows = list(lines(io.BytesIO(files.saved(book)), file_name="x", overview=overview))
    assert [list(line.cells) for line in rows] == TABLE
    assert overview.total == 2
    assert [each.code for each in overview.left_out] == ["hidden_sheet"]


def test_a_reader_that_nobody_listens_to_is_ended() -> None:
    many = lines(io.BytesIO(files.xlsx([["a", "b"]] * 5_000)), file_name="x")
    assert next(many).row == 1
    many.close()


SMALL_SIE = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#KONTO 5010 "Lokalhyra \\"norr\\""
#DIM 1 "Kostnadsställe"
#DIM 6 "Projekt"
#DIM 7 "Verksamhet"
#OBJEKT 1 "10" "Östervåla"
#OBJEKT 6 47 "Ombyggnad Ö"
#OBJEKT 7 "310" "Mottagning"
#IB 0 1910 0.00
"""


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "utf-8"])
def test_sie_is_codes(encoding: str) -> None:
    overview = Overview()
    rows = list(lines(io.BytesIO(SMALL_SIE.encode(encoding)), file_name="x.se", overview=overview))
    assert [(line.row, list(line.cells)) for line in rows] == [
        (0, list(sie.HEADINGS)),
        (4, ["account", "5010", 'Lokalhyra "norr"']),
        (9, ["project", "47", "Ombyggnad Ö"]),
        (10, ["activity", "310", "Mottagning"]),
    ]
    assert [str(each) for each in overview.left_out] == [
        "Dimensionen Kostnadsställe lästes inte: den hör inte till kodsträngen."
    ]


@pytest.mark.skipif(not SIE.exists(), reason="the SIE files of real programs are not here")
def test_sie_of_real_programs() -> None:
    numbers = {}
    for path in sorted(SIE.iterdir()):
        if path.suffix.lower() not in {".se", ".si"}:
            continue
        with path.open("rb") as content:
            try:
                rows = list(lines(content, file_name=path.name))
            except (sie.NothingInSie, NotATable):
                continue
        numbers[path.name] = len(rows) - 1
        all_cells = " ".join(str(cell) for line in rows for cell in line.cells)
        assert "�" not in all_cells or "�".encode() in path.read_bytes(), path.name
    assert len(numbers) > 40
    with (SIE / "SIE4_Exempelfil_med_underdim.SE").open("rb") as content:
        assert any(line.cells[0] == "project" for line in lines(content, file_name="x.se"))


def test_nothing_in_a_sie_file_is_told() -> None:
    with pytest.raises(sie.NothingInSie):
        read(b"#FLAGGA 0\n#SIETYP 4\n")


def test_a_zip_that_unfolds_to_more_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(files.zip_bomb())
    # The directory says that the part is small; what is packed is not.
    at = content.rfind(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        at = content.rfind(b"PK\x01\x02", 0, at)
    assert zipfile.is_zipfile(io.BytesIO(content))
    with pytest.raises(text.UnreadableFile):
        read(bytes(content))
