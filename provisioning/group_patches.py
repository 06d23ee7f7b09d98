"""
A change of a group as a directory sends it, made into steps (pure).

Members are handled as sets: a group of thousands is changed by one or by thousands of operations in the same time.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from scim2_models import Context, InvalidPathException, InvalidValueException

from provisioning.payloads import GroupFacts, group_name, group_number, person_number
from provisioning.shapes import POLICY, Group, GroupPatch

MOST_OPERATIONS: Final = 20_000
_ONE_MEMBER: Final = re.compile(r'members\[\s*value\s+eq\s+"([^"\\]*)"\s*\](?:\.value)?', re.IGNORECASE)
_NAME, _NUMBER, _MEMBERS = "displayname", "externalid", "members"
_PREFIX: Final = f"{Group.__schema__}:".lower()


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one attribute: ``add``, ``remove`` or ``replace``; without members a removal is of all."""

    act: str
    attribute: str
    text: str = ""
    members: frozenset[UUID] | None = None


def steps_of(body: Any) -> list[Step]:
    """
    Read a PATCH of a group.

    :raises SCIMException: an operation is not possible.
    :raises ValidationError: it is not a PATCH at all.
    """
    patch = GroupPatch.model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=POLICY)
    operations = patch.operations or []
    if len(operations) > MOST_OPERATIONS:
        raise InvalidValueException(detail=f"At most {MOST_OPERATIONS} operations")
    return [step for each in operations for step in _steps(each.op.value, str(each.path or ""), each.value)]


def _steps(act: str, path: str, value: Any) -> Iterable[Step]:
    path = path[len(_PREFIX) :] if path.lower().startswith(_PREFIX) else path
    if not path:
        if not isinstance(value, dict):
            raise InvalidValueException(detail="An operation without path has an object as its value")
        for name, each in value.items():
            yield from _steps(act, name, each) if name else ()
        return
    name = path.lower()
    if name == _MEMBERS:
        yield Step(act, name, members=_members(act, value))
    elif one := _ONE_MEMBER.fullmatch(path):
        if act != "remove":
            raise InvalidPathException(path=path)
        yield Step(act, _MEMBERS, members=frozenset([person_number(one[1])]))
    elif name.startswith(_MEMBERS):
        raise InvalidPathException(path=path)
    elif name in (_NAME, _NUMBER):
        if value is not None and not isinstance(value, str):
            raise InvalidValueException(detail=f"{path} is a text")
        yield Step("replace", name, "" if act == "remove" else value or "")


def _members(act: str, value: Any) -> frozenset[UUID] | None:
    if value is None and act == "remove":
        return None
    entries = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, dict) for each in entries):
        raise InvalidValueException(detail="Each member is an object with a value")
    return frozenset(
        person_number(next((each[key] for key in each if key.lower() == "value"), None)) for each in entries
    )


def applied(steps: Sequence[Step], group: GroupFacts) -> GroupFacts:
    """
    Do the steps to a group, one after the other.

    :raises InvalidInput: a value cannot be kept.
    """
    name, external_id, members = group.name, group.external_id, set(group.members)
    for step in steps:
        if step.attribute == _NAME:
            name = group_name(step.text)
        elif step.attribute == _NUMBER:
            external_id = group_number(step.text)
        elif step.members is None:
            members.clear()
        elif step.act == "add":
            members |= step.members
        elif step.act == "replace":
            members = set(step.members)
        else:
            members -= step.members
    return GroupFacts(name, external_id, frozenset(members))
