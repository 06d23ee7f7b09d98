"""People with second factors, made as they make them."""

from datetime import timedelta

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from factors.codes import code_at, generate_totp_secret
from factors.holdings import Type
from factors.operations.keeping import add_app
from organizations.models import User
from tests.pages import Answer


def with_app(user: User) -> tuple[str, list[str]]:
    """Let the person have an app, added an hour ago; returns its secret and her recovery codes."""
    secret, at = generate_totp_secret(), timezone.now() - timedelta(hours=1)
    codes = add_app(user=user, secret=secret, code=code_at(secret, at), by=user, at=at)
    return secret, codes


def code_of(user: User) -> str:
    """What her app shows now."""
    authenticator = Authenticator.objects.get(user=user, type=Type.TOTP)
    return code_at(get_adapter().decrypt(authenticator.data["secret"]), timezone.now())


def enter(user: User, *, next_page: str = "", client: Client | None = None) -> tuple[Client, Answer]:
    """Write her password on the sign-in page."""
    client = client or Client()
    data = {"username": user.email, "password": "rauk", "next": next_page}
    return client, client.post("/logga-in/", data)
