"""A row is written, and refused, by the same operation on the page and through the API."""

import json
from html import escape
from typing import Any

import pytest
from django.db import transaction

from audit.models import Entry
from organizations.models import User
from registers.register import REGISTERS
from tests.api.clients import Program
from tests.cast import Cast
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")

ADDED = [
    ("administrator", "administrations", {"code": "ZZ", "name": "Ny", "authority": "212000-0803"}),
    ("administrator", "people", {"email": "ny@gotland.example", "first_name": "Ny", "last_name": "Ek", "is_active": "true"}),
    ("administrator", "department_changes", {"cost_center": "2140", "from_date": "2022-01-01", "name": "Medicin", "status": "planned"}),
    ("administrator", "department_changes", {"cost_center": "2140", "from_date": "2022-01-01", "into": "3310", "status": "planned"}),
    ("administrator", "administration_changes", {"code": "HSF", "from_date": "2022-01-01", "name": "Hälsa", "status": "planned"}),
    ("head", "category_changes", {"category": "10.1", "from_date": "2022-01-01", "name": "Handskar och mer", "status": "planned"}),
    ("head", "departures", {"email": "oskar.lindahl@gotland.example", "last_date": "2021-12-31", "successor": "elin.bergvall@gotland.example", "status": "planned"}),
    ("controller", "accounting_codes", {"dimension": "account", "code": "4711", "name": "Nytt konto"}),
    ("head", "suppliers", {"org_number": "556000-0998", "name": "Ny AB", "order_email": "order@ny.example", "code_of_conduct": "not_started"}),
    ("manager", "synonyms", {"term": "plasthandske", "means": "handske"}),
]  # fmt: skip
REFUSED = [
    ("administrator", "administrations", {"code": "ZZ", "name": "Ny", "authority": "1"}, "authority"),
    ("administrator", "people", {"email": "ny", "first_name": "Ny", "last_name": "Ek"}, "email"),
    ("administrator", "departments", {"cost_center": "2140", "name": "x" * 101, "administration": "HSF", "activity": "512"}, "name"),
    ("administrator", "department_changes", {"cost_center": "2140", "from_date": "2021-05-17", "name": "Medicin", "status": "planned"}, "from_date"),
    ("administrator", "departures", {"email": "oskar.lindahl@gotland.example", "last_date": "2021-05-16", "successor": "elin.bergvall@gotland.example", "status": "planned"}, "last_date"),
    ("administrator", "roles", {"email": "jonas.bergqvist@gotland.example", "role": "x"}, "role"),
]  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    """What the register holds, with what the trail says of it."""
    return [values for _pk, _key, values in REGISTERS[name].rows().order_by("pk")]


def through(cast: Cast, who: str, name: str, values: dict[str, str], *, door: str) -> tuple[Any, Any, Any]:
    """The answer, the rows and the last entry of the trail after a row is added; nothing is kept."""
    user: User = getattr(cast, who)
    with transaction.atomic():
        if door == "api":
            answer: Any = Program(user).post(f"registers/{name}/", values=values)
        else:
            answer = signed_in(user).post(f"/register/{name}/ny/", values | {"bekraftat": "1"})
        rows_after = rows(name)
        entry: Any = (
            Entry.objects.newest_first().values("event", "subject_label", "details", "by_name").first() or {}
        )
        transaction.set_rollback(True)
    return answer, rows_after, entry


@pytest.mark.parametrize(("who", "name", "values"), ADDED)
def test_both_doors_write_the_same_row(cast: Cast, who: str, name: str, values: dict[str, str]) -> None:
    before = rows(name)
    program, by_api, told_by_api = through(cast, who, name, values, door="api")
    page, by_page, told_by_page = through(cast, who, name, values, door="page")
    assert (program.status_code, page.status_code) == (201, 302)
    assert by_api == by_page
    assert len(by_api) == len(before) + 1
    assert json.dumps(told_by_api, sort_keys=True) == json.dumps(told_by_page, sort_keys=True)
    assert rows(name) == before


@pytest.mark.parametrize(("who", "name", "values", "column"), REFUSED)
def test_both_doors_say_the_same_of_a_column(
    cast: Cast, who: str, name: str, values: dict[str, str], column: str
) -> None:
    program, by_api, _entry = through(cast, who, name, values, door="api")
    page, by_page, _entry = through(cast, who, name, values, door="page")
    assert (program.status_code, page.status_code) == (400, 422)
    (sentence,) = program.data["fields"][column]
    assert list(page.context["form"].errors[column]) == [sentence]
    assert escape(sentence) in page.content.decode()
    assert by_api == by_page == rows(name)
