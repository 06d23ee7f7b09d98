"""What is written down can be read by a machine, says who by number, and quotes nobody."""

import json
import logging
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core import request_ids
from core.logs import JSONLines, described, without_persons
from organizations.models import User
from tests.cast import Cast
from tests.pages import signed_in


class Lines(logging.Handler):
    """What would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JSONLines())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    @property
    def text(self) -> str:
        return json.dumps(self.lines, ensure_ascii=False)


@pytest.fixture
def lines() -> Any:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_line_has_time_level_place_and_id(lines: Lines) -> None:
    with request_ids.under("request-0001"):
        logging.getLogger("core.work").warning("%s %s failed", "Import", 3)
    (line,) = lines.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line == {
        "level": "WARNING",
        "logger": "core.work",
        "message": "Import 3 failed",
        "request_id": "request-0001",
    }


def test_value_that_is_taken_is_not_written(cast: Cast, lines: Lines) -> None:
    email = cast.requester.email
    try:
        with transaction.atomic():
            User.objects.create(email=email, first_name="Siv", last_name="Ålund")
    except IntegrityError:
        logging.getLogger("x").exception("Not done")
    (line,) = lines.lines
    assert email not in lines.text
    assert "Ålund" not in lines.text
    assert line["error"]["kind"] == "IntegrityError"
    assert line["error"]["text"].startswith("SQLSTATE 23505 organizations_user_email")
    assert "tests/core/test_logs.py:" in line["error"]["places"][0]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("invalid literal: 'Anna Ek'"), ""),
        (KeyError("Anna Ek"), ""),
        (TypeError("unsupported operand"), "unsupported operand"),
        (TypeError("no such person: anna.ek@region.se"), "no such person: [email]"),
        (FileNotFoundError(2, "No such file or directory", "/Anna Ek.csv"), "No such file or directory"),
    ],
)
def test_failure_is_told_without_values(error: Exception, text: str) -> None:
    assert described(error).get("text", "") == text


def test_cause_is_told_too() -> None:
    error = RuntimeError("Anna")
    error.__cause__ = TypeError("x is not y")
    assert described(error)["cause"] == {"kind": "TypeError", "text": "x is not y"}


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("to anna.ek+x@region-gotland.se now", "to [email] now"),
        ("person 19800101-1234", "person [number]"),
        ("person 800101-1234", "person [number]"),
        ("person 198001011234", "person [number]"),
        ("order 2021-00417 took 1234567890 ns", "order 2021-00417 took 1234567890 ns"),
    ],
)
def test_persons_are_covered(text: str, covered: str) -> None:
    assert without_persons(text) == covered


def test_what_was_asked_for_is_not_written(cast: Cast, lines: Lines) -> None:
    client = signed_in(cast.requester)
    client.get("/anna-ek-19800101-1234/?q=Anna")
    client.get("/bestallningar/999999/?q=Anna")
    client.post("/korg/")
    messages = [line["message"] for line in lines.lines if line["logger"] == "django.request"]
    assert messages[0] == "Not Found: an address that leads nowhere"
    assert "nna" not in lines.text
    assert all("/" not in message for message in messages)


def test_line_for_each_request(cast: Cast, lines: Lines, settings: Any) -> None:
    settings.ACCESS_LOG = True
    logging.getLogger().setLevel(logging.INFO)
    signed_in(cast.requester).get("/katalog/?q=Anna", headers={"X-Request-ID": "proxy-12345"})
    (line,) = [line for line in lines.lines if line["logger"] == "rauk.access"]
    assert (line["view"], line["method"], line["status"]) == ("shop:catalogue", "GET", 200)
    assert line["ms"] > 0
    assert line["request_id"] == "proxy-12345"
    assert line["person_id"] == cast.requester.pk
    assert "Anna" not in lines.text


def test_fault_of_a_page_is_written_with_who_and_where(
    cast: Cast, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.requester)

    def break_down(*args: object, **kwargs: object) -> None:
        raise ValueError("Anna Ek")

    monkeypatch.setattr("shop.views.catalogue.render", break_down)
    assert client.get("/katalog/").status_code == 500
    line = next(line for line in lines.lines if "error" in line)
    assert line["person_id"] == cast.requester.pk
    assert line["message"] == "Internal Server Error: shop:catalogue"
    assert line["error"]["kind"] == "ValueError"
    assert "text" not in line["error"]
    assert any(place.startswith("shop/views/") for place in line["error"]["places"])
    assert "Anna" not in lines.text
