"""A person's own absence and delegations."""

import pytest

from organizations.models import Absence, Delegation
from tests.cast import Cast
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")

DAYS = {"first_date": "2021-05-20", "last_date": "2021-05-24"}


def test_absence_is_reported_with_both_days_included(cast: Cast) -> None:
    page = signed_in(cast.manager).post("/franvaro/anmal/", DAYS, follow=True).content.decode()
    assert "Din frånvaro 20\xa0maj–24\xa0maj är anmäld." in page
    absence = Absence.objects.get()
    assert (absence.user, str(absence.during.lower), str(absence.during.upper)) == (
        cast.manager,
        "2021-05-20",
        "2021-05-25",
    )


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"first_date": "", "last_date": ""}, "Ange ett datum"),
        ({"first_date": "i morgon", "last_date": "2021-05-24"}, "Skriv datumet så här"),
        ({"first_date": "2021-05-24", "last_date": "2021-05-20"}, "Sista dagen är före den första"),
        ({"first_date": "2020-05-24", "last_date": "2020-05-25"}, "Perioden har redan varit"),
        ({"first_date": "2021-05-24", "last_date": "2031-05-25"}, "högst två år"),
    ],
)
def test_absence_says_what_is_wrong(cast: Cast, days: dict[str, str], sentence: str) -> None:
    response = signed_in(cast.manager).post("/franvaro/anmal/", days)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Absence.objects.exists()


def test_absence_twice_is_refused(cast: Cast) -> None:
    client = signed_in(cast.manager)
    client.post("/franvaro/anmal/", DAYS)
    response = client.post("/franvaro/anmal/", DAYS)
    assert response.status_code == 422
    assert "redan anmäld" in response.content.decode()


def test_delegation_is_given_and_shown_to_both(cast: Cast) -> None:
    data = {**DAYS, "delegate": cast.deputy.pk, "reason": "Semester"}
    page = signed_in(cast.manager).post("/franvaro/delegera/", data, follow=True).content.decode()
    assert "Sofia Ekdahl går in för dig" in page
    assert "Du går in för Karin Sundblad" in signed_in(cast.deputy).get("/franvaro/").content.decode()


def test_delegation_needs_somebody_else_and_a_reason(cast: Cast) -> None:
    client = signed_in(cast.manager)
    for data in (
        {"delegate": cast.manager.pk, "reason": "x"},
        {"delegate": cast.deputy.pk, "reason": ""},
        {"delegate": "x"},
    ):
        assert client.post("/franvaro/delegera/", {**DAYS, **data}).status_code == 422
    assert not Delegation.objects.exists()


def test_absence_page_tells_who_steps_in(cast: Cast) -> None:
    page = signed_in(cast.manager).get("/franvaro/").content.decode()
    assert "Sjukvårdsmaterial" in page
    assert "Sofia Ekdahl" in page
