"""Bringing in a ledger: tables and SIE files by the ordinary import, once only, and taken back."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import NotPermitted
from registers.models import HeadingMemory
from registers.operations.applying import apply_import, take_back_import
from spend.models import BookedCost, Meaning
from spend.operations.meanings import decide_meaning
from tests.cast import NOW, Cast
from tests.long import LONG
from tests.registers import files
from tests.shared import shared, unpacked
from tests.spend.ledgers import SOURCE, brought_in, compared, counts, refused, table

SMALL = Path(__file__).parent / "data" / "small_cp437.se"
"""Of our own making: two vouchers in CP437, one of them with objects, text and an added transaction."""

pytestmark = pytest.mark.usefixtures("cast")


def test_a_table_comes_in_with_its_department_and_supplier(cast: Cast) -> None:
    brought_in(
        table(
            {
                "Kostnadsställe": cast.ward.cost_center,
                "Organisationsnummer": "5560160680",
                "Leverantör": "Karl  AB",
            },
            {"Kostnadsställe": "9999", "Leverantör": "Kalles Bygg & Måleri AB", "Belopp": "-12,50"},
        ),
        cast.controller,
    )
    ours, unknown = BookedCost.objects.order_by("number")
    assert (ours.department, ours.department_name) == (cast.ward, cast.ward.name)
    assert (ours.administration, ours.administration_name) == (cast.administration, cast.administration.name)
    assert (ours.supplier_number, ours.supplier_key, ours.supplier_name) == (
        "556016-0680",
        "556016-0680",
        "Karl AB",
    )
    assert (unknown.department, unknown.administration, unknown.cost_center) == (None, None, "9999")
    assert (unknown.amount, unknown.supplier_key) == (Decimal("-12.50"), "kalles bygg och måleri")


def test_only_finance_brings_in_a_ledger(cast: Cast) -> None:
    for person in (cast.head, cast.auditor, cast.manager, cast.administrator, cast.requester):
        with pytest.raises(NotPermitted):
            compared(table({}), person)


def test_what_came_before_comes_once_and_what_differs_is_refused(cast: Cast) -> None:
    brought_in(table({}, {}), cast.controller)
    again = compared(table({}, {"Belopp": "101"}, {}), cast.controller)
    assert counts(again) == (1, 1, 1)
    assert refused(again) == [(3, "Raden finns redan, men med andra uppgifter.")]


def test_rows_without_numbers_are_told_apart_by_what_they_say(cast: Cast) -> None:
    """Two invoices of the same day for the same sum are two; the same file again is nothing new, nor a longer one but for its end."""
    twice = [{"Radens nummer": ""}, {"Radens nummer": ""}, {"Radens nummer": "", "Belopp": "7"}]
    brought_in(table(*twice), cast.controller)
    assert sum(BookedCost.objects.values_list("amount", flat=True)) == Decimal(207)
    assert counts(compared(table(*twice), cast.controller)) == (0, 3, 0)
    longer = compared(table({"Radens nummer": ""}, *twice), cast.controller)
    assert counts(longer) == (1, 3, 0)


def test_amount_follows_of_quantity_and_price_and_is_refused_without(cast: Cast) -> None:
    head = "Verifikation;Bokförd;Konto;Antal;Pris\n"
    this = brought_in(f"{head}1;2021-01-02;4010;3;2,335\n2;2021-01-02;4010;3;\n".encode(), cast.controller)
    assert [row.amount for row in BookedCost.objects.all()] == [Decimal("7.01")]
    assert refused(this) == [(3, "Raden saknar belopp. Ange belopp, eller antal och pris.")]


def test_headings_are_matched_once_and_remembered_for_the_source(cast: Cast) -> None:
    content = b"Ver;Dag;Kto;Summa\nA1;2021-01-02;4010;5\n"
    headings = {"Dag": "booked_date", "Kto": "account", "Summa": "amount"}
    assert counts(compared(content, cast.controller, said=headings)) == (1, 0, 0)
    assert HeadingMemory.objects.filter(register_name="booked_costs", source=SOURCE).count() == 3
    assert counts(compared(content, cast.controller)) == (1, 0, 0)
    assert counts(compared(content, cast.controller, source="agresso"))[0] == 0


def test_a_workbook_comes_in_as_a_table_does(cast: Cast) -> None:
    rows: list[list[Any]] = [
        ["Verifikation", "Bokförd", "Konto", "Belopp"],
        ["A1", date(2021, 1, 2), 4010, 12.5],
    ]
    brought_in(files.xlsx(rows), cast.controller, name="reskontra.xlsx")
    (row,) = BookedCost.objects.all()
    assert (row.booked_date, row.account, row.amount) == (date(2021, 1, 2), "4010", Decimal("12.50"))


def test_a_sie_file_comes_in_by_its_transactions(cast: Cast) -> None:
    this = brought_in(SMALL.read_bytes(), cast.controller, name=SMALL.name)
    assert counts(this) == (5, 0, 0)
    assert list(
        BookedCost.objects.order_by("import_row").values_list(
            "voucher",
            "booked_date",
            "account",
            "account_name",
            "cost_center",
            "project",
            "supplier_name",
            "text",
            "amount",
        )
    ) == [
        (
            "A 1",
            date(2021, 1, 15),
            "4010",
            "Förbrukningsmaterial",
            "1110",
            "47",
            "Åhléns Öst",
            "Plåster",
            Decimal("80.00"),
        ),
        (
            "A 1",
            date(2021, 1, 15),
            "2641",
            "Ingående moms",
            "",
            "",
            "",
            "Faktura från Åhléns",
            Decimal("20.00"),
        ),
        (
            "A 1",
            date(2021, 1, 15),
            "2440",
            "Leverantörsskulder",
            "",
            "",
            "",
            "Faktura från Åhléns",
            Decimal("-100.00"),
        ),
        ("A 2", date(2021, 2, 3), "5010", "Lokalhyra", "1120", "", "", 'Hyra "norr"', Decimal("50.00")),
        ("A 2", date(2021, 2, 3), "1930", "Bank", "", "", "", "Hyra", Decimal("-50.00")),
    ]
    assert counts(compared(SMALL.read_bytes(), cast.controller, name=SMALL.name)) == (0, 5, 0)


def test_an_import_is_taken_back_and_nothing_else_goes(cast: Cast) -> None:
    this = brought_in(table({}, {}), cast.controller)
    with pytest.raises(IntegrityError), transaction.atomic():
        BookedCost.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        BookedCost.objects.update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE spend_bookedcost")
    take_back_import(of_import=this, by=cast.controller, at=NOW)
    assert not BookedCost.objects.exists()
    assert counts(brought_in(table({}, {}), cast.controller)) == (2, 0, 0)


def test_accounts_that_are_left_out_never_come_in(cast: Cast) -> None:
    """Nothing of such a row is kept, neither here nor in what was compared; the page says how many there were."""
    decide_meaning(
        source=SOURCE,
        first_account="7000",
        last_account="7999",
        meaning=Meaning.LEFT_OUT,
        by=cast.controller,
        at=NOW,
    )
    this = brought_in(
        table({"Konto": "7210", "Text": "Lön Anna"}, {}, {"Konto": "7999", "Text": "Lön Bo"}), cast.controller
    )
    assert counts(this) == (1, 0, 0)
    assert (this.total, this.done, this.not_read) == (
        1,
        1,
        ["Antal rader som inte lästes, för att de är av slag som inte tas in: 2."],
    )
    assert [row.account for row in BookedCost.objects.all()] == ["4010"]
    assert not any("Lön" in str(change.values) for change in this.changes.all())


UCI = {
    "InvoiceNo": "voucher",
    "InvoiceDate": "booked_date",
    "Quantity": "quantity",
    "UnitPrice": "unit_price",
}
UCI |= {"Description": "text", "StockCode": "project", "CustomerID": "", "Country": ""}


@pytest.mark.timeout(900 if LONG else 120)
def test_a_wholesalers_order_lines_come_in_with_cancellations_and_duplicates(cast: Cast) -> None:
    """The first 5 000 lines (all 541 909 when LONG=1), against a plain sum of quantity times price."""
    content = unpacked("orders/uci_online_retail.csv.zst")
    if not LONG:
        content = b"".join(content.splitlines(keepends=True)[:5001])
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
    this = compared(content, cast.controller, source="uci", said=UCI, constants={"currency": "GBP"})
    new, unchanged, not_taken = counts(this)
    assert (unchanged, new + not_taken) == (0, len(lines))
    assert not_taken == 0, refused(this)[:5]
    apply_import(of_import=this, by=cast.controller, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(amount), count(*) FILTER (WHERE amount < 0) FROM spend_bookedcost"
        )
        count, total, cancelled = cursor.fetchone()
    expected = list(_amounts(lines))
    assert (count, total, cancelled) == (len(lines), sum(expected), sum(amount < 0 for amount in expected))


def _amounts(lines: list[dict[str, str]]) -> Iterator[Decimal]:
    for line in lines:
        exact = Decimal(line["Quantity"]) * Decimal(line["UnitPrice"])
        yield exact.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def test_contracts_without_amounts_are_no_ledger(cast: Cast) -> None:
    """Upphandlingsmyndigheten's contracts tell who has won what, and not for how much: every row says what is missing."""
    content = shared("spend/region_contracts_2021.csv").read_bytes()
    headings = {
        "Publiceringsdatum": "booked_date",
        "Upphandlingens titel": "text",
        "Namn för leverantör": "supplier_name",
        "Upphandlings-ID": "voucher",
    }
    this = compared(content, cast.controller, source="uhm", said=headings)
    assert counts(this) == (0, 0, 4062)
    assert {sentence for _row, sentence in refused(this)} == {
        "Raden saknar belopp. Ange belopp, eller antal och pris."
    }
    with_amount = compared(content, cast.controller, source="uhm", said=headings, constants={"amount": "0"})
    assert counts(with_amount) == (4062, 0, 0)
