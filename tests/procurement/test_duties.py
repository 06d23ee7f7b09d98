"""Each pair of duties × each way of having the first: the acting person, and whoever it was done for, is refused the second."""

from collections.abc import Callable
from itertools import permutations
from uuid import uuid4

import pytest

from categories.models import CategoryPolicy
from core.errors import DomainError
from office.rights.duties import PERMITTED, RULES, Duty, rule_of
from organizations.models import Absence, Role, User
from procurement.models import Allocation, PurchaseOrder, Requisition
from procurement.operations import amendments, attests, decisions, orders, receipts
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast, delegation, membership

Way = Callable[[Cast], tuple[User, ...]]
"""Lets somebody have the first duty; whom the rule counts for."""


def anew(person: User) -> User:
    """The person as the next request reads her."""
    return User.objects.get(pk=person.pk)


def chairs(cast: Cast) -> Requisition:
    """A requisition that asks for an attest; the manager of the office's things decides it."""
    return worlds.submitted(cast, (cast.chair, 3))


def approve(cast: Cast, by: User) -> None:
    outcome = decisions.approve(lines=list(the(cast).lines.live()), by=anew(by), at=NOW)
    for _line, refusal in outcome.refused:
        raise refusal


def attest(cast: Cast, by: User) -> None:
    attests.attest(attest=the(cast).attests.order_by("-pk")[0], by=anew(by), at=NOW)


def receive(cast: Cast, by: User) -> None:
    entries = [receipts.ReceiptEntry(each.pk, each.quantity) for each in Allocation.objects.order_by("pk")]
    receipts.receive(key=uuid4(), department=cast.ward, entries=entries, by=anew(by), at=NOW)


def cancel(cast: Cast, by: User) -> None:
    orders.cancel_order(order=PurchaseOrder.objects.get(), reason="Fel", by=anew(by), at=NOW)


def the(cast: Cast) -> Requisition:
    return Requisition.objects.get()


def asks_herself(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    return (cast.requester,)


def asks_and_delegates(cast: Cast) -> tuple[User, ...]:
    """Whoever may act for the requester is as she; a delegation is of something to decide."""
    membership(cast.requester, Role.BUDGET_HOLDER, cast.home, "1")
    delegation(cast.requester, cast.controller)
    chairs(cast)
    return cast.requester, cast.controller


def decides_herself(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    approve(cast, cast.deputy)
    return (cast.deputy,)


def decides_as_stand_in(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    Absence.objects.create(user=cast.deputy, during=ALWAYS)
    approve(cast, cast.office_deputy)
    return cast.office_deputy, cast.deputy


def decides_by_delegation(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    delegation(cast.deputy, cast.controller)
    approve(cast, cast.controller)
    return cast.controller, cast.deputy


def decides_as_head(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    approve(cast, cast.head)
    return (cast.head,)


def decides_and_undoes(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    approve(cast, cast.deputy)
    decisions.undo(lines=list(the(cast).lines.all()), by=cast.head, at=NOW)
    approve(cast, cast.head)
    return cast.deputy, cast.head


def decides_by_policy(cast: Cast) -> tuple[User, ...]:
    """A standing approval is given in the name of whoever set it."""
    CategoryPolicy.objects.create(
        category=cast.office, response_days=2, standing_approval_limit=90_000, set_by=cast.deputy, valid_during=ALWAYS
    )  # fmt: skip
    chairs(cast)
    if the(cast).lines.get().decided_by_id is None:
        approve(cast, cast.deputy)
    return (cast.deputy,)


def attests_herself(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    attest(cast, cast.budget_holder)
    return (cast.budget_holder,)


def attests_by_delegation(cast: Cast) -> tuple[User, ...]:
    chairs(cast)
    delegation(cast.budget_holder, cast.stranger)
    attest(cast, cast.stranger)
    return cast.stranger, cast.budget_holder


def attests_and_is_superseded(cast: Cast) -> tuple[User, ...]:
    """What was asked for grew, so another attests the larger sum."""
    chairs(cast)
    attest(cast, cast.budget_holder)
    other = anew(cast.auditor)
    membership(other, Role.BUDGET_HOLDER, cast.ward, "300000")
    (line,) = the(cast).lines.all()
    amendments.revise_line(line=line, quantity=line.quantity + 2, specification="", by=cast.requester, at=NOW)
    attest(cast, other)
    return cast.budget_holder, other


WAYS: dict[Duty, tuple[Way, ...]] = {
    Duty.ASKS: (asks_herself, asks_and_delegates),
    Duty.DECIDES: (
        decides_herself,
        decides_as_stand_in,
        decides_by_delegation,
        decides_as_head,
        decides_and_undoes,
        decides_by_policy,
    ),
    Duty.ATTESTS: (attests_herself, attests_by_delegation, attests_and_is_superseded),
}
"""How somebody comes to have a duty; what comes after the order is the last that anybody does."""


def may_attest(cast: Cast, person: User) -> None:
    membership(person, Role.BUDGET_HOLDER, cast.ward, "900000")


def may_decide(cast: Cast, person: User) -> None:
    cast.office.assignments.update(manager=person, deputy=None)


def may_receive(cast: Cast, person: User) -> None:
    if not person.memberships.filter(role=Role.REQUESTER, department=cast.ward).exists():
        membership(person, Role.REQUESTER, cast.ward)


def may_cancel(cast: Cast, person: User) -> None:
    if not person.memberships.filter(role=Role.HEAD_OF_PROCUREMENT).exists():
        membership(person, Role.HEAD_OF_PROCUREMENT)


ACTS: dict[Duty, tuple[Callable[[Cast, User], None], Callable[[Cast, User], None]]] = {
    Duty.DECIDES: (may_decide, approve),
    Duty.ATTESTS: (may_attest, attest),
    Duty.RECEIVES: (may_receive, receive),
    Duty.CANCELS: (may_cancel, cancel),
}
"""What gives the right to the second duty, and how it is done. Savings: tests/reporting/test_baselines.py."""


def come_to(cast: Cast, then: Duty) -> None:
    """Let others do what is done before the second duty."""
    if then in (Duty.DECIDES, Duty.ATTESTS):
        return
    (line,) = the(cast).lines.live()
    if line.decided_by_id is None:
        approve(cast, cast.deputy)
    if the(cast).attests.filter(status="pending").exists():
        third = anew(cast.administrator)
        membership(third, Role.BUDGET_HOLDER, cast.ward, "900000")
        attest(cast, third)
    orders.consolidate(at=NOW, due_only=False)


PAIRS = [
    pytest.param(first, way, then, id=f"{way.__name__}-{then}")
    for first, ways in WAYS.items()
    for way in ways
    for then in ACTS
    if first != then and (rule_of(first, then) or (first, then) in PERMITTED)
]


@pytest.mark.parametrize(("first", "way", "then"), PAIRS)
def test_pair_of_duties(cast: Cast, first: Duty, way: Way, then: Duty) -> None:
    involved = way(cast)
    come_to(cast, then)
    rule = rule_of(first, then)
    for person in involved:
        may, act = ACTS[then]
        may(cast, person)
        if rule is None:
            act(cast, person)
            return
        with pytest.raises(DomainError) as refusal:
            act(cast, person)
        assert refusal.value.code == rule.refusal.code, f"{person} {first.label}, {then.label}"


def test_every_pair_is_a_rule_or_permitted_for_a_reason() -> None:
    """A new duty is put beside each of the others."""
    pairs = {(rule.first, rule.then) for rule in RULES} | PERMITTED.keys()
    either = {frozenset(pair) for pair in pairs}
    unsaid = [
        f"{a.label} / {b.label}"
        for a, b in permutations(Duty, 2)
        if a < b and frozenset((a, b)) not in either
    ]
    assert not unsaid, f"Say in office/rights/duties.py whether one person may have both: {unsaid}"
    assert not {(rule.first, rule.then) for rule in RULES} & PERMITTED.keys()
