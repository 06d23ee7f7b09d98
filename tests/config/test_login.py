"""Guessing passwords gets slow."""

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def log_in(client: Client, email: str, password: str) -> int:
    return client.post("/logga-in/", {"username": email, "password": password}).status_code


def test_login_is_shut_after_too_many_guesses(client: Client, cast: Cast) -> None:
    email = cast.requester.email
    spellings = (email, email.upper())
    answers = [
        log_in(client, spellings[number % 2], f"guess {number}")
        for number in range(settings.AXES_FAILURE_LIMIT)
    ]
    assert answers[:-1] == [200] * (settings.AXES_FAILURE_LIMIT - 1)
    assert answers[-1] == 429
    page = client.post("/logga-in/", {"username": email, "password": "rauk"})
    assert page.status_code == 429
    assert "För många försök" in page.content.decode()
    assert log_in(client, cast.colleague.email, "rauk") == 302


def test_login_whatever_the_case_of_the_address(client: Client, cast: Cast) -> None:
    assert log_in(client, cast.requester.email.upper(), "rauk") == 302
