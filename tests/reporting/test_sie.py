"""SIE files: each voucher sums to nothing, and whatever a name holds, a line stays a line in CP437."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.reading import sie as reading
from reporting.sie import CodedName, Company, Dim, Transaction, Voucher, sie_4i

DAY = date(2020, 12, 31)
GLOVES = CodedName("4610", "Sjukvårdsmaterial")
DEBT = CodedName("2990", "Upplupna kostnader")
WARD = CodedName("2140", 'Avdelning "ö" \\ 1\nnatt')


def written(*rows: Transaction) -> bytes:
    company, voucher = Company("212000-0803", "Region Gotland"), Voucher(DAY, "Mottaget", rows)
    return sie_4i(company, [voucher], day=DAY, made_by="Lars Wedin")


def test_file_has_its_parts_in_the_order_of_the_standard() -> None:
    content = written(
        Transaction(
            GLOVES, Decimal("174.00"), ((Dim.COST_CENTER, WARD), (Dim.ACTIVITY, CodedName("51", "Vård")))
        ),
        Transaction(DEBT, Decimal("-174.00")),
    )
    assert content.decode("cp437").split("\r\n") == [
        "#FLAGGA 0",
        '#PROGRAM "Rauk" 1',
        "#FORMAT PC8",
        '#GEN 20201231 "Lars Wedin"',
        "#SIETYP 4",
        "#ORGNR 212000-0803",
        '#FNAMN "Region Gotland"',
        '#KONTO 2990 "Upplupna kostnader"',
        '#KONTO 4610 "Sjukvårdsmaterial"',
        '#DIM 1 "Ansvar"',
        '#DIM 20 "Verksamhet"',
        '#OBJEKT 1 "2140" "Avdelning \\"ö\\" \\\\ 1 natt"',
        '#OBJEKT 20 "51" "Vård"',
        '#VER "" "" 20201231 "Mottaget"',
        "{",
        '   #TRANS 4610 {1 "2140" 20 "51"} 174.00',
        "   #TRANS 2990 {} -174.00",
        "}",
        "",
    ]


def test_voucher_that_does_not_sum_to_nothing_is_not_made() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Voucher(DAY, "x", (Transaction(GLOVES, Decimal("0.01")),))


@given(st.text(max_size=60))
def test_any_name_gives_one_line_that_is_read_back(name: str) -> None:
    content = written(
        Transaction(CodedName("4610", name), Decimal(1), ((Dim.PROJECT, CodedName("P1", name)),)),
        Transaction(DEBT, Decimal(-1)),
    )
    lines = content.split(b"\r\n")
    assert all(line.startswith((b"#", b"{", b"}", b"   #TRANS")) for line in lines if line)
    codes = {row[:2] for _number, row in reading.codes(BytesIO(content)).rows}
    assert codes == {("account", "4610"), ("account", "2990"), ("project", "P1")}


def test_what_people_write_is_read_as_they_meant_it() -> None:
    account = CodedName("4610", "Ø–Å — ”Žofia’s” … Łódź ‑ 5 € 😀")
    content = written(Transaction(account, Decimal(1)), Transaction(DEBT, Decimal(-1))).decode("cp437")
    assert '#KONTO 4610 "O-Å - \\"Zofia\'s\\" ... Lódz - 5 EUR ?"' in content
