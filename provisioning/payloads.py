"""
What a directory tells of a person or a group, made into what can be kept (pure).

What it leaves out is taken from the rest of what it tells: an address from a user name that is one, a name from the display
name. Texts are cleaned as everywhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.text import UnstorableText, cleaned
from provisioning.shapes import Email, EnterpriseUser, Group, Person

MOST_EMAILS = 20


class ValueNotPossible(InvalidInput):
    """An attribute has a value that cannot be kept."""

    code = "scim_value"
    sentence = _("Attributet %(attribute)s kan inte ha det värdet.")


class AddressMissing(InvalidInput):
    """Everybody who has an account has an e-mail address, since she is written to."""

    code = "scim_address"
    sentence = _("Personen behöver en e-postadress i emails eller userName.")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as she shall be: texts are empty where nothing is known."""

    user_name: str
    external_id: str
    first_name: str
    last_name: str
    display_name: str
    title: str
    email: str
    emails: Sequence[Mapping[str, Any]]
    is_active: bool
    employee_number: str
    department: str


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group as it shall be: who is in it by their numbers."""

    name: str
    external_id: str
    members: frozenset[UUID]


def with_defaults(body: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in what a directory need not say of a person, before it is held against the schema."""
    values = {name.lower(): value for name, value in body.items() if value is not None}
    user_name, result = values.get("username"), dict(body)
    if "active" not in values:
        result = _with_value(result, "active", value=True)
    if not values.get("emails") and isinstance(user_name, str):
        result = _with_value(result, "emails", value=[{"value": user_name, "type": "work", "primary": True}])
    if "name" not in values:
        result = _with_value(result, "name", value={})
    return result


def _with_value(body: dict[str, Any], name: str, *, value: Any) -> dict[str, Any]:
    return {key: each for key, each in body.items() if key.lower() != name} | {name: value}


def person_facts(person: Person) -> PersonFacts:
    """
    Read what shall be kept of a person.

    :raises InvalidInput: a value cannot be kept, or she has no address.
    """
    user_name = _text(person.user_name, "userName", 254)
    if not user_name:
        raise ValueNotPossible(attribute="userName")
    display_name = _text(person.display_name, "displayName", 200)
    first_name = _text(person.name and person.name.given_name, "name.givenName", 60)
    last_name = _text(person.name and person.name.family_name, "name.familyName", 60)
    if not first_name and not last_name:
        first_name, _space, last_name = (display_name or user_name.partition("@")[0]).partition(" ")
    emails = [_email(each) for each in (person.emails or [])[: MOST_EMAILS + 1]]
    if len(emails) > MOST_EMAILS:
        raise ValueNotPossible(attribute="emails")
    work: EnterpriseUser = person[EnterpriseUser] or EnterpriseUser()
    return PersonFacts(
        user_name=user_name,
        external_id=_text(person.external_id, "externalId", 254),
        first_name=first_name[:60],
        last_name=last_name[:60],
        display_name=display_name,
        title=_text(person.title, "title", 80),
        email=_primary_address(emails),
        emails=emails,
        is_active=person.active is not False,
        employee_number=_text(work.employee_number, "employeeNumber", 60),
        department=_text(work.department, "department", 200),
    )


def _email(email: Email) -> dict[str, Any]:
    facts: dict[str, Any] = {"value": _text(email.value, "emails.value", 254).lower()}
    if email.type:
        facts["type"] = _text(email.type, "emails.type", 40).lower()
    if email.primary is not None:
        facts["primary"] = email.primary
    return facts


def _primary_address(emails: Sequence[Mapping[str, Any]]) -> str:
    """The address to write to: the primary, else the first one for work, else the first."""
    ordered = sorted(emails, key=lambda each: (not each.get("primary"), each.get("type") != "work"))
    address = ordered[0]["value"] if ordered else ""
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise AddressMissing from wrong
    return str(address)


def group_facts(name: str | None, external_id: str | None, members: Iterable[str | None]) -> GroupFacts:
    """
    Read what shall be kept of a group.

    :raises InvalidInput: a value cannot be kept.
    """
    return GroupFacts(group_name(name), group_number(external_id), frozenset(map(person_number, members)))


def facts_of_group(group: Group) -> GroupFacts:
    """
    Read a group that is told of as a whole.

    :raises InvalidInput: a value cannot be kept.
    """
    return group_facts(group.display_name, group.external_id, [each.value for each in group.members or []])


def group_name(text: str | None) -> str:
    """
    Read what a group is called.

    :raises ValueNotPossible: it has no name, or too long a one.
    """
    name = _text(text, "displayName", 200)
    if not name:
        raise ValueNotPossible(attribute="displayName")
    return name


def group_number(text: str | None) -> str:
    """
    Read the directory's own number of a group.

    :raises ValueNotPossible: it is too long.
    """
    return _text(text, "externalId", 200)


def person_number(text: object) -> UUID:
    """
    Read the number by which a person is known here.

    :raises ValueNotPossible: it is none.
    """
    try:
        return UUID(text)  # type: ignore[arg-type]
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueNotPossible(attribute="members.value") from error


def _text(value: object, attribute: str, longest: int) -> str:
    try:
        text = cleaned(str(value or "")).strip()
    except UnstorableText as error:
        raise ValueNotPossible(attribute=attribute) from error
    if len(text) > longest:
        raise ValueNotPossible(attribute=attribute)
    return text
