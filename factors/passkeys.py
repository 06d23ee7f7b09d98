"""
Passkeys (WebAuthn): what the browser is asked, and whether it answered rightly.

django-allauth lays the question in the session and holds the answer against it.
"""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from organizations.models import User
from organizations.signing_in.strength import uses_password

WRONG = (ValidationError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What comes of an answer that no browser would give."""


def creation_options(user: User) -> dict[str, Any]:
    """Ask for a new passkey, that opens the account by itself where the browser can make one."""
    options: dict[str, Any] = auth.begin_registration(user, passwordless=False)
    options = json.loads(json.dumps(options, default=dict))
    options["publicKey"]["authenticatorSelection"] |= {
        "residentKey": "preferred",
        "requireResidentKey": False,
    }
    return options


def added(answer: str) -> dict[str, Any] | None:
    """The passkey that the browser made; None when the answer is not to the question."""
    try:
        credential: dict[str, Any] = json.loads(answer)
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except WRONG:
        return None
    return credential


def request_options(user: User | None) -> dict[str, Any]:
    """Ask for one of the person's passkeys; for anybody's when it is not known who asks."""
    options: dict[str, Any] = json.loads(json.dumps(auth.begin_authentication(user), default=dict))
    return options


def answered(user: User, answer: str) -> Authenticator | None:
    """The passkey of the person that the browser answered with; None when it is none of hers."""
    try:
        credential = json.loads(answer)
        auth.parse_authentication_response(credential)
        factor: Authenticator = auth.complete_authentication(user, credential)
    except WRONG:
        return None
    return factor


def sign_in_answered(request: HttpRequest, answer: str) -> Authenticator | None:
    """
    The passkey that somebody signs in with, in place of a password; None when it does not open anything.

    The question must have been one that asks for a fingerprint or a PIN too. Whoever has no password here comes in through
    the directory, and a passkey is no way round it.
    """
    state = request.session.get(auth.STATE_SESSION_KEY) or {}
    if state.get("user_verification") != "required":
        return None
    try:
        credential = json.loads(answer)
        auth.parse_authentication_response(credential)
        user = auth.extract_user_from_response(credential)
        factor: Authenticator = auth.complete_authentication(user, credential)
    except WRONG:
        return None
    return factor if user.is_active and uses_password(user) else None
