"""What roles a person has, where and up to which amount: one query, asked once per person and day."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Membership, Role, User


@dataclass(frozen=True, slots=True)
class Roles:
    """A person's roles on one day; departments map to the amount limit, None meaning no limit."""

    everywhere: frozenset[Role] = frozenset()
    orders_for: dict[int, Decimal | None] = field(default_factory=dict)
    attests_for: dict[int, Decimal | None] = field(default_factory=dict)

    @property
    def is_controller(self) -> bool:
        """Finance."""
        return Role.CONTROLLER in self.everywhere

    @property
    def is_head(self) -> bool:
        """Head of procurement."""
        return Role.HEAD_OF_PROCUREMENT in self.everywhere

    @property
    def is_auditor(self) -> bool:
        """Auditor."""
        return Role.AUDITOR in self.everywhere

    @property
    def sees_region(self) -> bool:
        """Sees everything in the region."""
        return self.is_controller or self.is_head or self.is_auditor


def roles_on(user: User, day: date) -> Roles:
    """Roles on that day; kept on the person object, which lives no longer than a request or a task."""
    known: dict[date, Roles] = user.__dict__.setdefault("_roles_on", {})
    if day not in known:
        rows = list(
            Membership.objects.on(day).filter(user=user).values_list("role", "department_id", "amount_limit")
        )
        known[day] = Roles(
            everywhere=frozenset(Role(role) for role, department, _limit in rows if department is None),
            orders_for={department: limit for role, department, limit in rows if role == Role.REQUESTER},
            attests_for={department: limit for role, department, limit in rows if role == Role.BUDGET_HOLDER},
        )
    return known[day]


class OnlyForYourself(NotPermitted):
    """Absence and delegation are a person's own to report."""

    code = "only_for_yourself"
    sentence = _(
        "Du kan bara anmäla din egen frånvaro och ge egna delegationer. Inköpschefen kan göra det åt andra."
    )


def can_arrange_for(by: User, person: User, *, day: date) -> Verdict:
    """Whether ``by`` may report absence or give a delegation for ``person``: herself, or the head of procurement."""
    return PERMITTED if by == person or roles_on(by, day).is_head else refused(OnlyForYourself())
