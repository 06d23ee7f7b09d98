"""A person who comes from the region's directory: who she is here, and what its groups give her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import NotPermitted
from core.transactions import operation
from organizations.events import Event
from organizations.models import GroupRule, Membership, Role, User

Place = tuple[str, int | None]
"""A role, and the id of its department."""


class NoAccountHere(NotPermitted):
    """The directory knows the person, and the region has not given her an account here."""

    code = "no_account_here"
    sentence = _("Du har inget konto i Rauk än. Vänd dig till systemadministratören.")


class AccountIsOver(NotPermitted):
    """Whoever has left does not come in, whatever the directory says."""

    code = "account_is_over"
    sentence = _("Kontot är avslutat. Vänd dig till systemadministratören.")


class AddressNotKnown(NotPermitted):
    """A person is first known by an address that the directory answers for."""

    code = "address_not_known"
    sentence = _("Katalogen lämnade ingen e-postadress som den svarar för. Vänd dig till servicedesk.")


class AddressIsAnothers(NotPermitted):
    """An address that has gone to somebody else in the directory opens nobody's account."""

    code = "address_is_anothers"
    sentence = _("Adressen hör till en annan person i katalogen. Vänd dig till systemadministratören.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    What a directory says of whoever it has let in.

    :param number: what it knows the person by for ever.
    :param email: an address that it answers for; empty when there is none.
    :param groups: those that she is in; None when it did not say.
    """

    directory: str
    number: str
    email: str
    first_name: str
    last_name: str
    groups: Sequence[str] | None


@operation
def arrive(*, arrival: Arrival, may_create: bool, at: datetime) -> SocialAccount:
    """
    Find the person who comes from a directory, and give her the roles of her groups.

    She is known by the directory's own number; the first time by her address, and then the two are tied together.

    :param may_create: whether somebody without an account is given one.
    :raises NotPermitted: she has no account here, has left, or comes with another's address.
    """
    account = (
        SocialAccount.objects.select_for_update(no_key=True, of=("self",))
        .filter(provider=arrival.directory, uid=arrival.number)
        .select_related("user")
        .first()
    )
    if account is None:
        account = _tie(arrival, may_create, at)
    user = User.objects.select_for_update(no_key=True).get(pk=account.user_id)
    if not user.is_active:
        raise AccountIsOver
    account.user = user
    if arrival.groups is not None:
        _follow(user, arrival.directory, arrival.groups, at)
    return account


def _tie(arrival: Arrival, may_create: bool, at: datetime) -> SocialAccount:
    """Tie the directory's person to the account with her address, or to a new one."""
    if not arrival.email:
        raise AddressNotKnown
    user = User.objects.select_for_update(no_key=True).filter(email__iexact=arrival.email).first()
    if user is None:
        if not may_create:
            raise NoAccountHere
        user = User.objects.create(
            email=arrival.email.lower(),
            first_name=arrival.first_name[:60],
            last_name=arrival.last_name[:60],
            password=make_password(None),
        )
        trail.record(Event.PERSON_ENTERED_BY_DIRECTORY, subject=user, by=None, at=at)
    elif not user.is_active:
        raise AccountIsOver
    elif SocialAccount.objects.filter(provider=arrival.directory, user=user).exists():
        raise AddressIsAnothers
    trail.record(Event.PERSON_LINKED, subject=user, by=None, at=at, directory=arrival.directory)
    return SocialAccount.objects.create(user=user, provider=arrival.directory, uid=arrival.number)


def _follow(user: User, directory: str, groups: Sequence[str], at: datetime) -> None:
    """Begin the roles that the groups give, and end those that they no longer give; others' roles are left alone."""
    day = timezone.localdate(at)
    given = _given(directory, groups, day)
    held = list(Membership.objects.on(day).filter(user=user).select_related("department", "user"))
    kept: set[Place] = set()
    for membership in held:
        place = (membership.role, membership.department_id)
        is_right = place in given and membership.amount_limit == given[place]
        if membership.directory != directory or is_right:
            kept.add(place)
        else:
            _end(membership, day, at)
    for place, limit in given.items():
        if place not in kept:
            _begin(user, directory, place, limit, day, at)


def _given(directory: str, groups: Sequence[str], day: date) -> dict[Place, Decimal | None]:
    """What the groups give: the highest limit where several give the same, and none is higher than all."""
    given: dict[Place, Decimal | None] = {}
    for rule in GroupRule.objects.of(directory, list(groups), day):
        place, limit = (rule.role, rule.department_id), rule.amount_limit
        before = given.get(place, limit)
        given[place] = None if before is None or limit is None else max(before, limit)
    return given


def _begin(user: User, directory: str, place: Place, limit: Decimal | None, day: date, at: datetime) -> None:
    role, department = place
    later = (
        Membership.objects.filter(
            user=user, role=role, department=department, valid_during__startswith__gt=day
        )
        .order_by("valid_during")
        .first()
    )
    made = Membership.objects.create(
        user=user,
        role=role,
        department_id=department,
        amount_limit=limit,
        valid_during=DateRange(day, later.valid_during.lower if later else None),
        directory=directory,
    )
    trail.record(
        Event.MEMBERSHIP_GIVEN, subject=made, by=None, at=at, role=Role(role).value, directory=directory
    )


def _end(membership: Membership, day: date, at: datetime) -> None:
    """End a role today; one that began today never was."""
    trail.record(Event.MEMBERSHIP_ENDED, subject=membership, by=None, at=at, role=membership.role)
    if membership.valid_during.lower == day:
        membership.delete()
        return
    membership.valid_during = DateRange(membership.valid_during.lower, day)
    membership.save(update_fields=["valid_during"])
