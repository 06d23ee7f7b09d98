"""Signing in, and the people of the demo region on the page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import Settings

from demo.models import Loading
from demo.sign_in import demo_people

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def test_one_person_of_each_role_comes_first() -> None:
    first, more = demo_people()
    assert [person.role for person in first][:2] == ["Sjuksköterska", "Avdelningschef"]
    assert {person.email for person in first} & {person.email for person in more} == set()


@pytest.mark.django_db
def test_demo_people_are_shown_in_a_demo_region_only(client: Client, settings: Settings) -> None:
    assert "Prova som" not in client.get("/logga-in/").content.decode()
    Loading.objects.create(today=date(2026, 11, 22), loaded_at=NOW)
    assert "Prova som" in client.get("/logga-in/").content.decode()
    settings.DEMO = False
    assert "Prova som" not in client.get("/logga-in/").content.decode()


@pytest.mark.django_db
def test_wrong_password_says_what_to_do(client: Client) -> None:
    page = client.post("/logga-in/", {"username": "nobody@gotland.example", "password": "x"}).content.decode()
    assert "E-post och lösenord hör inte ihop" in page
    assert "Skriv din e-postadress" in client.post("/logga-in/", {}).content.decode()
