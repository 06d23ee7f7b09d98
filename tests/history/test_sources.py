"""What is known of SCMS files: how they look in the world, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from history.models import PurchaseHistoryLine
from history.sources import item_key
from tests.history.scms_files import (
    COUNTRY,
    DELIVERED,
    DESCRIPTION,
    FREIGHT,
    ID,
    PACK,
    PRICE,
    QUANTITY,
    VALUE,
    VENDOR,
    brought_in,
    compared,
    table,
)

DAYS = {
    "2-Jun-06": date(2006, 6, 2),
    "31-dec-2015": date(2015, 12, 31),
    "6/2/06": date(2006, 6, 2),
    "12/31/2014": date(2014, 12, 31),
    "2014-01-09": date(2014, 1, 9),
    "1-Jan-70": date(1970, 1, 1),
    "2 juni 2006": date(2006, 6, 2),
}
REFUSED = [
    (ID, "", "external_id", "Fyll i"),
    (VENDOR, "", "supplier_name", "Ange enhet, kategori och leverantör"),
    (COUNTRY, "", "department_name", "Ange enhet, kategori och leverantör"),
    (DESCRIPTION, "x" * 301, "description", "längre än 300"),
    (DESCRIPTION, "#12** ", "description", "Fyll i"),
    (QUANTITY, "many", "quantity", "inget tal"),
    (QUANTITY, "1e9", "quantity", "inget tal"),
    (QUANTITY, "NaN", "quantity", "inget tal"),
    (QUANTITY, "1.2345", "quantity", "för många decimaler"),
    (QUANTITY, "", "quantity", "Fyll i"),
    (PRICE, "9" * 20, "unit_price", "för stort"),
    (PRICE, "1.500", "unit_price", "kan vara 1 500 eller 1,5"),
    (PACK, "several", "units_per_order_unit", "inget tal"),
    (VALUE, "Freight Included in Commodity Cost", "amount", "inget tal"),
    (DELIVERED, "31-Feb-06", "delivered_date", "inget datum"),
    (DELIVERED, "Date Not Captured", "delivered_date", "inget datum"),
    (DELIVERED, "2-Xyz-06", "delivered_date", "inget datum"),
    (DELIVERED, "", "delivered_date", "Fyll i"),
]


def test_days_are_read_in_every_form(db: None) -> None:
    brought_in(table(*({DELIVERED: text} for text in DAYS)).encode())
    lines = PurchaseHistoryLine.objects.order_by("import_row")
    assert list(lines.values_list("delivered_date", flat=True)) == list(DAYS.values())


def test_a_row_is_refused_with_its_column_and_why(db: None) -> None:
    of_import = compared(table(*({heading: text} for heading, text, _column, _says in REFUSED), {}).encode())
    assert of_import.counts()["new"] == 1
    rows = list(of_import.changes.filter(kind="refused").in_order())
    assert [(row.row, row.column) for row in rows] == [
        (place, column) for place, (_heading, _text, column, _says) in enumerate(REFUSED, start=2)
    ]
    for row, (_heading, _text, _column, says) in zip(rows, REFUSED, strict=True):
        assert says in row.sentence


def test_text_in_columns_of_numbers_that_are_not_needed_is_a_note(db: None) -> None:
    brought_in(table({FREIGHT: "Freight Included in Commodity Cost"}).encode())
    line = PurchaseHistoryLine.objects.get()
    assert (line.note, line.quantity) == (f"{FREIGHT}: Freight Included in Commodity Cost", 19)


def test_the_line_value_of_the_source_is_kept_and_what_is_odd_of_it_said(db: None) -> None:
    brought_in(table({VALUE: "600.50"}, {VALUE: ""}).encode())
    odd, none = PurchaseHistoryLine.objects.order_by("import_row")
    assert (odd.amount, odd.note) == (Decimal("600.50"), "Radvärdet är inte antal × pris, 551,00")
    assert (none.amount, none.note) == (Decimal(551), "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_of_a_spreadsheet_program_is_read_whatever_it_wrote(
    db: None, encoding: str, delimiter: str
) -> None:
    row = {VENDOR: "Läkarhjälp Öst AB", VALUE: "12 340,50", PRICE: "649,5"}
    of_import = compared(table(row, line_end="\r\n", delimiter=delimiter).encode(encoding))
    (change,) = of_import.changes.all()
    assert change.kind == "new"
    assert (change.values["supplier_name"], change.values["amount"]) == ("Läkarhjälp Öst AB", "12340.5")


def test_a_row_of_another_length_is_refused_and_the_others_are_read(db: None) -> None:
    heading, first, second = table({}, {}, line_end="\n").splitlines()
    of_import = compared("\n".join([heading, f"{first},x", "1,2,3", second]).encode())
    rows = list(of_import.changes.in_order().values_list("row", "kind"))
    assert rows == [(2, "refused"), (3, "refused"), (4, "new")]


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
    assert item_key(description) == key
