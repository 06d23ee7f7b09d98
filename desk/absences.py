"""Absences and delegations as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from categories import permissions
from categories.models import CategoryAssignment
from core import reader
from core.periods import UNTIL_FURTHER_NOTICE, last_day
from organizations.models import Absence, Delegation, User


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Days on which a person is away, and what her deputies have reported for the same days."""

    absence: Absence
    days: str
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation as one of its two people sees it."""

    delegation: Delegation
    days: str
    is_mine: bool
    """Whether she gave it; otherwise she is the one who acts, or is asked to."""
    may_accept: bool
    may_decline: bool
    may_revoke: bool

    @property
    def other(self) -> User:
        """The other of the two."""
        return self.delegation.delegate if self.is_mine else self.delegation.delegator


def days_in_words(period: DateRange) -> str:
    """A period in words, both days included."""
    today, last = timezone.localdate(), last_day(period)
    first = reader.short_day(period.lower, today)
    if last == UNTIL_FURTHER_NOTICE:
        return _("%(day)s tills vidare") % {"day": first}
    return first if last == period.lower else f"{first}–{reader.short_day(last, today)}"


def absence_rows(user: User, absences: Sequence[Absence], *, reader: User) -> list[AbsenceRow]:
    """
    The person's absences, each with a sentence about each deputy who is away on some of the same days.

    :param reader: who is told; she herself or somebody who arranges it for her.
    """
    posts = CategoryAssignment.objects.filter(manager=user, deputy__isnull=False)
    deputies = {post.deputy_id for post in posts if _overlaps_any(post.valid_during, absences)}
    others = list(
        Absence.objects.not_over(timezone.localdate()).filter(user__in=deputies).select_related("user")
    )
    text = (
        _("%(deputy)s, som är din ersättare, är också borta %(days)s. Be inköpschefen utse någon annan.")
        if reader.pk == user.pk
        else _("%(deputy)s, som är ersättare, är också borta %(days)s. Be inköpschefen utse någon annan.")
    )
    return [
        AbsenceRow(
            each,
            days_in_words(each.during),
            [
                text % {"deputy": other.user.full_name, "days": days_in_words(other.during)}
                for other in others
                if _overlaps(other.during, each.during)
            ],
        )
        for each in absences
    ]


def delegation_row(delegation: Delegation, user: User, *, at: datetime) -> DelegationRow:
    """The delegation as the person sees it."""
    return DelegationRow(
        delegation=delegation,
        days=days_in_words(delegation.valid_during),
        is_mine=delegation.delegator_id == user.pk,
        may_accept=bool(permissions.can_accept(user, delegation, at=at)),
        may_decline=bool(permissions.can_decline(user, delegation, at=at)),
        may_revoke=delegation.delegator_id == user.pk
        and bool(permissions.can_revoke(user, delegation, at=at)),
    )


def _overlaps_any(period: DateRange, absences: Sequence[Absence]) -> bool:
    return any(_overlaps(period, each.during) for each in absences)


def _overlaps(one: DateRange, other: DateRange) -> bool:
    return (one.upper or date.max) > (other.lower or date.min) and (other.upper or date.max) > (
        one.lower or date.min
    )
