"""Keys: made once, shown once, worthless when revoked."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from audit.models import Entry
from organizations.models import ApiToken
from organizations.operations import api_tokens
from organizations.operations.api_tokens import create_token, revoke_token
from organizations.permissions import OnlyYourOwnTokens
from tests.api.clients import Program
from tests.cast import NOW, Cast


def made(cast: Cast, name: str = "Kökets system") -> tuple[ApiToken, str]:
    return create_token(user=cast.requester, name=name, days=90, by=cast.requester, at=NOW)


def acting(text: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return client


def test_create_token_acts_for_its_owner(cast: Cast) -> None:
    token, text = made(cast)
    answer = acting(text).get("/api/v1/me/")
    assert answer.status_code == 200
    assert answer.json()["name"] == "Elin Bergvall"
    assert answer.json()["orders_for"] == [{"department": "2140", "amount_limit": "10000.00"}]
    assert text not in str(ApiToken.objects.values().get())
    assert token.beginning == text[:8]
    entry = Entry.objects.about(token).get()
    assert (entry.event, entry.by_name) == ("api_token.created", "Elin Bergvall")
    assert text not in str(entry.details)


def test_create_token_for_somebody_else_is_refused(cast: Cast) -> None:
    with pytest.raises(OnlyYourOwnTokens):
        create_token(user=cast.requester, name="x", days=1, by=cast.administrator, at=NOW)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("name", "days", "refusal"),
    [
        ("  ", 90, api_tokens.TokenNameMissing),
        ("x" * 61, 90, api_tokens.TokenNameMissing),
        ("Ny", 0, api_tokens.TokenLifeNotPossible),
        ("Ny", 367, api_tokens.TokenLifeNotPossible),
        ("Kökets system", 90, api_tokens.TokenNameTaken),
    ],
)
def test_create_token_with_bad_input(cast: Cast, name: str, days: int, refusal: type[Exception]) -> None:
    made(cast)
    with pytest.raises(refusal):
        create_token(user=cast.requester, name=name, days=days, by=cast.requester, at=NOW)
    assert ApiToken.objects.count() == 1


def test_create_token_at_most_twenty(cast: Cast) -> None:
    for number in range(api_tokens.MOST_TOKENS):
        made(cast, f"nyckel {number}")
    with pytest.raises(api_tokens.TooManyTokens):
        made(cast)


def test_revoke_token_makes_it_worthless(cast: Cast) -> None:
    token, text = made(cast)
    revoke_token(token=token, by=cast.requester, at=NOW)
    revoke_token(token=token, by=cast.requester, at=NOW)
    answer = acting(text).get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer.json() == {"code": "authentication_failed", "detail": "Nyckeln gäller inte."}
    assert Entry.objects.filter(event="api_token.revoked").count() == 1


def test_revoke_token_of_another_is_refused(cast: Cast) -> None:
    token, text = made(cast)
    with pytest.raises(OnlyYourOwnTokens):
        revoke_token(token=token, by=cast.administrator, at=NOW)
    assert Program(cast.stranger).post(f"tokens/{token.pk}/revoke/").status_code == 404
    assert acting(text).get("/api/v1/me/").status_code == 200


def test_old_key_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _token, text = made(cast)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=91))
    assert acting(text).get("/api/v1/me/").status_code == 401


def test_key_of_somebody_who_has_left_is_refused(cast: Cast) -> None:
    _token, text = made(cast)
    cast.requester.is_active = False
    cast.requester.save()
    assert acting(text).get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token åäö", "Token \x01", "Token " + "f" * 64])
def test_wrong_key_is_refused(cast: Cast, header: str) -> None:
    answer = APIClient(HTTP_AUTHORIZATION=header).get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "authentication_failed"


def test_guessing_keys_is_slowed_down_but_right_keys_work(cast: Cast) -> None:
    _token, text = made(cast)
    answers = [acting("f" * 64).get("/api/v1/me/").status_code for _ in range(31)]
    assert answers == [401] * 30 + [429]
    assert acting(text).get("/api/v1/me/").status_code == 200


def test_key_cannot_make_another(cast: Cast) -> None:
    answer = Program(cast.requester).post("tokens/", name="Ny")
    assert answer.status_code == 403
    assert answer.data["code"] == "only_in_the_browser"


def test_keys_in_the_browser_through_the_api(cast: Cast) -> None:
    client: Any = APIClient()
    client.force_login(cast.requester)
    answer = client.post("/api/v1/tokens/", {"name": "Ny", "days": 30}, format="json")
    assert answer.status_code == 201
    assert acting(answer.data["token"]).get("/api/v1/me/").status_code == 200
    (listed,) = client.get("/api/v1/tokens/").json()["results"]
    assert listed["name"] == "Ny"
    assert "token" not in listed
    assert client.post(f"/api/v1/tokens/{listed['id']}/revoke/").status_code == 204
    assert client.get("/api/v1/tokens/").json()["results"] == []


def test_session_needs_its_csrf_token(cast: Cast) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.requester)
    assert client.post("/api/v1/tokens/", {"name": "Ny"}, format="json").status_code == 403
    assert not ApiToken.objects.exists()


def test_page_shows_the_key_once_and_revokes_it(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.requester)
    page = client.post("/api-nycklar/", {"name": "Kökets system", "days": "90"})
    assert page.status_code == 200
    text = page.context["text"]
    assert text in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert acting(text).get("/api/v1/me/").status_code == 200
    again = client.get("/api-nycklar/").content.decode()
    assert "Kökets system" in again
    assert text not in again
    token = ApiToken.objects.get()
    answer = client.post(f"/api-nycklar/{token.pk}/dra-in/", follow=True)
    assert "Nyckeln Kökets system är indragen" in answer.content.decode()
    assert acting(text).get("/api/v1/me/").status_code == 401


def test_page_says_what_is_wrong(cast: Cast) -> None:
    made(cast)
    client = Client()
    client.force_login(cast.requester)
    page = client.post("/api-nycklar/", {"name": "Kökets system", "days": "90"})
    assert page.status_code == 422
    assert "Du har redan en nyckel som heter Kökets system." in page.content.decode()
    assert client.post("/api-nycklar/", {"name": "", "days": "9000"}).status_code == 422


def test_page_of_another_person_shows_nothing_of_mine(cast: Cast) -> None:
    token, _text = made(cast)
    client = Client()
    client.force_login(cast.stranger)
    assert token.name not in client.get("/api-nycklar/").content.decode()
    assert client.post(f"/api-nycklar/{token.pk}/dra-in/").status_code == 404
    assert ApiToken.objects.exists()


def test_command_prints_a_key_that_works(cast: Cast) -> None:
    out = StringIO()
    call_command("create_api_token", cast.requester.email.upper(), stdout=out)
    assert acting(out.getvalue().strip()).get("/api/v1/me/").status_code == 200


def test_command_refuses_who_is_not_there(cast: Cast) -> None:
    with pytest.raises(CommandError, match="ingen aktiv person"):
        call_command("create_api_token", "nobody@gotland.example")
