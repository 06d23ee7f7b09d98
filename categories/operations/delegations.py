"""Let another person act in one's place for a period: give, accept, decline, take back."""

from collections.abc import Callable
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from audit import trail
from categories import permissions
from categories.notices import delegation_news
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import Verdict, require
from core.wakeups import wake
from notices.operations.telling import tell
from organizations.events import Event
from organizations.models import Delegation, DelegationScope, User
from organizations.models.roles import COVERING


class DelegationToYourself(InvalidInput):
    """A delegation needs somebody else."""

    code = "delegation_to_yourself"
    sentence = _("Du kan inte delegera till dig själv.")


class DelegateIsGone(InvalidInput):
    """The delegate's account is closed."""

    code = "delegate_is_gone"
    sentence = _("%(delegate)s har inget konto längre.")


class DelegationOverlaps(InvalidInput):
    """The delegator's rights are already delegated on some of these days."""

    code = "delegation_overlaps"
    sentence = _("Delegation finns redan för några av dagarna.")


class DelegationCycle(InvalidInput):
    """Nobody gives and receives a delegation on the same days: nothing is delegated onward."""

    code = "delegation_cycle"
    sentence = _(
        "%(person)s har själv en delegation de dagarna. "
        "Den som går in för någon kan inte låta någon annan gå in för sig, och tvärtom."
    )


@operation
def delegate(
    *,
    delegator: User,
    delegate: User,
    valid_during: DateRange,
    reason: str,
    by: User,
    at: datetime,
    scope: DelegationScope = DelegationScope.ALL,
) -> Delegation:
    """
    Ask another person to act in one's place; nothing changes until she accepts. Whose place it is is told when another arranges it.

    :raises NotPermitted: for somebody else, without being head of procurement, or of what the delegator has not.
    :param scope: what of the delegator's rights it carries; each is given to one person at a time.
    :raises InvalidInput: to oneself or a closed account, overlapping, or onward.
    """
    delegator, delegate = _locked_people(delegator, delegate)
    require(permissions.can_delegate(by, delegator, during=valid_during, at=at, scope=scope))
    if delegator == delegate:
        raise DelegationToYourself
    if not delegate.is_active:
        raise DelegateIsGone(delegate=delegate.full_name)
    same_days = Delegation.objects.standing().filter(valid_during__overlap=valid_during)
    rights = [right for right, scopes in COVERING.items() if scope in scopes]
    if any(same_days.carrying(right).filter(delegator=delegator).exists() for right in rights):
        raise DelegationOverlaps
    _check_not_passed_on(delegator, delegate, valid_during)
    delegation = Delegation.objects.create(
        delegator=delegator, delegate=delegate, scope=scope, valid_during=valid_during, reason=reason
    )
    _record(Event.DELEGATION_GIVEN, delegation, by=by, at=at)
    news = [delegation_news("asked", delegation, who=delegator, to=delegate)]
    if by.pk != delegator.pk:
        news.append(delegation_news("arranged", delegation, who=by, to=delegator, other=delegate))
    tell(news, by=by, at=at)
    return delegation


@operation
def accept_delegation(*, delegation: Delegation, by: User, at: datetime) -> Delegation:
    """
    Accept to act for the delegator; from now on it is in force on its days.

    :raises NotPermitted: she is not the one who is asked.
    :raises WrongState: it is accepted already, declined, taken back or over.
    :raises DelegationCycle: one of the two has another delegation the other way on the same days.
    """
    delegation = _permitted(delegation, permissions.can_accept, by=by, at=at)
    _check_not_passed_on(delegation.delegator, delegation.delegate, delegation.valid_during)
    delegation.accepted_at = at
    delegation.save(update_fields=["accepted_at"])
    _record(Event.DELEGATION_ACCEPTED, delegation, by=by, at=at)
    tell([delegation_news("accepted", delegation, who=by, to=delegation.delegator)], by=by, at=at)
    wake("procurement.reroute_waiting")
    return delegation


@operation
def decline_delegation(*, delegation: Delegation, by: User, at: datetime) -> Delegation:
    """
    Decline to act for the delegator, or give back what was accepted.

    :raises NotPermitted: she is not the one who is asked.
    :raises WrongState: it is declined, taken back or over already.
    """
    delegation = _permitted(delegation, permissions.can_decline, by=by, at=at)
    ended = _end(Event.DELEGATION_DECLINED, delegation, by=by, at=at)
    tell([delegation_news("declined", ended, who=by, to=ended.delegator)], by=by, at=at)
    return ended


@operation
def revoke_delegation(*, delegation: Delegation, by: User, at: datetime) -> Delegation:
    """
    Take a delegation back; it is in force no longer. The other of the two is told, and both when it is the head's act.

    :raises NotPermitted: somebody else gave it, and she is not head of procurement.
    :raises WrongState: it is declined, taken back or over already.
    """
    delegation = _permitted(delegation, permissions.can_revoke, by=by, at=at)
    ended = _end(Event.DELEGATION_REVOKED, delegation, by=by, at=at)
    news = [
        delegation_news("revoked", ended, who=by, to=ended.delegate),
        delegation_news("ended", ended, who=by, to=ended.delegator, other=ended.delegate),
    ]
    tell(news, by=by, at=at)
    return ended


def _permitted(
    delegation: Delegation, permission: Callable[..., Verdict], *, by: User, at: datetime
) -> Delegation:
    """Lock the two people, then read the delegation as it is now and ask whether this may be done with it."""
    _locked_people(delegation.delegator, delegation.delegate)
    fresh = Delegation.objects.select_related("delegator", "delegate").get(pk=delegation.pk)
    require(permission(by, fresh, at=at))
    return fresh


def _locked_people(delegator: User, delegate: User) -> tuple[User, User]:
    ids = [delegator.pk, delegate.pk]
    people = User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").in_bulk()
    return people[delegator.pk], people[delegate.pk]


def _check_not_passed_on(delegator: User, delegate: User, valid_during: DateRange) -> None:
    same_days = Delegation.objects.accepted().filter(valid_during__overlap=valid_during)
    if same_days.filter(delegator=delegate).exists():
        raise DelegationCycle(person=delegate.full_name)
    if same_days.filter(delegate=delegator).exists():
        raise DelegationCycle(person=delegator.full_name)


def _end(event: Event, delegation: Delegation, *, by: User, at: datetime) -> Delegation:
    delegation.revoked_at = at
    delegation.save(update_fields=["revoked_at"])
    _record(event, delegation, by=by, at=at)
    wake("procurement.reroute_waiting")
    return delegation


def _record(event: Event, delegation: Delegation, *, by: User, at: datetime) -> None:
    trail.record(
        event,
        subject=delegation,
        by=by,
        at=at,
        delegator=delegation.delegator.full_name,
        delegate=delegation.delegate.full_name,
        covers=delegation.scope,
        reason=delegation.reason,
        during=[str(delegation.valid_during.lower), str(delegation.valid_during.upper)],
    )
