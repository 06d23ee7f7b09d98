"""A person who comes from the region's directory: who she is here, and what its groups give her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.trail import OtherSystem
from core.errors import NotPermitted
from organizations.events import Event
from organizations.models import ProvisionedGroup, ProvisionedPerson, User
from organizations.operations.accounts import LONGEST_NAME
from organizations.operations.following import follow_groups


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
    :param first_name: and the last name, as the directory writes them; empty when it did not say.
    :param groups: those that she is in; None when it did not say.
    """

    directory: str
    number: str
    email: str
    first_name: str
    last_name: str
    groups: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who has come, and whether her roles were changed by it."""

    account: SocialAccount
    has_new_roles: bool


def directory_named(directory: str) -> OtherSystem:
    """A directory as the one who acts."""
    return OtherSystem(f"Katalogen {directory}")


def arrive(*, arrival: Arrival, may_create: bool, at: datetime) -> Arrived:
    """
    Find the person who comes from a directory, and give her the roles of her groups, inside an operation.

    A directory that tells of groups by itself is believed in that, whatever it says when she signs in.

    She is known by the directory's own number; the first time by her address, and then the two are tied together. Her name is the
    one that it tells, unless a directory tells of her by itself.

    :param may_create: whether somebody without an account is given one.
    :raises NotPermitted: she has no account here, has left, or comes with another's address.
    """
    account = _account_of(arrival) or _tie(arrival, may_create, at)
    user = User.objects.select_for_update(no_key=True).get(pk=account.user_id)
    if not user.is_active:
        raise AccountIsOver
    account.user = user
    _rename(user, arrival, at=at)
    group_names = ProvisionedGroup.objects.names_for(arrival.directory, user)
    groups = arrival.groups if group_names is None else group_names
    if groups is None:
        return Arrived(account, has_new_roles=False)
    by = directory_named(arrival.directory)
    return Arrived(account, follow_groups({user.pk: groups}, arrival.directory, by=by, at=at))


def _account_of(arrival: Arrival) -> SocialAccount | None:
    """The account that the directory's person is tied to, locked."""
    return (
        SocialAccount.objects.select_for_update(no_key=True, of=("self",))
        .filter(provider=arrival.directory, uid=arrival.number)
        .select_related("user")
        .first()
    )


def _rename(user: User, arrival: Arrival, *, at: datetime) -> None:
    """Let her have the names that the directory says now."""
    name_by_field = {"first_name": arrival.first_name, "last_name": arrival.last_name}
    names = {field: name.strip()[:LONGEST_NAME] for field, name in name_by_field.items()}
    before = {
        field: getattr(user, field) for field, name in names.items() if name and getattr(user, field) != name
    }
    if not before or ProvisionedPerson.objects.filter(user=user).exists():
        return
    for field in before:
        setattr(user, field, names[field])
    user.save(update_fields=list(before))
    trail.record(
        Event.PERSON_CHANGED_BY_DIRECTORY,
        subject=user,
        by=directory_named(arrival.directory),
        at=at,
        before=before,
    )


def _tie(arrival: Arrival, may_create: bool, at: datetime) -> SocialAccount:
    """Tie the directory's person to the account with her address, or to a new one; who comes twice at once is one."""
    if not arrival.email:
        raise AddressNotKnown
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('arrival ' || lower(%s)))", [arrival.email])
    if (account := _account_of(arrival)) is not None:
        return account
    user = User.objects.select_for_update(no_key=True).filter(email__iexact=arrival.email).first()
    if user is None:
        if not may_create:
            raise NoAccountHere
        user = User.objects.create(
            email=arrival.email.lower(),
            first_name=(arrival.first_name or arrival.email.partition("@")[0])[:LONGEST_NAME],
            last_name=arrival.last_name[:LONGEST_NAME],
            password=make_password(None),
        )
        trail.record(
            Event.PERSON_ENTERED_BY_DIRECTORY, subject=user, by=directory_named(arrival.directory), at=at
        )
    elif not user.is_active:
        raise AccountIsOver
    elif SocialAccount.objects.filter(provider=arrival.directory, user=user).exists():
        raise AddressIsAnothers
    trail.record(
        Event.PERSON_LINKED,
        subject=user,
        by=directory_named(arrival.directory),
        at=at,
        directory=arrival.directory,
    )
    return SocialAccount.objects.create(user=user, provider=arrival.directory, uid=arrival.number)
