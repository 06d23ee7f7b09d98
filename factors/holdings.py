"""Which factors a person has."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.ordering import swedish
from factors.keeping import Unreadable
from organizations.models import Delegation, Membership, User
from organizations.models.roles import DELEGABLE
from organizations.permissions import EVERYBODY
from organizations.signing_in.strength import is_asked_here

Type = Authenticator.Type
MAIN = [Type.TOTP, Type.WEBAUTHN]
"""What is a factor by itself; recovery codes only stand in for one."""


def has_factor(user: User) -> bool:
    """Whether she is asked for a second factor when she signs in."""
    return bool(Authenticator.objects.filter(user=user, type__in=MAIN).exists())


def people_without_factor(day: date) -> QuerySet[User]:
    """
    Those of whom the region asks a second factor that day and who have none, by name.

    Who comes in through a directory that asks for one itself is not asked here (``organizations.permissions.needs_second_factor``).
    """
    needing = settings.SECOND_FACTOR_ROLES
    people = User.objects.filter(
        ~Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=MAIN)), is_active=True
    )
    if not is_asked_here():
        people = people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if EVERYBODY not in needing:
        memberships = Membership.objects.on(day).filter(user=OuterRef("pk"), role__in=needing)
        delegations = Delegation.objects.in_force(day).filter(
            delegate=OuterRef("pk"),
            delegator__memberships__role__in=needing.intersection(DELEGABLE),
            delegator__memberships__valid_during__contains=day,
        )
        people = people.filter(Q(Exists(memberships)) | Q(Exists(delegations)))
    return people.order_by(swedish("last_name"), swedish("first_name"), "pk")


def factors_of(user: User) -> list[Authenticator]:
    """All that she has, the app first."""
    return list(
        Authenticator.objects.filter(user=user).order_by("-type", "pk").exclude(type=Type.RECOVERY_CODES)
    )


def codes_left(user: User) -> int:
    """How many recovery codes she has not used; none when they were kept under a key that is gone."""
    authenticator = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    try:
        return len(authenticator.wrap().get_unused_codes()) if authenticator else 0
    except Unreadable:
        return 0
