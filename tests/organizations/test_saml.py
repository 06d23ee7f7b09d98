"""Signing in through a directory that speaks SAML: a real one, made with pysaml2."""

import base64
import json
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.single_sign_on import providers
from organizations.models import GroupRule, Membership, Role
from tests.cast import Cast
from tests.organizations.saml import ENTITY, SSO, Directory, keys
from tests.pages import Answer, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:saml2")]

START = "/logga-in/saml/adfs/"
EMAIL = "mail"
GROUP = "eduPersonEntitlement"


def browser() -> Client:
    """A browser says which host it asks."""
    return Client(headers={"host": "testserver"})


@pytest.fixture
def client() -> Client:
    return browser()


def configure(settings: Settings, certificate: Path) -> None:
    provider = {
        "id": "adfs",
        "kind": "saml",
        "name": "Region Gotland",
        "idp": {"entity_id": ENTITY, "sso_url": SSO, "x509cert": certificate.read_text()},
        "attribute_mapping": {"email": ["urn:oid:0.9.2342.19200300.100.1.3"]},
        "trusts_email": True,
        "groups": "urn:oid:1.3.6.1.4.1.5923.1.1.1.7",
    }
    settings.SOCIALACCOUNT_PROVIDERS = providers(json.dumps([provider]))


@pytest.fixture
def directory(settings: Settings, tmp_path: Path) -> Directory:
    _key, certificate = keys(tmp_path)
    configure(settings, certificate)
    metadata = browser().get(f"{START}metadata/")
    assert metadata.status_code == 200
    idp = Directory(tmp_path, metadata.content.decode())
    configure(settings, idp.certificate)
    return idp


def ask(client: Client) -> str:
    response = client.get(START)
    assert response.status_code == 302
    assert response["Location"].startswith(SSO)
    return response["Location"]


def come_back(client: Client, sent: dict[str, str]) -> Answer:
    """Post the answer as the directory's page does, and go where it leads in the same browser."""
    onward = client.post(f"{START}tillbaka/", sent)
    assert onward.status_code == 302
    return client.get(onward["Location"])


def test_person_comes_in_and_her_groups_are_followed(
    client: Client, cast: Cast, directory: Directory
) -> None:
    GroupRule.objects.create(directory="adfs", group="Ekonomi", role=Role.CONTROLLER)
    attributes = {EMAIL: [cast.stranger.email], GROUP: ["Annat", "Ekonomi"]}
    answer = come_back(client, directory.answer(ask(client), number="S-1-5-21", said=attributes))
    assert answer.status_code == 302
    assert cast.stranger.email in text_of(client.get("/mitt-konto/"))
    assert SocialAccount.objects.get().uid == "S-1-5-21"
    memberships = Membership.objects.on(timezone.localdate()).filter(user=cast.stranger, directory="adfs")
    assert [each.role for each in memberships] == ["controller"]


def test_door_stands_on_the_sign_in_page(client: Client, directory: Directory) -> None:
    assert f'href="{START}"' in client.get("/logga-in/").content.decode()


def test_answer_that_is_not_signed_opens_nothing(
    client: Client, cast: Cast, directory: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    attributes = {EMAIL: [cast.stranger.email]}
    saml_response = directory.answer(ask(client), number="S-1", said=attributes, is_signed=False)
    answer = come_back(client, saml_response)
    assert answer.status_code == 403
    assert "Du kom inte in" in text_of(answer)
    assert "No Signature found" in caplog.text or "not signed" in caplog.text
    assert client.get("/mitt-konto/").status_code == 302


def test_answer_that_was_changed_opens_nothing(
    client: Client, cast: Cast, directory: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    saml_response = directory.answer(ask(client), number="S-1", said={EMAIL: [cast.stranger.email]})
    xml = base64.b64decode(saml_response["SAMLResponse"]).decode()
    assert cast.stranger.email in xml
    forged = xml.replace(cast.stranger.email, cast.head.email)
    saml_response["SAMLResponse"] = base64.b64encode(forged.encode()).decode()
    assert come_back(client, saml_response).status_code == 403
    assert "Signature validation failed" in caplog.text
    assert client.get("/mitt-konto/").status_code == 302


def test_answer_signed_by_somebody_else_opens_nothing(
    client: Client, cast: Cast, directory: Directory, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    _key, other = keys(tmp_path / "other")
    configure(settings, other)
    saml_response = directory.answer(ask(client), number="S-1", said={EMAIL: [cast.stranger.email]})
    assert come_back(client, saml_response).status_code == 403


def test_answer_opens_once_and_in_the_browser_that_asked(
    client: Client, cast: Cast, directory: Directory
) -> None:
    saml_response = directory.answer(ask(client), number="S-1", said={EMAIL: [cast.stranger.email]})
    other = browser()
    assert come_back(other, saml_response).status_code == 403
    assert come_back(client, saml_response).status_code == 302
    client.post("/logga-ut/")
    assert come_back(client, saml_response).status_code == 403
    assert client.get("/mitt-konto/").status_code == 302


def test_nobody_elsewhere_ends_a_session(client: Client, cast: Cast, directory: Directory) -> None:
    come_back(client, directory.answer(ask(client), number="S-1", said={EMAIL: [cast.stranger.email]}))
    client.get(f"{START}utloggad/?SAMLRequest=x")
    assert client.get("/mitt-konto/").status_code == 200


def test_directory_that_is_not_there(client: Client) -> None:
    assert client.get("/logga-in/saml/annan/").status_code == 404
