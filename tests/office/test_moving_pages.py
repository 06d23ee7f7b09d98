"""The pages of merging and leaving: at once, or on a day to come, which is shown where it concerns somebody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.models import Department, DepartmentChange, Departure
from procurement.operations.departments import merge_departments
from tests import worlds
from tests.api.clients import Program
from tests.cast import Cast
from tests.changes import close_account
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_a_merger_to_come_is_a_plan_that_the_department_shows(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    page = f"/enheter/{cast.ward.pk}/sla-ihop/"
    answer = client.post(page, {"into": "3310", "from_date": "2022-01-01"})
    planned = DepartmentChange.objects.get()
    assert answer.headers["Location"] == f"/register/department_changes/{planned.pk}/"
    assert not Department.objects.exclude(closed_date=None).exists()
    text = text_of(client.get(f"/register/departments/{cast.ward.pk}/"))
    assert "Går upp i Säboenhet Hemse från och med lördag 1 januari 2022." in text
    # Planned once more for the same day, it is the same thing.
    assert client.post(page, {"into": "3310", "from_date": "2022-01-01"}).status_code == 422


def test_a_merger_without_a_day_is_of_today(cast: Cast) -> None:
    signed_in(cast.administrator).post(f"/enheter/{cast.ward.pk}/sla-ihop/", {"into": "3310"})
    cast.ward.refresh_from_db()
    assert (cast.ward.merged_into, DepartmentChange.objects.count()) == (cast.home, 0)


def test_a_last_day_to_come_is_a_plan(cast: Cast) -> None:
    client = signed_in(cast.head)
    answers = {"successor": cast.deputy.email, "last_date": "2021-12-31"}
    client.post(f"/personer/{cast.manager.pk}/avsluta/", answers)
    departure = Departure.objects.get()
    assert (departure.from_date.isoformat(), departure.successor) == ("2022-01-01", cast.deputy)
    cast.manager.refresh_from_db()
    assert cast.manager.is_active
    text = text_of(client.get(f"/register/people/{cast.manager.pk}/"))
    assert "har inget konto från och med lördag 1 januari 2022. Sofia Ekdahl tar över." in text


@pytest.mark.parametrize(
    ("page", "answers", "sentence"),
    [
        ("/enheter/{ward}/sla-ihop/", {"into": "3310", "from_date": "2021-05-17"}, "Dagen har redan varit."),
        (
            "/personer/{manager}/avsluta/",
            {"successor": "sofia.ekdahl@gotland.example", "last_date": "2021-05-17"},
            "Sista dagen har redan varit.",
        ),
    ],
)
def test_a_day_that_has_been_is_refused(
    cast: Cast, page: str, answers: dict[str, str], sentence: str
) -> None:
    address = page.format(ward=cast.ward.pk, manager=cast.manager.pk)
    answer = signed_in(cast.administrator).post(address, answers)
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)


def test_the_form_of_a_plan_knows_whose_it_is(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    link = "/register/department_changes/ny/?cost_center=2140"
    assert link in text_of(client.get(f"/register/departments/{cast.ward.pk}/"))
    assert '<option value="2140" selected>' in text_of(client.get(link))


def test_a_plan_says_what_it_moves_before_it_is_kept(cast: Cast) -> None:
    answers = {"cost_center": "2140", "from_date": "2022-01-01", "into": "3310", "status": "planned"}
    response = signed_in(cast.administrator).post("/register/department_changes/ny/", answers)
    assert "3 personer får beställa eller attestera i båda enheterna." in text_of(response)
    assert not DepartmentChange.objects.exists()


def test_the_program_says_what_moves_as_the_page_does(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 1))
    worlds.basket(cast, (cast.gloves, 1), by=cast.colleague)
    program = Program(cast.administrator)
    merging = program.post("department-mergers/preview/", department="2140", into="3310").data
    assert (merging["baskets"], merging["waiting"], merging["on_the_way"]) == (1, 1, 0)
    page = text_of(signed_in(cast.administrator).get(f"/enheter/{cast.ward.pk}/sla-ihop/"))
    assert f"<dt>Rader som väntar på beslut</dt><dd>{merging['waiting']}</dd>" in page
    answers = {"person": cast.manager.email, "successor": cast.deputy.email}
    leaving = program.post("leavers/preview/", **answers).data
    assert (leaving["waiting"], leaving["posts"] > 0) == (1, True)
    other = Program(cast.requester)
    for address, fields in (
        ("leavers", answers),
        ("department-mergers", {"department": "2140", "into": "3310"}),
    ):
        assert other.post(f"{address}/preview/", **fields).status_code == 403


def test_what_was_typed_stays_when_the_act_is_refused(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    last = timezone.localdate() + timedelta(days=9)
    fields = {"successor": cast.manager.email, "last_date": last.isoformat()}
    page = client.post(f"/personer/{cast.manager.pk}/avsluta/", fields)
    assert page.status_code == 422
    content = page.content.decode()
    assert f'value="{cast.manager.email}"' in content
    assert f'value="{last.isoformat()}"' in content
    assert "Välj någon annan" in text_of(page)


def test_a_closed_account_is_not_closed_again(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    close_account(user=cast.manager, by=cast.administrator)
    page = client.get(f"/personer/{cast.manager.pk}/avsluta/")
    assert page.status_code == 409
    assert "Det är redan avslutat." in text_of(page)


def test_what_acts_have_done_is_in_the_history_of_the_row(cast: Cast) -> None:
    """The page of somebody who had left said that nothing had changed."""
    client = signed_in(cast.administrator)
    client.post(f"/personer/{cast.manager.pk}/avsluta/", {"successor": cast.deputy.email})
    page = text_of(client.get(f"/register/people/{cast.manager.pk}/"))
    assert "Kontot stängdes" in page
    assert "Ingenting sedan raden kom till" not in page
    merge_departments(department=cast.ward, into=cast.home, by=cast.administrator, at=timezone.now())
    assert "Enheten slogs ihop med en annan" in text_of(client.get(f"/register/departments/{cast.ward.pk}/"))
