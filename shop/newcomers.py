"""Somebody who has an account and nothing to do with it yet, and from when she has."""

from dataclasses import dataclass
from datetime import date

from organizations.models import Department, Membership, Role, User
from procurement.standing import standing_on


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Her first role to come; nothing of it where nobody has given her one."""

    role: str = ""
    department: Department | None = None
    from_date: date | None = None


def newcomer_of(user: User, day: date) -> Newcomer | None:
    """Who she is to be, when she has no role, no category and nobody's place today; one query more for her."""
    standing = standing_on(user, day)
    if standing.roles.names or standing.manages or standing.deputy_of or standing.acts_for:
        return None
    to_come = Membership.objects.filter(user=user, valid_during__startswith__gt=day)
    first = to_come.select_related("department").order_by("valid_during", "pk").first()
    if first is None:
        return Newcomer()
    return Newcomer(str(Role(first.role).label), first.department, first.valid_during.lower)
