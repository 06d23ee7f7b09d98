"""A file is compared with its register, applied in one transaction, and can be taken back."""

import json
from io import BytesIO

import openpyxl
import pytest

from agreements.models import Supplier
from audit.models import Entry
from catalog.models import Price, Synonym
from organizations.models import AccountingCode, Department
from registers.kinds import Conventions
from registers.models import ChangeKind, Import
from registers.operations.applying import (
    AlreadyApplied,
    NotApplied,
    RegisterHasChanged,
    apply_import,
    take_back_import,
)
from registers.operations.imports import ReadAgainAlready, Wishes, read_again, request_import, run_import
from registers.operations.leaving_out import leave_out
from registers.operations.rows import change_row
from registers.reading.headings import MissingKey
from registers.register import REGISTERS
from tests.cast import NOW, Cast
from tests.registers import files

DEPARTMENTS = "Ansvar;Namn;Förvaltning;Verksamhet\n"


def compared(register: str, text: str, *, is_complete: bool = False) -> Import:
    """A file that is read and compared."""
    upload = request_import(
        register=REGISTERS[register],
        file_name="fil.csv",
        content=BytesIO(text.encode()),
        by=None,
        at=NOW,
        is_complete=is_complete,
    )
    of_import = run_import(of_import=upload, at=NOW)
    assert of_import.error == ""
    return of_import


def kinds(of_import: Import) -> list[tuple[int, str]]:
    return [(change.row, change.kind) for change in of_import.changes.in_order()]


def test_a_new_key_may_be_a_number_that_is_the_id_of_another_row_of_the_file(cast: Cast) -> None:
    supplier = Supplier.objects.get(pk=cast.supplier.pk)
    head = "Organisationsnummer;Namn;E-post för beställningar\n"
    text = f"{head}{supplier.org_number};{supplier.name};{supplier.order_email}\n{supplier.pk};Ny AB;order@ny.example\n"
    assert [change.kind for change in compared("suppliers", text).changes.in_order()] == ["unchanged", "new"]


def row_of(department: Department, **changed: str) -> str:
    cells = {
        "cost_center": department.cost_center,
        "name": department.name,
        "administration": department.administration.code,
        "activity": department.activity.code,
    }
    return ";".join((cells | changed).values()) + "\n"


def test_a_file_is_a_difference(cast: Cast) -> None:
    text = (
        DEPARTMENTS
        + row_of(cast.ward)
        + row_of(cast.ward, cost_center="7777", name="Ny enhet")
        + row_of(cast.ward, cost_center="7778", administration="XX")
        + row_of(cast.ward, cost_center="7777", name="Igen")
        + row_of(cast.ward, cost_center="7779", name="")
    )
    of_import = compared("departments", text)
    assert kinds(of_import) == [
        (2, ChangeKind.UNCHANGED),
        (3, ChangeKind.NEW),
        (4, ChangeKind.REFUSED),
        (5, ChangeKind.REFUSED),
        (6, ChangeKind.REFUSED),
    ]
    columns = [change.column for change in of_import.changes.in_order()]
    assert columns == ["", "", "administration", "", "name"]


def test_what_a_file_says_is_written_at_once_and_taken_back(cast: Cast) -> None:
    text = (
        DEPARTMENTS
        + row_of(cast.ward, name="Nytt namn")
        + row_of(cast.ward, cost_center="7777", name="Ny enhet")
    )
    of_import = compared("departments", text)
    change = of_import.changes.get(kind=ChangeKind.CHANGED)
    assert change.before == {"name": cast.ward.name}
    before = cast.ward.name
    apply_import(of_import=of_import, by=None, at=NOW)
    cast.ward.refresh_from_db()
    assert cast.ward.name == "Nytt namn"
    department = Department.objects.get(cost_center="7777")
    assert (department.name, department.administration) == ("Ny enhet", cast.ward.administration)
    entry = Entry.objects.about(department).get()
    assert entry.details["after"]["name"] == "Ny enhet"
    with pytest.raises(AlreadyApplied):
        apply_import(of_import=of_import, by=None, at=NOW)
    assert kinds(compared("departments", text)) == [(2, ChangeKind.UNCHANGED), (3, ChangeKind.UNCHANGED)]
    take_back_import(of_import=of_import, by=None, at=NOW)
    cast.ward.refresh_from_db()
    assert cast.ward.name == before
    assert not Department.objects.filter(cost_center="7777").exists()


def test_a_register_that_has_changed_since_is_not_written(cast: Cast) -> None:
    of_import = compared("departments", DEPARTMENTS + row_of(cast.ward, name="Nytt namn"))
    change_row(
        register=REGISTERS["departments"], row_id=cast.ward.pk, cells={"name": "Annat"}, by=None, at=NOW
    )
    with pytest.raises(RegisterHasChanged):
        apply_import(of_import=of_import, by=None, at=NOW)
    cast.ward.refresh_from_db()
    assert cast.ward.name == "Annat"


def reasons(of_import: Import) -> list[tuple[int, str, str]]:
    changes = of_import.changes.filter(kind=ChangeKind.REFUSED).in_order()
    return [(change.row, change.column, json.loads(change.reason)["code"]) for change in changes]


def test_what_is_not_in_a_complete_file_is_taken_away_where_rows_do_not_end(cast: Cast) -> None:
    alone = Synonym.objects.create(term="handske", means="undersökningshandske")
    of_import = compared("synonyms", "Sökord;Betyder\nplåster;förband\n", is_complete=True)
    kinds_of = dict(of_import.changes.filter(row=0).values_list("subject_id", "kind"))
    assert kinds_of[alone.pk] == ChangeKind.REMOVED
    apply_import(of_import=of_import, by=None, at=NOW)
    assert not Synonym.objects.filter(pk=alone.pk).exists()
    assert Synonym.objects.filter(term="plåster").exists()
    entry = Entry.objects.about(alone).get()
    assert (entry.event, entry.details["before"]["term"]) == ("register.row_removed", "handske")
    take_back_import(of_import=of_import, by=None, at=NOW)
    alone.refresh_from_db()
    assert (alone.term, alone.means) == ("handske", "undersökningshandske")
    assert not Synonym.objects.filter(term="plåster").exists()


def test_what_something_refers_to_is_not_taken_away(cast: Cast) -> None:
    supplier_count = Supplier.objects.count()
    alone = Supplier.objects.create(name="Ensam AB", org_number="559999-0001", order_email="o@x.example")
    text = "Organisationsnummer;Namn;E-post för beställningar\n559999-0002;Ny AB;n@x.example\n"
    of_import = compared("suppliers", text, is_complete=True)
    ending = of_import.changes.filter(row=0)
    assert {change.subject_id for change in ending.filter(kind=ChangeKind.REMOVED)} == {alone.pk}
    changes = ending.filter(kind=ChangeKind.REFUSED)
    assert changes.count() == supplier_count
    assert {json.loads(change.reason)["code"] for change in changes} == {"register_still_referred_to"}


def test_what_ended_is_as_before_when_it_is_taken_back(cast: Cast) -> None:
    AccountingCode.objects.create(dimension="project", code="900", name="Ett")
    text = "Dimension;Kod;Namn\nprojekt;901;Två\n"
    of_import = compared("accounting_codes", text, is_complete=True)
    apply_import(of_import=of_import, by=None, at=NOW)
    assert AccountingCode.objects.get(code="900").closed_date == NOW.date()
    take_back_import(of_import=of_import, by=None, at=NOW)
    assert AccountingCode.objects.get(code="900").closed_date is None
    assert not AccountingCode.objects.filter(code="901").exists()
    with pytest.raises(NotApplied):
        take_back_import(of_import=of_import, by=None, at=NOW)


def test_a_file_whose_keys_cannot_be_read_ends_nothing(cast: Cast) -> None:
    AccountingCode.objects.create(dimension="project", code="900", name="Ett")
    text = "Dimension;Kod;Namn\nprojekt;" + "9" * 20 + ";Två\n"
    of_import = compared("accounting_codes", text, is_complete=True)
    assert kinds(of_import) == [(2, ChangeKind.REFUSED)]


def test_a_new_period_ends_the_one_before_and_gives_it_back(cast: Cast) -> None:
    price = Price.objects.filter(valid_during__endswith=None, valid_during__startswith__lt=NOW.date()).first()
    assert price is not None
    assert price.agreement is not None
    text = (
        "Artikelnummer;Avtalsnummer;Leverantör;Pris;Från och med\n"
        f"{price.item.number};{price.agreement.number};{price.supplier.org_number};99,50;{NOW.date()}\n"
    )
    of_import = compared("prices", text)
    assert kinds(of_import) == [(2, ChangeKind.NEW)]
    apply_import(of_import=of_import, by=None, at=NOW)
    before = price.valid_during
    price.refresh_from_db()
    assert price.valid_during.upper == NOW.date()
    assert Entry.objects.about(price).get().event == "register.row_ended"
    take_back_import(of_import=of_import, by=None, at=NOW)
    price.refresh_from_db()
    assert price.valid_during == before


def test_rows_that_would_be_refused_are_known_before(cast: Cast) -> None:
    text = "Dimension;Kod;Namn;Stängd från\nprojekt;900;Ett;2026-01-01\nprojekt;901;Två;\n"
    assert reasons(compared("accounting_codes", text)) == []
    price = Price.objects.filter(agreement__isnull=False).first()
    other = Supplier.objects.exclude(pk=price.supplier_id).first() if price else None
    assert price is not None
    assert price.agreement is not None
    assert other is not None
    text = (
        "Artikelnummer;Avtalsnummer;Leverantör;Pris;Från och med\n"
        f"{price.item.number};{price.agreement.number};{other.org_number};99,50;2040-01-01\n"
        f"{price.item.number};{price.agreement.number};{price.supplier.org_number};99,50;2041-01-01\n"
    )
    of_import = compared("prices", text)
    assert reasons(of_import) == [(2, "supplier", "price_of_another_supplier")]
    assert kinds(of_import)[-1] == (3, ChangeKind.NEW)
    assert not Price.objects.filter(valid_during__startswith__year__gte=2040).exists()


def test_numbers_and_days_of_two_readings_are_asked_about(cast: Cast) -> None:
    text = "Dimension;Kod;Namn;Stängd från\nprojekt;900;Ett;03/04/2027\nprojekt;901;Två;25/04/2027\n"
    of_import = compared("accounting_codes", text)
    assert reasons(of_import) == [(2, "closed_date", "value_ambiguous_day")]
    leave_out(of_import=of_import, ids=[of_import.changes.get(row=3).pk], by=None, at=NOW)
    again = read_again(
        of_import=of_import, wishes=Wishes(conventions=Conventions(day_order="dmy")), by=None, at=NOW
    )
    run_import(of_import=again, at=NOW)
    assert [change.values["closed_date"] for change in again.changes.in_order()] == [
        "2027-04-03",
        "2027-04-25",
    ]
    assert [change.is_left_out for change in again.changes.in_order()] == [False, True]
    with pytest.raises(ReadAgainAlready):
        apply_import(of_import=of_import, by=None, at=NOW)
    with pytest.raises(ReadAgainAlready):
        read_again(of_import=of_import, by=None, at=NOW)


def test_a_heading_that_somebody_has_told_of_is_remembered(cast: Cast) -> None:
    text = "Kst;Namn;Förvaltning;Verksamhet\n" + row_of(cast.ward)
    upload = request_import(
        register=REGISTERS["departments"], file_name="a.csv", content=BytesIO(text.encode()), by=None, at=NOW
    )
    assert (upload.status, json.loads(upload.error)["code"]) == ("failed", "register_missing_key")
    with pytest.raises(MissingKey):
        read_again(of_import=upload, by=None, at=NOW)
    again = read_again(of_import=upload, wishes=Wishes(said={"Kst": "cost_center"}), by=None, at=NOW)
    assert kinds(run_import(of_import=again, at=NOW)) == [(2, ChangeKind.UNCHANGED)]
    assert kinds(compared("departments", text)) == [(2, ChangeKind.UNCHANGED)]


def test_rows_that_are_left_out_are_not_written(cast: Cast) -> None:
    text = (
        DEPARTMENTS + row_of(cast.ward, name="Nytt") + row_of(cast.ward, cost_center="7777", name="Ny enhet")
    )
    of_import = compared("departments", text)
    leave_out(of_import=of_import, kind=ChangeKind.NEW, by=None, at=NOW)
    assert of_import.counts()["new"] == 0
    leave_out(of_import=of_import, ids=[of_import.changes.get(row=3).pk], is_left_out=False, by=None, at=NOW)
    leave_out(of_import=of_import, ids=[of_import.changes.get(row=2).pk], by=None, at=NOW)
    apply_import(of_import=of_import, by=None, at=NOW)
    before = cast.ward.name
    cast.ward.refresh_from_db()
    assert cast.ward.name == before
    assert Department.objects.filter(cost_center="7777").exists()
    with pytest.raises(AlreadyApplied):
        leave_out(of_import=of_import, kind=ChangeKind.NEW, by=None, at=NOW)


def test_sheets_with_other_headings_and_cells_without_one_are_told(cast: Cast) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    row = row_of(cast.ward, cost_center="7777", name="Ny").strip().split(";")
    heads = DEPARTMENTS.strip().split(";")
    for each in (heads, row, [*row, "x"]):
        sheet.append(each)
    second = book.create_sheet("Fler")
    for each in (heads, ["7778", *row[1:]]):
        second.append(each)
    third = book.create_sheet("Annat")
    third.append(["Kod", "Namn"])
    third.append(["1", "x"])
    upload = request_import(
        register=REGISTERS["departments"],
        file_name="a.xlsx",
        content=BytesIO(files.saved(book)),
        by=None,
        at=NOW,
    )
    of_import = run_import(of_import=upload, at=NOW)
    rows = [(change.sheet, change.row, change.kind) for change in of_import.changes.in_order()]
    assert rows == [("Fler", 2, "new"), ("Sheet", 2, "new"), ("Sheet", 3, "refused")]
    assert reasons(of_import) == [(3, "", "register_cells_without_heading")]
    assert [json.loads(text)["code"] for text in of_import.left_out] == ["register_sheet_with_other_headings"]


def test_a_sie_file_is_the_coding_string(cast: Cast) -> None:
    content = '#FLAGGA 0\n#KONTO 5010 "Lokalhyra"\n#DIM 6 "Projekt"\n#OBJEKT 6 "47" "Ombyggnad å"\n'
    upload = request_import(
        register=REGISTERS["accounting_codes"],
        file_name="plan.se",
        content=BytesIO(content.encode("cp437")),
        by=None,
        at=NOW,
    )
    of_import = run_import(of_import=upload, at=NOW)
    apply_import(of_import=of_import, by=None, at=NOW)
    assert AccountingCode.objects.get(code="47").name == "Ombyggnad å"
    second_upload = request_import(
        register=REGISTERS["administrations"],
        file_name="plan.se",
        content=BytesIO(content.encode("cp437")),
        by=None,
        at=NOW,
    )
    assert second_upload.status == "failed"
