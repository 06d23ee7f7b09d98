"""Receiver, decider and attester are different people, whatever was done in whose place, and whatever became of it."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from organizations.models import Role, User
from procurement.models import Allocation, Requisition
from procurement.operations import attests, decisions, orders, receipts
from procurement.separation_of_duties import ReceiverHasDecided, deciders_of
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
        found = deciders_of(lines)
    assert found == dict.fromkeys(lines, frozenset({cast.head.pk}))
