"""
Who may see and write in which register: every register as every role, on pages and through the API.

An ordinary run asks for each register as those who write in it, and as a third of the others at each of the two doors;
``make test-long`` as everybody.
"""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from organizations.models import User
from registers.register import REGISTERS
from tests.api.clients import Program
from tests.cast import Cast, person
from tests.long import LONG
from tests.pages import signed_in

SEE = "administrator head controller auditor manager deputy"
"""Who sees the registers."""
LEDGERS = {"purchases": "head controller auditor", "booked_costs": "controller auditor"}
"""Who sees what has happened elsewhere; what the ledger has booked may be wages."""
WRITE = {
    "authorities": "administrator",
    "administrations": "administrator",
    "departments": "administrator",
    "delivery_places": "administrator",
    "department_changes": "administrator",
    "administration_changes": "administrator",
    "departures": "administrator head",
    "category_changes": "head",
    "people": "administrator",
    "roles": "administrator",
    "group_rules": "administrator",
    "accounting_codes": "controller",
    "organisation_costs": "controller",
    "budget_frames": "controller",
    "initiatives": "controller",
    "compared_prices": "controller",
    "categories": "head",
    "posts": "head",
    "policies": "head",
    "suppliers": "head",
    "agreements": "manager deputy",
    "agreement_suppliers": "manager deputy",
    "agreement_administrations": "manager deputy",
    "agreement_options": "manager deputy",
    "classifications": "administrator",
    "council_seats": "head",
    "items": "manager deputy",
    "prices": "manager deputy",
    "item_ceilings": "manager deputy",
    "substitutions": "manager deputy",
    "item_codes": "manager deputy",
    "synonyms": "manager deputy",
    "labels": "head",
    "item_labels": "manager deputy",
    "trials": "manager deputy",
    "purchases": "",
    "booked_costs": "",
    "thresholds": "head",
    "index_series": "head",
    "index_values": "head",
    "index_clauses": "manager deputy",
    "order_times": "head",
    "report_texts": "head",
    "indicator_targets": "head",
    "closed_days": "administrator",
    "audit_reports": "head",
    "recommendations": "head",
    "board_assignments": "head",
    "implementation_plans": "head",
    "planned_activities": "head",
    "onboardings": "head",
}
"""Who writes in each register; a manager in the rows of her own categories, and nobody what has happened."""
ROLES = [
    "administrator",
    "head",
    "controller",
    "auditor",
    "manager",
    "deputy",
    "requester",
    "stranger",
    "budget_holder",
    "nobody",
]
PAGES, API = range(2)

pytestmark = pytest.mark.usefixtures("at_nine")


def who(cast: Cast, role: str) -> User:
    return person("ny.anstalld", "Ny", "Anställd") if role == "nobody" else getattr(cast, role)


def is_seen(name: str, role: str) -> bool:
    return role in LEDGERS.get(name, SEE).split()


def status(client: Client, address: str) -> int:
    return client.get(f"/register/{address}").status_code


def in_turn(role: str, door: int) -> list[str]:
    """The registers that are asked for as this role: all, or a third, others than the next role's."""
    turn = ROLES.index(role) + door
    return [name for place, name in enumerate(REGISTERS) if LONG or (place + turn) % 3 == 0]


def tried(role: str, door: int) -> list[str]:
    """The same, and those that she writes in."""
    turn = in_turn(role, door)
    return [name for name in REGISTERS if name in turn or role in WRITE[name].split()]


def test_the_table_has_every_register() -> None:
    assert set(WRITE) >= set(REGISTERS)


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_every_register(cast: Cast, role: str) -> None:
    client = signed_in(who(cast, role))
    sees = role in SEE.split()
    assert status(client, "") == (200 if sees else 403)
    lists = {name: status(client, f"{name}/") for name in in_turn(role, PAGES)}
    assert lists == {name: 200 if is_seen(name, role) else 403 for name in lists}
    forms = {name: status(client, f"{name}/ny/") for name in tried(role, PAGES)}
    assert forms == {name: 200 if role in WRITE[name].split() else 403 for name in forms}
    rows = {name: REGISTERS[name].model._default_manager.first() for name in in_turn(role, PAGES)}
    statuses = {name: status(client, f"{name}/{row.pk}/") for name, row in rows.items() if row}
    assert set(statuses.values()) == {200 if sees else 403}


@pytest.mark.parametrize("role", ROLES)
def test_the_api_of_every_register(cast: Cast, role: str) -> None:
    program = Program(who(cast, role))
    visible_names = [name for name in REGISTERS if is_seen(name, role)]
    assert [each["name"] for each in program.get("registers/").data] == visible_names
    lists = {name: program.get(f"registers/{name}/").status_code for name in in_turn(role, API)}
    assert lists == {name: 200 if name in visible_names else 403 for name in lists}
    # An empty row is refused by its columns where she may write, and for her sake where she may not.
    added = {name: program.post(f"registers/{name}/", values={}).status_code for name in tried(role, API)}
    expected = {name: 400 if role in WRITE[name].split() else 403 for name in added}
    assert added == expected | {name: 409 for name in LEDGERS if name in visible_names and name in added}


@pytest.mark.parametrize(
    ("name", "role"), [("items", "deputy"), ("prices", "deputy"), ("agreements", "deputy")]
)
def test_a_manager_changes_no_row_of_another(cast: Cast, name: str, role: str) -> None:
    """Sofia answers for office supplies; Karin's agreement, items and prices are not hers while Karin is there."""
    cast.medical.assignments.update(deputy=None)
    row = (
        REGISTERS[name]
        .model._default_manager.filter(
            **{"item__category" if name == "prices" else "category": cast.gloves_category}
        )
        .first()
    )
    if row is None:
        row = REGISTERS[name].model._default_manager.get()
    client = signed_in(who(cast, role))
    assert status(client, f"{name}/{row.pk}/") == 200
    assert status(client, f"{name}/{row.pk}/andra/") == 403
    program = Program(who(cast, role))
    answer = program.client.patch(f"/api/v1/registers/{name}/{row.pk}/", {"values": {}}, format="json")
    assert answer.status_code == 403
    assert answer.data["code"] == "register_out_of_reach"


@pytest.mark.parametrize("role", ROLES)
def test_the_header_leads_those_who_see_them_there(cast: Cast, role: str) -> None:
    page = signed_in(who(cast, role)).get("/hjalp/").content.decode()
    assert ('href="/register/"' in page) == (role in SEE.split())


def test_whether_somebody_answers_for_a_category_is_asked_once(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.manager)
    with django_assert_max_num_queries(12):
        assert client.get("/register/").status_code == 200
