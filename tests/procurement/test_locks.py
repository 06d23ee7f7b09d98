"""People at the same moment under the same agreement: no deadlock, and nobody waits for what she does not touch."""

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from audit.models import Entry
from categories.models import CategoryPolicy
from procurement.models import Requisition, RequisitionLine
from procurement.operations import baskets, decisions, requisitions
from procurement.operations.filling import Wish
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.races import open_transaction, patience, race

pytestmark = pytest.mark.django_db(transaction=True)


def place(cast: Cast, *, quantity: int = 1) -> requisitions.PlacedRequisition:
    details = baskets.Details(
        delivery_place=cast.place,
        charged_department=cast.ward,
        activity=cast.activity,
        needed_by_date=(NOW + timedelta(days=7)).date(),
    )
    wishes = [Wish(cast.gloves, Decimal(quantity)), Wish(cast.gown, Decimal(quantity))]
    return requisitions.place(
        key=uuid4(), department=cast.ward, wanted=wishes, details=details, by=cast.requester, at=NOW
    )


def repeated(act: Callable[[], object], times: int) -> Callable[[], list[object]]:
    return lambda: [act() for _time in range(times)]


def test_placing_with_standing_approval_never_deadlocks(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(50_000))
    results = race(*[repeated(lambda: place(cast), 6)] * 4)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert RequisitionLine.objects.filter(status="approved").count() == 48
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == 24 * (Decimal("58.00") + Decimal("149.00"))


def test_placing_and_approving_never_deadlock(cast: Cast) -> None:
    waiting = [worlds.line(cast, (cast.gloves, 1), (cast.gown, 1)).requisition for _number in range(6)]

    def approve(requisition: Requisition) -> int:
        outcome = decisions.approve(lines=list(requisition.lines.all()), by=cast.manager, at=NOW)
        return len(outcome.done)

    results = race(
        repeated(lambda: place(cast), 6),
        lambda: [approve(requisition) for requisition in waiting],
        repeated(lambda: place(cast), 6),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert results[1] == [2] * 6
    assert Entry.objects.filter(event="requisition.submitted").count() == 18


def test_placing_does_not_wait_for_an_approval_under_the_same_agreement(cast: Cast) -> None:
    line = worlds.line(cast)
    with open_transaction(lambda: decisions.approve(lines=[line], by=cast.manager, at=NOW)):
        start_time = time.monotonic()
        place(cast)
        assert time.monotonic() - start_time < 1


def test_forgotten_session_stops_nobody_else(cast: Cast) -> None:
    """Somebody has left a transaction open over one basket: its owner is told, everyone else works on."""
    basket = worlds.basket(cast)
    line = basket.lines.get()
    with open_transaction(lambda: Requisition.objects.locked().get(pk=basket.pk)), patience(200):
        answer = signed_in(cast.requester).post(f"/korg/rader/{line.pk}/", {"quantity": "3"})
        health = signed_in(cast.requester).get("/healthz")
        placed = place(cast)
    assert answer.status_code == 503
    assert "ändrar samma sak just nu" in text_of(answer)
    assert health.status_code == 200
    assert placed.requisition.number
