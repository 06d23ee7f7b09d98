"""A row of a register on its pages: added, changed, ended, taken away, with what it was and what refers to it."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from audit.models import Entry
from organizations.models import Administration, Department, Membership, Role, User
from registers.operations.rows import HasBeenInForce, add_row, change_row, remove_row
from registers.register import REGISTERS, Proposal
from tests.cast import NOW, TODAY, Cast, membership
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

WARD = {"cost_center": "7777", "name": "Ny enhet", "administration": "HSF", "activity": "510"}


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.administrator)


def row_of(cast: Cast, **changed: str) -> dict[str, str]:
    values = {
        "cost_center": cast.ward.cost_center,
        "name": cast.ward.name,
        "administration": cast.ward.administration.code,
        "activity": cast.ward.activity.code,
    }
    return {**values, "seen": json.dumps(values), **changed}


def test_a_row_is_added(cast: Cast, office: Client) -> None:
    answer = office.post(
        "/register/departments/ny/", row_of(cast, cost_center="7777", name="Ny enhet"), follow=True
    )
    department = Department.objects.get(cost_center="7777")
    assert (department.name, department.administration, department.activity) == (
        "Ny enhet",
        cast.administration,
        cast.activity,
    )
    page = text_of(answer)
    assert "7777 Ny enhet är tillagd." in page
    assert f"Förvaltning: {cast.administration.code} {cast.administration.name}" in page
    assert "Ansvar: 7777" in page


def test_what_is_wrong_stands_beside_its_field(cast: Cast, office: Client) -> None:
    answer = office.post("/register/departments/ny/", row_of(cast, cost_center="", administration="XX"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors["cost_center"] == ["Fyll i Ansvar."]
    answer = office.post("/register/departments/ny/", row_of(cast, cost_center="7777", administration="XX"))
    assert answer.context["form"].errors == {
        "administration": ["XX finns inte i registret som raden hänvisar till."]
    }
    answer = office.post("/register/departments/ny/", row_of(cast))
    assert "Det finns redan en rad med samma uppgifter." in text_of(answer)
    assert Department.objects.filter(cost_center="7777").count() == 0


def test_a_change_says_what_was_and_what_is(cast: Cast, office: Client) -> None:
    address = f"/register/departments/{cast.ward.pk}/"
    answer = office.post(f"{address}andra/", row_of(cast, name="Medicin 1"), follow=True)
    cast.ward.refresh_from_db()
    assert cast.ward.name == "Medicin 1"
    assert "Namn: Medicinavdelning 1 → Medicin 1" in text_of(answer)
    entry = Entry.objects.about(cast.ward).get()
    assert entry.by_name == cast.administrator.full_name
    trail = text_of(signed_in(cast.auditor).get("/sparlogg/"))
    assert "Namn: Medicinavdelning 1 → Medicin 1" in trail
    assert f'href="{address}"' in trail
    assert "register Enheter" in trail


def test_what_was_not_changed_is_left_as_somebody_else_has_made_it(cast: Cast, office: Client) -> None:
    before = row_of(cast)
    other = Administration.objects.create(code="ZZ", name="Annan", authority=cast.authority)
    change_row(
        register=REGISTERS["departments"],
        row_id=cast.ward.pk,
        cells={"administration": "ZZ"},
        by=None,
        at=NOW,
    )
    office.post(f"/register/departments/{cast.ward.pk}/andra/", {**before, "name": "Medicin 1"})
    cast.ward.refresh_from_db()
    assert (cast.ward.name, cast.ward.administration) == ("Medicin 1", other)


def test_two_who_change_the_same_are_told(cast: Cast, office: Client) -> None:
    before = row_of(cast)
    change_row(register=REGISTERS["departments"], row_id=cast.ward.pk, cells={"name": "X"}, by=None, at=NOW)
    answer = office.post(f"/register/departments/{cast.ward.pk}/andra/", {**before, "name": "Y"})
    assert answer.context["form"].errors["name"] == [
        "Någon annan har ändrat det här till ”X” sedan du öppnade sidan."
    ]
    cast.ward.refresh_from_db()
    assert cast.ward.name == "X"


def test_what_refers_to_a_row_is_a_list_of_it(cast: Cast, office: Client) -> None:
    page = text_of(office.get(f"/register/departments/{cast.ward.pk}/"))
    address = f"/register/roles/?cost_center={cast.ward.cost_center}"
    assert f'href="{address}"' in page
    members = Membership.objects.filter(department=cast.ward)
    listed = [row[1] for row in office.get(address).context["rows"]]
    assert len(listed) == members.count() > 1
    assert "Ta bort" not in page


def test_a_role_ends_on_a_day(cast: Cast, office: Client) -> None:
    role = Membership.objects.get(user=cast.requester)
    address = f"/register/roles/{role.pk}/"
    assert office.get(f"{address}avsluta/").context["form"].initial["through_date"] == "2021-05-17"
    office.post(
        f"{address}avsluta/", {"through_date": "2021-06-30", "seen": json.dumps({"through_date": ""})}
    )
    role.refresh_from_db()
    assert role.valid_during == DateRange(role.valid_during.lower, TODAY.replace(month=7, day=1))
    assert Entry.objects.about(role).get().event == "register.row_ended"
    assert "Till och med: Tills vidare → 2021-06-30" in text_of(office.get(address))


def test_an_account_is_closed_by_confirming(cast: Cast, office: Client) -> None:
    address = f"/register/people/{cast.colleague.pk}/"
    assert "Avsluta Oskar" in text_of(office.get(f"{address}avsluta/"))
    assert User.objects.get(pk=cast.colleague.pk).is_active
    office.post(f"{address}avsluta/")
    assert not User.objects.get(pk=cast.colleague.pk).is_active
    assert "Avslutad" in text_of(office.get(address))


def test_what_a_row_refers_to_may_have_ended_when_another_column_is_changed(cast: Cast) -> None:
    post = cast.medical.assignments.get()
    User.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    client = signed_in(cast.head)
    answer = client.post(
        f"/register/posts/{post.pk}/avsluta/",
        {"through_date": "2031-06-30", "seen": json.dumps({"through_date": ""})},
    )
    assert answer.status_code == 302
    post.refresh_from_db()
    assert post.valid_during.upper == TODAY.replace(year=2031, month=7, day=1)


def test_a_row_that_nothing_refers_to_is_taken_away(cast: Cast, office: Client) -> None:
    administration = Administration.objects.create(code="ZZ", name="Överflödig", authority=cast.authority)
    address = f"/register/administrations/{administration.pk}/ta-bort/"
    assert "Ta bort ZZ Överflödig?" in text_of(office.get(address))
    assert Administration.objects.filter(pk=administration.pk).exists()
    answer = office.post(address, follow=True)
    assert "ZZ Överflödig är borttagen." in text_of(answer)
    assert not Administration.objects.filter(pk=administration.pk).exists()


def test_what_is_referred_to_is_kept(cast: Cast, office: Client) -> None:
    answer = office.post(f"/register/administrations/{cast.administration.pk}/ta-bort/", follow=True)
    assert "Något annat hänvisar till raden" in text_of(answer)
    assert Administration.objects.filter(pk=cast.administration.pk).exists()


def test_a_period_that_has_held_is_not_taken_away(cast: Cast) -> None:
    role = Membership.objects.get(user=cast.requester)
    with pytest.raises(HasBeenInForce):
        remove_row(register=REGISTERS["roles"], row_id=role.pk, by=cast.administrator, at=NOW)
    future_role = membership(cast.stranger, Role.AUDITOR)
    Membership.objects.filter(pk=future_role.pk).update(valid_during=DateRange(TODAY.replace(day=19), None))
    remove_row(register=REGISTERS["roles"], row_id=future_role.pk, by=cast.administrator, at=NOW)
    assert not Membership.objects.filter(pk=future_role.pk).exists()


def test_a_new_account_is_open_unless_somebody_says_otherwise(cast: Cast) -> None:
    cells = {"email": "ny@gotland.example", "first_name": "Ny", "last_name": "Ek"}
    pk = add_row(register=REGISTERS["people"], cells=cells, by=cast.administrator, at=NOW)
    assert User.objects.get(pk=pk).is_active


def moving(proposal: Proposal) -> list[str]:
    if proposal.before.get("name") == proposal.after.get("name"):
        return []
    return [f"{proposal.before['name']} blir {proposal.after['name']} för 35 rader."]


@pytest.fixture
def previewed(monkeypatch: pytest.MonkeyPatch) -> None:
    departments = REGISTERS["departments"]
    monkeypatch.delitem(
        REGISTERS, departments.name
    )  # its name is let go first, and is its own again afterwards
    replace(departments, preview=moving)


@pytest.mark.usefixtures("previewed")
def test_a_change_that_moves_work_is_confirmed_first(cast: Cast, office: Client) -> None:
    address = f"/register/departments/{cast.ward.pk}/andra/"
    response = office.post(address, row_of(cast, name="Medicin 1"))
    assert response.status_code == 200
    assert "Medicinavdelning 1 blir Medicin 1 för 35 rader." in text_of(response)
    cast.ward.refresh_from_db()
    assert cast.ward.name == "Medicinavdelning 1"
    office.post(address, dict(response.context["kept"]))
    cast.ward.refresh_from_db()
    assert cast.ward.name == "Medicin 1"


@pytest.mark.usefixtures("previewed")
def test_a_change_that_moves_nothing_is_made_at_once(cast: Cast, office: Client) -> None:
    other = Administration.objects.create(code="ZZ", name="Annan", authority=cast.authority)
    office.post(f"/register/departments/{cast.ward.pk}/andra/", row_of(cast, administration="ZZ"))
    cast.ward.refresh_from_db()
    assert cast.ward.administration == other


def numbers(cast: Cast) -> Mapping[str, str]:
    return {
        "email": cast.stranger.email,
        "role": "budget_holder",
        "cost_center": cast.home.cost_center,
        "from_date": "2021-06-01",
    }


@pytest.mark.parametrize(
    ("language", "text", "amount"), [("sv", "1 234,50", "1234.50"), ("en", "1,234.50", "1234.50")]
)
def test_numbers_are_read_as_the_reader_writes_them(
    cast: Cast, office: Client, language: str, text: str, amount: str
) -> None:
    office.cookies["django_language"] = language
    office.post("/register/roles/ny/", {**numbers(cast), "amount_limit": text})
    role = Membership.objects.get(user=cast.stranger, role=Role.BUDGET_HOLDER)
    assert str(role.amount_limit) == amount


def test_a_number_with_two_readings_is_asked_about(cast: Cast, office: Client) -> None:
    answer = office.post("/register/roles/ny/", {**numbers(cast), "amount_limit": "12.500"})
    assert answer.context["form"].errors["amount_limit"] == [
        "12.500 kan läsas på två sätt. Skriv 12 500 eller 12,5."
    ]


def test_an_unknown_row_or_register_is_not_found(cast: Cast, office: Client) -> None:
    for address in (
        "x/",
        "x/1/",
        "departments/0/",
        "departments/0/andra/",
        "departments/0/ta-bort/",
        "authorities/1/avsluta/",
    ):
        assert office.get(f"/register/{address}").status_code == 404
