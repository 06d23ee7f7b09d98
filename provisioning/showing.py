"""People and groups as a directory is shown them."""

from collections.abc import Iterable

from scim2_models import GroupMembership, Meta, Reference

from organizations.models import ProvisionedGroup, ProvisionedMember, ProvisionedPerson
from provisioning.shapes import Email, EnterpriseUser, Group, Member, Name, Person
from provisioning.versions import moment, version_of


def person_resource(
    row: ProvisionedPerson, *, base: str, groups: Iterable[ProvisionedMember] | None = ()
) -> Person:
    """
    Show a person; ``active`` is whether her account is open, whoever closed it.

    :param base: what addresses begin with.
    :param groups: those that she is in.
    """
    user = row.user
    person = Person(
        id=str(row.number),
        external_id=row.external_id or None,
        user_name=row.user_name,
        name=Name(given_name=user.first_name or None, family_name=user.last_name or None),
        display_name=row.display_name or None,
        title=user.title or None,
        active=user.is_active,
        emails=[Email(**each) for each in row.emails],
        groups=[
            GroupMembership(
                value=str(each.group.number),
                ref=Reference(f"{base}/Groups/{each.group.number}"),
                display=each.group.name,
                type="direct",
            )
            for each in groups or ()
        ]
        or None,
        meta=_meta(row, "User", f"{base}/Users/{row.number}"),
    )
    if row.employee_number or row.department:
        person[EnterpriseUser] = EnterpriseUser(
            employee_number=row.employee_number or None, department=row.department or None
        )
    return person


def group_resource(row: ProvisionedGroup, *, base: str, members: Iterable[object]) -> Group:
    """Show a group with its members, by their numbers."""
    return Group(
        id=str(row.number),
        external_id=row.external_id or None,
        display_name=row.name,
        members=[
            Member(value=str(number), ref=Reference(f"{base}/Users/{number}"), type="User")
            for number in members
        ]
        or None,
        meta=_meta(row, "Group", f"{base}/Groups/{row.number}"),
    )


def _meta(row: ProvisionedPerson | ProvisionedGroup, kind: str, location: str) -> Meta:
    return Meta(
        resource_type=kind,
        created=moment(row.created_at),
        last_modified=moment(row.changed_at),
        location=location,
        version=version_of(row),
    )
