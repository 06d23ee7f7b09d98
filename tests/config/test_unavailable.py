"""What pages, fragments and programs are told when the database breaks off in the middle of an answer."""

import threading
from collections.abc import Iterator

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory

from config.errors import bad_request
from procurement.models import Requisition
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import text_of
from tests.races import open_transaction, patience

pytestmark = pytest.mark.django_db(transaction=True)

ENDED_WHILE_IT_WAITS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def basket(cast: Cast) -> Requisition:
    return worlds.basket(cast)


@pytest.fixture
def breaking(basket: Requisition) -> Iterator[None]:
    """Hold the basket, and end whichever session comes to wait for it."""
    ready, over = threading.Event(), threading.Event()

    def end_who_waits() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                Requisition.objects.locked().get(pk=basket.pk)
                ready.set()
                while not over.wait(0.05):
                    cursor.execute(ENDED_WHILE_IT_WAITS)
        finally:
            connection.close()

    thread = threading.Thread(target=end_who_waits)
    thread.start()
    assert ready.wait(10)
    yield
    over.set()
    thread.join()
    connection.close()


def browser(cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.requester, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_page_whose_session_ends_in_the_middle(
    headers: dict[str, str], cast: Cast, basket: Requisition, breaking: None
) -> None:
    line = basket.lines.get()
    answer = browser(cast).post(f"/korg/rader/{line.pk}/", {"quantity": "3"}, headers=headers)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "Databasen svarar inte" in text_of(answer)


def test_program_whose_session_ends_in_the_middle(cast: Cast, basket: Requisition, breaking: None) -> None:
    answer = browser(cast).post(f"/api/v1/baskets/{basket.pk}/submit/", {}, content_type="application/json")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


def test_nothing_is_half_done_when_the_session_ends(cast: Cast, basket: Requisition, breaking: None) -> None:
    browser(cast).post(f"/api/v1/baskets/{basket.pk}/submit/", {}, content_type="application/json")
    basket.refresh_from_db()
    assert basket.submitted_at is None
    assert basket.created_at == NOW


def test_session_that_could_not_be_saved_is_not_the_persons_fault() -> None:
    """Django reports it as a bad request, whatever the reason."""
    error = SessionInterrupted("The request's session was deleted.")
    error.__context__ = DatabaseError("server closed the connection unexpectedly")
    assert bad_request(RequestFactory().get("/"), error).status_code == 503


def test_lock_that_is_held_is_told_to_programs(cast: Cast, basket: Requisition) -> None:
    with open_transaction(lambda: Requisition.objects.locked().get(pk=basket.pk)), patience(100):
        answer = browser(cast).post(
            f"/api/v1/baskets/{basket.pk}/submit/", {}, content_type="application/json"
        )
    assert answer.status_code == 503
    assert answer.json()["code"] == "busy"
