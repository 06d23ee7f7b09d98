"""One-time codes of an app (TOTP, RFC 6238): which moment a code belongs to (pure)."""

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

__all__ = ["PERIOD_SECONDS", "code_at", "counter_of", "generate_totp_secret"]

PERIOD_SECONDS = 30
TOLERANCE = 1
"""A telephone's clock may be so many periods wrong."""


def counter_of(code: str, secret: str, *, at: datetime, after: int = -1) -> int | None:
    """
    The number of the period whose code this is, or None when it is no code of now.

    :param after: the number of the last code that was taken; it and those before it are not taken again.
    """
    now = int(at.timestamp()) // PERIOD_SECONDS
    for counter in range(now - TOLERANCE, now + TOLERANCE + 1):
        if counter > after and compare_user_code(actual=code, expected=_code(secret, counter)):
            return counter
    return None


def code_at(secret: str, at: datetime) -> str:
    """The code that an app shows at a moment."""
    return _code(secret, int(at.timestamp()) // PERIOD_SECONDS)


def _code(secret: str, counter: int) -> str:
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code
