"""Guessing gets slow, nobody shuts out another, and sessions end."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from organizations.models import FailedAttempts, Session, User
from organizations.operations import guessing
from organizations.operations.cleaning import forget_ended_sessions
from organizations.operations.guessing import ACCOUNT, ADDRESS, Attempt, TooManyGuesses
from organizations.operations.sessions import end_sessions
from organizations.permissions import OnlyYourOwnSessions
from organizations.signing_in.addresses import client_address
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def log_in(client: Client, email: str, password: str, address: str = "10.0.0.1", **headers: Any) -> int:
    credentials = {"username": email, "password": password}
    return client.post("/logga-in/", credentials, REMOTE_ADDR=address, **headers).status_code


def test_account_is_shut_from_an_address_after_too_many_guesses(client: Client, cast: Cast) -> None:
    email = cast.requester.email
    spellings = (email, email.upper(), f" {email} ")
    answers = [log_in(client, spellings[number % 3], f"guess {number}") for number in range(ACCOUNT.most + 1)]
    assert answers == [200] * ACCOUNT.most + [429]
    page = client.post("/logga-in/", {"username": email, "password": "rauk"}, REMOTE_ADDR="10.0.0.1")
    assert page.status_code == 429
    assert "För många försök" in text_of(page)
    assert log_in(client, cast.colleague.email, "rauk") == 302


@pytest.mark.parametrize("other", ["\uff45", "\U0001d41e", "\uff25", "\u212f"])
def test_other_signs_for_the_same_letter_are_no_other_account(client: Client, cast: Cast, other: str) -> None:
    email = cast.requester.email
    spelled = [email, email.replace("e", other), email.replace("e", other, 1)]
    assert log_in(Client(), spelled[1], "rauk") == 302  # it is her account
    answers = [log_in(client, spelled[number % 3], f"guess {number}") for number in range(ACCOUNT.most + 1)]
    assert answers == [200] * ACCOUNT.most + [429]


def test_account_that_is_shut_from_one_address_is_open_from_another(client: Client, cast: Cast) -> None:
    for number in range(ACCOUNT.most + 5):
        log_in(client, cast.requester.email, f"guess {number}", "10.0.0.66")
    assert log_in(client, cast.requester.email, "rauk", "10.0.0.66") == 429
    assert log_in(Client(), cast.requester.email, "rauk", "10.0.0.7") == 302


def test_address_that_tries_one_password_on_many_accounts_is_shut(client: Client, cast: Cast) -> None:
    answers = [
        log_in(client, f"nobody{number}@gotland.example", "Sommar2021!")
        for number in range(ADDRESS.most + 10)
    ]
    assert answers == [200] * ADDRESS.most + [429] * 10
    assert log_in(Client(), cast.requester.email, "rauk") == 429
    assert log_in(Client(), cast.requester.email, "rauk", "10.0.0.2") == 302


def test_known_device_works_when_its_address_is_shut(cast: Cast) -> None:
    own_device = Client()
    assert log_in(own_device, cast.requester.email, "rauk") == 302
    assert own_device.cookies["rauk_device"]["httponly"]
    own_device.post("/logga-ut/")
    for number in range(ADDRESS.most + 1):
        log_in(Client(), f"nobody{number}@gotland.example", "Sommar2021!")
    for number in range(ACCOUNT.most + 1):
        log_in(Client(), cast.requester.email, f"guess {number}")
    assert log_in(Client(), cast.requester.email, "rauk") == 429
    assert log_in(own_device, cast.requester.email, "rauk") == 302


def test_known_device_has_a_limit_of_its_own(cast: Cast) -> None:
    own_device = Client()
    log_in(own_device, cast.requester.email, "rauk")
    own_device.post("/logga-ut/")
    answers = [
        log_in(own_device, cast.requester.email, f"guess {number}") for number in range(ACCOUNT.most + 1)
    ]
    assert answers == [200] * ACCOUNT.most + [429]
    assert log_in(own_device, cast.colleague.email, "rauk") == 302


def test_device_is_known_for_its_people_only_and_not_after_a_change_of_password(cast: Cast) -> None:
    own_device = Client()
    log_in(own_device, cast.requester.email, "rauk")
    own_device.post("/logga-ut/")
    cast.requester.set_password("en annan fras")
    cast.requester.save()
    for number in range(ADDRESS.most + 1):
        log_in(Client(), f"nobody{number}@gotland.example", "Sommar2021!")
    assert log_in(own_device, cast.requester.email, "en annan fras") == 429
    assert log_in(own_device, cast.colleague.email, "rauk") == 429


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "\x00", "{}", "eyJuYW1lIjoxfQ:1t:x"])
def test_device_cookie_that_we_did_not_sign_is_nothing(cast: Cast, cookie: str) -> None:
    client = Client()
    client.cookies["rauk_device"] = cookie
    assert log_in(client, cast.requester.email, "rauk") == 302


def test_right_password_is_no_guess(client: Client, cast: Cast) -> None:
    for _ in range(ADDRESS.most + 5):
        assert log_in(Client(), cast.requester.email, "rauk") == 302
    assert not FailedAttempts.objects.filter(count__gt=0).exists()


def test_own_right_password_does_not_forgive_guesses_at_others(cast: Cast) -> None:
    answers = []
    for number in range(ADDRESS.most + 1):
        answers.append(log_in(Client(), f"nobody{number}@gotland.example", "Sommar2021!"))
        log_in(Client(), cast.stranger.email, "rauk")
    assert answers[-1] == 429


def test_count_begins_anew_after_a_while(cast: Cast) -> None:
    attempt = Attempt("elin@gotland.example", "10.0.0.1")
    for _ in range(ACCOUNT.most):
        guessing.count_attempt(attempt, at=NOW)
    with pytest.raises(TooManyGuesses):
        guessing.count_attempt(attempt, at=NOW + ACCOUNT.within / 2)
    guessing.count_attempt(attempt, at=NOW + ACCOUNT.within + timedelta(seconds=1))


def test_old_counts_are_removed_and_say_nothing_of_whom(cast: Cast) -> None:
    guessing.count_attempt(Attempt("elin@gotland.example", "10.0.0.1"), at=NOW)
    assert "elin" not in str(list(FailedAttempts.objects.values()))
    assert guessing.forget_old_attempts(at=NOW) == 0
    assert guessing.forget_old_attempts(at=NOW + timedelta(days=2)) == 2


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "10.0.0.9"),
        ("1.1.1.1", 0, "10.0.0.9"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),
        ("6.6.6.6, 1.1.1.1, 10.0.0.8", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "10.0.0.9"),
        ("6.6.6.6, rubbish", 1, "10.0.0.9"),
        ("1.1.1.1:443", 1, "1.1.1.1"),
        ("[2001:db8:1:2:3:4:5:6]:443", 1, "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", 1, "2001:db8:1:2::"),
        ("::ffff:1.1.1.1", 1, "1.1.1.1"),
        ("", 1, "10.0.0.9"),
    ],
)
def test_address_of_the_client_behind_proxies(forwarded: str, proxies: int, address: str) -> None:
    meta = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta, proxies=proxies) == address


def test_forged_address_is_no_way_round(client: Client, cast: Cast, settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    answers = [
        log_in(client, cast.requester.email, "guess", HTTP_X_FORWARDED_FOR=f"6.6.6.{number}, 1.1.1.1")
        for number in range(ACCOUNT.most + 1)
    ]
    assert answers[-1] == 429
    elsewhere = log_in(Client(), cast.requester.email, "rauk", HTTP_X_FORWARDED_FOR="6.6.6.6, 2.2.2.2")
    assert elsewhere == 302


def test_login_whatever_the_case_of_the_address(client: Client, cast: Cast) -> None:
    assert log_in(client, cast.requester.email.upper(), "rauk") == 302


def test_idle_session_ends(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, at = signed_in(cast.requester), timezone.now()
    assert client.get("/korg/").status_code == 200
    for minutes in (50, 100, 150):
        monkeypatch.setattr(timezone, "now", lambda m=minutes: at + timedelta(minutes=m))
        assert client.get("/korg/").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=215))
    answer = client.get("/korg/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/logga-in/")
    assert "Du har varit borta en stund" in text_of(client.get(answer["Location"]))


def test_session_in_use_ends_after_half_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, at = signed_in(cast.requester), timezone.now()
    for minutes in range(0, 720, 45):
        monkeypatch.setattr(timezone, "now", lambda m=minutes: at + timedelta(minutes=m))
        assert client.get("/korg/").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(seconds=project.SESSION_COOKIE_AGE + 60))
    assert client.get("/korg/").status_code == 302


def test_sign_out_everywhere(cast: Cast) -> None:
    browser, other_browser = signed_in(cast.requester), signed_in(cast.requester)
    assert other_browser.get("/korg/").status_code == 200
    page = browser.post("/logga-ut/overallt/", follow=True)
    assert "Du är utloggad överallt." in text_of(page)
    assert [each.get("/korg/").status_code for each in (browser, other_browser)] == [302, 302]
    assert Entry.objects.filter(event="sessions.ended").count() == 1


def test_end_sessions_of_another_is_refused(cast: Cast) -> None:
    with pytest.raises(OnlyYourOwnSessions):
        end_sessions(user=cast.requester, by=cast.head, at=NOW)


def test_session_ends_with_the_password(cast: Cast) -> None:
    client = signed_in(cast.requester)
    cast.requester.set_password("en annan fras")
    cast.requester.save()
    assert client.get("/korg/").status_code == 302


def test_session_is_read_with_its_person_and_her_roles(cast: Cast) -> None:
    client = signed_in(cast.requester)
    assert Session.objects.get().person == cast.requester
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/hjalp/").status_code == 200
    tables = ("organizations_session", "organizations_membership")
    # The header counts by itself, with the roles of delegators among the rest.
    others = [query["sql"] for query in queries if "posts_count" not in query["sql"]]
    assert [sql for sql in others if any(table in sql for table in tables)] == []
    assert sum(query["sql"].startswith("EXECUTE people_") for query in queries) == 1


def test_session_of_an_account_that_is_closed_is_nobodys(cast: Cast) -> None:
    client = signed_in(cast.requester)
    User.objects.filter(pk=cast.requester.pk).update(is_active=False)
    assert client.get("/start/").status_code == 302
    User.objects.filter(pk=cast.requester.pk).update(is_active=True)
    assert client.get("/start/").status_code == 200


def test_session_that_names_another_person_than_it_was_made_for_is_judged_by_its_own_words(
    cast: Cast,
) -> None:
    client = signed_in(cast.requester)
    Session.objects.update(person=cast.manager)
    assert "Elin Bergvall" in client.get("/start/").content.decode()


def test_old_sessions_are_removed(cast: Cast) -> None:
    signed_in(cast.requester)
    signed_in(cast.manager)
    Session.objects.filter(person=cast.requester).update(expire_date=timezone.now() - timedelta(days=1))
    assert forget_ended_sessions(at=timezone.now()) == 1
    assert [each.person for each in Session.objects.all()] == [cast.manager]
