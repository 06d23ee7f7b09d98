"""What people and programs are told when something broke."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

import config.health
from config import settings


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
