"""A person's own factors: adding, removing, and who may."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from audit.models import Entry
from core.errors import NotPermitted
from factors.codes import code_at, generate_totp_secret
from factors.holdings import Type
from factors.operations.keeping import (
    CodeIsWrong,
    FactorIsNeeded,
    HasApp,
    add_app,
    make_recovery_codes,
    remove_all_factors,
    remove_factor,
)
from factors.permissions import OnlyAdministratorsRemoveFactors
from notices.models import Notice
from organizations.models import ApiToken, KeyScope, User
from organizations.operations.api_tokens import create_token
from organizations.operations.leaving import release_leavers
from tests.cast import Cast
from tests.factors.worlds import code_of, enter, with_app
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

FACTORS, APP, CONFIRM = (f"/mitt-konto/tva-steg/{part}" for part in ("", "app/", "bekrafta/"))
STEP = "/logga-in/andra-steget/"


def shown_secret(content: str) -> str:
    match = re.search(r"<code>([A-Z2-7 ]+)</code>", content)
    assert match
    return match[1].replace(" ", "")


def both_steps(user: User) -> Client:
    client, _ = enter(user)
    assert client.post(STEP, {"one_time_code": code_of(user)}).status_code == 302
    return client


def test_app_is_added_on_its_page(cast: Cast) -> None:
    client, _ = enter(cast.requester)
    page = client.get(APP)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = shown_secret(page.content.decode())
    assert secret not in str(dict(client.session))
    wrong = client.post(APP, {"one_time_code": "000000"})
    assert wrong.status_code == 422
    assert shown_secret(wrong.content.decode()) == secret
    code = code_at(secret, timezone.now())
    response = client.post(APP, {"one_time_code": code})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    codes = re.findall(r"<code>(\d{4}) (\d{4})</code>", response.content.decode())
    assert len(codes) == 10
    authenticator = Authenticator.objects.get(user=cast.requester, type=Type.TOTP)
    assert get_adapter().decrypt(authenticator.data["secret"]) == secret
    assert not any("".join(each) in str(list(Entry.objects.values())) for each in codes)
    notice = Notice.objects.get(recipient=cast.requester)
    assert (notice.facts, notice.delivery) == ({"how": "totp"}, "at_once")
    # The code that added it is used.
    again, _ = enter(cast.requester)
    assert again.post(STEP, {"one_time_code": code}).status_code == 422
    # Codes are shown once: the page of factors only counts them.
    assert "10 återställningskoder kvar" in text_of(client.get(FACTORS))
    assert not re.search(r"\d{4} \d{4}</code>", client.get(FACTORS).content.decode())


def test_factors_are_changed_only_by_who_has_just_shown_that_it_is_she(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast.requester)
    redirect = client.get(APP)
    assert redirect["Location"] == f"{CONFIRM}?next=%2Fmitt-konto%2Ftva-steg%2Fapp%2F"
    page = client.get(redirect["Location"])
    assert 'name="password"' in page.content.decode()
    assert client.post(CONFIRM, {"password": "fel", "next": APP}).status_code == 422
    assert client.get(APP).status_code == 302
    assert client.post(CONFIRM, {"password": "rauk", "next": APP})["Location"] == APP
    assert client.get(APP).status_code == 200
    at = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=16))
    assert client.get(APP).status_code == 302


def test_who_has_a_factor_confirms_with_it_and_not_with_the_password(cast: Cast) -> None:
    with_app(cast.requester)
    client = signed_in(cast.requester)
    page = client.get(CONFIRM)
    assert 'name="password"' not in page.content.decode()
    assert client.post(CONFIRM, {"password": "rauk", "next": APP}).status_code == 422
    factor = Authenticator.objects.get(user=cast.requester, type=Type.TOTP)
    remove = f"{FACTORS}{factor.pk}/ta-bort/"
    assert client.post(remove)["Location"].startswith(CONFIRM)
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    response = client.post(CONFIRM, {"one_time_code": code_of(cast.requester), "next": FACTORS})
    assert response["Location"] == FACTORS
    assert "borttaget" in text_of(client.post(remove, follow=True))
    assert not Authenticator.objects.exists()
    _client, answer = enter(cast.requester, next_page="/korg/")
    assert answer.headers["Location"] == "/korg/"


def test_guessing_the_password_when_confirming_is_counted(cast: Cast) -> None:
    client = signed_in(cast.requester)
    answers = [client.post(CONFIRM, {"password": f"guess {number}"}).status_code for number in range(9)]
    assert answers == [422] * 8 + [429]


def test_new_recovery_codes_take_the_place_of_the_old(cast: Cast) -> None:
    _secret, old = with_app(cast.requester)
    page = both_steps(cast.requester).post(f"{FACTORS}koder/")
    new = ["".join(each) for each in re.findall(r"<code>(\d{4}) (\d{4})</code>", page.content.decode())]
    assert len(new) == 10
    client, _ = enter(cast.requester)
    assert client.post(STEP, {"one_time_code": old[0]}).status_code == 422
    assert client.post(STEP, {"one_time_code": new[0]}).status_code == 302


def test_nobody_changes_the_factors_of_another(cast: Cast) -> None:
    with_app(cast.requester)
    factor, at = Authenticator.objects.get(user=cast.requester, type=Type.TOTP), timezone.now()
    colleague, _ = enter(cast.colleague)
    assert "redan borttaget" in text_of(colleague.post(f"{FACTORS}{factor.pk}/ta-bort/", follow=True))
    secret = generate_totp_secret()
    for act in (
        lambda: add_app(user=cast.colleague, secret=secret, code=code_at(secret, at), by=cast.head, at=at),
        lambda: make_recovery_codes(user=cast.requester, by=cast.head, at=at),
        lambda: remove_factor(user=cast.requester, factor_id=factor.pk, by=cast.administrator, at=at),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert Authenticator.objects.count() == 2


def test_app_is_one_and_shows_its_code(cast: Cast) -> None:
    secret, at = generate_totp_secret(), timezone.now()
    with pytest.raises(CodeIsWrong):
        add_app(user=cast.requester, secret=secret, code="000000", by=cast.requester, at=at)
    with_app(cast.requester)
    with pytest.raises(HasApp):
        add_app(user=cast.requester, secret=secret, code=code_at(secret, at), by=cast.requester, at=at)


def test_last_factor_that_the_role_needs_stays(cast: Cast, settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"requester"})
    with_app(cast.requester)
    factor = Authenticator.objects.get(user=cast.requester, type=Type.TOTP)
    with pytest.raises(FactorIsNeeded):
        remove_factor(user=cast.requester, factor_id=factor.pk, by=cast.requester, at=timezone.now())
    assert Authenticator.objects.count() == 2


def test_administrator_removes_them_and_reads_nothing(cast: Cast) -> None:
    secret, codes = with_app(cast.requester)
    requester = both_steps(cast.requester)
    created = create_token(
        user=cast.requester,
        name="x",
        days=30,
        scope=KeyScope.READ,
        by=cast.requester,
        at=timezone.now(),
        has_second_factor=True,
    )
    client = signed_in(cast.administrator)
    row = client.get(f"/register/people/{cast.requester.pk}/")
    assert "Ta bort andra steg" in text_of(row)
    address = f"/personer/{cast.requester.pk}/tva-steg/"
    page = client.get(address).content.decode()
    assert "Förvissa dig" in page
    assert not any(each in page for each in (secret, *codes))
    response = client.post(address, follow=True)
    assert "har fått veta det" in text_of(response)
    assert not Authenticator.objects.exists()
    assert requester.get("/mitt-konto/").status_code == 302
    entry = Entry.objects.get(event="factor.all_removed")
    assert (entry.by_id, entry.subject_id) == (cast.administrator.pk, cast.requester.pk)
    assert Notice.objects.latest("pk").facts == {"how": "all_removed"}
    assert not ApiToken.objects.get(pk=created[0].pk).has_second_factor
    assert "har inget andra steg" in text_of(client.post(address, follow=True))
    _client, answer = enter(cast.requester, next_page="/korg/")
    assert answer.headers["Location"] == "/korg/"


@pytest.mark.parametrize("role", ["head", "manager", "colleague", "requester"])
def test_only_the_administrator_removes_anothers_factors(cast: Cast, role: str) -> None:
    with_app(cast.requester)
    with pytest.raises(OnlyAdministratorsRemoveFactors):
        remove_all_factors(user=cast.requester, by=getattr(cast, role), at=timezone.now())
    with pytest.raises(OnlyAdministratorsRemoveFactors):
        remove_all_factors(user=cast.administrator, by=cast.administrator, at=timezone.now())
    assert Authenticator.objects.count() == 2


def test_whoever_runs_the_program_removes_those_of_the_only_administrator(cast: Cast) -> None:
    with_app(cast.administrator)
    call_command("remove_second_factors", cast.administrator.email.upper(), verbosity=0)
    assert not Authenticator.objects.exists()
    assert Entry.objects.get(event="factor.all_removed").by_id is None


def test_factors_go_with_the_person_who_leaves(cast: Cast) -> None:
    with_app(cast.requester)
    with_app(cast.colleague)
    User.objects.filter(pk=cast.requester.pk).update(is_active=False)
    release_leavers(by=cast.administrator, at=timezone.now())
    assert {each.user_id for each in Authenticator.objects.all()} == {cast.colleague.pk}


def test_without_passwords_there_are_no_factors_and_no_passkeys(cast: Cast, settings: Settings) -> None:
    settings.PASSWORDS = False
    client = signed_in(cast.requester)
    assert client.get(FACTORS).status_code == 403
    assert "Inloggning i två steg" not in text_of(client.get("/mitt-konto/"))
    assert Client().get("/logga-in/losennyckel/").status_code == 404
    assert Client().post("/logga-in/losennyckel/", {"credential": "{}"}).status_code == 404
    assert "losennyckel" not in Client().get("/logga-in/").content.decode()
    _client, answer = enter(cast.requester)
    assert answer.status_code == 403
    secret = generate_totp_secret()
    with pytest.raises(NotPermitted):
        add_app(
            user=cast.requester,
            secret=secret,
            code=code_at(secret, timezone.now()),
            by=cast.requester,
            at=timezone.now(),
        )
