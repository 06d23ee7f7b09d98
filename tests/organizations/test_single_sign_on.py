"""Signing in through a directory: a real OpenID Connect server, started here."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from config.single_sign_on import providers
from organizations.models import GroupRule, Membership, Role, Session, User
from organizations.operations.accounts import change_name
from organizations.permissions import NameIsTheDirectorys
from tests.cast import NOW, Cast
from tests.factors.worlds import code_of, with_app
from tests.pages import Answer, text_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.processes,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
]

DIRECTORY = "region"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def directory(server: str, settings: Settings) -> str:
    settings.SOCIALACCOUNT_PROVIDERS = configured(server)
    return server


def configured(server: str, **more: Any) -> dict[str, Any]:
    provider: dict[str, Any] = {
        "id": DIRECTORY,
        "kind": "openid_connect",
        "name": "Region Gotland",
        "server_url": server,
        "client_id": "rauk",
        "client_secret": "secret",
        **more,
    }
    return providers(json.dumps([provider]))


def known(server: str, number: str, email: str, **claims: Any) -> None:
    """Let the directory know a person."""
    user_info = {
        "email": email,
        "email_verified": True,
        "given_name": "Ny",
        "family_name": "Anställd",
        **claims,
    }
    requests.put(f"{server}/users/{number}", json=user_info, timeout=5).raise_for_status()


def enter(client: Client, number: str, next_page: str = "") -> Answer:
    """Go to the directory, sign in there, and come back."""
    response = client.get(f"/logga-in/{DIRECTORY}/", {"next": next_page} if next_page else {})
    assert response.status_code == 302
    callback = requests.post(response["Location"], data={"sub": number}, allow_redirects=False, timeout=5)
    assert callback.status_code == 302
    address = urlsplit(callback.headers["Location"])
    return client.get(f"{address.path}?{address.query}")


def roles(user: User) -> set[tuple[str, str, Decimal | None]]:
    memberships = Membership.objects.on(timezone.localdate()).filter(user=user).select_related("department")
    return {
        (each.role, each.department.cost_center if each.department else "", each.amount_limit)
        for each in memberships
    }


def test_sign_in_page_leads_to_the_directory(client: Client, directory: str) -> None:
    page = client.get("/logga-in/?next=/korg/").content.decode()
    assert "Logga in med Region Gotland" in page
    assert f'href="/logga-in/{DIRECTORY}/?next=%2Fkorg%2F"' in page


def test_person_with_an_account_comes_in(client: Client, cast: Cast, directory: str) -> None:
    known(directory, "elin", cast.requester.email.upper())
    answer = enter(client, "elin", "/mitt-konto/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/mitt-konto/"
    assert cast.requester.email in text_of(client.get("/mitt-konto/"))
    assert SocialAccount.objects.get().user == cast.requester
    session = Session.objects.get(person=cast.requester)
    assert "began_at" in session.get_decoded()
    assert Entry.objects.filter(event="person.linked").count() == 1


def test_second_factor_is_the_directorys_business_unless_it_leaves_it_to_us(
    client: Client, cast: Cast, server: str, settings: Settings
) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"requester"})
    with_app(cast.requester)
    known(server, "elin", cast.requester.email)
    settings.SOCIALACCOUNT_PROVIDERS = configured(server)
    assert enter(client, "elin", "/korg/").headers["Location"] == "/korg/"
    assert client.get("/korg/").status_code == 200
    assert Entry.objects.latest("pk").details == {"way": DIRECTORY, "second_factor": ""}
    settings.SOCIALACCOUNT_PROVIDERS = configured(server, second_factor="here")
    # What the directory said before is no longer enough, and what she says now neither.
    assert client.get("/korg/").headers["Location"].startswith("/mitt-konto/tva-steg/kravs/")
    browser = Client()
    assert enter(browser, "elin", "/korg/").headers["Location"] == "/logga-in/andra-steget/"
    assert browser.get("/korg/").status_code == 302
    response = browser.post("/logga-in/andra-steget/", {"one_time_code": code_of(cast.requester)})
    assert response.headers["Location"] == "/korg/"
    assert browser.get("/korg/").status_code == 200
    assert Entry.objects.latest("pk").details == {"way": DIRECTORY, "second_factor": "totp"}


def test_person_without_password_has_factors_only_where_they_are_asked_for(
    client: Client, cast: Cast, server: str, settings: Settings
) -> None:
    cast.requester.set_unusable_password()
    cast.requester.save()
    known(server, "elin", cast.requester.email)
    settings.SOCIALACCOUNT_PROVIDERS = configured(server)
    enter(client, "elin")
    assert client.get("/mitt-konto/tva-steg/").status_code == 403
    assert "Inloggning i två steg" not in text_of(client.get("/mitt-konto/"))
    settings.SOCIALACCOUNT_PROVIDERS = configured(server, second_factor="here")
    settings.SECOND_FACTOR_ROLES = frozenset({"requester"})
    again = Client()
    enter(again, "elin")
    # She has just been let in by the directory, which is all that she can show.
    assert again.get("/korg/").status_code == 302
    assert again.get("/mitt-konto/tva-steg/app/").status_code == 200


def test_answers_on_the_way_are_kept_by_nobody(client: Client, directory: str) -> None:
    response = client.get(f"/logga-in/{DIRECTORY}/")
    assert response["Cache-Control"] == "private, no-store" or "no-store" in response["Cache-Control"]
    refusal = client.get(f"/logga-in/{DIRECTORY}/tillbaka/?error=access_denied&state=x")
    assert "script-src 'self'" in refusal["Content-Security-Policy"]
    assert "Du kom inte in" in text_of(refusal)
    assert "no-store" in refusal["Cache-Control"]


def test_next_page_elsewhere_is_not_followed(client: Client, cast: Cast, directory: str) -> None:
    known(directory, "elin", cast.requester.email)
    assert enter(client, "elin", "https://evil.example/").headers["Location"] == "/"


def test_stranger_is_refused_unless_the_directory_creates_people(
    client: Client, cast: Cast, server: str, settings: Settings
) -> None:
    known(server, "ny", "ny.anstalld@gotland.example")
    settings.SOCIALACCOUNT_PROVIDERS = configured(server)
    answer = enter(client, "ny")
    assert answer.status_code == 403
    assert "inget konto" in text_of(answer)
    assert not User.objects.filter(email="ny.anstalld@gotland.example").exists()
    settings.SOCIALACCOUNT_PROVIDERS = configured(server, creates_people=True)
    assert enter(Client(), "ny").status_code == 302
    user = User.objects.get(email="ny.anstalld@gotland.example")
    assert (user.first_name, user.last_name, user.has_usable_password()) == ("Ny", "Anställd", False)


def test_name_is_the_one_that_the_directory_says_now(client: Client, cast: Cast, directory: str) -> None:
    known(directory, "elin", cast.requester.email, given_name="Elin", family_name="Bergvall")
    enter(client, "elin")
    assert not Entry.objects.about(cast.requester).filter(event="person.changed_by_directory").exists()
    known(directory, "elin", cast.requester.email, given_name="Elin", family_name="Ahlgren")
    enter(Client(), "elin")
    cast.requester.refresh_from_db()
    assert cast.requester.full_name == "Elin Ahlgren"
    changed = Entry.objects.about(cast.requester).get(event="person.changed_by_directory")
    assert (changed.by_name, changed.details["before"]) == (
        f"Katalogen {DIRECTORY}",
        {"last_name": "Bergvall"},
    )
    # One that says no names takes none away, and what it keeps is changed there.
    known(directory, "elin", cast.requester.email, given_name="", family_name="")
    enter(Client(), "elin")
    cast.requester.refresh_from_db()
    assert cast.requester.full_name == "Elin Ahlgren"
    with pytest.raises(NameIsTheDirectorys):
        change_name(user=cast.requester, first_name="Elin", last_name="Ek", by=cast.requester, at=NOW)


def test_closed_account_stays_closed(client: Client, cast: Cast, directory: str) -> None:
    known(directory, "elin", cast.requester.email)
    assert enter(client, "elin").status_code == 302
    User.objects.filter(pk=cast.requester.pk).update(is_active=False)
    again = Client()
    assert enter(again, "elin").status_code == 403
    assert again.get("/mitt-konto/").status_code == 302


@pytest.mark.parametrize("verified", [False, None])
def test_address_that_the_directory_does_not_answer_for_opens_nothing(
    client: Client, cast: Cast, server: str, settings: Settings, verified: bool | None
) -> None:
    known(server, "elin", cast.requester.email, email_verified=verified)
    settings.SOCIALACCOUNT_PROVIDERS = configured(server)
    assert enter(client, "elin").status_code == 403
    assert not SocialAccount.objects.exists()
    settings.SOCIALACCOUNT_PROVIDERS = configured(server, trusts_email=True)
    assert enter(Client(), "elin").status_code == 302


def test_address_that_goes_to_somebody_else_opens_nothing(client: Client, cast: Cast, directory: str) -> None:
    known(directory, "elin", cast.requester.email)
    enter(client, "elin")
    known(directory, "another", cast.requester.email)
    answer = enter(Client(), "another")
    assert answer.status_code == 403
    assert "annan person" in text_of(answer)


def test_person_is_known_when_her_address_changes(client: Client, cast: Cast, directory: str) -> None:
    known(directory, "elin", cast.requester.email)
    enter(client, "elin")
    known(directory, "elin", "elin.nytt@gotland.example")
    again = Client()
    assert enter(again, "elin").status_code == 302
    assert cast.requester.email in text_of(again.get("/mitt-konto/"))


def test_answer_for_another_browser_lets_nobody_in(client: Client, cast: Cast, directory: str) -> None:
    known(directory, "elin", cast.requester.email)
    response = client.get(f"/logga-in/{DIRECTORY}/")
    callback = requests.post(response["Location"], data={"sub": "elin"}, allow_redirects=False, timeout=5)
    address = urlsplit(callback.headers["Location"])
    victim = Client()
    assert victim.get(f"{address.path}?{address.query}").status_code == 403
    assert victim.get("/mitt-konto/").status_code == 302


def rule(cast: Cast, group: str, role: Role, limit: int | None = None) -> None:
    is_local = role in (Role.REQUESTER, Role.BUDGET_HOLDER)
    GroupRule.objects.create(
        directory=DIRECTORY,
        group=group,
        role=role,
        department=cast.home if is_local else None,
        amount_limit=limit,
    )


def test_groups_give_roles_and_take_them(client: Client, cast: Cast, server: str, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = configured(server, creates_people=True)
    rule(cast, "Hemse beställare", Role.REQUESTER, 500)
    rule(cast, "Hemse stora", Role.REQUESTER, 2000)
    rule(cast, "Ekonomi", Role.CONTROLLER)
    home = cast.home.cost_center
    known(server, "ny", "ny@gotland.example", groups=["Hemse beställare", "Hemse stora", "Annat"])
    enter(client, "ny")
    user = User.objects.get(email="ny@gotland.example")
    assert roles(user) == {("requester", home, Decimal(2000))}
    known(server, "ny", "ny@gotland.example", groups=["Hemse beställare", "Ekonomi"])
    enter(Client(), "ny")
    assert roles(user) == {("requester", home, Decimal(500)), ("controller", "", None)}
    known(server, "ny", "ny@gotland.example", groups=[])
    enter(Client(), "ny")
    assert roles(user) == set()
    entries = Entry.objects.filter(event__startswith="membership.").order_by("pk")
    assert [each.event for each in entries] == [
        "membership.given",
        "membership.ended",
        "membership.given",
        "membership.given",
        "membership.ended",
        "membership.ended",
    ]


def test_role_of_earlier_days_ends_today_and_is_remembered(
    client: Client, cast: Cast, directory: str
) -> None:
    day = timezone.localdate()
    rule(cast, "Ekonomi", Role.CONTROLLER)
    known(directory, "jonas", cast.stranger.email, groups=["Ekonomi"])
    enter(client, "jonas")
    Membership.objects.filter(directory=DIRECTORY).update(
        valid_during=DateRange(day - timedelta(days=9), None)
    )
    known(directory, "jonas", cast.stranger.email, groups=[])
    enter(Client(), "jonas")
    (membership,) = Membership.objects.filter(directory=DIRECTORY)
    assert membership.valid_during == DateRange(day - timedelta(days=9), day)


def test_roles_that_the_region_gave_are_left_alone(client: Client, cast: Cast, directory: str) -> None:
    before = roles(cast.requester)
    assert before
    known(directory, "elin", cast.requester.email, groups=["Annat"])
    enter(client, "elin")
    assert roles(cast.requester) == before


def test_directory_that_says_nothing_of_groups_takes_nothing(
    client: Client, cast: Cast, directory: str
) -> None:
    rule(cast, "Ekonomi", Role.CONTROLLER)
    known(directory, "jonas", cast.stranger.email, groups=["Ekonomi"])
    enter(client, "jonas")
    role_set = roles(cast.stranger)
    known(directory, "jonas", cast.stranger.email)
    enter(Client(), "jonas")
    assert roles(cast.stranger) == role_set
    assert ("controller", "", None) in role_set


@pytest.mark.parametrize(("more", "is_kept"), [({}, False), ({"hasgroups": True}, True)])
def test_who_has_left_her_last_group_has_no_role_of_it(
    client: Client, cast: Cast, server: str, settings: Settings, more: dict[str, Any], *, is_kept: bool
) -> None:
    """Entra ID and AD FS leave the claim out then; in too many groups Entra says so and keeps what she has."""
    settings.SOCIALACCOUNT_PROVIDERS = configured(server, tells_groups=True)
    rule(cast, "Ekonomi", Role.CONTROLLER)
    known(server, "jonas", cast.stranger.email, groups=["Ekonomi"])
    enter(client, "jonas")
    known(server, "jonas", cast.stranger.email, **more)
    enter(Client(), "jonas")
    assert (("controller", "", None) in roles(cast.stranger)) is is_kept


def test_closed_department_gives_no_role(client: Client, cast: Cast, directory: str) -> None:
    rule(cast, "Hemse", Role.BUDGET_HOLDER, 500)
    cast.home.closed_date = timezone.localdate()
    cast.home.save()
    known(directory, "elin", cast.requester.email, groups=["Hemse"])
    enter(client, "elin")
    assert not Membership.objects.filter(directory=DIRECTORY).exists()


def test_directory_that_does_not_answer_is_said_in_words(client: Client, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = configured("http://127.0.0.1:9")
    answer = client.get(f"/logga-in/{DIRECTORY}/")
    assert answer.status_code == 403
    assert "svarade" in text_of(answer)


@pytest.mark.parametrize(
    "written",
    [
        '[{"id": "x", "kind": "openid_connect", "name": "X"}]',
        '[{"id": "x", "kind": "ldap", "name": "X"}]',
        "[x",
        '{"id": "x", "kind": "openid_connect", "name": "X"}',
        "[1]",
        "/finns/inte.json",
        json.dumps([{"id": "x", "kind": "saml", "name": name, "idp": {}} for name in ("A", "B")]),
    ],
)
def test_settings_that_lack_something_are_refused(written: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        providers(written)
