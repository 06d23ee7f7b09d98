"""Groups of the directory: what they give, and what happens when people come into them and out of them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.bulk import insert_rows
from organizations.models import (
    Membership,
    ProvisionedGroup,
    ProvisionedMember,
    ProvisionedPerson,
    Role,
    User,
)
from procurement.models import BudgetAttest
from registers.operations.rows import add_row, remove_row
from registers.register import REGISTERS
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership, person
from tests.provisioning.directories import Directory, gives, roles


def test_group_gives_and_takes_roles_at_once(cast: Cast, directory: Directory) -> None:
    gives("Hemse", Role.REQUESTER, cast.home, "5000")
    number = directory.joins(cast.controller)
    group = directory.group("Hemse", number)
    assert roles(cast.controller) == {("controller", ""), ("requester", "3310")}
    row = Membership.objects.get(user=cast.controller, role=Role.REQUESTER)
    assert (row.amount_limit, row.directory) == (Decimal("5000"), "region")
    assert Entry.objects.get(event="membership.given").by_name == "Katalogen region"
    answer = directory.patch(
        f"/Groups/{group}", {"op": "Remove", "path": "members", "value": [{"value": number}]}
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert "members" not in directory.ask("GET", f"/Groups/{group}").json()
    assert roles(cast.controller) == {("controller", "")}


def test_roles_given_by_hand_are_left_alone(cast: Cast, directory: Directory) -> None:
    gives("Avdelningen", Role.REQUESTER, cast.ward, "99999")
    number = directory.joins(cast.requester)
    group = directory.group("Avdelningen", number)
    directory.ask("DELETE", f"/Groups/{group}")
    row = Membership.objects.on(TODAY).get(user=cast.requester)
    assert (row.amount_limit, row.directory) == (Decimal("10000"), "")


def test_rule_may_call_a_group_by_the_directorys_own_number(cast: Cast, directory: Directory) -> None:
    gives("8f2c-objekt", Role.REQUESTER, cast.home)
    number = directory.joins(cast.controller)
    group = directory.group("Hemse", number, externalId="8f2c-objekt")
    assert ("requester", "3310") in roles(cast.controller)
    directory.patch(f"/Groups/{group}", {"op": "replace", "path": "externalId", "value": "annan"})
    assert ("requester", "3310") not in roles(cast.controller)


def test_work_of_a_mover_goes_on_at_once(cast: Cast, directory: Directory) -> None:
    gives("Attest", Role.BUDGET_HOLDER, cast.ward, "300000")
    boss, other = (person(name, name, "Chef") for name in ("ulla", "bo"))
    membership(other, Role.BUDGET_HOLDER, cast.ward, "400000")
    Membership.objects.filter(user=cast.budget_holder).delete()
    number = directory.joins(boss)
    group = directory.group("Attest", number)
    worlds.submitted(cast, (cast.gloves, 300))
    assert BudgetAttest.objects.get().responsible == boss
    directory.patch(f"/Groups/{group}", {"op": "remove", "path": f'members[value eq "{number}"]'})
    assert BudgetAttest.objects.get().responsible == other


def many(directory: Directory, count: int) -> list[str]:
    """So many people of whom the directory has told."""
    people = [
        User(email=f"p{number}@gotland.example", first_name="P", last_name=str(number))
        for number in range(count)
    ]
    User.objects.bulk_create(people)
    rows = [
        ProvisionedPerson(
            directory="region",
            user=each,
            user_name=each.email,
            created_at=NOW,
            changed_at=NOW,
            is_active=True,
        )
        for each in people
    ]
    insert_rows(rows)
    return [str(each.number) for each in rows]


def test_statements_are_as_many_for_a_thousand_as_for_two(cast: Cast, directory: Directory) -> None:
    gives("Alla", Role.REQUESTER, cast.home, "1000")
    numbers = many(directory, 1002)
    group = directory.group("Alla")
    statements = []
    for members in (numbers[:2], numbers[2:]):
        with CaptureQueriesContext(connection) as queries:
            answer = directory.patch(
                f"/Groups/{group}?excludedAttributes=members",
                {"op": "Add", "path": "members", "value": [{"value": each} for each in members]},
            )
        assert answer.status_code == 200
        statements.append(len(queries))
    assert statements[0] == statements[1] < 60
    assert (
        Membership.objects.filter(role=Role.REQUESTER, department=cast.home, directory="region").count()
        == 1002
    )
    with CaptureQueriesContext(connection) as queries:
        removal = [{"op": "remove", "path": f'members[value eq "{each}"]'} for each in numbers[1:]]
        assert (
            directory.patch(f"/Groups/{group}?attributes=members", *removal).json()["members"][0]["value"]
            == numbers[0]
        )
    assert len(queries) < 60
    assert Membership.objects.on(TODAY).filter(directory="region").count() == 1


STEPS: list[tuple[list[dict[str, Any]], set[int]]] = [
    ([{"op": "add", "path": "members", "value": [{"value": 1}]}], {0, 1}),
    ([{"op": "Add", "path": "members", "value": {"value": 1}}], {0, 1}),
    ([{"op": "Add", "path": "members", "value": [{"$ref": None, "value": 1}]}], {0, 1}),
    ([{"op": "add", "value": {"members": [{"value": 1, "display": "x"}]}}], {0, 1}),
    ([{"op": "replace", "path": "members", "value": [{"value": 1}, {"value": 2}]}], {1, 2}),
    ([{"op": "replace", "value": {"members": []}}], set()),
    ([{"op": "remove", "path": "members"}], set()),
    ([{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": [{"value": 2}]}], {2}),
    ([{"op": "remove", "path": 'members[value eq "%s"]'}], set()),
    ([{"op": "remove", "path": "members", "value": [{"value": 2}]}], {0}),
    (
        [
            {
                "op": "add",
                "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members",
                "value": [{"value": 2}],
            }
        ],
        {0, 2},
    ),
]


def test_members_in_every_dialect(cast: Cast, directory: Directory) -> None:
    numbers = many(directory, 3)

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: numbers[each] if isinstance(each, int) else filled(each) for key, each in value.items()
            }
        if isinstance(value, list):
            return [filled(each) for each in value]
        return value % numbers[0] if isinstance(value, str) and "%s" in value else value

    for place, (operations, expected) in enumerate(STEPS):
        group = directory.group(f"Grupp {place}", numbers[0])
        answer = directory.patch(f"/Groups/{group}?attributes=members", *filled(operations))
        assert answer.status_code == 200, (operations, answer.content)
        inside = {each["value"] for each in answer.json().get("members", [])}
        assert inside == {numbers[each] for each in expected}, operations


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"op": "add", "path": "members", "value": [{"value": "inget-nummer"}]}, "invalidValue"),
    (
        {"op": "add", "path": "members", "value": [{"value": "00000000-0000-4000-8000-000000000000"}]},
        "invalidValue",
    ),
    ({"op": "add", "path": "members", "value": ["x"]}, "invalidValue"),
    ({"op": "replace", "path": "displayName", "value": ""}, "invalidValue"),
    ({"op": "replace", "path": "displayName", "value": "x" * 201}, "invalidValue"),
    ({"op": "flytta", "path": "members", "value": []}, "invalidValue"),
    ({"op": "add", "path": "members[", "value": []}, "invalidPath"),
    ({"op": "add", "path": 'members[type eq "User"]', "value": []}, "invalidPath"),
    ({"op": "remove"}, "noTarget"),
]


def test_what_cannot_be_followed_changes_nothing(cast: Cast, directory: Directory) -> None:
    (number,) = many(directory, 1)
    group = directory.group("Hemse", number)
    for operation, kind in REFUSED:
        answer = directory.patch(f"/Groups/{group}", {"op": "remove", "path": "members"}, operation)
        assert (answer.status_code, answer.json().get("scimType")) == (400, kind), operation
    assert ProvisionedMember.objects.count() == 1


def test_group_has_one_name_and_is_found_by_it(cast: Cast, directory: Directory) -> None:
    numbers = many(directory, 2)
    group, other = directory.group("Hemse", numbers[0]), directory.group("Visby")
    again = directory.ask("POST", "/Groups", {"displayName": "HEMSE"})
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    renamed = directory.patch(f"/Groups/{other}", {"op": "replace", "path": "displayName", "value": "hemse"})
    assert renamed.status_code == 409
    (row,) = directory.listed("Groups", 'displayName eq "hemse"')
    assert row["id"] == group
    query = f'id eq "{group}" and members eq "{numbers[0]}"'
    assert [each["id"] for each in directory.listed("Groups", query)] == [group]
    assert directory.listed("Groups", f'members[value eq "{numbers[1]}"]') == []
    bare = directory.ask("GET", "/Groups?excludedAttributes=members").json()["Resources"]
    assert all("members" not in each for each in bare)


def test_group_told_of_as_a_whole_is_that_and_nothing_else(cast: Cast, directory: Directory) -> None:
    gives("Hemse", Role.REQUESTER, cast.home)
    numbers = many(directory, 3)
    group = directory.group("Hemse", *numbers[:2])
    body = {"displayName": "Hemse", "members": [{"value": each} for each in numbers[1:]]}
    answer = directory.ask("PUT", f"/Groups/{group}", body)
    assert {each["value"] for each in answer.json()["members"]} == set(numbers[1:])
    emails = Membership.objects.on(TODAY).filter(directory="region").values_list("user__email", flat=True)
    assert set(emails) == {"p1@gotland.example", "p2@gotland.example"}
    person_shown = directory.ask("GET", f"/Users/{numbers[1]}").json()
    assert [each["display"] for each in person_shown["groups"]] == ["Hemse"]


def test_group_that_is_gone_gives_nothing(cast: Cast, directory: Directory) -> None:
    gives("Hemse", Role.REQUESTER, cast.home)
    (number,) = many(directory, 1)
    group = directory.group("Hemse", number)
    assert directory.ask("DELETE", f"/Groups/{group}").status_code == 204
    assert directory.ask("DELETE", f"/Groups/{group}").status_code == 404
    assert not ProvisionedGroup.objects.exists()
    assert not Membership.objects.on(TODAY).filter(directory="region").exists()


@pytest.mark.parametrize("is_closed", [False, True])
def test_closed_account_in_a_group_has_no_roles(cast: Cast, directory: Directory, is_closed: bool) -> None:
    gives("Hemse", Role.REQUESTER, cast.home)
    number = directory.joins(cast.controller, active=not is_closed)
    directory.group("Hemse", number)
    assert (("requester", "3310") in roles(cast.controller)) is not is_closed


def test_rule_that_is_changed_holds_at_once(cast: Cast, directory: Directory) -> None:
    number = directory.joins(cast.controller)
    directory.group("Hemse", number)
    register = REGISTERS["group_rules"]
    cells = {"directory": "region", "group": "Hemse", "role": "requester", "cost_center": "3310"}
    rule = add_row(register=register, cells=cells, by=cast.administrator, at=NOW)
    assert ("requester", "3310") in roles(cast.controller)
    remove_row(register=register, row_id=rule, by=cast.administrator, at=NOW)
    assert ("requester", "3310") not in roles(cast.controller)
