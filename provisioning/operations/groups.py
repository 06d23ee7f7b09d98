"""Groups as a directory tells of them; whoever comes into one or out of one has her roles changed at once."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from organizations.events import Event
from organizations.models import (
    DirectoryAct,
    DirectoryKey,
    ProvisionedGroup,
    ProvisionedMember,
    ProvisionedPerson,
)
from organizations.operations.directories import directory_named
from organizations.operations.following import sync_provisioned
from procurement.operations.rerouting import move_waiting
from procurement.operations.unadministered import telling_when_none_is_left
from provisioning.operations.messages import note
from provisioning.operations.people import AnotherVersion, NotThere
from provisioning.payloads import GroupFacts
from provisioning.versions import version_of


class GroupNameTaken(WrongState):
    """The directory has told of another group of that name."""

    code = "scim_group_taken"
    sentence = _("Det finns redan en grupp som heter %(name)s.")


class MembersUnknown(InvalidInput):
    """Only people of whom the directory has told are in its groups; a group in a group is not followed."""

    code = "scim_members"
    sentence = _("Katalogen har inte berättat om %(number)s, så den kan inte vara med i gruppen.")


@operation
def add_group(*, facts: GroupFacts, key: DirectoryKey, at: datetime) -> ProvisionedGroup:
    """
    Take in a group of which a directory tells.

    :raises GroupNameTaken: it has told of one with that name.
    :raises MembersUnknown: it has not told of somebody in it.
    """
    try:
        with transaction.atomic():
            group = ProvisionedGroup.objects.create(
                directory=key.directory,
                name=facts.name,
                external_id=facts.external_id,
                created_at=at,
                changed_at=at,
            )
    except IntegrityError as error:
        raise GroupNameTaken(name=facts.name) from error
    added = _people(facts.members, key)
    _add_members(group, added.values())
    _record(group, added=len(added), removed=0, key=key, at=at)
    note(DirectoryAct.GROUP_ADDED, group.name, key=key, at=at, detail=_change_text(len(added), 0))
    _update_roles(added.values(), key, at)
    return group


@operation
def change_group(
    *,
    number: UUID,
    change: Callable[[GroupFacts], GroupFacts],
    version: str | None,
    key: DirectoryKey,
    at: datetime,
) -> ProvisionedGroup:
    """
    Change a group to what a directory tells now; the statements are as many however many people are in it.

    :param change: makes what it shall be out of what it is; pure.
    :param version: what the directory believes that it is; None when it does not say.
    :raises NotThere: the directory has not told of it, or has taken it away.
    :raises AnotherVersion: it is something else by now.
    :raises GroupNameTaken: another has the name.
    :raises MembersUnknown: the directory has not told of somebody in it.
    """
    group = _locked(number, key, version)
    members = _members_of(group)
    before = GroupFacts(group.name, group.external_id, frozenset(members))
    after = change(before)
    if after == before:
        return group
    added = _people(after.members - before.members, key)
    removed = [members[each] for each in before.members - after.members]
    group.name, group.external_id, group.changed_at = after.name, after.external_id, at
    try:
        with transaction.atomic():
            group.save(update_fields=["name", "external_id", "changed_at"])
    except IntegrityError as error:
        raise GroupNameTaken(name=after.name) from error
    ProvisionedMember.objects.filter(group=group, person__in=removed).delete()
    _add_members(group, added.values())
    _record(group, added=len(added), removed=len(removed), key=key, at=at)
    note(
        DirectoryAct.GROUP_CHANGED, group.name, key=key, at=at, detail=_change_text(len(added), len(removed))
    )
    has_new_name = (after.name, after.external_id) != (before.name, before.external_id)
    touched = {*added.values(), *removed, *(members.values() if has_new_name else ())}
    _update_roles(touched, key, at)
    return group


@operation
def remove_group(*, number: UUID, version: str | None, key: DirectoryKey, at: datetime) -> None:
    """
    Forget a group that the directory no longer tells of; the roles that it gave end.

    :raises NotThere: the directory has not told of it, or has taken it away already.
    :raises AnotherVersion: it is something else by now.
    """
    group = _locked(number, key, version)
    inside = _members_of(group)
    by = directory_named(key.directory)
    trail.record(Event.DIRECTORY_GROUP_REMOVED, subject=group, by=by, at=at, members_out=len(inside))
    ProvisionedMember.objects.filter(group=group).delete()
    group.delete()
    note(DirectoryAct.GROUP_REMOVED, group.name, key=key, at=at, detail=_change_text(0, len(inside)))
    _update_roles(inside.values(), key, at)


def _locked(number: UUID, key: DirectoryKey, version: str | None) -> ProvisionedGroup:
    group = (
        ProvisionedGroup.objects.select_for_update(no_key=True)
        .of(key.directory)
        .filter(number=number)
        .first()
    )
    if group is None:
        raise NotThere
    if version is not None and version != version_of(group):
        raise AnotherVersion
    return group


def _members_of(group: ProvisionedGroup) -> dict[UUID, int]:
    members = ProvisionedMember.objects.filter(group=group)
    return dict(members.values_list("person__number", "person"))


def _people(numbers: Collection[UUID], key: DirectoryKey) -> dict[UUID, int]:
    """The ids of people by their numbers; held, so that nobody is put into a group while she is taken away."""
    if not numbers:
        return {}
    people = (
        ProvisionedPerson.objects.select_for_update(no_key=True, of=("self",))
        .of(key.directory)
        .filter(number__in=list(numbers))
        .order_by("pk")
    )
    id_by_number = dict(people.values_list("number", "pk"))
    unknown = sorted(str(each) for each in numbers if each not in id_by_number)
    if unknown:
        raise MembersUnknown(number=unknown[0])
    return id_by_number


def _add_members(group: ProvisionedGroup, people: Collection[int]) -> None:
    insert_rows([ProvisionedMember(group=group, person_id=person) for person in people])


def _record(group: ProvisionedGroup, *, added: int, removed: int, key: DirectoryKey, at: datetime) -> None:
    by = directory_named(key.directory)
    trail.record(
        Event.DIRECTORY_GROUP_CHANGED, subject=group, by=by, at=at, members_in=added, members_out=removed
    )


def _change_text(added: int, removed: int) -> str:
    return f"+{added} −{removed}"


def _update_roles(people: Collection[int], key: DirectoryKey, at: datetime) -> None:
    """Give these people the roles that all their groups give now, and move what waits for those who have lost one."""
    if not people:
        return
    by = directory_named(key.directory)
    rows = ProvisionedPerson.objects.filter(pk__in=list(people))
    with telling_when_none_is_left(by=by, at=at):
        has_changed = sync_provisioned(rows, key.directory, by=by, at=at)
    if has_changed:
        move_waiting(by=by, at=at)
