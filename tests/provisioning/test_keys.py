"""Keys of directories: who makes them, what they open, and when they no longer do."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from audit.models import Entry
from core.errors import DomainError, NotPermitted
from notices.models import Notice
from organizations.models import DirectoryKey, DirectoryMessage, GroupRule, KeyScope, Role, User
from organizations.operations import guessing
from organizations.operations.api_tokens import create_token
from provisioning import authentication
from provisioning.operations.keys import (
    KeyIsOver,
    create_directory_key,
    revoke_directory_key,
    tell_of_ending_keys,
)
from provisioning.operations.messages import KEPT, forget_old_messages
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.provisioning.directories import Directory, told

USERS = "/scim/v2/Users"


def test_key_is_shown_once_and_only_its_digest_is_kept(cast: Cast) -> None:
    key, text = create_directory_key(name="Entra", directory="region", days=30, by=cast.administrator, at=NOW)
    assert text not in str(vars(key))
    assert (len(text), key.beginning) == (64, text[:8])
    assert key.expires_at == NOW + timedelta(days=30)
    entry = Entry.objects.about(key).get()
    assert (entry.event, entry.by_name) == ("directory_key.created", cast.administrator.full_name)


@pytest.mark.parametrize("who", ["requester", "manager", "head", "controller", "auditor"])
def test_administrator_alone_makes_and_takes_back_keys(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(NotPermitted):
        create_directory_key(name="x", directory="y", days=1, by=person, at=NOW)
    key, _text = create_directory_key(name="x", directory="y", days=1, by=cast.administrator, at=NOW)
    with pytest.raises(NotPermitted):
        revoke_directory_key(key=key, by=person, at=NOW)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "directory_key_name_missing"),
        ({"name": "x" * 61}, "directory_key_name_missing"),
        ({"name": "Nyckel till region"}, "directory_key_name_taken"),
        ({"directory": ""}, "directory_missing"),
        ({"directory": "x" * 41}, "directory_missing"),
        ({"days": 0}, "directory_key_life"),
        ({"days": 731}, "directory_key_life"),
    ],
)
def test_key_that_is_not_possible(
    cast: Cast, directory: Directory, changed: dict[str, object], code: str
) -> None:
    fields = {"name": "Ny", "directory": "region", "days": 1} | changed
    with pytest.raises(DomainError) as exc_info:
        create_directory_key(**fields, by=cast.administrator, at=NOW)  # type: ignore[arg-type]
    assert exc_info.value.code == code


def test_revoked_and_ended_keys_open_nothing(
    cast: Cast, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert directory.ask("GET", "/Users").status_code == 200
    assert DirectoryKey.objects.get().heard_at == NOW
    later = NOW + timedelta(days=30)
    with monkeypatch.context() as patched:
        patched.setattr("django.utils.timezone.now", lambda: later)
        assert directory.ask("GET", "/Users").status_code == 401
    revoke_directory_key(key=directory.key, by=cast.administrator, at=NOW)
    answer = directory.ask("GET", "/Users")
    assert (answer.status_code, answer.json()["status"]) == (401, "401")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    with pytest.raises(KeyIsOver):
        revoke_directory_key(key=directory.key, by=cast.administrator, at=NOW)


def test_a_persons_key_and_session_never_open_scim(cast: Cast, directory: Directory) -> None:
    person = cast.administrator
    _token, text = create_token(user=person, name="x", days=9, scope=KeyScope.DECIDE, by=person, at=NOW)
    for header in (f"Token {text}", f"Bearer {text}"):
        assert Client(headers={"authorization": header}).get(USERS).status_code == 401
    assert signed_in(person).get(USERS).status_code == 401
    assert Client().post(USERS, told("x@y.se", "X", "Y"), content_type="application/json").status_code == 401
    assert Client(headers={"authorization": "Bearer \udce9\x00"}).get(USERS).status_code == 401


def test_a_directorys_key_opens_nothing_else(cast: Cast, directory: Directory) -> None:
    for header in (f"Token {directory.text}", f"Bearer {directory.text}"):
        asking = Client(headers={"authorization": header})
        assert asking.get("/api/v1/me/").status_code in (401, 403)
        assert asking.get("/register/people/").status_code == 302
        assert asking.get("/personalkatalogen/").status_code == 302


def test_whoever_guesses_is_told_to_wait_and_a_right_key_works(directory: Directory) -> None:
    guess = Client(headers={"authorization": "Bearer fel"})
    codes = [guess.get(USERS).status_code for _guess in range(guessing.KEYS.most + 2)]
    assert (codes[0], codes[-1]) == (401, 429)
    assert directory.ask("GET", "/Users").status_code == 200


def test_a_key_that_asks_too_often_waits(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "MOST_A_MINUTE", 3)
    answers = [directory.ask("GET", "/Users?count=0") for _request in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_page_makes_a_key_and_shows_what_was_heard(cast: Cast, directory: Directory) -> None:
    GroupRule.objects.create(directory="entra", group="A", role=Role.AUDITOR)
    directory.joins(cast.requester)
    directory.ask("POST", "/Users", told(cast.requester.email, "Elin", "Bergvall"))
    browser = signed_in(cast.administrator)
    page = text_of(browser.get("/personalkatalogen/"))
    assert "Vad har inte gått att göra?" in page
    assert (
        f"Det finns redan en person med användarnamnet eller e-postadressen {cast.requester.email}." in page
    )
    assert "Började" in page
    assert 'value="entra"' in page
    response = browser.post("/personalkatalogen/", {"name": "Ny", "directory": "entra", "days": "90"})
    text = text_of(response).split("data-focus>")[1].split("<")[0]
    assert Client(headers={"authorization": f"Bearer {text}"}).get(USERS).status_code == 200
    assert text not in text_of(browser.get("/personalkatalogen/"))
    assert (
        browser.post("/personalkatalogen/", {"name": "Ny", "directory": "e", "days": "90"}).status_code == 422
    )
    key = DirectoryKey.objects.get(name="Ny")
    assert browser.post(f"/personalkatalogen/nycklar/{key.pk}/dra-in/").status_code == 302
    assert Client(headers={"authorization": f"Bearer {text}"}).get(USERS).status_code == 401
    assert "Gäller inte längre" in text_of(browser.get("/personalkatalogen/"))


def test_command_makes_a_key(cast: Cast, directory: Directory) -> None:
    out = StringIO()
    call_command("create_directory_key", "Entra", "--directory", "region", "--days", "7", stdout=out)
    assert Client(headers={"authorization": f"Bearer {out.getvalue().strip()}"}).get(USERS).status_code == 200
    with pytest.raises(CommandError, match="already"):
        call_command("create_directory_key", "Entra", "--directory", "region")


def test_old_messages_are_forgotten(cast: Cast, directory: Directory) -> None:
    directory.joins(cast.requester)
    assert forget_old_messages(at=NOW + KEPT) == 0
    assert forget_old_messages(at=NOW + KEPT + timedelta(seconds=1)) == 1
    assert not DirectoryMessage.objects.exists()


def test_administrators_are_told_once_before_a_directory_falls_silent(
    cast: Cast, directory: Directory
) -> None:
    early, late = NOW + timedelta(days=15, hours=23), NOW + timedelta(days=16)
    assert tell_of_ending_keys(at=early) == 0
    other = Directory("annan", days=300)
    User.objects.filter(pk=cast.administrator.pk).update(is_active=False)
    assert tell_of_ending_keys(at=late) == 0, "there is nobody to tell yet"
    User.objects.filter(pk=cast.administrator.pk).update(is_active=True)
    assert [tell_of_ending_keys(at=late), tell_of_ending_keys(at=late)] == [1, 0]
    notice = Notice.objects.get(kind="directory_key_ends")
    assert (notice.recipient, notice.address) == (cast.administrator, "/personalkatalogen/")
    assert notice.facts == {"name": directory.key.name, "day": "2021-06-17"}
    create_directory_key(name="Nästa", directory="annan", days=600, by=None, at=NOW)
    assert tell_of_ending_keys(at=other.key.expires_at - timedelta(days=1)) == 0
