"""People as a directory tells of them: joiner, mover, leaver."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.trail import Actor
from core.errors import WrongState
from core.transactions import operation
from organizations.events import Event
from organizations.models import DirectoryAct, DirectoryKey, ProvisionedMember, ProvisionedPerson, User
from organizations.operations.directories import directory_named
from provisioning.operations.leaving import close, reopen
from provisioning.operations.messages import note
from provisioning.payloads import PersonFacts
from provisioning.versions import version_of

OF_THE_ROW = (
    "user_name",
    "external_id",
    "display_name",
    "emails",
    "employee_number",
    "department",
    "is_active",
)
OF_THE_PERSON = ("first_name", "last_name", "title", "email")


class AlreadyThere(WrongState):
    """The user name or the address is somebody's already."""

    code = "scim_taken"
    sentence = _("Det finns redan en person med användarnamnet eller e-postadressen %(name)s.")


class NotThere(WrongState):
    """The directory has told of nobody and nothing with that number, or has taken it away."""

    code = "scim_not_found"
    sentence = _("Det finns inget med det numret.")


class AnotherVersion(WrongState):
    """It has been changed since the directory read it."""

    code = "scim_version"
    sentence = _("Den har ändrats sedan du läste den.")


@operation
def add_person(*, facts: PersonFacts, key: DirectoryKey, at: datetime) -> ProvisionedPerson:
    """
    Take in a person of whom a directory tells: tie her to the account with her address, or give her one.

    An account that has been closed is opened again, without the roles that it had.

    :raises AlreadyThere: the directory has told of her before, or somebody else has the user name.
    """
    by, directory = directory_named(key.directory), key.directory
    user = User.objects.select_for_update(no_key=True).filter(email__iexact=facts.email).first()
    try:
        with transaction.atomic():
            is_new = user is None
            if user is None:
                user = _create_user(facts)
            row = ProvisionedPerson.objects.create(
                directory=directory,
                user=user,
                created_at=at,
                changed_at=at,
                **{name: getattr(facts, name) for name in OF_THE_ROW},
            )
    except IntegrityError as error:
        raise AlreadyThere(name=facts.user_name) from error
    if is_new:
        trail.record(Event.PERSON_ENTERED_BY_DIRECTORY, subject=user, by=by, at=at)
    else:
        trail.record(Event.PERSON_LINKED, subject=user, by=by, at=at, directory=directory)
        _rename(user, replace(facts, title=facts.title or user.title), by=by, at=at)
        if facts.is_active and not user.is_active:
            reopen(user, directory, by=by, at=at)
        elif user.is_active and not facts.is_active:
            close(user, by=by, at=at)
    note(DirectoryAct.JOINED, facts.user_name, key=key, at=at)
    return row


def _create_user(facts: PersonFacts) -> User:
    return User.objects.create(
        password=make_password(None),
        is_active=facts.is_active,
        **{name: getattr(facts, name) for name in OF_THE_PERSON},
    )


@operation
def change_person(
    *,
    number: UUID,
    change: Callable[[ProvisionedPerson], PersonFacts],
    version: str | None,
    key: DirectoryKey,
    at: datetime,
) -> ProvisionedPerson:
    """
    Change a person to what a directory tells now; the same again changes nothing.

    A directory opens only an account that it has itself said is closed: one that was closed on a page stays so.

    :param change: makes what she shall be out of what she is; pure.
    :param version: what the directory believes that she is; None when it does not say.
    :raises NotThere: it has not told of her, or has taken her away.
    :raises AnotherVersion: she is something else by now.
    :raises AlreadyThere: somebody else has the user name or the address.
    """
    row = _locked(number, key, version)
    facts, by, was_active = change(row), directory_named(key.directory), row.is_active
    changed = [name for name in OF_THE_ROW if getattr(row, name) != getattr(facts, name)]
    for name in changed:
        setattr(row, name, getattr(facts, name))
    renamed = _rename(row.user, facts, by=by, at=at)
    if not changed and not renamed and (facts.is_active or not row.user.is_active):
        return row
    row.changed_at = at
    try:
        with transaction.atomic():
            row.save(update_fields=[*changed, "changed_at"])
    except IntegrityError as error:
        raise AlreadyThere(name=facts.user_name) from error
    act = DirectoryAct.CHANGED
    if row.user.is_active and not facts.is_active:
        close(row.user, by=by, at=at)
        act = DirectoryAct.LEFT
    elif facts.is_active and not was_active and not row.user.is_active:
        reopen(row.user, key.directory, by=by, at=at)
        act = DirectoryAct.RETURNED
    note(act, row.user_name, key=key, at=at, detail=", ".join([*changed, *renamed]))
    return row


@operation
def remove_person(*, number: UUID, version: str | None, key: DirectoryKey, at: datetime) -> None:
    """
    Let a person go whom the directory no longer tells of: her account is closed and her work is placed.

    The account itself stays, since what she has done refers to it.

    :raises NotThere: the directory has not told of her, or has taken her away already.
    :raises AnotherVersion: she is something else by now.
    """
    row = _locked(number, key, version)
    if row.user.is_active:
        close(row.user, by=directory_named(key.directory), at=at)
    ProvisionedMember.objects.filter(person=row).delete()
    row.delete()
    note(DirectoryAct.LEFT, row.user_name, key=key, at=at)


def _locked(number: UUID, key: DirectoryKey, version: str | None) -> ProvisionedPerson:
    row = (
        ProvisionedPerson.objects.select_for_update(no_key=True, of=("self", "user"))
        .of(key.directory)
        .select_related("user")
        .filter(number=number)
        .first()
    )
    if row is None:
        raise NotThere
    if version is not None and version != version_of(row):
        raise AnotherVersion
    return row


def _rename(user: User, facts: PersonFacts, *, by: Actor, at: datetime) -> list[str]:
    """Let an account have the name, title and address that a directory tells; returns what was another."""
    changed = [name for name in OF_THE_PERSON if _differs(user, facts, name)]
    if not changed:
        return []
    before: dict[str, Any] = {name: getattr(user, name) for name in changed}
    for name in changed:
        setattr(user, name, getattr(facts, name))
    try:
        with transaction.atomic():
            user.save(update_fields=changed)
    except IntegrityError as error:
        raise AlreadyThere(name=facts.email) from error
    trail.record(Event.PERSON_CHANGED_BY_DIRECTORY, subject=user, by=by, at=at, before=before)
    return changed


def _differs(user: User, facts: PersonFacts, name: str) -> bool:
    return bool(getattr(user, name) != getattr(facts, name))
