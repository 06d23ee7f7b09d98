"""A person leaves: in one act all that she held ends, or goes to whoever takes over."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from audit import trail
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from governance.operations.leaving import answered_for_by, hand_over_governance
from organizations.events import Event
from organizations.models import Membership, Role, User
from organizations.permissions import can_arrange_accounts
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.operations.succession import (
    hand_over_agreements,
    hand_over_baskets,
    hand_over_posts,
    keep_departure,
    place_work_of_leavers,
    posts_of,
)
from procurement.operations.templates import hand_over_templates
from procurement.states import AttestStatus


class PersonHasLeft(InvalidInput):
    """A closed account answers for nothing."""

    code = "person_has_left"
    sentence = _("%(person)s har inget konto längre.")


class SucceededByHerself(InvalidInput):
    """Whoever leaves is succeeded by somebody else."""

    code = "succeeded_by_herself"
    sentence = _("Välj någon annan än den som slutar.")


class NothingToEnd(WrongState):
    """It is over already."""

    code = "nothing_to_end"
    sentence = _("Det är redan avslutat.")


@dataclass(frozen=True, slots=True)
class Leaving:
    """What people hold that goes to others when they leave, in numbers, and what then is nobody's."""

    posts: int
    agreements: int
    governance: int
    waiting: int
    attests: int
    baskets: int
    roles: int
    is_last_administrator: bool
    """Nobody can change people and departments when they have gone."""


def leaving_of(*people: User, day: date) -> Leaving:
    """Say what would move if these people left, to be shown before it is done."""
    administrators = Membership.objects.holders([Role.ADMINISTRATOR], day)
    return Leaving(
        posts=posts_of(people, day).count(),
        agreements=Agreement.objects.filter(owner__in=people).count(),
        governance=answered_for_by(people),
        waiting=RequisitionLine.objects.undecided().filter(responsible__in=people).count(),
        attests=BudgetAttest.objects.filter(status=AttestStatus.PENDING, responsible__in=people).count(),
        baskets=Requisition.objects.held().filter(requester__in=people).count(),
        roles=Membership.objects.on(day).filter(user__in=people).count(),
        is_last_administrator=bool(administrators) and administrators <= {each.pk for each in people},
    )


@operation
def leave(*, user: User, successor: User | None, by: User | None, at: datetime) -> User:
    """
    Let a person leave: her posts and baskets go to a successor, her account is closed, and with it all that it held.

    What waits for her to decide or attest goes to whoever answers then: the successor in her posts, and for attests
    whoever has the right. The successor gets no role by it.

    :param successor: None when nobody of those who were named is left; then her work is placed by rule (``succession``). So
        is what the successor cannot have, such as baskets of departments that she does not order for.
    :param by: None for the clock, which does what was planned by somebody who might.
    :raises NotPermitted: it is her own account, or she is neither administrator nor head of procurement.
    :raises NothingToEnd: it is closed already.
    :raises InvalidInput: the successor has left, or is herself the one who leaves.
    """
    ids = [user.pk, *([successor.pk] if successor else [])]
    people = User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").in_bulk()
    user = people[user.pk]
    if by is not None:
        require(can_arrange_accounts(by, user, at=at))
    if by is not None and not user.is_active:
        raise NothingToEnd
    posts = baskets = 0
    if successor is not None:
        successor = people[successor.pk]
        if successor.pk == user.pk:
            raise SucceededByHerself
        if not successor.is_active:
            raise PersonHasLeft(person=successor.full_name)
        posts = hand_over_posts(user, successor, by=by, at=at)
        hand_over_agreements(user, successor, by=by, at=at)
        hand_over_governance(user, successor, by=by, at=at)
        baskets = hand_over_baskets(user, successor, at=at)
        hand_over_templates(user, successor, at=at)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        trail.record(
            Event.ACCOUNT_CLOSED,
            subject=user,
            by=by,
            at=at,
            successor=successor.full_name if successor else "",
            posts=posts,
            baskets=baskets,
        )
    if by is not None and successor is not None:
        keep_departure(user, successor, at=at)
    place_work_of_leavers(by=by, at=at, follows_plans=by is not None)
    return user
