"""Keys: made once, shown once, worthless when revoked."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from audit.models import Entry
from organizations.models import ApiToken, KeyScope
from organizations.operations import api_tokens
from organizations.operations.api_tokens import create_token, revoke_token
from organizations.permissions import OnlyYourOwnTokens
from tests import worlds
from tests.api.clients import Program
from tests.api.test_fuzz import operations
from tests.cast import NOW, Cast


def made(cast: Cast, name: str = "Kökets system") -> tuple[ApiToken, str]:
    return create_token(
        user=cast.requester, name=name, days=90, scope=KeyScope.DECIDE, by=cast.requester, at=NOW
    )


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


def test_answer_to_a_key_leaves_nothing_in_the_client(cast: Cast) -> None:
    _token, text = made(cast)
    client = acting(text)
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 200
    assert not client.cookies


def test_create_token_for_somebody_else_is_refused(cast: Cast) -> None:
    with pytest.raises(OnlyYourOwnTokens):
        create_token(
            user=cast.requester, name="x", days=1, scope=KeyScope.READ, by=cast.administrator, at=NOW
        )
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
        create_token(
            user=cast.requester, name=name, days=days, scope=KeyScope.READ, by=cast.requester, at=NOW
        )
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
    page = client.post("/api-nycklar/", {"name": "Kökets system", "days": "90", "scope": "order"})
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
    page = client.post("/api-nycklar/", {"name": "Kökets system", "days": "90", "scope": "order"})
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
    with pytest.raises(CommandError, match="no active person"):
        call_command("create_api_token", "nobody@gotland.example")


def test_key_cannot_revoke_its_owners_others(cast: Cast) -> None:
    other, text = made(cast)
    program = Program(cast.requester)
    answer = program.post(f"tokens/{other.pk}/revoke/")
    assert (answer.status_code, answer.data["code"]) == (403, "only_in_the_browser")
    assert acting(text).get("/api/v1/me/").status_code == 200


def test_key_that_has_come_astray_can_revoke_itself(cast: Cast) -> None:
    token, text = made(cast)
    assert acting(text).post(f"/api/v1/tokens/{token.pk}/revoke/").status_code == 204
    assert acting(text).get("/api/v1/me/").status_code == 401


def test_key_falls_with_the_password(cast: Cast) -> None:
    _token, text = made(cast)
    cast.requester.set_password("en annan fras")
    cast.requester.save()
    assert acting(text).get("/api/v1/me/").status_code == 401
    client = Client()
    client.force_login(cast.requester)
    assert "Gäller inte längre" in client.get("/api-nycklar/").content.decode()


@pytest.mark.parametrize(
    ("scope", "may_order", "may_decide"),
    [(KeyScope.READ, False, False), (KeyScope.ORDER, True, False), (KeyScope.DECIDE, True, True)],
)
def test_key_does_what_its_scope_allows(
    cast: Cast, scope: KeyScope, may_order: bool, may_decide: bool
) -> None:
    line = worlds.line(cast)
    program = Program(cast.requester, scope=scope)
    assert program.get("requisitions/").status_code == 200
    refusal = (403, "key_scope")
    answer = program.post("baskets/", department="2140")
    assert (answer.status_code < 300) if may_order else ((answer.status_code, answer.data["code"]) == refusal)
    answer = program.post(f"lines/{line.pk}/withdraw/")
    assert (
        (answer.status_code == 200) if may_order else ((answer.status_code, answer.data["code"]) == refusal)
    )
    answer = Program(cast.manager, scope=scope).post("lines/approve/", lines=[worlds.line(cast).pk])
    assert (
        (answer.status_code == 200) if may_decide else ((answer.status_code, answer.data["code"]) == refusal)
    )


def test_every_act_of_the_api_needs_more_than_reading(cast: Cast) -> None:
    program = Program(cast.manager, scope=KeyScope.READ)
    acts = [operation for operation in operations() if operation.method.upper() != "GET"]
    assert len(acts) > 30
    for act in acts:
        address = re.sub(r"\{\w+\}", "987654321", act.path).removeprefix("/api/v1/")
        answer = program.post(address)
        is_own_key = act.path.startswith("/api/v1/tokens/")
        assert answer.status_code == (404 if is_own_key and "revoke" in address else 403), act.path
        assert is_own_key or answer.data["code"] == "key_scope"


def test_scope_of_a_new_key_is_the_narrowest_unless_asked(cast: Cast) -> None:
    client: Any = APIClient()
    client.force_login(cast.requester)
    answer = client.post("/api/v1/tokens/", {"name": "Ny"}, format="json")
    assert answer.data["scope"] == "read"
