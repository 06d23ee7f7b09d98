"""Nobody chooses her own decider: a delegation is only of what one has, is accepted, and is never passed on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from categories.operations import delegations
from categories.operations.delegations import (
    DelegateIsGone,
    DelegationCycle,
    DelegationOverlaps,
    DelegationToYourself,
)
from categories.permissions import (
    DelegationIsOver,
    NothingToDelegate,
    NotYourDelegation,
    OnlyYourOwnDelegations,
)
from notices.kinds import sentence_of
from notices.models import Notice
from organizations.models import Delegation, DelegationScope, User
from procurement import permissions
from procurement.models import BudgetAttest, RequisitionLine
from procurement.operations import attests
from procurement.standing import standing_on
from tests import worlds
from tests.cast import NOW, TODAY, Cast, delegation
from tests.changes import close_account
from tests.procurement.deciding import approve

LATER = NOW + timedelta(hours=1)
WEEK = DateRange(TODAY, TODAY + timedelta(days=7))


def delegate(
    delegator: User, to: User, *, by: User | None = None, scope: DelegationScope = DelegationScope.ALL
) -> Delegation:
    return delegations.delegate(
        delegator=delegator, delegate=to, valid_during=WEEK, reason="Semester", by=by or delegator, at=NOW, scope=scope
    )  # fmt: skip


def accepted(delegator: User, to: User, scope: DelegationScope = DelegationScope.ALL) -> Delegation:
    return delegations.accept_delegation(delegation=delegate(delegator, to, scope=scope), by=to, at=NOW)


def test_a_nurse_has_nothing_to_delegate(cast: Cast) -> None:
    for nobody in (cast.requester, cast.auditor, cast.administrator):
        with pytest.raises(NothingToDelegate):
            delegate(nobody, cast.manager)


@pytest.mark.parametrize("who", ["manager", "deputy", "office_deputy", "budget_holder", "head"])
def test_whoever_decides_something_can_delegate_it(cast: Cast, who: str) -> None:
    assert delegate(getattr(cast, who), cast.controller).accepted_at is None


def test_a_nurse_who_delegates_takes_no_queue_and_locks_no_attest(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    for who in (cast.manager, cast.budget_holder):
        Delegation.objects.create(
            delegator=cast.requester, delegate=who, reason="x", accepted_at=NOW,
            valid_during=WEEK if who == cast.manager else DateRange(TODAY + timedelta(days=7), None),
        )  # fmt: skip
    line = requisition.lines.get(item=cast.gloves)
    assert approve(line, User.objects.get(pk=cast.manager.pk)).decided_by == cast.manager
    attest = requisition.attests.get()
    assert attests.attest(attest=attest, by=cast.budget_holder, at=NOW).decided_by == cast.budget_holder


def test_a_delegation_that_is_not_accepted_gives_nothing(cast: Cast) -> None:
    new_delegation = delegate(cast.manager, cast.controller)
    assert standing_on(User.objects.get(pk=cast.controller.pk), TODAY).acts_for == {}
    delegations.accept_delegation(delegation=new_delegation, by=cast.controller, at=NOW)
    assert standing_on(User.objects.get(pk=cast.controller.pk), TODAY).acts_for == {
        cast.manager.pk: cast.manager
    }


@pytest.mark.parametrize(
    ("scope", "decides", "attests_it"),
    [
        (DelegationScope.ALL, True, True),
        (DelegationScope.DECISIONS, True, False),
        (DelegationScope.ATTESTS, False, True),
    ],
)
def test_a_delegation_carries_its_scope_and_no_more(
    cast: Cast, scope: DelegationScope, decides: bool, attests_it: bool
) -> None:
    """The head has both rights; who acts for her has those that were delegated, in what she sees, counts and does."""
    requisition = worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    RequisitionLine.objects.update(responsible=cast.head)
    BudgetAttest.objects.update(responsible=cast.head)
    accepted(cast.head, cast.controller, scope)
    controller = User.objects.get(pk=cast.controller.pk)
    line, attest = requisition.lines.get(item=cast.gloves), requisition.attests.get()
    assert bool(permissions.can_decide(controller, line, attesters=(), at=NOW)) is decides
    assert bool(permissions.can_attest(controller, attest, deciders=(), at=NOW)) is attests_it
    assert RequisitionLine.objects.awaiting(controller, TODAY).exists() is decides
    assert BudgetAttest.objects.awaiting(controller, TODAY).exists() is attests_it
    assert permissions.acts_as(controller, cast.head.pk, at=NOW), (
        "her own requests are the head's, whatever was delegated"
    )


def test_each_right_is_given_to_one_person_at_a_time(cast: Cast) -> None:
    accepted(cast.head, cast.controller, DelegationScope.ATTESTS)
    accepted(cast.head, cast.deputy, DelegationScope.DECISIONS)
    for scope in DelegationScope:
        with pytest.raises(DelegationOverlaps):
            delegate(cast.head, cast.office_deputy, scope=scope)
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.create(
                delegator=cast.head, delegate=cast.office_deputy, scope=scope, reason="x", valid_during=WEEK
            )


@pytest.mark.parametrize(
    ("who", "scope"),
    [("manager", DelegationScope.ATTESTS), ("budget_holder", DelegationScope.DECISIONS)],
)
def test_a_right_that_one_has_not_is_not_delegated(cast: Cast, who: str, scope: DelegationScope) -> None:
    with pytest.raises(NothingToDelegate):
        delegate(getattr(cast, who), cast.controller, scope=scope)


def test_a_delegation_ends_with_what_was_delegated(cast: Cast) -> None:
    accepted(cast.manager, cast.controller)
    cast.medical.assignments.update(valid_during=DateRange(None, TODAY))
    assert standing_on(User.objects.get(pk=cast.controller.pk), TODAY).acts_for == {}


def test_only_the_one_who_is_asked_accepts(cast: Cast) -> None:
    new_delegation = delegate(cast.manager, cast.controller)
    for by in (cast.manager, cast.head, cast.deputy):
        with pytest.raises(NotYourDelegation):
            delegations.accept_delegation(delegation=new_delegation, by=by, at=NOW)
        if by != cast.manager:
            with pytest.raises(NotYourDelegation):
                delegations.decline_delegation(delegation=new_delegation, by=by, at=NOW)
    delegations.decline_delegation(delegation=new_delegation, by=cast.controller, at=NOW)
    for act in (delegations.accept_delegation, delegations.decline_delegation):
        with pytest.raises(DelegationIsOver):
            act(delegation=new_delegation, by=cast.controller, at=NOW)
    with pytest.raises(DelegationIsOver):
        delegations.revoke_delegation(delegation=new_delegation, by=cast.manager, at=NOW)


def test_delegation_is_for_oneself_or_by_the_head(cast: Cast) -> None:
    with pytest.raises(OnlyYourOwnDelegations):
        delegate(cast.manager, cast.deputy, by=cast.deputy)
    with pytest.raises(DelegationToYourself):
        delegate(cast.manager, cast.manager)
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    with pytest.raises(DelegateIsGone):
        delegate(cast.manager, cast.stranger)
    delegate(cast.manager, cast.deputy, by=cast.head)
    with pytest.raises(DelegationOverlaps):
        delegate(cast.manager, cast.controller)


def test_nothing_is_delegated_onward_or_in_a_circle(cast: Cast) -> None:
    pending = delegate(cast.deputy, cast.office_deputy)
    accepted(cast.manager, cast.deputy)
    with pytest.raises(DelegationCycle):
        delegations.accept_delegation(delegation=pending, by=cast.office_deputy, at=NOW)
    with pytest.raises(DelegationCycle):
        delegate(cast.head, cast.manager)


@pytest.mark.parametrize("onward", [("deputy", "head"), ("deputy", "manager"), ("head", "manager")])
def test_the_database_refuses_what_is_passed_on(cast: Cast, onward: tuple[str, str]) -> None:
    delegation(cast.manager, cast.deputy)
    with pytest.raises(IntegrityError, match="not passed on"), transaction.atomic():
        delegation(getattr(cast, onward[0]), getattr(cast, onward[1]))
    later = Delegation.objects.create(
        delegator=getattr(cast, onward[0]), delegate=getattr(cast, onward[1]), valid_during=WEEK, reason="x"
    )
    with pytest.raises(IntegrityError, match="not passed on"), transaction.atomic():
        Delegation.objects.filter(pk=later.pk).update(accepted_at=NOW)


def told_of(user: User) -> list[tuple[str, str]]:
    """What she was told of delegations: how, and whose act it was."""
    notices = Notice.objects.filter(recipient=user, kind="delegation").order_by("pk")
    return [(each.facts["how"], each.facts["who"]) for each in notices]


def test_whose_place_it_is_is_told_when_the_head_arranges_it(cast: Cast) -> None:
    new_delegation = delegate(cast.manager, cast.deputy, by=cast.head)
    assert told_of(cast.deputy) == [("asked", "Karin Sundblad")]
    assert told_of(cast.manager) == [("arranged", "Helena Stenmark")]
    delegations.revoke_delegation(delegation=new_delegation, by=cast.head, at=LATER)
    assert told_of(cast.deputy)[1:] == [("revoked", "Helena Stenmark")]
    assert told_of(cast.manager)[1:] == [("ended", "Helena Stenmark")]
    notices = Notice.objects.filter(recipient=cast.manager).order_by("pk")
    arranged, ended = (sentence_of(each.kind, each.facts).text for each in notices)
    assert arranged.startswith("Helena Stenmark vill att Sofia Ekdahl går in för dig ")
    assert ended.startswith("Helena Stenmark har tagit tillbaka delegationen till Sofia Ekdahl")


def test_one_who_arranges_it_herself_is_told_nothing_of_it(cast: Cast) -> None:
    new_delegation = delegate(cast.manager, cast.deputy)
    delegations.revoke_delegation(delegation=new_delegation, by=cast.manager, at=LATER)
    assert told_of(cast.manager) == []
    assert told_of(cast.deputy) == [("asked", "Karin Sundblad"), ("revoked", "Karin Sundblad")]


@pytest.mark.parametrize(
    ("leaves", "left", "how"), [("deputy", "manager", "declined"), ("manager", "deputy", "left")]
)
def test_who_is_left_is_told_when_the_other_has_gone(cast: Cast, leaves: str, left: str, how: str) -> None:
    accepted(cast.manager, cast.deputy)
    Notice.objects.all().delete()
    leaver, recipient = getattr(cast, leaves), getattr(cast, left)
    close_account(user=leaver, by=cast.administrator, at=NOW)
    assert told_of(recipient) == [(how, leaver.full_name)]
    assert not Delegation.objects.standing().exists()
