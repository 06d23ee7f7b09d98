"""Who may give, accept, decline and take back a delegation."""

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.delegations import has_something_to_delegate
from categories.models import CategoryAssignment
from core.errors import NotPermitted, WrongState
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Delegation, DelegationScope, Membership, Role, User
from organizations.permissions import roles_on


class NotYourAbsence(NotPermitted):
    """Absence is reported by the person, or by somebody who sees to it that nothing waits for her."""

    code = "not_your_absence"
    sentence = _(
        "Frånvaro anmäls av personen själv, den som är ersättare, inköpschefen eller systemadministratören."
    )


class OnlyYourOwnDelegations(NotPermitted):
    """Nobody lets another act in a third person's place."""

    code = "only_your_own_delegations"
    sentence = _("Du kan bara ge egna delegationer. Inköpschefen kan göra det åt andra.")


class NothingToDelegate(NotPermitted):
    """A delegation is only of what one has: a category's post, a budget or the head's role."""

    code = "nothing_to_delegate"
    sentence = _(
        "%(delegator)s beslutar inte om något de dagarna och har därför inget att delegera. "
        "Att beställa åt en enhet kräver en egen behörighet."
    )


class NotYourDelegation(NotPermitted):
    """Only the one who is asked accepts or declines, and only the one who gave it takes it back."""

    code = "not_your_delegation"
    sentence = _("Delegationen är mellan %(delegator)s och %(delegate)s.")


class DelegationIsAnswered(WrongState):
    """The delegation is accepted already."""

    code = "delegation_is_answered"
    sentence = _("Delegationen är redan godtagen.")


class DelegationIsOver(WrongState):
    """The delegation is declined, taken back, or its days are over."""

    code = "delegation_is_over"
    sentence = _("Delegationen gäller inte längre.")


class AssignmentsAreForTheHead(NotPermitted):
    """The head of procurement decides who answers for a category."""

    code = "assignments_are_for_the_head"
    sentence = _("Bara inköpschefen utser den som ansvarar för en kategori.")


class ResponsibilityIsForTheRegion(NotPermitted):
    """Agreements, their ceilings, and who answers and is away are shown to those who have a part in purchasing."""

    code = "responsibility_is_for_the_region"
    sentence = _("Det här visas för den som har en roll i inköpen. Kontakta inköp om du behöver en.")


def can_arrange_absence_of(by: User, person: User, *, at: datetime) -> Verdict:
    """Whether ``by`` may report, change and take back absence of ``person``: she herself, her deputy, head or administrator."""
    day = timezone.localdate(at)
    if by.pk == person.pk or arranges_everybodys_absence(by, day):
        return PERMITTED
    is_deputy = CategoryAssignment.objects.on(day).filter(manager=person, deputy=by).exists()
    return PERMITTED if is_deputy else refused(NotYourAbsence())


def arranges_everybodys_absence(by: User, day: date) -> bool:
    """Whether she sees to it, for the whole region, that nothing waits for somebody who is away."""
    roles = roles_on(by, day)
    return roles.is_head or Role.ADMINISTRATOR in roles.everywhere


def can_delegate(
    by: User,
    delegator: User,
    *,
    during: DateRange,
    at: datetime,
    scope: DelegationScope = DelegationScope.ALL,
) -> Verdict:
    """Whether ``by`` may give this delegation: her own, or anybody's as head of procurement; only of what one has."""
    if by.pk != delegator.pk and not roles_on(by, timezone.localdate(at)).is_head:
        return refused(OnlyYourOwnDelegations())
    if has_something_to_delegate(delegator, during, scope):
        return PERMITTED
    return refused(NothingToDelegate(delegator=delegator.full_name))


def can_accept(by: User, delegation: Delegation, *, at: datetime) -> Verdict:
    """Whether the person may accept the delegation: the one who is to act."""
    if delegation.delegate_id != by.pk:
        return refused(_not_your_delegation(delegation))
    if _is_over(delegation, at):
        return refused(DelegationIsOver())
    return refused(DelegationIsAnswered()) if delegation.accepted_at else PERMITTED


def can_decline(by: User, delegation: Delegation, *, at: datetime) -> Verdict:
    """Whether the person may decline the delegation, or give it back: the one who is to act."""
    if delegation.delegate_id != by.pk:
        return refused(_not_your_delegation(delegation))
    return refused(DelegationIsOver()) if _is_over(delegation, at) else PERMITTED


def can_revoke(by: User, delegation: Delegation, *, at: datetime) -> Verdict:
    """Whether the person may take the delegation back: the one who gave it, or the head of procurement."""
    if delegation.delegator_id != by.pk and not roles_on(by, timezone.localdate(at)).is_head:
        return refused(_not_your_delegation(delegation))
    return refused(DelegationIsOver()) if _is_over(delegation, at) else PERMITTED


def can_assign_category(by: User, *, at: datetime) -> Verdict:
    """Whether the person may decide who answers for a category: head of procurement."""
    is_head = roles_on(by, timezone.localdate(at)).is_head
    return PERMITTED if is_head else refused(AssignmentsAreForTheHead())


def has_part_in_purchasing(user: User, day: date) -> bool:
    """Whether the person has any role or category post that day."""
    posts = CategoryAssignment.objects.held_by(user, day)
    return Membership.objects.on(day).filter(user=user).exists() or posts.exists()


def can_see_responsibility(by: User, *, at: datetime) -> Verdict:
    """Whether the person may see agreements and who answers for what: whoever has a role or a post."""
    is_inside = has_part_in_purchasing(by, timezone.localdate(at))
    return PERMITTED if is_inside else refused(ResponsibilityIsForTheRegion())


def _not_your_delegation(delegation: Delegation) -> NotYourDelegation:
    return NotYourDelegation(delegator=delegation.delegator.full_name, delegate=delegation.delegate.full_name)


def _is_over(delegation: Delegation, at: datetime) -> bool:
    last = delegation.valid_during.upper
    return delegation.revoked_at is not None or (last is not None and last <= timezone.localdate(at))
