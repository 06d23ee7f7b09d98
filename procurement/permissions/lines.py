"""Who may decide a line, and who may change, answer for or take back what was asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.errors import WrongState
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from procurement.models import DecisionRule, RequisitionLine
from procurement.permissions.ordering import can_order_for
from procurement.permissions.refusals import (
    DecidesTheLine,
    LineIsCancelled,
    LineIsDecided,
    LineIsNotApproved,
    LineIsNotOnItsWay,
    LineIsOrdered,
    LineIsReplaced,
    LineIsWithdrawn,
    LineNotOpen,
    LineWaitsForAnswer,
    NoQuestionIsOpen,
    NothingAsked,
    NotYourLine,
    NotYourRequisition,
    OwnRequest,
)
from procurement.separation_of_duties import DeciderHasAttested
from procurement.standing import standing_on
from procurement.states import CLOSED, COMMITTED, DELIVERABLE, UNDECIDED, LineStatus

WHAT_BECAME: Mapping[LineStatus, type[WrongState]] = {
    LineStatus.DRAFT: LineNotOpen,
    LineStatus.RETURNED: LineWaitsForAnswer,
    LineStatus.WITHDRAWN: LineIsWithdrawn,
    LineStatus.SUPERSEDED: LineIsReplaced,
    LineStatus.CANCELLED: LineIsCancelled,
}
"""Why a line is not decided, where it is not because it is decided already."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The right by which a person decides, and in whose place."""

    rule: DecisionRule
    on_behalf_of: User | None = None


def acts_as(by: User, person_id: int | None, *, at: datetime) -> bool:
    """Whether ``by`` is this person, or acts for her by delegation."""
    return person_id == by.pk or person_id in standing_on(by, timezone.localdate(at)).acts_for


def capacity_for(by: User, line: RequisitionLine, *, at: datetime) -> Capacity | None:
    """
    The strongest right by which the person may decide the line, own requests apart.

    It is judged by posts and roles as they are that day: a line that still stands on somebody who no longer answers
    for it gives her no right, and a closed account has none.
    """
    if not by.is_active:
        return None
    capacity = _own_capacity(by, line, at=at)
    if capacity is not None and capacity.rule != DecisionRule.HEAD:
        return capacity
    delegator = standing_on(by, timezone.localdate(at)).decides_for.get(line.responsible_id or 0)
    if delegator is not None and _own_capacity(delegator, line, at=at) is not None:
        return Capacity(DecisionRule.DELEGATE, delegator)
    return capacity


def _own_capacity(by: User, line: RequisitionLine, *, at: datetime) -> Capacity | None:
    """The person's right by her own posts and roles."""
    standing = standing_on(by, timezone.localdate(at))
    lineage = line.category.lineage if line.category else []
    for category_id in reversed(lineage):
        if category_id in standing.manages:
            return Capacity(DecisionRule.MANAGER)
        if category_id in standing.deputises:
            return Capacity(DecisionRule.DEPUTY, standing.deputises[category_id])
    is_post = standing.roles.is_head or not standing.deputy_of.isdisjoint(lineage)
    if line.responsible_id == by.pk and is_post:
        return Capacity(DecisionRule.RESPONSIBLE)
    return Capacity(DecisionRule.HEAD) if standing.roles.is_head else None


def is_of_head(by: User, capacity: Capacity, *, at: datetime) -> bool:
    """Whether the person is a head of procurement, or decides in the place of one."""
    day = timezone.localdate(at)
    people = [by] if capacity.on_behalf_of is None else [by, capacity.on_behalf_of]
    return any(standing_on(each, day).roles.is_head for each in people)


def _may_decide(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    if acts_as(by, line.requisition.requester_id, at=at):
        return refused(OwnRequest())
    if capacity_for(by, line, at=at) is None:
        return refused(NotYourLine(responsible=line.responsible.full_name if line.responsible else ""))
    return PERMITTED


def _not_waiting(line: RequisitionLine) -> WrongState:
    """Why a line that does not wait to be decided is not decided now: what has become of it."""
    return WHAT_BECAME.get(LineStatus(line.status), LineIsDecided)()


def can_decide(by: User, line: RequisitionLine, *, attesters: Collection[int], at: datetime) -> Verdict:
    """
    Whether the person may approve, adjust, substitute, return or reject the line now.

    :param attesters: who has attested its requisition (``separation_of_duties.attesters_of``).
    """
    verdict = _may_decide(by, line, at=at)
    capacity = capacity_for(by, line, at=at)
    if (
        verdict
        and capacity is not None
        and not people_acting(by, capacity.on_behalf_of).isdisjoint(attesters)
    ):
        return refused(DeciderHasAttested())
    return verdict if not verdict or line.status == LineStatus.AWAITING else refused(_not_waiting(line))


def can_undo(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may take an approval back, which is possible until the line is ordered."""
    verdict = _may_decide(by, line, at=at)
    if not verdict or line.status == LineStatus.APPROVED:
        return verdict
    if line.status in CLOSED and line.status != LineStatus.REJECTED:
        return refused(_not_waiting(line))
    return refused(LineIsOrdered() if line.status in COMMITTED else LineIsNotApproved())


def can_reassign(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may move the line to another category: whoever answers for it, though she has attested it."""
    return can_decide(by, line, attesters=(), at=at)


def can_tie(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """
    Whether the person may let a need wait for a competition, or wait no longer: whoever answers for it, until it is decided.

    Also one that waits for an answer: what is asked about it does not hinder that the suppliers compete.
    """
    verdict = _may_decide(by, line, at=at)
    return verdict if not verdict or line.status in UNDECIDED else refused(_not_waiting(line))


def can_hand_over(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may give the line to somebody else who may decide it: as for another category."""
    return can_reassign(by, line, at=at)


def can_rebook(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may change a waiting line's account: whoever answers for it, or asked for it and still orders."""
    if line.status not in UNDECIDED:
        return refused(_not_waiting(line))
    if line.requisition.requester_id == by.pk:
        return can_order_for(by, line.requisition.department, at=at)
    return _may_decide(by, line, at=at)


def people_acting(by: User, on_behalf_of: User | None) -> set[int]:
    """Whoever acts, and in whose place."""
    return {person.pk for person in (by, on_behalf_of) if person is not None}


def can_withdraw(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """
    Whether the person may take the line back before it is ordered: its requester, while she orders for the department.

    When she does not, whoever orders for the department may, as they are who is told what happens to it.
    """
    requester, department = line.requisition.requester, line.requisition.department
    verdict = can_order_for(by, department, at=at)
    if requester != by and (not verdict or can_order_for(requester, department, at=at)):
        return refused(NotYourRequisition())
    if line.status in {LineStatus.AWAITING, LineStatus.RETURNED, LineStatus.APPROVED}:
        return verdict
    return refused(LineIsOrdered() if line.status in COMMITTED else _not_waiting(line))


def can_answer(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may answer a question about the line: anyone who orders for the department."""
    if line.status != LineStatus.RETURNED:
        return refused(_not_waiting(line) if line.status in CLOSED else NoQuestionIsOpen())
    return can_order_for(by, line.requisition.department, at=at)


def can_answer_about_price(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """
    Whether the person may say yes or no to a price that has risen: anyone who orders for the department.

    Not whoever decides the line as well: she would ask herself.
    """
    if not line.is_asked_about_price:
        return refused(NothingAsked())
    is_own = line.requisition.requester_id == by.pk
    if not is_own and capacity_for(by, line, at=at) is not None:
        return refused(DecidesTheLine())
    return can_order_for(by, line.requisition.department, at=at)


def can_wish_for_day(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may wish for what is ordered on another day: anyone who orders for the department."""
    if line.status not in DELIVERABLE:
        return refused(LineIsNotOnItsWay())
    return can_order_for(by, line.requisition.department, at=at)


def can_decline_day(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may say no to a day that is wished for: whoever answers for the line, but for what she asked for."""
    verdict = _may_decide(by, line, at=at)
    return verdict if not verdict or line.status in DELIVERABLE else refused(LineIsNotOnItsWay())


def can_revise(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """
    Whether the requester may change the line to a new version, which is possible until it is ordered.

    It is asked for anew, so she must still order for the department; an approval of the version before goes with it.
    """
    if line.requisition.requester_id != by.pk:
        return refused(NotYourRequisition())
    if line.status not in {LineStatus.AWAITING, LineStatus.RETURNED, LineStatus.APPROVED}:
        return refused(LineIsOrdered() if line.status in COMMITTED else _not_waiting(line))
    return can_order_for(by, line.requisition.department, at=at)
