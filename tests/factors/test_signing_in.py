"""Signing in with a second factor."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from factors.codes import code_at
from factors.holdings import Type
from factors.operations.using import use_code
from notices.models import Notice
from organizations.models import Session, User
from organizations.operations.guessing import CODES
from tests.cast import Cast
from tests.factors.worlds import code_of, enter, with_app
from tests.pages import signed_in, text_of
from tests.races import race

pytestmark = pytest.mark.django_db

STEP = "/logga-in/andra-steget/"


def trail() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("event", flat=True))


def test_person_without_factor_comes_in_by_her_password(cast: Cast) -> None:
    client, answer = enter(cast.requester, next_page="/korg/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/korg/")
    assert client.get("/korg/").status_code == 200
    (entry,) = Entry.objects.all()
    assert (entry.event, entry.by_id) == ("person.signed_in", cast.requester.pk)
    assert entry.details == {"way": "password", "second_factor": ""}


def test_person_with_app_shows_its_code_too(cast: Cast) -> None:
    with_app(cast.requester)
    client, answer = enter(cast.requester, next_page="/korg/")
    assert answer.headers["Location"] == STEP
    assert client.get("/korg/").status_code == 302
    assert not Session.objects.filter(person=cast.requester).exists()
    page = client.get(STEP)
    assert "no-store" in page["Cache-Control"]
    response = client.post(STEP, {"one_time_code": code_of(cast.requester)})
    assert (response.status_code, response["Location"]) == (302, "/korg/")
    assert client.get("/korg/").status_code == 200
    assert "rauk_device" in client.cookies
    assert "began_at" in Session.objects.get(person=cast.requester).get_decoded()
    assert trail() == ["factor.added", "factor.used", "person.signed_in"]
    assert Entry.objects.latest("pk").details == {"way": "password", "second_factor": "totp"}


def test_second_step_without_password_leads_to_the_sign_in_page(cast: Cast, client: Client) -> None:
    with_app(cast.requester)
    for answer in (client.get(STEP), client.post(STEP, {"one_time_code": code_of(cast.requester)})):
        assert (answer.status_code, answer["Location"]) == (302, "/logga-in/")


def test_code_is_taken_once_however_often_the_clock_allows_it(cast: Cast) -> None:
    secret, _codes = with_app(cast.requester)
    code = code_of(cast.requester)
    client, _ = enter(cast.requester)
    assert client.post(STEP, {"one_time_code": code}).status_code == 302
    again, _ = enter(cast.requester)
    assert again.post(STEP, {"one_time_code": code}).status_code == 422
    # Nor one that the app showed before it, though a clock may be half a minute wrong.
    earlier = code_at(secret, timezone.now() - timedelta(seconds=30))
    assert again.post(STEP, {"one_time_code": earlier}).status_code == 422
    later = code_at(secret, timezone.now() + timedelta(seconds=30))
    assert again.post(STEP, {"one_time_code": f"{later[:3]} {later[3:]}"}).status_code == 302


def test_code_of_another_time_or_person_is_wrong(cast: Cast) -> None:
    secret, _codes = with_app(cast.requester)
    with_app(cast.colleague)
    client, _ = enter(cast.requester)
    long_ago = code_at(secret, timezone.now() - timedelta(minutes=2))
    for wrong in (long_ago, code_of(cast.colleague), "", "000000x", "٣٣٣٣٣٣"):
        answer = client.post(STEP, {"one_time_code": wrong})
        assert answer.status_code == 422
    assert "Koden stämmer inte" in text_of(client.post(STEP, {"one_time_code": long_ago}))
    assert client.get("/korg/").status_code == 302
    assert trail().count("factor.failed") == 5
    assert not any(long_ago in str(each) for each in Entry.objects.values())


def test_recovery_code_opens_once_and_she_is_told(cast: Cast) -> None:
    _secret, codes = with_app(cast.requester)
    assert len(set(codes)) == 10
    client, _ = enter(cast.requester)
    assert client.post(STEP, {"one_time_code": f"{codes[3][:4]} {codes[3][4:]}"}).status_code == 302
    again, _ = enter(cast.requester)
    assert again.post(STEP, {"one_time_code": codes[3]}).status_code == 422
    assert again.post(STEP, {"one_time_code": codes[4]}).status_code == 302
    kinds = [each.facts["how"] for each in Notice.objects.filter(recipient=cast.requester).order_by("pk")]
    assert kinds == ["totp", "code_used", "code_used"]


def test_guessing_codes_gets_slow_from_wherever(cast: Cast) -> None:
    with_app(cast.requester)
    for number in range(CODES.most):
        client, _ = enter(cast.requester, client=Client(REMOTE_ADDR=f"10.0.0.{number}"))
        assert client.post(STEP, {"one_time_code": "000000"}).status_code == 422
    answer = client.post(STEP, {"one_time_code": code_of(cast.requester)})
    assert answer.status_code == 429
    assert "För många försök" in text_of(answer)
    # A new password begins anew: whoever guessed knew the old one.
    cast.requester.set_password("tre kor i hagen")
    cast.requester.save()
    data = {"username": cast.requester.email, "password": "tre kor i hagen"}
    client = Client(REMOTE_ADDR="10.0.1.1")
    client.post("/logga-in/", data)
    assert client.post(STEP, {"one_time_code": code_of(cast.requester)}).status_code == 302


@pytest.mark.parametrize("change", ["password", "sessions", "closed"])
def test_password_that_was_shown_before_a_change_is_not_enough(cast: Cast, change: str) -> None:
    with_app(cast.requester)
    client, _ = enter(cast.requester)
    person = User.objects.get(pk=cast.requester.pk)
    if change == "password":
        person.set_password("tre kor i hagen")
    elif change == "sessions":
        person.session_round += 1
    else:
        person.is_active = False
    person.save()
    answer = client.post(STEP, {"one_time_code": code_of(cast.requester)})
    assert (answer.status_code, answer["Location"]) == (302, "/logga-in/")
    assert client.get("/korg/").status_code == 302


def test_what_she_wrote_is_kept_through_both_steps(cast: Cast) -> None:
    with_app(cast.requester)
    client = signed_in(cast.requester)
    client.get("/mitt-konto/")
    Session.objects.all().delete()
    data = {"name": "Kökets beställningssystem", "scope": "read", "days": "30"}
    redirect = client.post("/api-nycklar/", data, headers={"origin": "http://testserver"})
    assert redirect.status_code == 302
    assert redirect["Location"].startswith("/logga-in/?next=")
    next_page = redirect["Location"].partition("next=")[2]
    enter(cast.requester, next_page=next_page, client=client)
    response = client.post(STEP, {"one_time_code": code_of(cast.requester)}, follow=True)
    assert "Kökets beställningssystem" in response.content.decode()


def test_next_page_elsewhere_is_not_followed(cast: Cast) -> None:
    with_app(cast.requester)
    client, _ = enter(cast.requester, next_page="https://evil.example/")
    assert client.post(STEP, {"one_time_code": code_of(cast.requester)})["Location"] == "/"


def test_secret_is_kept_locked_and_under_the_newest_key(cast: Cast, settings: Settings) -> None:
    secret, codes = with_app(cast.requester)
    stored_rows = str(list(Authenticator.objects.values()))
    assert secret not in stored_rows
    assert not any(code in stored_rows for code in codes)
    older, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-that-is-long-enough-to-be-one-0123456789"
    settings.SECRET_KEY_FALLBACKS = [older]
    client, _ = enter(cast.requester)
    assert client.post(STEP, {"one_time_code": code_at(secret, timezone.now())}).status_code == 302
    settings.SECRET_KEY_FALLBACKS = []
    client, _ = enter(cast.requester)
    later = code_at(secret, timezone.now() + timedelta(seconds=30))
    assert client.post(STEP, {"one_time_code": later}).status_code == 302


def test_secret_under_a_key_that_is_gone_opens_nothing(
    cast: Cast, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    secret, _codes = with_app(cast.requester)
    settings.SECRET_KEY = "another-key-that-is-long-enough-to-be-one-0123456789"
    client, _ = enter(cast.requester)
    for code in (code_at(secret, timezone.now()), code_at("", timezone.now())):
        assert client.post(STEP, {"one_time_code": code}).status_code == 422
    assert "SECRET_KEY that is gone" in caplog.text
    assert "inga återställningskoder kvar" in text_of(
        signed_in(User.objects.get(pk=cast.requester.pk)).get("/mitt-konto/tva-steg/")
    )
    assert Authenticator.objects.filter(type=Type.TOTP).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_code_twice_at_once_is_taken_once(cast: Cast) -> None:
    user, at = cast.requester, timezone.now()
    _secret, codes = with_app(user)
    for code in (code_of(user), codes[0]):
        results = race(*[partial(use_code, user=user, code=code, at=at)] * 3)
        assert sum(each is not None for each in results) == 1, results


HOSTILE = [
    "",
    "x",
    "null",
    "[]",
    "{}",
    "7",
    '{"id": 1}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":null}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"MQ"}}',
    (
        '{"id":"AA","rawId":"AA","type":"public-key","response":'
        '{"userHandle":"////","clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}'
    ),
    (
        '{"id":"AA","rawId":"AA","type":"public-key","clientExtensionResults":{},"response":'
        '{"userHandle":"enp6enp6enp6enp6","clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}'
    ),
    "[" * 5000,
]


@pytest.mark.parametrize("answer", HOSTILE)
def test_answer_that_no_browser_gives_opens_nothing(cast: Cast, answer: str) -> None:
    client = Client()
    assert client.get("/logga-in/losennyckel/").json()["publicKey"]["userVerification"] == "required"
    response = client.post("/logga-in/losennyckel/", {"credential": answer}, follow=True)
    assert "Lösennyckeln gick inte att använda" in text_of(response)
    user_client, _ = enter(cast.requester)
    name = {"name": "x", "credential": answer}
    assert user_client.get("/mitt-konto/tva-steg/losennyckel/").status_code == 200
    assert user_client.post("/mitt-konto/tva-steg/losennyckel/", name).status_code == 422
    with_app(cast.requester)
    stage, _ = enter(cast.requester)
    assert stage.post(STEP, {"credential": answer}).status_code == 422
    assert stage.get("/korg/").status_code == 302
    assert Authenticator.objects.filter(type=Type.WEBAUTHN).count() == 0
