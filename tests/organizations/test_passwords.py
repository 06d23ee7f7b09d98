"""A first, a forgotten and a changed password; and the first person of all."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from core.errors import NotPermitted
from organizations.models import ApiToken, Invitation, KeyScope, Membership, PasswordLink, Role, User
from organizations.models.links import MOST_ATTEMPTS
from organizations.operations import guessing
from organizations.operations.api_tokens import create_token
from organizations.operations.passwords import (
    LinkOpensNothing,
    PasswordsAreOff,
    change_password,
    claim_link,
    forget_password,
    invite,
    set_password,
)
from organizations.tasks import send_password_links
from procurement.operations.leaving import leave
from registers.operations.rows import change_row
from registers.register import REGISTERS
from tests.cast import Cast, person
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

GOOD = "tre kor i hagen"


@pytest.fixture
def newcomer(cast: Cast) -> User:
    user = person("ny.anstalld", "Ny", "Anställd")
    user.set_unusable_password()
    user.save()
    return user


def address_in(message: EmailMessage) -> str:
    match = re.search(r"https?://\S+", str(message.body))
    assert match
    return re.sub(r"^https?://[^/]+", "", match[0])


def invited(user: User, by: User) -> str:
    """Invite somebody, and give the address in the message that she gets."""
    assert invite(people=[user], by=by, at=timezone.now()) == 1
    send_password_links()
    return address_in(mail.outbox[-1])


def test_invited_person_chooses_a_password_and_signs_in(client: Client, cast: Cast, newcomer: User) -> None:
    address = invited(newcomer, cast.administrator)
    assert mail.outbox[-1].to == [newcomer.email]
    page = client.get(address, follow=True)
    assert page.redirect_chain == [("/losenord/nytt/", 302)]
    assert "Ny Anställd" in text_of(page)
    weak = client.post("/losenord/nytt/", {"password": "kort"})
    assert weak.status_code == 422
    response = client.post("/losenord/nytt/", {"password": GOOD}, follow=True)
    assert "Lösenordet är valt" in text_of(response)
    entered = client.post("/logga-in/", {"username": newcomer.email, "password": GOOD})
    assert entered.status_code == 302
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
        "person.invited",
        "password.set",
        "person.signed_in",
    ]


def test_link_opens_once(client: Client, cast: Cast, newcomer: User) -> None:
    address = invited(newcomer, cast.administrator)
    client.get(address)
    client.post("/losenord/nytt/", {"password": GOOD})
    again = Client()
    assert again.get(address, follow=True).status_code == 410
    assert again.post("/losenord/nytt/", {"password": "en annan ko i hagen"}).status_code == 410
    newcomer.refresh_from_db()
    assert newcomer.check_password(GOOD)


@pytest.mark.parametrize(("kind", "hours"), [("invitation", 7 * 24), ("forgotten", 1)])
def test_link_ends(cast: Cast, newcomer: User, kind: str, hours: int) -> None:
    at = timezone.now()
    if kind == "invitation":
        invite(people=[newcomer], by=cast.administrator, at=at)
    else:
        forget_password(email=cast.requester.email, at=at)
    claimed = claim_link(link=PasswordLink.objects.get(), at=at)
    assert claimed
    _link, secret = claimed
    assert PasswordLink.objects.opened_by(secret, at + timedelta(hours=hours, seconds=-1)).exists()
    with pytest.raises(LinkOpensNothing):
        set_password(secret=secret, password=GOOD, at=at + timedelta(hours=hours))


def test_secret_is_kept_nowhere(cast: Cast, newcomer: User) -> None:
    secret = invited(newcomer, cast.administrator).rstrip("/").rpartition("/")[2]
    assert len(secret) == 43
    row = PasswordLink.objects.values().get()
    assert secret not in str(row)
    assert secret not in str(list(Entry.objects.values()))


def test_newer_link_takes_the_place_of_the_older(client: Client, cast: Cast, newcomer: User) -> None:
    older = invited(newcomer, cast.administrator)
    PasswordLink.objects.update(asked_at=timezone.now() - timedelta(minutes=6))
    newer = invited(newcomer, cast.administrator)
    assert client.get(older, follow=True).status_code == 410
    assert client.get(newer, follow=True).status_code == 200


def test_link_opens_nothing_when_the_address_was_wrong(client: Client, cast: Cast, newcomer: User) -> None:
    """Invited where somebody else reads, and set right at once: that link opens nothing, and she is invited where she is."""
    address = invited(newcomer, cast.administrator)
    right = {"email": "ny.i.regionen@gotland.example"}
    change_row(
        register=REGISTERS["people"],
        row_id=newcomer.pk,
        cells=right,
        by=cast.administrator,
        at=timezone.now(),
    )
    assert client.get(address, follow=True).status_code == 410
    newcomer.refresh_from_db()
    assert newcomer.password_link.invitation(timezone.now()) == Invitation.OVER
    assert list(User.objects.uninvited(timezone.now())) == [newcomer]
    assert client.get(invited(newcomer, cast.administrator), follow=True).status_code == 200
    assert mail.outbox[-1].to == ["ny.i.regionen@gotland.example"]


def test_whoever_comes_back_has_no_link_from_before(client: Client, cast: Cast, newcomer: User) -> None:
    address = invited(newcomer, cast.administrator)
    leave(user=newcomer, successor=None, by=cast.administrator, at=timezone.now())
    User.objects.filter(pk=newcomer.pk).update(is_active=True)
    assert client.get(address, follow=True).status_code == 410


def test_invitation_a_moment_ago_is_not_repeated(cast: Cast, newcomer: User) -> None:
    invited(newcomer, cast.administrator)
    assert invite(people=[newcomer], by=cast.administrator, at=timezone.now()) == 0
    send_password_links()
    assert len(mail.outbox) == 1


def test_who_has_a_password_or_a_closed_account_is_not_invited(cast: Cast, newcomer: User) -> None:
    newcomer.is_active = False
    newcomer.save()
    people = [newcomer, cast.requester]
    assert invite(people=people, by=cast.administrator, at=timezone.now()) == 0


def test_only_administrator_and_head_invite(cast: Cast, newcomer: User) -> None:
    for by in (cast.requester, cast.manager, cast.controller, cast.auditor):
        with pytest.raises(NotPermitted):
            invite(people=[newcomer], by=by, at=timezone.now())
    assert not PasswordLink.objects.exists()


def test_many_are_invited_with_as_many_questions_as_one(cast: Cast) -> None:
    def count(people: list[User]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert invite(people=people, by=cast.administrator, at=timezone.now()) == len(people)
        return len(queries)

    everybody = [person(f"ny{number}", "Ny", f"Anställd{number}") for number in range(21)]
    User.objects.filter(pk__in=[each.pk for each in everybody]).update(password="!")
    count(everybody[:1])
    assert count(everybody[1:2]) == count(everybody[2:])


def test_page_of_invitations_says_who_waits(cast: Cast, newcomer: User) -> None:
    client = signed_in(cast.administrator)
    assert "Bjud in 1 person" in text_of(client.get("/personer/bjud-in/"))
    assert "Skickas" not in text_of(client.post("/personer/bjud-in/", follow=True))
    send_password_links()
    page = text_of(client.get("/personer/bjud-in/"))
    assert "Ny Anställd" in page
    assert "Inbjuden" in page
    assert "Bjud in 1 person" not in page


def test_server_that_is_away_is_asked_again_until_somebody_must_look(
    cast: Cast, newcomer: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    invite(people=[newcomer], by=cast.administrator, at=timezone.now())
    send_password_links()
    link = PasswordLink.objects.get()
    assert link.attempts == 1
    assert "svarar inte" in link.reason
    assert not PasswordLink.objects.due(timezone.now()).exists()
    for _attempt in range(MOST_ATTEMPTS):
        PasswordLink.objects.update(next_at=timezone.now())
        send_password_links()
    link.refresh_from_db()
    assert link.attempts == MOST_ATTEMPTS
    assert link.is_given_up
    assert "Kunde inte skickas" in text_of(signed_in(cast.administrator).get("/personer/bjud-in/"))


def test_forgotten_password_is_replaced_and_ends_sessions(client: Client, cast: Cast) -> None:
    elsewhere = signed_in(cast.requester)
    page = client.post("/losenord/glomt/", {"email": cast.requester.email.upper()})
    assert page.status_code == 200
    send_password_links()
    client.get(address_in(mail.outbox[-1]))
    client.post("/losenord/nytt/", {"password": GOOD})
    assert elsewhere.get("/mitt-konto/").status_code == 302
    cast.requester.refresh_from_db()
    assert cast.requester.check_password(GOOD)


def test_nobody_is_told_whether_there_is_an_account(client: Client, cast: Cast) -> None:
    def answer(email: str) -> str:
        page = client.post("/losenord/glomt/", {"email": email})
        assert page.status_code == 200
        return re.sub(r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"', "", page.content.decode()).replace(
            email, "ADDRESS"
        )

    assert re.sub(r'X-CSRFToken": "\w+', "", answer("ingen@gotland.example")) == re.sub(
        r'X-CSRFToken": "\w+', "", answer(cast.requester.email)
    )


def test_who_has_only_the_directory_gets_no_link(cast: Cast, newcomer: User) -> None:
    forget_password(email=newcomer.email, at=timezone.now())
    assert not PasswordLink.objects.exists()


def test_forgetting_is_limited(client: Client, cast: Cast) -> None:
    fields = {"email": cast.requester.email}
    answers = [client.post("/losenord/glomt/", fields).status_code for _each in range(4)]
    assert answers == [200, 200, 200, 429]
    others = [
        client.post("/losenord/glomt/", {"email": f"n{number}@gotland.example"}).status_code
        for number in range(guessing.LINKS_OF_ADDRESS.most)
    ]
    assert others[-1] == 429


def test_changed_password_ends_other_sessions_and_keys(cast: Cast) -> None:
    create_token(
        user=cast.requester, name="x", days=9, scope=KeyScope.READ, by=cast.requester, at=timezone.now()
    )
    browser, elsewhere = signed_in(cast.requester), signed_in(cast.requester)
    wrong = browser.post("/mitt-konto/losenord/", {"old_password": "x", "password": GOOD})
    assert "stämmer inte" in text_of(wrong)
    response = browser.post("/mitt-konto/losenord/", {"old_password": "rauk", "password": GOOD}, follow=True)
    assert "Lösenordet är bytt" in text_of(response)
    assert elsewhere.get("/mitt-konto/").status_code == 302
    cast.requester.refresh_from_db()
    assert not ApiToken.objects.get().works_for(cast.requester, at=timezone.now())


def test_guessing_the_old_password_is_limited(cast: Cast) -> None:
    client = signed_in(cast.requester)
    fields = {"old_password": "x", "password": GOOD}
    answers = [client.post("/mitt-konto/losenord/", fields).status_code for _each in range(9)]
    assert answers == [422] * 8 + [429]


def test_nobody_changes_anothers_password(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        change_password(user=cast.requester, old="rauk", new=GOOD, by=cast.administrator, at=timezone.now())


def test_region_without_passwords(client: Client, cast: Cast, newcomer: User, settings: Settings) -> None:
    settings.PASSWORDS = False
    assert (
        client.post("/logga-in/", {"username": cast.requester.email, "password": "rauk"}).status_code == 403
    )
    assert 'name="password"' not in client.get("/logga-in/").content.decode()
    assert signed_in(cast.requester).get("/mitt-konto/losenord/").status_code == 404
    for act in (
        lambda: invite(people=[newcomer], by=cast.administrator, at=timezone.now()),
        lambda: forget_password(email=cast.requester.email, at=timezone.now()),
    ):
        with pytest.raises(PasswordsAreOff):
            act()


def test_first_administrator_gets_a_link(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_administrator", "Anna@region.example", name="Anna af Ugglas")
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name) == ("anna@region.example", "Anna", "af Ugglas")
    assert Membership.objects.get().role == Role.ADMINISTRATOR
    assert not user.is_superuser
    printed = capsys.readouterr().out
    match = re.search(r"https?://[^/]+(/\S+)", printed)
    assert match
    client.get(match[1])
    client.post("/losenord/nytt/", {"password": GOOD})
    assert client.post("/logga-in/", {"username": user.email, "password": GOOD}).status_code == 302
    before = User.objects.values().get()
    call_command("create_administrator", "anna@region.example")
    assert User.objects.values().get() == before
    assert Membership.objects.count() == 1
    assert "http" not in capsys.readouterr().out


def test_environment_names_the_administrator(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_administrator")
    assert not User.objects.exists()
    settings.ADMINISTRATOR_EMAIL = "anna@region.example"
    settings.ADMINISTRATOR_PASSWORD = GOOD
    for _start in range(2):
        call_command("create_administrator")
    assert User.objects.get().check_password(GOOD)
    assert "http" not in capsys.readouterr().out
    settings.ADMINISTRATOR_PASSWORD = "ett helt annat lösenord"
    call_command("create_administrator")
    assert User.objects.get().check_password(GOOD)


@pytest.mark.parametrize("password", ["kort", "abc123456789"])
def test_weak_password_of_the_environment_is_refused(settings: Settings, password: str) -> None:
    settings.ADMINISTRATOR_PASSWORD = password
    with pytest.raises(CommandError):
        call_command("create_administrator", "anna@region.example")
    assert not User.objects.exists()


def test_administrator_without_passwords_gets_no_link(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link that opens nothing is not printed."""
    settings.PASSWORDS = False
    call_command("create_administrator", "anna@region.example", name="Anna Ek")
    printed = capsys.readouterr().out
    assert "http" not in printed
    assert "signs in through the region's directory" in printed


@pytest.mark.parametrize("name", ["Anna", "  ", f"{'A' * 61} Ek"])
def test_administrator_has_a_first_and_a_last_name(name: str) -> None:
    with pytest.raises(CommandError, match="both first and last name"):
        call_command("create_administrator", "anna@region.example", name=name)
    assert not User.objects.exists()


def test_closed_account_is_no_administrator(cast: Cast) -> None:
    User.objects.filter(pk=cast.requester.pk).update(is_active=False)
    with pytest.raises(CommandError):
        call_command("create_administrator", cast.requester.email)
