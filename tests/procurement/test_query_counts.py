"""Acts on many lines ask the database as often as acts on one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import User
from procurement.models import Allocation, Deviation, PurchaseOrder, RejectionReason, Requisition
from procurement.operations import (
    amendments,
    attests,
    baskets,
    copying,
    decisions,
    orders,
    receipts,
    requisitions,
)
from procurement.operations.receipts import ReceiptEntry
from tests import worlds
from tests.cast import NOW, TODAY, Cast, many_items
from tests.procurement.proposing import SAID, in_basket

Act = Callable[[], object]


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def of_items(cast: Cast, count: int) -> Requisition:
    return worlds.submitted(cast, *((item, 1) for item in many_items(cast, count)))


def of_needs(cast: Cast, count: int) -> Requisition:
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    for number in range(count):
        baskets.add_free_text(
            basket=basket, description=f"Sak {number}", specification="", category=cast.office, quantity=Decimal(1),
            unit="st", estimated_unit_price=Decimal(10), suggested_supplier="", by=cast.requester, at=NOW,
        )  # fmt: skip
    day = (NOW + timedelta(days=7)).date()
    details = baskets.Details(cast.place, cast.ward, cast.activity, day)
    return requisitions.submit(basket=basket, details=details, by=cast.requester, at=NOW)


def approve_dearer(cast: Cast, count: int) -> Act:
    lines = list(of_needs(cast, count).lines.all())
    return lambda: decisions.approve(
        lines=lines, by=fresh(cast.deputy), at=NOW, supplier=cast.paper_supplier, unit_price=Decimal(11)
    )


def approve(cast: Cast, count: int) -> Act:
    lines = list(of_items(cast, count).lines.all())
    return lambda: decisions.approve(lines=lines, by=fresh(cast.manager), at=NOW)


def one_of(change: Callable[..., object]) -> Callable[[Cast, int], Act]:
    def act(cast: Cast, count: int) -> Act:
        line = of_items(cast, count).lines.order_by("position")[0]
        return lambda: change(cast, line)

    return act


def ask(cast: Cast, count: int) -> Act:
    lines = list(of_items(cast, count).lines.all())
    return lambda: decisions.return_with_question(
        lines=lines, question="Varför?", by=fresh(cast.manager), at=NOW
    )


def reject(cast: Cast, count: int) -> Act:
    lines, reason = list(of_items(cast, count).lines.all()), RejectionReason.IN_STOCK
    return lambda: decisions.reject(
        lines=lines, reason_code=reason, comment="", by=fresh(cast.manager), at=NOW
    )


def undo(cast: Cast, count: int) -> Act:
    lines = list(of_items(cast, count).lines.all())
    decisions.approve(lines=lines, by=fresh(cast.manager), at=NOW)
    return lambda: decisions.undo(lines=lines, by=fresh(cast.manager), at=NOW)


def refuse_attest(cast: Cast, count: int) -> Act:
    requisition = worlds.submitted(cast, (cast.chair, 3), *((item, 1) for item in many_items(cast, count)))
    attest = requisition.attests.get()
    return lambda: attests.refuse_attest(attest=attest, by=fresh(cast.budget_holder), at=NOW, comment="Nej")


def ordered(cast: Cast, count: int) -> list[PurchaseOrder]:
    decisions.approve(lines=list(of_items(cast, count).lines.all()), by=fresh(cast.manager), at=NOW)
    return orders.consolidate(at=NOW, due_only=False)


def cancel(cast: Cast, count: int) -> Act:
    (order,) = ordered(cast, count)
    return lambda: orders.cancel_order(order=order, reason="Fel", by=fresh(cast.manager), at=NOW)


def receive_too_few(cast: Cast, count: int) -> Act:
    (order,) = ordered(cast, count)
    entries = [
        ReceiptEntry(pk, Decimal(0), Deviation.SHORT, Decimal(1))
        for pk in Allocation.objects.filter(order_line__order=order).values_list("pk", flat=True)
    ]
    return lambda: receipts.receive(
        key=uuid4(), department=cast.ward, entries=entries, by=fresh(cast.colleague), at=NOW
    )


def copy(cast: Cast, count: int) -> Act:
    placed = of_items(cast, count)
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    return lambda: copying.copy_lines(requisition=placed, basket=basket, by=fresh(cast.requester), at=NOW)


ACTS: dict[str, Callable[[Cast, int], Act]] = {
    "approve": approve,
    "approve dearer needs": approve_dearer,
    "substitute": one_of(
        lambda cast, line: decisions.substitute(
            line=line, item=cast.gown, quantity=Decimal(1), by=fresh(cast.manager), at=NOW, comment="Slut"
        ).only()
    ),
    "adjust": one_of(
        lambda cast, line: decisions.adjust(
            line=line, quantity=Decimal(1), by=fresh(cast.manager), at=NOW, comment="Färre"
        ).only()
    ),
    "revise": one_of(
        lambda cast, line: amendments.revise_line(
            line=line, quantity=Decimal(2), specification="", by=fresh(cast.requester), at=NOW
        )
    ),
    "withdraw": one_of(
        lambda cast, line: amendments.withdraw_line(line=line, by=fresh(cast.requester), at=NOW)
    ),
    "ask": ask,
    "reject": reject,
    "undo": undo,
    "refuse attest": refuse_attest,
    "cancel": cancel,
    "receive too few": receive_too_few,
    "copy": copy,
}


@pytest.mark.parametrize("name", ACTS)
def test_number_of_queries_does_not_grow_with_the_lines(cast: Cast, name: str) -> None:
    counts = []
    for count in (1, 20):
        act = ACTS[name](cast, count)
        with CaptureQueriesContext(connection) as captured:
            act()
        counts.append(len(captured))
    assert counts[0] == counts[1]


def queries_of_proposing(cast: Cast, count: int) -> int:
    basket = in_basket(cast).requisition
    for number in range(1, count):
        in_basket(cast, replace(SAID, name=f"{SAID.name} {number}"))
    baskets.save_details(
        basket=basket, delivery_place=cast.place, charged_department=cast.ward, activity=cast.activity, account=None,
        project=None, needed_by_date=TODAY + timedelta(days=7), reason="", by=cast.requester, at=NOW,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as captured:
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    return len(captured)


def test_submitting_one_proposed_supplier_and_ten(cast: Cast) -> None:
    queries_of_proposing(cast, 1)
    assert queries_of_proposing(cast, 1) == queries_of_proposing(cast, 10)
