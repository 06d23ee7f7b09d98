"""A file is compared with its register, applied in one transaction, and can be taken back."""

from io import BytesIO

import pytest

from audit.models import Entry
from organizations.models import Department
from registers.models import ChangeKind, Import
from registers.operations.applying import AlreadyApplied, RegisterHasChanged, apply_import, take_back_import
from registers.operations.imports import request_import, run_import
from registers.operations.rows import change_row
from registers.register import REGISTERS
from tests.cast import NOW, Cast

DEPARTMENTS = "Ansvar;Namn;Förvaltning;Verksamhet\n"


def compared(register: str, text: str, *, is_complete: bool = False) -> Import:
    """A file that is read and compared."""
    made = request_import(
        register=REGISTERS[register],
        file_name="fil.csv",
        content=BytesIO(text.encode()),
        by=None,
        at=NOW,
        is_complete=is_complete,
    )
    done = run_import(of_import=made, at=NOW)
    assert done.error == ""
    return done


def kinds(of_import: Import) -> list[tuple[int, str]]:
    return [(change.row, change.kind) for change in of_import.changes.in_order()]


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
    made = Department.objects.get(cost_center="7777")
    assert (made.name, made.administration) == ("Ny enhet", cast.ward.administration)
    entry = Entry.objects.about(made).get()
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
