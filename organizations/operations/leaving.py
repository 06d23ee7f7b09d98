"""What ends with a person's account: her roles, sessions, keys, second factors, password and delegations."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone

from audit import trail
from audit.trail import Actor
from organizations.events import Event
from organizations.models import ApiToken, Delegation, Membership, PasswordLink, Session, User


def release_leavers(*, by: Actor | None, at: datetime) -> list[Delegation]:
    """
    End whatever closed accounts still hold, inside the operation that closed one or many of them.

    Roles end with the day before, so that she has none on this day; those that had not begun are taken away. Her password
    ends too: whoever has her account opened again is invited anew, and no old password opens it by whichever door it was opened.

    :returns: the delegations that are ended, with their two people.
    """
    day = timezone.localdate(at)
    is_closed = Q(user__is_active=False)
    memberships = Membership.objects.filter(is_closed).filter(
        Q(valid_during__endswith__gt=day) | Q(valid_during__upper_inf=True)
    )
    begun = list(memberships.filter(valid_during__startswith__lt=day).select_related("user", "department"))
    trail.record_many(Event.MEMBERSHIP_ENDED, subjects=begun, by=by, at=at, last_date=day.isoformat())
    for membership in begun:
        membership.valid_during = DateRange(membership.valid_during.lower, day)
    Membership.objects.bulk_update(begun, ["valid_during"])
    memberships.filter(valid_during__startswith__gte=day).delete()
    keys = list(ApiToken.objects.filter(is_closed))
    trail.record_many(Event.API_TOKEN_REVOKED, subjects=keys, by=by, at=at)
    ApiToken.objects.filter(pk__in=[key.pk for key in keys]).delete()
    Session.objects.filter(person__is_active=False).delete()
    Authenticator.objects.filter(is_closed).delete()
    PasswordLink.objects.filter(is_closed).delete()
    _end_passwords()
    involved = Q(delegator__is_active=False) | Q(delegate__is_active=False)
    delegations = list(
        Delegation.objects.standing().not_over(day).filter(involved).select_related("delegator", "delegate")
    )
    trail.record_many(Event.DELEGATION_REVOKED, subjects=delegations, by=by, at=at)
    Delegation.objects.filter(pk__in=[each.pk for each in delegations]).update(revoked_at=at)
    return delegations


def _end_passwords() -> None:
    """Let passwords of closed accounts open nothing; who has no directory to come through is then one who cannot sign in yet."""
    users = User.objects.filter(is_active=False).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    users.filter(socialaccount=None).update(last_login=None)
    users.update(password=make_password(None))
