"""Bringing in order lines: who may, once only, and every refused row with its reason."""

import gzip
import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from config.cleaning import clean
from core.errors import NotPermitted
from core.models import Forgotten
from core.work import WorkStatus
from history.models import PriceComparison, PurchaseHistoryLine
from history.price_savings import price_savings
from registers.ledgers import SourceMissing, SourceUnknownHere
from registers.models import Change, Import
from registers.operations import applying
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.operations.rows import add_row, change_row, remove_row
from registers.reading import text
from registers.register import REGISTERS, WrittenByFiles
from tests.cast import NOW, Cast
from tests.history.scms_files import (
    DESCRIPTION,
    EXTRACT,
    GOOD,
    ID,
    PRICE,
    QUANTITY,
    VENDOR,
    brought_in,
    compared,
    handed_in,
    table,
)
from tests.pages import signed_in
from tests.races import race
from tests.registers import files

PURCHASES = "purchases"


def counts(this: Import) -> tuple[int, int, int]:
    """New, there already, and refused."""
    count_by_kind = this.counts()
    return count_by_kind["new"], count_by_kind["unchanged"], count_by_kind["refused"]


def refused(this: Import) -> list[tuple[int, str, str]]:
    rows = this.changes.filter(kind="refused").in_order()
    return [(change.row, change.column, change.sentence) for change in rows]


def test_a_file_is_kept_with_its_source_and_recorded(cast: Cast) -> None:
    content = gzip.compress(table({}).encode())
    of_import = handed_in(content, cast.controller)
    of_import.refresh_from_db()
    assert of_import.file.open().read() == content
    assert (of_import.status, of_import.requested_by, of_import.source) == (
        WorkStatus.QUEUED,
        cast.controller,
        "scms",
    )
    entry = Entry.objects.about(of_import).get()
    assert (entry.event, entry.details["sha256"]) == ("register.import_requested", of_import.file.sha256)


@pytest.mark.parametrize("who", ["requester", "manager", "head", "auditor", "administrator", "budget_holder"])
def test_files_are_for_finance(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        handed_in(table({}).encode(), getattr(cast, who))
    of_import = compared(table({}).encode(), cast.controller)
    with pytest.raises(NotPermitted):
        apply_import(of_import=of_import, by=getattr(cast, who), at=NOW)
    assert not PurchaseHistoryLine.objects.exists()


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", text.EmptyFile), (b"\x1f\x8bcut", text.BrokenArchive), (b"a\x00b", text.NotText)],
)
def test_a_bad_file_is_refused_and_nothing_kept(cast: Cast, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        handed_in(content, cast.controller)
    assert not Import.objects.exists()
    assert not Entry.objects.exists()


def test_the_source_must_be_said_where_it_is_kept_and_nowhere_else(cast: Cast) -> None:
    with pytest.raises(SourceMissing):
        handed_in(table({}).encode(), cast.controller, source=" ")
    with pytest.raises(SourceUnknownHere):
        request_import(
            register=REGISTERS["departments"], file_name="x.csv", content=BytesIO(b"Ansvar\n1\n"), source="scms",
            by=cast.administrator, at=NOW,
        )  # fmt: skip
    handed_in(table({}).encode(), cast.controller, source="Raindance")
    for source, expected in (
        ("SCMS-leveranshistorik", "scms"),
        (" Scms", "scms"),
        ("RAINDANCE", "Raindance"),
    ):
        assert handed_in(table({}).encode(), cast.controller, source=source).source == expected


def test_every_line_comes_in(db: None) -> None:
    of_import = brought_in(EXTRACT.read_bytes())
    assert (of_import.status, of_import.done, of_import.total, counts(of_import)) == (
        WorkStatus.DONE,
        21,
        21,
        (21, 0, 0),
    )
    line = PurchaseHistoryLine.objects.get(external_id="10868")
    assert (line.source, line.currency, line.unit, line.department_name) == (
        "scms",
        "USD",
        "pack",
        "Côte d'Ivoire",
    )
    assert (line.category_name, line.of_import) == ("HRDT / HIV test", of_import)
    assert line.item_key == "hiv, genie ii hiv-1/hiv-2 kit, 40 tests"
    assert (line.quantity, line.unit_price, line.amount) == (615, 76, 46740)
    assert line.note.startswith("Weight (Kilograms): See DN-356 (ID#:10867)")
    entry = Entry.objects.about(of_import).get(event="register.import_applied")
    assert entry.details["counts"]["new"] == 21
    assert Entry.objects.count() == 3  # the file's own: no line has one
    assert price_savings(source="scms").total.lines == 11
    assert PriceComparison.objects.current("scms").exists()


def test_nothing_is_in_the_history_before_it_is_applied(db: None) -> None:
    of_import = compared(EXTRACT.read_bytes())
    assert counts(of_import) == (21, 0, 0)
    assert not PurchaseHistoryLine.objects.exists()


def test_the_same_file_again_changes_nothing(db: None) -> None:
    brought_in(EXTRACT.read_bytes())
    rows = list(PurchaseHistoryLine.objects.order_by("pk").values())
    assert counts(brought_in(EXTRACT.read_bytes())) == (0, 21, 0)
    assert list(PurchaseHistoryLine.objects.order_by("pk").values()) == rows


def test_a_half_broken_file_loses_its_broken_rows_only(db: None) -> None:
    of_import = brought_in(table({}, {QUANTITY: "många"}, {VENDOR: ""}, {}).encode())
    assert counts(of_import) == (2, 0, 2)
    assert [row[:2] for row in refused(of_import)] == [(3, "quantity"), (4, "supplier_name")]
    assert list(PurchaseHistoryLine.objects.order_by("pk").values_list("import_row", flat=True)) == [2, 5]


def test_a_known_line_with_other_facts_is_refused(db: None) -> None:
    brought_in(table({}).encode())
    of_import = brought_in(table({PRICE: "30"}).encode())
    assert refused(of_import) == [(2, "", "Raden finns redan, men med andra uppgifter.")]
    assert PurchaseHistoryLine.objects.get().unit_price == 29


def test_what_is_spelled_in_another_way_is_the_same_line(db: None) -> None:
    brought_in(table({}).encode())
    of_import = compared(table({DESCRIPTION: f"#7** {GOOD[DESCRIPTION].upper()}"}).encode())
    assert counts(of_import) == (0, 1, 0)


def test_the_same_id_twice_in_a_file_is_refused(db: None) -> None:
    of_import = brought_in(table({ID: "7"}, {QUANTITY: "x", ID: "8"}, {ID: "7"}, {ID: "8"}).encode())
    assert refused(of_import)[1] == (4, "", "Samma rad finns redan på rad 2 i filen.")
    assert list(PurchaseHistoryLine.objects.order_by("pk").values_list("import_row", flat=True)) == [2, 5]


def test_the_same_id_of_another_source_is_another_line(db: None) -> None:
    brought_in(table({}).encode())
    brought_in(b"ID;Datum;Ben\xc3\xa4mning;Antal;Pris;Enhet;Kategori;Leverant\xc3\xb6r\n"
               b"1;2026-05-02;Handske;2,5;1 012,50;Medicin;Handskar;Abena\n", source="Raindance")  # fmt: skip
    line = PurchaseHistoryLine.objects.get(source="Raindance")
    assert (line.external_id, line.delivered_date, line.currency) == ("1", date(2026, 5, 2), "SEK")
    assert (line.quantity, line.unit_price, line.amount) == (2.5, 1012.5, 2531.25)


def test_a_workbook_of_purchases_is_the_same_table(db: None) -> None:
    rows: list[list[Any]] = [
        ["Transaktion", "Datum", "Benämning", "Antal", "Pris", "Enhet", "Kategori", "Leverantör"],
        ["00017", date(2026, 5, 2), "Handske", 2.5, 1012.5, "Medicin", "Handskar", "Abena"],
    ]
    for content in (files.xlsx(rows), files.ods_of(rows)):
        (change,) = compared(content, source="Raindance").changes.all()
        values = {
            name: change.values[name] for name in ("external_id", "delivered_date", "quantity", "amount")
        }
        assert (change.kind, values) == (
            "new",
            {"external_id": "00017", "delivered_date": "2026-05-02", "quantity": "2.5", "amount": "2531.25"},
        )


def test_a_line_that_is_known_to_the_registers_keeps_what_they_said_that_day(cast: Cast) -> None:
    item, ward = cast.gloves, cast.ward
    rows = (
        "Transaktion;Datum;Benämning;Antal;Pris;Kostnadsställe;Kategorikod;Organisationsnummer;Artikelnummer\n"
        f"1;2026-05-02;Handske;2;90;{ward.cost_center};{item.category.code};{cast.supplier.org_number};{item.number}\n"
        "2;2026-05-02;Handske;2;90;999999;10;;\n"
        f"3;2026-05-02;Handske;2;90;{ward.cost_center};{item.category.code};;\n"
    )
    of_import = brought_in(rows.encode(), cast.controller, source="Raindance")
    assert [row[:2] for row in refused(of_import)] == [(3, "supplier_name"), (4, "supplier_name")]
    line = PurchaseHistoryLine.objects.get()
    assert (line.department, line.department_name, line.cost_center) == (ward, ward.name, ward.cost_center)
    assert (line.category_name, line.supplier_name) == (item.category.name, cast.supplier.name)
    assert (line.item, line.units_per_order_unit) == (item, item.units_per_order_unit)
    assert counts(compared(rows.encode(), cast.controller, source="Raindance")) == (0, 1, 2)


def test_refused_rows_come_as_a_file_that_can_be_mended(cast: Cast) -> None:
    of_import = brought_in(table({}, {QUANTITY: "många"}).encode(), cast.controller)
    page = signed_in(cast.controller).get(f"/inlasta-register/{of_import.pk}/avvisade/")
    mended = page.getvalue().decode().replace("många", "20")
    assert counts(brought_in(mended.encode(), cast.controller)) == (1, 0, 0)
    line = PurchaseHistoryLine.objects.latest("pk")
    assert (line.quantity, line.category_name, line.unit_price) == (20, "HRDT / HIV test", 29)
    assert line.note == "Radvärdet är inte antal × pris, 580,00"


def test_nobody_writes_a_line_by_hand(cast: Cast) -> None:
    brought_in(table({}).encode())
    register, line = REGISTERS[PURCHASES], PurchaseHistoryLine.objects.get()
    with pytest.raises(WrittenByFiles):
        add_row(register=register, cells={}, by=cast.controller, at=NOW)
    with pytest.raises(WrittenByFiles):
        change_row(register=register, row_id=line.pk, cells={"amount": "1"}, by=cast.controller, at=NOW)
    with pytest.raises(WrittenByFiles):
        remove_row(register=register, row_id=line.pk, by=cast.controller, at=NOW)


def test_a_complete_file_ends_nothing(db: None) -> None:
    brought_in(table({}, {}).encode())
    of_import = request_import(
        register=REGISTERS[PURCHASES], file_name="x.csv", content=BytesIO(table({}).encode()), source="scms",
        is_complete=True, by=None, at=NOW,
    )  # fmt: skip
    assert counts(run_import(of_import=of_import, at=NOW)) == (0, 1, 0)
    assert of_import.counts()["removed"] == 0


def test_old_files_and_differences_are_forgotten_and_the_lines_stay(db: None) -> None:
    of_import = brought_in(table({}, {QUANTITY: "x"}).encode())
    clean(at=NOW + timedelta(days=89))
    assert of_import.changes.count() == 2
    clean(at=NOW + timedelta(days=91))
    of_import.refresh_from_db()
    assert of_import.forgotten_at is not None
    assert not Change.objects.exists()
    assert PurchaseHistoryLine.objects.get().of_import == of_import
    assert len(of_import.file.sha256) == 64
    with pytest.raises(Forgotten):
        of_import.file.open().read()


def test_comparing_and_applying_take_few_queries(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    of_import = handed_in(table(*[{}] * 4000).encode())
    with django_assert_max_num_queries(45):
        run_import(of_import=of_import, at=NOW)
    with django_assert_max_num_queries(41):
        apply_import(of_import=of_import, by=None, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_bring_in_each_line_once() -> None:
    content = table(*[{}] * 200).encode()
    first, second = compared(content), compared(content)
    outcome = race(
        lambda: apply_import(of_import=first, by=None, at=NOW),
        lambda: apply_import(of_import=second, by=None, at=NOW),
    )
    assert PurchaseHistoryLine.objects.count() == 200
    (late,) = [error for error in outcome if isinstance(error, Exception)]
    assert isinstance(late, applying.RegisterHasChanged)


def test_command_says_what_became_of_the_rows(
    db: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "rader.csv"
    path.write_bytes(table({}, {PRICE: "gratis"}).encode())
    with pytest.raises(SystemExit) as ended:
        call_command("import_purchases", str(path))
    output = capsys.readouterr().out
    assert ended.value.code == 3
    assert "new: 1\n" in output
    assert "refused: 1\n" in output
    assert "row 3 unit_price: “gratis” is not a number." in output
    with pytest.raises(SystemExit):
        call_command(
            "import_register", PURCHASES, str(path), "--source", "scms", "--apply", "--output", "json"
        )
    answer = json.loads(capsys.readouterr().out)
    assert (answer["source"], answer["counts"]["unchanged"], answer["counts"]["refused"]) == ("scms", 1, 1)


@pytest.mark.parametrize("content", [None, b"", b"\x1f\x8bcut"])
def test_command_refuses_a_bad_file_in_one_sentence(db: None, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "rader.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match="The file"):
        call_command("import_purchases", str(path))
