"""A person's own absence and delegations."""

import re
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from categories.delegations import delegations_on
from categories.operations.absences import (
    AbsenceIsOver,
    change_absence,
    report_absence,
    withdraw_absence,
)
from categories.permissions import NotYourAbsence
from notices.models import Notice
from organizations.models import Absence, Delegation
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of

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
    data = {**DAYS, "delegate": cast.deputy.email, "scope": "decisions", "reason": "Semester"}
    page = text_of(signed_in(cast.manager).post("/franvaro/delegera/", data, follow=True))
    assert "Sofia Ekdahl har inte svarat än" in page
    assert "Karin Sundblad ber dig gå in" in text_of(signed_in(cast.deputy).get("/franvaro/"))


def test_delegation_needs_somebody_else_and_a_reason(cast: Cast) -> None:
    client = signed_in(cast.manager)
    for data in (
        {"delegate": cast.manager.email, "reason": "x", "scope": "all"},
        {"delegate": cast.deputy.email, "reason": "", "scope": "all"},
        {"delegate": "x", "scope": "all"},
    ):
        assert client.post("/franvaro/delegera/", {**DAYS, **data}).status_code == 422
    assert not Delegation.objects.exists()


def test_absence_page_tells_who_steps_in(cast: Cast) -> None:
    page = text_of(signed_in(cast.manager).get("/franvaro/"))
    assert "Sjukvårdsmaterial" in page
    assert "Sofia Ekdahl" in page


def reported(cast: Cast) -> Absence:
    return report_absence(
        user=cast.manager, during=DateRange(date(2021, 5, 20), date(2021, 5, 25)), by=cast.manager, at=NOW
    )


def test_absence_is_changed_and_taken_back(cast: Cast) -> None:
    absence, client = reported(cast), signed_in(cast.manager)
    page = client.get(f"/franvaro/{absence.pk}/andra/").content.decode()
    assert 'value="2021-05-20"' in page
    assert 'value="2021-05-24"' in page
    days = {"first_date": "2021-05-21", "last_date": "2021-05-21"}
    assert "ändrad till 21 maj" in text_of(client.post(f"/franvaro/{absence.pk}/andra/", days, follow=True))
    assert "är tillbakatagen" in text_of(client.post(f"/franvaro/{absence.pk}/ta-tillbaka/", follow=True))
    assert not Absence.objects.exists()
    assert client.post(f"/franvaro/{absence.pk}/ta-tillbaka/").status_code == 404


def test_absence_that_has_begun_keeps_the_days_that_have_been(cast: Cast) -> None:
    during = DateRange(date(2021, 5, 10), date(2021, 5, 25))
    absence = report_absence(user=cast.manager, during=during, by=cast.manager, at=NOW)
    withdraw_absence(absence=absence, by=cast.manager, at=NOW)
    absence.refresh_from_db()
    assert absence.during.upper == TODAY
    with pytest.raises(AbsenceIsOver):
        change_absence(absence=absence, during=during, by=cast.manager, at=NOW)


def test_absence_of_somebody_else_is_not_there(cast: Cast) -> None:
    absence = reported(cast)
    for user in (cast.requester, cast.office_deputy, cast.budget_holder, cast.controller):
        client = signed_in(user)
        assert client.post(f"/franvaro/{absence.pk}/andra/", DAYS).status_code == 404
        assert client.post(f"/franvaro/{absence.pk}/ta-tillbaka/").status_code == 404
        assert client.post(f"/franvaro/person/{cast.manager.pk}/", DAYS).status_code == 403
        with pytest.raises(NotYourAbsence):
            withdraw_absence(absence=absence, by=user, at=NOW)
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("who", ["deputy", "head", "administrator"])
def test_deputy_head_and_administrator_arrange_absence_and_the_person_is_told(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    client, place = signed_in(user), f"/franvaro/person/{cast.manager.pk}/"
    assert "När är Karin Sundblad borta?" in text_of(client.get(place))
    page = text_of(client.post(place, DAYS, follow=True))
    assert "Karin Sundblad är anmäld borta 20 maj–24 maj, och får veta det." in page
    absence = Absence.objects.get(user=cast.manager)
    days = {"first_date": "2021-05-21", "last_date": "2021-05-21"}
    page = text_of(client.post(f"/franvaro/{absence.pk}/andra/", days, follow=True))
    assert "Frånvaron är ändrad till 21 maj." in page
    assert "När är Karin Sundblad borta?" in page
    client.post(f"/franvaro/{absence.pk}/ta-tillbaka/")
    assert not Absence.objects.exists()
    page = text_of(signed_in(cast.manager).get("/notiser/"))
    assert f"{user.full_name} har anmält att du är borta" in page
    assert Entry.objects.filter(event="absence.reported", by_name=user.full_name).exists()


def test_each_change_by_another_is_told(cast: Cast) -> None:
    first, later = DateRange(date(2021, 5, 20), date(2021, 5, 25)), DateRange(TODAY, date(2021, 5, 25))
    absence = report_absence(user=cast.manager, during=first, by=cast.deputy, at=NOW)
    change_absence(absence=absence, during=later, by=cast.head, at=NOW + timedelta(minutes=1))
    withdraw_absence(absence=absence, by=cast.administrator, at=NOW + timedelta(minutes=2))
    notices = Notice.objects.filter(recipient=cast.manager).order_by("pk")
    assert [each.facts["how"] for each in notices] == [
        "absence.reported",
        "absence.changed",
        "absence.withdrawn",
    ]


def test_own_absence_is_told_to_nobody(cast: Cast) -> None:
    reported(cast)
    assert not Notice.objects.exists()


def test_page_leads_the_deputy_to_her_managers(cast: Cast) -> None:
    address = f"/franvaro/person/{cast.manager.pk}/"
    assert address in signed_in(cast.deputy).get("/franvaro/").content.decode()
    assert "/franvaro/person/" not in signed_in(cast.requester).get("/franvaro/").content.decode()


def test_the_register_of_people_leads_the_administrator_there(cast: Cast) -> None:
    page = signed_in(cast.administrator).get(f"/register/people/{cast.manager.pk}/").content.decode()
    assert f"/franvaro/person/{cast.manager.pk}/" in page


def test_absence_warns_when_the_deputy_is_away_too(cast: Cast) -> None:
    Absence.objects.create(user=cast.deputy, during=DateRange(date(2021, 5, 24), date(2021, 5, 28)))
    client = signed_in(cast.manager)
    warning = "Sofia Ekdahl, som är din ersättare, är också borta 24 maj–27 maj."
    assert warning in text_of(client.post("/franvaro/anmal/", DAYS, follow=True))
    assert warning in text_of(client.get("/franvaro/"))


def test_forms_of_the_page_share_no_ids(cast: Cast) -> None:
    ids = re.findall(r'\bid="([^"]+)"', signed_in(cast.manager).get("/franvaro/").content.decode())
    assert len(ids) == len(set(ids))


def given(cast: Cast) -> Delegation:
    signed_in(cast.manager).post(
        "/franvaro/delegera/",
        {**DAYS, "delegate": cast.office_deputy.email, "scope": "all", "reason": "Semester"},
    )
    return Delegation.objects.order_by("-pk")[0]


def test_delegation_is_in_force_when_it_is_accepted(cast: Cast) -> None:
    delegation, day = given(cast), date(2021, 5, 20)
    assert not delegations_on(day).exists()
    client = signed_in(cast.office_deputy)
    assert "Karin Sundblad ber dig gå in" in text_of(client.get("/franvaro/"))
    assert "Du går in för Karin Sundblad" in text_of(
        client.post(f"/delegationer/{delegation.pk}/godta/", follow=True)
    )
    assert delegations_on(day).get() == delegation
    assert "Mikael Norrby går in för dig" in text_of(signed_in(cast.manager).get("/franvaro/"))
    assert client.post(f"/delegationer/{delegation.pk}/godta/").status_code == 409
    assert client.post(f"/delegationer/{delegation.pk}/avboj/", follow=True).status_code == 200
    assert not delegations_on(day).exists()


def test_delegation_is_taken_back(cast: Cast) -> None:
    delegation = given(cast)
    signed_in(cast.office_deputy).post(f"/delegationer/{delegation.pk}/godta/")
    assert (
        signed_in(cast.office_deputy).post(f"/delegationer/{delegation.pk}/ta-tillbaka/").status_code == 403
    )
    signed_in(cast.manager).post(f"/delegationer/{delegation.pk}/ta-tillbaka/")
    assert not delegations_on(date(2021, 5, 20)).exists()
    events = (
        Entry.objects.filter(event__startswith="delegation.").order_by("pk").values_list("event", flat=True)
    )
    assert list(events) == ["delegation.given", "delegation.accepted", "delegation.revoked"]
    given(cast)  # the same days are free again
