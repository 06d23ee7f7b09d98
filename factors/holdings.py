"""Which factors a person has."""

from allauth.mfa.models import Authenticator

from factors.keeping import Unreadable
from organizations.models import User

Type = Authenticator.Type
MAIN = [Type.TOTP, Type.WEBAUTHN]
"""What is a factor by itself; recovery codes only stand in for one."""


def has_factor(user: User) -> bool:
    """Whether she is asked for a second factor when she signs in."""
    return bool(Authenticator.objects.filter(user=user, type__in=MAIN).exists())


def factors_of(user: User) -> list[Authenticator]:
    """All that she has, the app first."""
    return list(
        Authenticator.objects.filter(user=user).order_by("-type", "pk").exclude(type=Type.RECOVERY_CODES)
    )


def codes_left(user: User) -> int:
    """How many recovery codes she has not used; none when they were kept under a key that is gone."""
    kept = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    try:
        return len(kept.wrap().get_unused_codes()) if kept else 0
    except Unreadable:
        return 0
