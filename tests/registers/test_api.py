"""Registers through the API: the same rows, the same operations, and what is wrong by column."""

from typing import Any

import pytest
from rest_framework.response import Response

from audit.models import Entry
from organizations.models import Department, Membership
from procurement.models import OrderTime
from tests.api.clients import Program
from tests.cast import Cast
from tests.pages import signed_in, text_of
from tests.worlds import approved, submitted

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def program(cast: Cast) -> Program:
    return Program(cast.administrator)


def patch(program: Program, address: str, **values: Any) -> Response:
    return program.client.patch(f"/api/v1/registers/{address}", {"values": values}, format="json")


def test_registers_say_which_columns_they_have(program: Program) -> None:
    (roles,) = [each for each in program.get("registers/").data if each["name"] == "roles"]
    assert roles["ends"] == "through_date"
    columns = {column["name"]: column for column in roles["columns"]}
    assert columns["email"]["refers_to"] == "people"
    assert columns["role"]["choices"][:2] == ["requester", "budget_holder"]
    assert [columns[name]["kind"] for name in ("email", "role", "amount_limit", "from_date")] == [
        "reference",
        "choice",
        "number",
        "day",
    ]


def test_rows_are_listed_narrowed_and_shown(cast: Cast, program: Program) -> None:
    listed = program.get("registers/roles/", role="administrator").data["results"]
    (role,) = listed
    assert role["values"]["email"] == cast.administrator.email
    assert program.get(f"registers/roles/{role['id']}/").data == role
    assert (
        program.get("registers/roles/", q="bergvall").data["results"][0]["values"]["amount_limit"] == "10000"
    )
    first = program.get("registers/roles/", page_size=2).data
    assert len(first["results"]) == 2
    rest = program.client.get(first["next"]).data
    assert rest["results"][0]["id"] > first["results"][1]["id"]
    assert program.get("registers/roles/", role="x").status_code == 400


def test_a_row_is_added_changed_ended_and_taken_away(cast: Cast, program: Program) -> None:
    ward = {"cost_center": "7777", "name": "Ny", "administration": cast.administration.code}
    response = program.post("registers/departments/", values={**ward, "activity": cast.activity.code})
    assert response.status_code == 201
    assert response.data["values"]["name"] == "Ny"
    row = f"departments/{response.data['id']}/"
    assert patch(program, row, name="Nyare").data["values"]["name"] == "Nyare"
    assert Department.objects.get(cost_center="7777").name == "Nyare"
    assert program.client.delete(f"/api/v1/registers/{row}").status_code == 204
    assert not Department.objects.filter(cost_center="7777").exists()
    events = Entry.objects.filter(subject_type="organizations.department", subject_id=response.data["id"])
    assert list(events.order_by("pk").values_list("event", flat=True)) == [
        "register.row_added",
        "register.row_changed",
        "register.row_removed",
    ]


def test_what_is_wrong_is_told_by_column(cast: Cast, program: Program) -> None:
    answer = program.post(
        "registers/departments/", values={"cost_center": "7777", "administration": "XX", "y": "z"}
    )
    assert answer.status_code == 400
    assert answer.data["fields"] == {"y": ["Registret har ingen kolumn som heter y."]}
    answer = program.post("registers/departments/", values={"cost_center": "7777", "administration": "XX"})
    assert set(answer.data["fields"]) == {"name", "administration", "activity"}
    answer = patch(program, f"departments/{cast.ward.pk}/", name=["a", "b"])
    assert answer.data["fields"] == {"name": ["Ange ett enda värde."]}
    assert program.post("registers/departments/", values="x").status_code == 400


@pytest.mark.parametrize(
    ("given", "kept"), [("12.345", None), ("12.34", "12.34"), (12.5, "12.5"), ("1234.50", "1234.5"), (7, "7")]
)
def test_numbers_of_programs_have_a_point(cast: Cast, program: Program, given: Any, kept: str | None) -> None:
    role = Membership.objects.get(user=cast.requester)
    answer = patch(program, f"roles/{role.pk}/", amount_limit=given)
    if kept is None:
        assert list(answer.data["fields"]) == ["amount_limit"]
    else:
        assert answer.data["values"]["amount_limit"] == kept


def test_what_is_referred_to_is_not_taken_away(cast: Cast, program: Program) -> None:
    answer = program.client.delete(f"/api/v1/registers/departments/{cast.ward.pk}/")
    assert (answer.status_code, answer.data["code"]) == (409, "register_still_referred_to")


def test_an_unknown_register_or_row_is_not_found(program: Program) -> None:
    for address in ("registers/x/", "registers/x/1/", "registers/roles/0/"):
        assert program.get(address).status_code == 404


def test_what_a_change_would_move_is_told_and_nothing_is_changed(cast: Cast) -> None:
    """Handing over a post, closing a unit and a new order time say the same here as on the pages."""
    approved(cast, (cast.gown, 1))
    submitted(cast, (cast.gloves, 1))
    head, office = Program(cast.head), Program(cast.administrator)
    post = cast.medical.assignments.get()
    handover = {"values": {"manager": cast.deputy.email, "deputy": ""}}
    moves = ["1 rad som väntar flyttas till den som ansvarar då.", "1 avtal byter ansvarig."]
    before = Entry.objects.count()
    assert head.post(f"registers/posts/{post.pk}/preview/", **handover).data == {"moves": moves}
    page = signed_in(cast.head).post(
        f"/register/posts/{post.pk}/andra/", handover["values"] | {"category": "10"}
    )
    assert all(sentence in text_of(page) for sentence in moves)
    assert office.post(f"registers/departments/{cast.ward.pk}/preview/", values={"name": "Ny"}).data == {
        "moves": []
    }
    time = {"values": {"weekday": "tuesday", "time": "10.00"}}
    reordered = ["1 godkänd rad får en annan beställningstid."]
    assert head.post("registers/order_times/preview/", **time).data == {"moves": reordered}
    assert head.post(f"registers/posts/{post.pk}/preview/", values=None).data == {"moves": moves}
    assert Entry.objects.count() == before
    assert not OrderTime.objects.exists()


def test_a_preview_refuses_as_the_change_would(cast: Cast, program: Program) -> None:
    post = cast.medical.assignments.get()
    address = f"registers/posts/{post.pk}/preview/"
    assert program.post(address, values={"manager": cast.deputy.email}).status_code == 403
    head = Program(cast.head)
    answer = head.post(address, values={"manager": "ingen@region.example"})
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["manager"])
    assert head.post("registers/posts/0/preview/", values={}).status_code == 404
    assert Program(cast.requester).post(address, values={}).status_code == 403


def test_misspelt_column_does_not_give_every_row(cast: Cast) -> None:
    program = Program(cast.administrator)
    answer = program.get("registers/departments/", cost_centre=cast.ward.cost_center)
    assert answer.status_code == 400
    assert answer.data["fields"] == {"cost_centre": ["Filtret finns inte."]}
    assert program.get("registers/departments/", q="Medicin", page_size="5").status_code == 200
    other = program.post("registers/departments/", cost_centre="9999", name="x")
    assert other.status_code == 400
