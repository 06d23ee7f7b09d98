"""Roles that need a second factor: nothing else is open before one is shown."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from pytest_django import Settings

from categories.operations.delegations import accept_delegation, delegate
from factors.codes import code_at
from factors.holdings import has_factor, people_without_factor
from factors.middleware import OPEN, SecondFactorFirst
from organizations.models import ApiToken, KeyScope, User
from organizations.operations.api_tokens import create_token
from organizations.permissions import needs_second_factor
from tests.cast import Cast
from tests.factors.test_own import APP, CONFIRM, FACTORS, both_steps, shown_secret
from tests.factors.worlds import code_of, enter, with_app
from tests.long import LONG
from tests.pages import signed_in, text_of
from tests.repository.test_urls import PUBLIC, addresses

pytestmark = pytest.mark.django_db

REQUIRED = "/mitt-konto/tva-steg/kravs/"


@pytest.fixture(autouse=True)
def roles(settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"requester", "administrator"})


def test_the_administrator_sees_who_lacks_one(cast: Cast, settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"requester", "budget_holder"})
    with_app(cast.colleague)
    week = DateRange(timezone.localdate(), None)
    delegation = delegate(
        delegator=cast.budget_holder,
        delegate=cast.stranger,
        valid_during=DateRange(week.lower, week.lower + timedelta(days=7)),
        reason="x",
        by=cast.budget_holder,
        at=timezone.now(),
    )
    accept_delegation(delegation=delegation, by=cast.stranger, at=timezone.now())
    day = timezone.localdate()
    lack = set(people_without_factor(day))
    assert {cast.requester, cast.budget_holder, cast.stranger} <= lack
    assert lack == {
        each
        for each in User.objects.filter(is_active=True)
        if needs_second_factor(each, at=timezone.now()) and not has_factor(each)
    }
    client = signed_in(cast.administrator)
    assert "/personer/utan-andra-steg/" in client.get("/register/people/").content.decode()
    page = text_of(client.get("/personer/utan-andra-steg/"))
    assert f"{len(lack)} personer saknar ett andra steg" in page
    assert cast.requester.email in page
    assert cast.colleague.email not in page
    settings.SECOND_FACTOR_ROLES = frozenset({"everybody"})
    assert cast.manager in people_without_factor(day)
    User.objects.filter(pk=cast.manager.pk).update(password="!x")
    assert cast.manager not in people_without_factor(day)


def test_nothing_else_is_open_to_who_has_none(cast: Cast) -> None:
    """An ordinary run reads one address and writes to the next; a long run tries both at each."""
    client, _ = enter(cast.requester)
    client.raise_request_exception = False
    open_pages = []
    for number, (name, address, _pattern) in enumerate(addresses(get_resolver())):
        if name in PUBLIC | OPEN:
            continue
        for ask in (client.get, client.post) if LONG else [(client.get, client.post)[number % 2]]:
            answer = ask(f"/{address}")
            is_led = answer.status_code == 302 and answer["Location"].startswith(REQUIRED)
            is_refused = answer.status_code == 403 and answer.json()["code"] == "second_factor_needed"
            is_for_directories = name.startswith("scim:") and answer.status_code == 401
            if not (is_led or is_for_directories or (is_refused and address.startswith("api/"))):
                open_pages.append(f"{name} {answer.status_code}")
    assert open_pages == []


def test_public_pages_show_her_nothing_of_what_waits(cast: Cast) -> None:
    client, _ = enter(cast.requester)
    page = client.get("/hjalp/").content.decode()
    assert cast.requester.full_name not in page
    assert "Mina beställningar" not in page


def test_she_is_led_to_set_one_up_and_back(cast: Cast) -> None:
    client, answer = enter(cast.requester, next_page="/korg/?x=1")
    led = client.get(answer.headers["Location"])
    assert led["Location"] == f"{REQUIRED}?next=/korg/%3Fx%3D1"
    page = client.get(led["Location"])
    assert "Din roll kräver" in text_of(page)
    add = f"{APP}?next=%2Fkorg%2F%3Fx%3D1"
    assert f'href="{add}"' in page.content.decode()
    secret = shown_secret(client.get(add).content.decode())
    data = {"one_time_code": code_at(secret, timezone.now()), "next": "/korg/?x=1"}
    codes = client.post(APP, data)
    assert 'href="/korg/?x=1"' in codes.content.decode()
    assert client.get("/korg/").status_code == 200
    assert client.get(FACTORS).status_code == 200


def test_form_that_she_sent_before_the_role_asked_for_it_is_kept(cast: Cast) -> None:
    client = signed_in(cast.colleague)
    client.get(CONFIRM)
    data = {"name": "Kökets beställningssystem", "scope": "read", "days": "30"}
    led = client.post("/api-nycklar/", data, headers={"origin": "http://testserver"})
    assert led["Location"].startswith(REQUIRED)
    with_app(cast.colleague)
    answer = client.get(led["Location"])
    assert answer["Location"].startswith(CONFIRM)
    response = client.post(
        CONFIRM,
        {"one_time_code": code_of(cast.colleague), "next": led["Location"].partition("next=")[2]},
        follow=True,
    )
    assert "Kökets beställningssystem" in response.content.decode()


def test_session_from_before_shows_the_factor_that_she_has_since(cast: Cast) -> None:
    client, _ = enter(cast.requester)
    with_app(cast.requester)
    led = client.get("/korg/", follow=True)
    assert led.redirect_chain[-1][0].startswith(CONFIRM)
    assert 'name="password"' not in led.content.decode()
    # Nor is a further factor added meanwhile, though the password was written a moment ago.
    assert client.get(APP)["Location"].startswith(CONFIRM)
    client.post(CONFIRM, {"one_time_code": code_of(cast.requester), "next": "/korg/"})
    assert client.get("/korg/").status_code == 200


def test_session_with_a_second_factor_goes_everywhere(cast: Cast) -> None:
    with_app(cast.requester)
    assert both_steps(cast.requester).get("/korg/").status_code == 200


def test_other_roles_are_not_asked(cast: Cast) -> None:
    client, _ = enter(cast.controller)
    assert client.get("/besparingar/").status_code == 200


def test_everybody_is_everybody(cast: Cast, settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"everybody"})
    client, _ = enter(cast.controller)
    assert client.get("/besparingar/")["Location"].startswith(REQUIRED)


def test_who_acts_for_somebody_by_delegation_is_asked_as_she_would_be(cast: Cast, settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"head_of_procurement"})
    at, today = timezone.now(), timezone.localdate()
    client, _ = enter(cast.auditor)
    week = DateRange(today, today + timedelta(days=7))
    delegation = delegate(
        delegator=cast.head, delegate=cast.auditor, valid_during=week, reason="x", by=cast.head, at=at
    )
    assert client.get("/besparingar/").status_code == 200
    accept_delegation(delegation=delegation, by=cast.auditor, at=at)
    assert client.get("/besparingar/")["Location"].startswith(REQUIRED)
    assert not needs_second_factor(cast.auditor, at=at + timedelta(days=8))
    settings.SECOND_FACTOR_ROLES = frozenset({"controller"})
    assert client.get("/besparingar/").status_code == 200


def test_out_is_always_open(cast: Cast) -> None:
    client, _ = enter(cast.requester)
    assert client.post("/logga-ut/")["Location"] == "/logga-in/"
    assert client.get("/korg/")["Location"].startswith("/logga-in/")


def key(user: User, *, has_second_factor: bool) -> dict[str, str]:
    _token, text = create_token(
        user=user,
        name=f"{has_second_factor}",
        days=30,
        scope=KeyScope.READ,
        by=user,
        at=timezone.now(),
        has_second_factor=has_second_factor,
    )
    return {"authorization": f"Token {text}"}


def test_key_is_no_way_round(cast: Cast, client: Client, settings: Settings) -> None:
    with_app(cast.requester)
    page = both_steps(cast.requester)
    cast.requester.refresh_from_db()  # the cast's password is kept anew when it is used
    weak, strong = (key(cast.requester, has_second_factor=each) for each in (False, True))
    response = client.get("/api/v1/me/", headers=weak)
    assert (response.status_code, response.json()["code"]) == (403, "key_without_second_factor")
    assert client.get("/api/v1/me/", headers=strong).status_code == 200
    assert text_of(page.get("/api-nycklar/")).count("Gäller inte längre") == 1
    settings.SECOND_FACTOR_ROLES = frozenset({"auditor"})
    assert client.get("/api/v1/me/", headers=weak).status_code == 200


def test_key_remembers_how_she_had_signed_in(cast: Cast) -> None:
    with_app(cast.requester)
    client = both_steps(cast.requester)
    client.post("/api-nycklar/", {"name": "sida", "scope": "read", "days": "30"})
    client.post("/api/v1/tokens/", {"name": "api", "days": 30}, content_type="application/json")
    weak_client, _ = enter(cast.controller)
    weak_client.post("/api-nycklar/", {"name": "svag", "scope": "read", "days": "30"})
    weak_client.post("/api/v1/tokens/", {"name": "svag api", "days": 30}, content_type="application/json")
    has_factor_by_name = {each.name: each.has_second_factor for each in ApiToken.objects.all()}
    assert has_factor_by_name == {"sida": True, "api": True, "svag": False, "svag api": False}


def test_name_that_is_no_role_stops_the_program(settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"administrator", "adminstrator"})
    with pytest.raises(ImproperlyConfigured, match="no role adminstrator"):
        SecondFactorFirst(lambda request: HttpResponse())
