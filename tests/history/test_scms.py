"""Reading SCMS files: what they look like in the world, and what is refused."""

import gzip
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TextIO

import pytest

from history.importing import files, scms
from history.importing.lines import ReadLine, RefusedRow, Row
from registers.reading import text
from tests.history.scms_files import EXTRACT, GOOD, REAL, REAL_MISSING, table


def text_in(content: bytes) -> TextIO:
    return text.text_in(BytesIO(content))


def read(*rows: dict[str, str]) -> list[Row]:
    return list(scms.rows(StringIO(table(*rows), newline="")))


def one_line(**changes: str) -> ReadLine:
    (line,) = read(changes)
    assert isinstance(line, ReadLine), line
    return line


def one_refusal(changes: dict[str, str]) -> RefusedRow:
    (row,) = read(changes)
    assert isinstance(row, RefusedRow), row
    return row


def test_rows_reads_the_extract_as_it_is() -> None:
    rows = list(scms.rows(text_in(EXTRACT.read_bytes())))
    assert len(rows) == 21
    assert all(isinstance(row, ReadLine) for row in rows)
    texts = {row.external_id: row.note for row in rows if isinstance(row, ReadLine)}
    assert texts["10868"].startswith("Weight (Kilograms): See DN-356 (ID#:10867)")


@pytest.mark.skipif(not REAL.exists(), reason=REAL_MISSING)
def test_rows_reads_the_whole_real_file() -> None:
    rows = [row for row in scms.rows(text_in(REAL.read_bytes())) if isinstance(row, ReadLine)]
    assert len(rows) == 10_324
    assert len({row.supplier_name for row in rows}) == 73
    assert len({row.department_name for row in rows}) == 43
    assert sum("antal × pris" in row.note for row in rows) == 126


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_text_of_takes_any_line_end_plain_or_packed(line_end: str, pack: type[bytes]) -> None:
    content = pack(("\ufeff" + table({}, {}, line_end=line_end)).encode())
    assert [row.row for row in scms.rows(text_in(content))] == [2, 3]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", text.EmptyFile),
        (b"  \r\n ", text.EmptyFile),
        (b"PK\x03\x04whatever", text.NotText),
        (b"\xff\xfe\x00", text.NotText),
        (b"\xff\xfe\x00\xd8", text.NotText),
        (b"name\x81", text.NotText),
        (b"\x01\x02", text.NotText),
        (b"a\x00b", text.NotText),
        (gzip.compress(b"a" * 1000, mtime=0)[:-9], text.BrokenArchive),
        (b"\x1f\x8bnot gzip at all", text.BrokenArchive),
    ],
)
def test_text_of_refuses(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        text_in(content)


def test_text_of_refuses_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "UPLOAD_LIMIT", 1000)
    with pytest.raises(text.FileTooLarge):
        text_in(b"x" * 1001)


@pytest.mark.parametrize("content", [b"x" * (text.LONGEST_LINE + 1), b"a," * text.LONGEST_LINE])
def test_rows_refuses_a_line_that_no_row_has(content: bytes) -> None:
    with pytest.raises(text.NotText):
        list(scms.rows(text_in(content)))


@pytest.mark.parametrize(("cut", "count"), [(",", len(GOOD) + 1), ("", len(GOOD) - 1)])
def test_row_with_another_number_of_cells_than_the_heading_is_refused(cut: str, count: int) -> None:
    heading, row = table({}, line_end="\n").splitlines()
    odd = row + cut if cut else row.rpartition(",")[0]
    first, second = scms.rows(StringIO("\n".join([heading, odd, row]), newline=""))
    assert isinstance(first, RefusedRow)
    assert first.reason == f"Raden har {count} kolumner, rubriken har {len(GOOD)}."
    assert isinstance(second, ReadLine)


def test_text_of_refuses_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "TEXT_LIMIT", 1000)
    with pytest.raises(text.FileTooLarge):
        text_in(gzip.compress(b"a" * 1_000_000))


def test_rows_refuses_another_kind_of_table() -> None:
    with pytest.raises(files.WrongColumns, match="Product Group, Sub Classification, …"):
        list(scms.rows(StringIO("ID,Country\r1,Zambia\r", newline="")))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2-Jun-06", date(2006, 6, 2)),
        ("31-dec-2015", date(2015, 12, 31)),
        ("6/2/06", date(2006, 6, 2)),
        ("12/31/2014", date(2014, 12, 31)),
        ("2014-01-09", date(2014, 1, 9)),
        ("1-Jan-70", date(1970, 1, 1)),
    ],
)
def test_rows_reads_dates_of_every_form(text: str, day: date) -> None:
    assert one_line(**{scms.DELIVERED: text}).delivered_date == day


@pytest.mark.parametrize("field", ["Freight Cost (USD)", scms.UNITS_PER_PACK])
def test_rows_keeps_text_in_a_number_column_as_a_note(field: str) -> None:
    line = one_line(**{field: "Freight Included in Commodity Cost"})
    assert line.note == f"{field}: Freight Included in Commodity Cost"
    assert line.quantity == Decimal(19)


def test_rows_keeps_the_line_value_of_the_source() -> None:
    line = one_line(**{scms.VALUE: "600.50"})
    assert line.amount == Decimal("600.50")
    assert "551,00" in line.note


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        (scms.ID, "", "saknas"),
        (scms.VENDOR, "", "saknas"),
        (scms.DESCRIPTION, "x" * 301, "längre än 300"),
        (scms.DESCRIPTION, "#12** ", "saknas"),
        (scms.QUANTITY, "many", "inte ett tal"),
        (scms.QUANTITY, "1e9", "inte ett tal"),
        (scms.QUANTITY, "NaN", "inte ett tal"),
        (scms.QUANTITY, "1.2345", "3 decimaler"),
        (scms.PACK_PRICE, "9" * 20, "orimligt stort"),
        (scms.VALUE, "Freight Included in Commodity Cost", "inte ett tal"),
        (scms.DELIVERED, "31-Feb-06", "inte ett datum"),
        (scms.DELIVERED, "Date Not Captured", "inte ett datum"),
        (scms.DELIVERED, "", "saknas"),
    ],
)
def test_rows_refuses_a_line_and_says_where_and_why(field: str, value: str, says: str) -> None:
    refusal = one_refusal({field: value})
    assert (refusal.row, refusal.field) == (2, field)
    assert says in refusal.reason
    assert refusal.raw


def test_rows_refuses_a_row_of_another_length_and_goes_on() -> None:
    good = table({}).splitlines()[1]
    rows = list(scms.rows(StringIO("\r".join([",".join(GOOD), "1,2,3", good]), newline="")))
    assert [type(row) for row in rows] == [RefusedRow, ReadLine]
    assert [row.row for row in rows] == [2, 3]


@pytest.mark.parametrize(
    ("description", "key"),
    [
        ("#108853** HIV, Genie II HIV-1/HIV-2 Kit, 40 Tests", "hiv, genie ii hiv-1/hiv-2 kit, 40 tests"),
        ("HIV,  Genie\tII   HIV-1/HIV-2 Kit, 40 Tests ", "hiv, genie ii hiv-1/hiv-2 kit, 40 tests"),
        ("Kit #5** large", "kit #5** large"),
        ("#no stars", "#no stars"),
    ],
)
def test_item_key(description: str, key: str) -> None:
    assert scms.item_key(description) == key


HEADING = (
    "ID,Country,Delivered to Client Date,Product Group,Sub Classification,Vendor,Item Description,"
    "Unit of Measure (Per Pack),Line Item Quantity,Line Item Value,Pack Price"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_file_of_a_spreadsheet_program_is_read_whatever_it_wrote(encoding: str, delimiter: str) -> None:
    heading = HEADING.replace(",", delimiter)
    cells = delimiter.join(
        [
            "A1",
            "Sverige",
            "2-Jun-14",
            "ARV",
            "Vuxen",
            "Läkarhjälp Öst AB",
            "Handske å",
            "10",
            "10",
            "100",
            "10",
        ]
    )
    (line,) = scms.rows(text_in(f"{heading}\r\n{cells}\r\n".encode(encoding)))
    assert isinstance(line, ReadLine)
    assert line.supplier_name == "Läkarhjälp Öst AB"
    assert (line.quantity, line.amount) == (Decimal(10), Decimal(100))


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("12 340,50", "12340.50"), ("12.340,50", "12340.50"), ("100", "100"), ("1.5", "1.5")],
)
def test_number_in_a_swedish_file(typed: str, amount: str) -> None:
    assert files.number(typed, delimiter=";") == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "amount"), [("100,50", "100.50"), ("1,234.50", "1234.50"), ("1.500", "1.5"), ("-12.5", "-12.5")]
)
def test_number_in_a_file_with_commas(typed: str, amount: str) -> None:
    assert files.number(typed, delimiter=",") == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "delimiter"),
    [("1.500", ";"), ("1.500", "\t"), ("1,500", ","), ("-1,500", ","), ("1,234.5", ";")],
)
def test_number_that_may_be_another_is_refused(typed: str, delimiter: str) -> None:
    with pytest.raises(ValueError):
        files.number(typed, delimiter=delimiter)


def test_row_with_two_readings_says_both() -> None:
    refused = one_refusal({scms.VALUE: "1,500"})
    assert (refused.field, refused.reason) == (scms.VALUE, "”1,500” kan läsas som 1500 eller 1.500.")


@pytest.mark.parametrize("second", ["Pack Price", "Vendor ", " ID", "\ufeffCountry"])
def test_second_column_of_the_same_name_is_refused(second: str) -> None:
    with pytest.raises(files.RepeatedColumns, match=second.strip("\ufeff ")):
        list(scms.rows(StringIO(f"{HEADING},{second}\r\n", newline="")))


def test_columns_without_a_name_are_no_repetition() -> None:
    assert list(scms.rows(StringIO(f"{HEADING},,\r\n", newline=""))) == []


def test_every_member_of_a_packed_file_is_read() -> None:
    first, second = table({}, {}).encode(), b"later rows\r"
    whole = gzip.compress(first) + gzip.compress(second) + b"\x00" * 9
    assert text_in(whole).read() == (first + second).decode()


def test_bomb_in_a_later_member_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "TEXT_LIMIT", 1000)
    with pytest.raises(text.FileTooLarge):
        text_in(gzip.compress(b"a" * 900) + gzip.compress(b"a" * 1_000_000))


def test_packed_file_with_something_else_behind_is_refused() -> None:
    with pytest.raises(text.BrokenArchive):
        text_in(gzip.compress(b"a" * 900) + b"something else")
