"""What people and programs are told when something broke."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

import config.health
from config import settings
from tests.cast import Cast
from tests.pages import signed_in


def broken(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **options: Any) -> None:
        raise error

    return fail


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(OperationalError("gone"), 503, "inget är halvgjort"), (ValueError("a fault of ours"), 500, "<h1")],
)
def test_page_tells_what_broke(
    error: Exception, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.contrib.auth.views.LoginView.get_context_data", broken(error))
    answer = Client(raise_request_exception=False).get("/logga-in/")
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "gone" not in answer.content.decode()
    assert "fault of ours" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(OperationalError("gone"), 503, "unavailable"), (ValueError("a fault of ours"), 500, "error")],
)
def test_api_tells_what_broke(
    error: Exception, status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rest_framework.views.APIView.initial", broken(error))
    answer = Client(raise_request_exception=False).get("/api/v1/items/")
    assert answer.status_code == status
    assert answer.json()["code"] == code


def test_healthz_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.health, "database_answers", lambda: False)
    monkeypatch.setattr(config.health, "broker_answers", lambda: True)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")


@pytest.mark.django_db
def test_healthz_without_the_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config.health, "broker_answers", lambda: False)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "degraded", "database": "ok", "broker": "down"},
    )


@pytest.mark.django_db
def test_pages_allow_no_script_or_style_but_our_own(client: Client) -> None:
    policy = client.get("/logga-in/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"] == ["'self'"]


POST_ONLY = ["/korg/lagg-till/", "/ko/beslut/", "/ta-emot/kvittera/", "/besparingar/rakna/", "/logga-ut/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", POST_ONLY)
def test_page_that_only_takes_forms_says_so_when_opened(address: str, cast: Cast) -> None:
    answer = signed_in(cast.requester).get(address)
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
    page = answer.content.decode()
    assert "Adressen går inte att öppna" in page
    assert "Ingenting har ändrats." in page
    assert "Till startsidan" in page


@pytest.mark.django_db
def test_api_answers_a_wrong_method_in_its_own_way(cast: Cast) -> None:
    answer = signed_in(cast.requester).put("/api/v1/items/")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/json"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/katalog/%00/",
        "/bestallningar/%00/",
        "/inkopsordrar/%00/",
        "/kategorier/%00/",
        "/ta-emot/?order=%00",
    ],
)
def test_address_with_a_null_character_is_not_understood(address: str, cast: Cast) -> None:
    answer = signed_in(cast.requester).get(address)
    assert answer.status_code == 400
    assert "Ingenting har ändrats" in answer.content.decode()


@pytest.mark.django_db
def test_form_sent_after_the_session_ended_leads_back_to_its_page(client: Client, cast: Cast) -> None:
    answer = client.post(
        "/korg/lagg-till/", {"item": "1"}, headers={"Referer": "http://testserver/katalog/?q=stol"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/logga-in/?next=/katalog/%3Fq%3Dstol"
    assert "inte sparat" in client.get(answer["Location"]).content.decode()


@pytest.mark.django_db
def test_form_sent_from_elsewhere_without_a_session_leads_home(client: Client, cast: Cast) -> None:
    answer = client.post("/korg/lagg-till/", headers={"Referer": "https://elsewhere.example/x"})
    assert answer["Location"] == "/logga-in/?next=/"


@pytest.mark.django_db
def test_script_that_asks_after_the_session_ended_opens_the_sign_in_page(client: Client, cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/katalog/"}
    answer = client.get("/katalog/?q=stol", headers=headers)
    assert answer["HX-Redirect"] == "/logga-in/?next=/katalog/"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/behov/grans/?quantity=3", "/katalog/?q=stol"])
def test_what_a_page_asks_for_by_itself_leads_nowhere_after_the_session_ended(
    client: Client, address: str
) -> None:
    """She may be writing; what she wrote would be gone."""
    answer = client.get(address, headers={"HX-Request": "true", "X-Unasked": "true"})
    assert (answer.status_code, answer.content, "HX-Redirect" in answer.headers) == (204, b"", False)
