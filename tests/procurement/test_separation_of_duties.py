"""Receiver, decider and attester are different people, whatever was done in whose place, and whatever became of it."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest

from categories.models import CategoryPolicy
from organizations.models import Role, User
from procurement.models import Allocation, Requisition
from procurement.operations import attests, decisions, orders, receipts
from procurement.operations.rerouting import reroute_waiting
from procurement.permissions import NotYourAttest
from procurement.separation_of_duties import AttesterDecides, ReceiverHasDecided, deciders_of
from tests import worlds
from tests.cast import NOW, Cast, delegation, membership


def receive(cast: Cast, by: User) -> None:
    entries = [receipts.ReceiptEntry(each.pk, each.quantity) for each in Allocation.objects.order_by("pk")]
    receipts.receive(
        key=uuid4(), department=cast.ward, entries=entries, by=User.objects.get(pk=by.pk), at=NOW
    )


def decided(cast: Cast, by: User, requisition: Requisition) -> None:
    lines = list(requisition.lines.order_by("pk"))
    outcome = decisions.approve(lines=lines, by=User.objects.get(pk=by.pk), at=NOW)
    assert not outcome.refused


def decided_in_the_place_of_the_manager(cast: Cast) -> tuple[User, User]:
    delegation(cast.manager, cast.controller)
    decided(cast, cast.controller, worlds.submitted(cast))
    return cast.controller, cast.manager


def decided_undone_and_decided_by_another(cast: Cast) -> tuple[User, ...]:
    requisition = worlds.submitted(cast)
    decided(cast, cast.manager, requisition)
    decisions.undo(lines=list(requisition.lines.all()), by=cast.head, at=NOW)
    decided(cast, cast.head, requisition)
    return cast.manager, cast.head


def attested_in_the_place_of_the_budget_holder(cast: Cast) -> tuple[User, ...]:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    delegation(cast.budget_holder, cast.stranger)
    attests.attest(attest=requisition.attests.get(), by=cast.stranger, at=NOW)
    decided(cast, cast.deputy, requisition)
    return cast.stranger, cast.budget_holder


def attested_and_superseded(cast: Cast) -> tuple[User, ...]:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    attest = attests.attest(attest=requisition.attests.get(), by=cast.budget_holder, at=NOW)
    attest.status = "superseded"
    attest.save(update_fields=["status"])
    decided(cast, cast.deputy, requisition)
    return (cast.budget_holder,)


@pytest.mark.parametrize(
    "world",
    [
        decided_in_the_place_of_the_manager,
        decided_undone_and_decided_by_another,
        attested_in_the_place_of_the_budget_holder,
        attested_and_superseded,
    ],
)
def test_receiver_has_decided(cast: Cast, world: Callable[[Cast], tuple[User, ...]]) -> None:
    involved = world(cast)
    orders.consolidate(at=NOW, due_only=False)
    for user in involved:
        membership(user, Role.REQUESTER, cast.ward)
        with pytest.raises(ReceiverHasDecided):
            receive(cast, user)
    receive(cast, cast.colleague)


def test_deciders_of_lines_are_one_query(
    cast: Cast, django_assert_num_queries: Callable[..., object]
) -> None:
    lines = list(worlds.approved(cast, (cast.gloves, 1), (cast.gown, 1)).lines.values_list("pk", flat=True))
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        deciders_by_line = deciders_of(lines)
    assert deciders_by_line == dict.fromkeys(lines, frozenset({cast.head.pk}))


def attested(cast: Cast, by: User) -> Requisition:
    """A requisition of chairs that one person has attested."""
    requisition = worlds.submitted(cast, (cast.chair, 3))
    attests.attest(attest=requisition.attests.get(), by=User.objects.get(pk=by.pk), at=NOW)
    return requisition


def refusals(requisition: Requisition, by: User) -> list[str]:
    """What each line says to a decision."""
    lines = list(requisition.lines.order_by("pk"))
    outcome = decisions.approve(lines=lines, by=User.objects.get(pk=by.pk), at=NOW)
    return [refusal.code for _line, refusal in outcome.refused]


def test_whoever_attested_does_not_decide(cast: Cast) -> None:
    requisition = attested(cast, cast.budget_holder)
    cast.office.assignments.update(manager=cast.budget_holder)
    assert refusals(requisition, cast.budget_holder) == ["decider_has_attested"]
    assert refusals(requisition, cast.head) == []


def test_neither_does_the_one_in_whose_place_it_was_attested(cast: Cast) -> None:
    delegation(cast.budget_holder, cast.stranger)
    requisition = attested(cast, cast.stranger)
    cast.office.assignments.update(manager=cast.budget_holder, deputy=None)
    assert refusals(requisition, cast.budget_holder) == ["decider_has_attested"]
    cast.office.assignments.update(manager=cast.stranger)
    assert refusals(requisition, cast.stranger) == ["decider_has_attested"]


def test_nor_after_a_larger_attest_was_asked_for(cast: Cast) -> None:
    requisition = attested(cast, cast.budget_holder)
    attest = requisition.attests.get()
    attest.status = "superseded"
    attest.save(update_fields=["status"])
    cast.office.assignments.update(manager=cast.budget_holder)
    assert refusals(requisition, cast.budget_holder) == ["decider_has_attested"]


def test_nobody_decides_in_the_place_of_whoever_attested(cast: Cast) -> None:
    requisition = attested(cast, cast.budget_holder)
    cast.office.assignments.update(manager=cast.budget_holder, deputy=None)
    requisition.lines.update(responsible=cast.budget_holder)
    delegation(cast.budget_holder, cast.stranger)
    assert refusals(requisition, cast.stranger) == ["decider_has_attested"]


def test_whoever_attested_hands_the_line_over(cast: Cast) -> None:
    """She may not decide it, and it does not stay with her: she gives a need in free text another category."""
    line = worlds.free_text(cast, "Arkivskåp", category=cast.office)
    requisition = line.requisition
    attest = requisition.attests.filter(status="pending").first()
    cast.office.assignments.update(manager=cast.budget_holder)
    assert attest is None or attest.responsible != cast.budget_holder
    moved = decisions.reassign_category(
        line=line, category=cast.services, by=User.objects.get(pk=cast.budget_holder.pk), at=NOW
    )
    assert moved.category == cast.services


def test_whoever_decided_does_not_attest(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    cast.office.assignments.update(manager=cast.budget_holder)
    decided(cast, cast.budget_holder, requisition)
    with pytest.raises(AttesterDecides):
        attests.attest(
            attest=requisition.attests.get(), by=User.objects.get(pk=cast.budget_holder.pk), at=NOW
        )


def test_nor_does_the_one_in_whose_place_it_was_decided(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    cast.office.assignments.update(manager=cast.budget_holder, deputy=None)
    requisition.lines.update(responsible=cast.budget_holder)
    delegation(cast.budget_holder, cast.stranger)
    decided(cast, cast.stranger, requisition)
    for user in (cast.stranger, cast.budget_holder):
        with pytest.raises(AttesterDecides):
            attests.attest(attest=requisition.attests.get(), by=User.objects.get(pk=user.pk), at=NOW)


def test_nor_whoever_decided_and_undid_it(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    cast.office.assignments.update(manager=cast.budget_holder)
    decided(cast, cast.budget_holder, requisition)
    holder = User.objects.get(pk=cast.budget_holder.pk)
    decisions.undo(lines=list(requisition.lines.all()), by=holder, at=NOW)
    cast.office.assignments.update(manager=cast.deputy)
    with pytest.raises(AttesterDecides):
        attests.attest(attest=requisition.attests.get(), by=holder, at=NOW)


def test_an_attest_is_asked_of_somebody_who_decides_none_of_the_lines(cast: Cast) -> None:
    """The ward's own budget holder answers for chairs, so another one of the administration attests them."""
    cast.office.assignments.update(manager=cast.budget_holder)
    membership(cast.colleague, Role.BUDGET_HOLDER, cast.ward, "900000")
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    assert attest.responsible == cast.colleague


def test_an_attest_leaves_whoever_decided(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    assert requisition.attests.get().responsible == cast.budget_holder
    cast.office.assignments.update(manager=cast.budget_holder)
    decided(cast, cast.budget_holder, requisition)
    reroute_waiting(at=NOW)
    attest = requisition.attests.get()
    assert attest.responsible == cast.head
    attests.attest(attest=attest, by=cast.head, at=NOW)


def test_whoever_has_a_line_to_decide_does_not_attest(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    requisition.lines.update(responsible=cast.budget_holder)
    with pytest.raises(AttesterDecides):
        attests.attest(attest=requisition.attests.get(), by=cast.budget_holder, at=NOW)


def test_nobody_attests_in_the_place_of_whoever_decides(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    requisition.lines.update(responsible=cast.budget_holder)
    delegation(cast.budget_holder, cast.stranger)
    with pytest.raises(AttesterDecides):
        attests.attest(attest=requisition.attests.get(), by=cast.stranger, at=NOW)


def test_whoever_set_the_standing_approval_is_not_asked_to_attest(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(90_000), set_by=cast.budget_holder)
    cast.medical.assignments.update(deputy=cast.budget_holder)
    requisition = worlds.submitted(cast, (cast.gloves, 200))
    assert requisition.lines.get().decided_by == cast.budget_holder
    assert requisition.attests.get().responsible == cast.head


def test_nobody_is_asked_to_attest_her_own_request(cast: Cast) -> None:
    membership(cast.requester, Role.BUDGET_HOLDER, cast.ward, "50000")
    requisition = worlds.submitted(cast, (cast.chair, 3))
    assert requisition.attests.get().responsible == cast.budget_holder


def test_a_limit_reaches_the_amount_itself(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    attest = requisition.attests.get()
    cast.budget_holder.memberships.update(amount_limit=attest.amount)
    attests.attest(attest=attest, by=User.objects.get(pk=cast.budget_holder.pk), at=NOW)
    cast.budget_holder.memberships.update(amount_limit=attest.amount - 1)
    later = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    with pytest.raises(NotYourAttest):
        attests.attest(attest=later, by=User.objects.get(pk=cast.budget_holder.pk), at=NOW)
