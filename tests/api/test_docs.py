"""The API's description is whole, and its page works under the program's own security policy."""

import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from organizations.models import User
from tests import chromium
from tests.api.described import description
from tests.cast import Cast


def test_description_has_no_warnings(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_description_says_how_acts_are_refused(cast: Cast) -> None:
    client = APIClient()
    client.force_authenticate(cast.requester)
    description = client.get("/api/schema/?format=json").json()
    submit = description["paths"]["/api/v1/baskets/{id}/submit/"]["post"]
    assert submit["operationId"] == "basket_submit"
    assert set(submit["responses"]) == {"200", "400", "401", "403", "404", "409"}


@pytest.mark.parametrize("address", ["/api/schema/", "/api/v1/items/", "/api/v1/lines/1/"])
def test_stranger_gets_no_further(address: str, db: None) -> None:
    answer = APIClient().get(address)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


def test_page_is_for_people_who_are_signed_in(db: None) -> None:
    assert Client().get("/api/docs/")["Location"] == "/logga-in/?next=/api/docs/"


@pytest.fixture
def session(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Somebody's session, for a browser; Playwright keeps a loop of its own that Django would mistake for async."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    client = Client()
    client.force_login(User.objects.create_user("api@gotland.example", "x", first_name="Api", last_name="Ek"))
    return client.cookies["sessionid"].value


@pytest.mark.browser
def test_page_works_without_inline_script(live_server: LiveServer, session: str) -> None:
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=list(chromium.OPTIONS))
        page = browser.new_page()
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/api/docs/")
        page.locator("#operations-tag-me").click(timeout=60_000)
        page.locator("#operations-me-me_list .opblock-summary-control").click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").click()
        page.get_by_text("api@gotland.example").first.wait_for()
        browser.close()
    assert complaints == []


def test_addresses_are_written_in_one_way() -> None:
    """Words of an address are parted by hyphens, whatever the act is called in the code."""
    assert [address for address in description()["paths"] if "_" in re.sub(r"\{[^}]+\}", "", address)] == []
