"""Two imports at once, and an import while somebody writes on a page: each is whole, or is told what has happened."""

from functools import partial

import pytest

from core.transactions import Busy
from organizations.models import Department
from registers.models import ChangeKind
from registers.operations.applying import (
    AlreadyApplied,
    RegisterHasChanged,
    UnderWay,
    apply_import,
    request_application,
)
from registers.operations.imports import ReadAgainAlready, read_again
from registers.operations.rows import add_row
from registers.register import REGISTERS
from tests.cast import NOW, Cast
from tests.races import race
from tests.registers.test_files import DEPARTMENTS, compared, row_of

pytestmark = pytest.mark.django_db(transaction=True)


def names(outcomes: list[object]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def many(cast: Cast, name: str, count: int = 50) -> str:
    return DEPARTMENTS + "".join(
        row_of(cast.ward, cost_center=f"77{number:02d}", name=f"{name} {number}") for number in range(count)
    )


def test_two_imports_at_once_write_one_after_the_other(cast: Cast) -> None:
    first, second = (compared("departments", many(cast, name)) for name in ("Ett", "Två"))
    acts = [partial(apply_import, of_import=each, by=None, at=NOW) for each in (first, second)]
    outcomes = race(*acts)
    assert names(outcomes) == ["Import", "RegisterHasChanged"]
    department_names = Department.objects.filter(cost_center__startswith="77").values_list("name", flat=True)
    assert len(department_names) == 50
    assert len({name.split()[0] for name in department_names}) == 1


def test_the_same_import_is_applied_once(cast: Cast) -> None:
    of_import = compared("departments", many(cast, "Ett"))
    outcomes = race(*[partial(apply_import, of_import=of_import, by=None, at=NOW)] * 2)
    assert names(outcomes) == ["AlreadyApplied", "Import"]
    assert any(isinstance(each, AlreadyApplied) for each in outcomes)


def test_it_is_asked_for_once(cast: Cast) -> None:
    of_import = compared("departments", many(cast, "Ett"))
    outcomes = race(*[partial(request_application, of_import=of_import, by=None, at=NOW)] * 2)
    assert names(outcomes) == ["Application", "UnderWay"]
    assert any(isinstance(each, UnderWay) for each in outcomes)


def test_it_is_read_again_once(cast: Cast) -> None:
    of_import = compared("departments", many(cast, "Ett"))
    outcomes = race(*[partial(read_again, of_import=of_import, by=None, at=NOW)] * 2)
    assert names(outcomes) == ["Import", "ReadAgainAlready"]
    assert any(isinstance(each, ReadAgainAlready) for each in outcomes)


def test_an_import_while_somebody_writes_the_same_row_on_a_page(cast: Cast) -> None:
    of_import = compared("departments", many(cast, "Ur filen"))
    cells = {
        "cost_center": "7725",
        "name": "På sidan",
        "administration": cast.ward.administration.code,
        "activity": cast.ward.activity.code,
    }
    by_file, by_page = race(
        partial(apply_import, of_import=of_import, by=None, at=NOW),
        partial(add_row, register=REGISTERS["departments"], cells=cells, by=None, at=NOW),
    )
    assert not isinstance(by_page, Busy)
    departments = Department.objects.filter(cost_center__startswith="77")
    if isinstance(by_page, int):
        assert isinstance(by_file, RegisterHasChanged)
        assert [department.name for department in departments] == ["På sidan"]
    else:
        assert departments.count() == 50
        assert departments.get(cost_center="7725").name == "Ur filen 25"
    of_import.refresh_from_db()
    assert not of_import.changes.filter(kind=ChangeKind.READ).exists()
