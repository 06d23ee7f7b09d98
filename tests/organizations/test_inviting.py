"""Inviting people one by one: page, register and API; taken back, and invited again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from core.errors import NotPermitted
from organizations.models import KeyScope, PasswordLink, User
from organizations.models.links import MOST_ATTEMPTS
from organizations.operations.api_tokens import create_token
from organizations.operations.passwords import invite, take_back_invitation
from organizations.tasks import send_password_links
from tests.cast import Cast, person
from tests.organizations.test_passwords import address_in
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

PAGE, API = "/personer/bjud-in/", "/api/v1/invitations/"


def newcomer(name: str) -> User:
    user = person(name, name.title(), "Anställd")
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def ny(cast: Cast) -> User:
    return newcomer("ny")


@pytest.fixture
def pia(cast: Cast) -> User:
    return newcomer("pia")


def api_of(user: User) -> Client:
    _token, text = create_token(
        user=user, name="x", days=30, scope=KeyScope.DECIDE, by=user, at=timezone.now()
    )
    return Client(headers={"authorization": f"Token {text}"})


def test_one_is_invited_taken_back_and_invited_again_on_the_page(cast: Cast, ny: User, pia: User) -> None:
    client = signed_in(cast.administrator)
    page = client.post(f"{PAGE}{ny.pk}/", follow=True)
    assert "Ny Anställd får en inbjudan" in text_of(page)
    send_password_links()
    assert [each.to for each in mail.outbox] == [[ny.email]]
    first = address_in(mail.outbox[-1])
    assert "alldeles nyss" in text_of(client.post(f"{PAGE}{ny.pk}/", follow=True))
    response = client.post(f"{PAGE}{ny.pk}/ta-tillbaka/", follow=True)
    assert "gäller inte längre" in text_of(response)
    assert Client().get(first, follow=True).status_code == 410
    assert "hade ingen inbjudan" in text_of(client.post(f"{PAGE}{ny.pk}/ta-tillbaka/", follow=True))
    client.post(f"{PAGE}{ny.pk}/")
    send_password_links()
    assert Client().get(address_in(mail.outbox[-1]), follow=True).status_code == 200
    assert list(Entry.objects.order_by("pk").values_list("event", "subject_id")) == [
        ("person.invited", ny.pk),
        ("person.invitation_taken_back", ny.pk),
        ("person.invited", ny.pk),
    ]
    assert not PasswordLink.objects.filter(user=pia).exists()


def test_who_can_sign_in_is_not_invited(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    assert client.post(f"{PAGE}{cast.requester.pk}/").status_code == 404
    User.objects.filter(pk=cast.requester.pk).update(password="!x", last_login=timezone.now())
    assert client.post(f"{PAGE}{cast.requester.pk}/").status_code == 404
    assert api_of(cast.administrator).post(f"{API}{cast.requester.pk}/again/").status_code == 404
    assert not PasswordLink.objects.exists()


def test_page_shows_one_when_it_comes_from_her_row(cast: Cast, ny: User, pia: User) -> None:
    client = signed_in(cast.administrator)
    row = client.get(f"/register/people/{ny.pk}/").content.decode()
    assert f'href="{PAGE}?person={ny.pk}"' in row
    page = text_of(client.get(f"{PAGE}?person={ny.pk}"))
    assert "Ny Anställd" in page
    assert "Pia Anställd" not in page
    assert "Bjud in" not in client.get(f"/register/people/{cast.requester.pk}/").content.decode()


def test_kom_igang_and_the_register_lead_there_for_who_may(cast: Cast, ny: User, settings: Settings) -> None:
    link = f'href="{PAGE}"'
    for page in ("/kom-igang/", "/register/people/"):
        assert link in signed_in(cast.administrator).get(page).content.decode()
        assert link not in signed_in(cast.controller).get(page).content.decode()
        settings.PASSWORDS = False
        assert link not in signed_in(cast.administrator).get(page).content.decode()
        settings.PASSWORDS = True


def test_api_lists_invites_again_and_takes_back(cast: Cast, ny: User, pia: User) -> None:
    api, at = api_of(cast.administrator), timezone.now()
    listed = api.get(API).json()["results"]
    waiting = User.objects.without_way_in()
    assert {each["id"] for each in listed} == {each.pk for each in waiting if each != cast.administrator}
    assert {each["status"] for each in listed} == {"none"}
    assert api.post(API, {"people": [ny.pk]}, content_type="application/json").json() == {"count": 1}
    assert api.get(f"{API}{ny.pk}/").json()["status"] == "waiting"
    send_password_links()
    data = api.get(f"{API}{ny.pk}/").json()
    assert (data["status"], data["name"], data["failure"]) == ("sent", "Ny Anställd", "")
    assert data["sent_at"]
    assert data["expires_at"]
    assert api.post(f"{API}{ny.pk}/again/").json() == {"count": 0}
    PasswordLink.objects.filter(user=ny).update(asked_at=at - timedelta(minutes=6), expires_at=at)
    assert api.get(f"{API}{ny.pk}/").json()["status"] == "over"
    assert api.post(f"{API}{ny.pk}/again/").json() == {"count": 1}
    PasswordLink.objects.filter(user=ny).update(attempts=MOST_ATTEMPTS, failure="Adressen finns inte.")
    data = api.get(f"{API}{ny.pk}/").json()
    assert (data["status"], data["failure"]) == ("failed", "Adressen finns inte.")
    assert api.post(f"{API}{ny.pk}/take-back/").status_code == 204
    assert api.get(f"{API}{ny.pk}/").json()["status"] == "none"
    invite(people=[pia], by=cast.administrator, at=at)
    others = len(listed) - 1
    assert api.post(API, {}, content_type="application/json").json() == {"count": others}


def test_only_administrator_and_head_see_and_invite(cast: Cast, ny: User) -> None:
    for by in (cast.requester, cast.controller, cast.auditor):
        api, client = api_of(by), signed_in(by)
        assert api.get(API).status_code == 403
        assert api.post(API, {}, content_type="application/json").status_code == 403
        assert api.post(f"{API}{ny.pk}/again/").status_code == 403
        assert client.post(f"{PAGE}{ny.pk}/").status_code == 403
        assert client.post(f"{PAGE}{ny.pk}/ta-tillbaka/").status_code == 403
        with pytest.raises(NotPermitted):
            take_back_invitation(person=ny, by=by, at=timezone.now())
    assert api_of(cast.head).post(f"{API}{ny.pk}/again/").json() == {"count": 1}
