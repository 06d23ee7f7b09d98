"""A delivery place that is no longer used gets nothing new: what is not ordered goes back with the reason."""

from datetime import timedelta

import pytest

from organizations.models import DeliveryPlace
from procurement.gates import PlaceIsGone
from procurement.models import PurchaseOrder
from procurement.operations import decisions, orders, sending
from procurement.operations.departments import merge_departments
from procurement.states import LineStatus, OrderStatus
from tests.cast import NOW, TODAY, Cast
from tests.worlds import approved, ordered, submitted

TOMORROW = NOW + timedelta(days=1)


def close_the_place(cast: Cast) -> None:
    DeliveryPlace.objects.filter(pk=cast.place.pk).update(closed_date=TODAY)


def test_nothing_is_approved_to_it(cast: Cast) -> None:
    requisition = submitted(cast, (cast.gloves, 2))
    close_the_place(cast)
    ((_line, refusal),) = decisions.approve(
        lines=list(requisition.lines.all()), by=cast.manager, at=NOW
    ).refused
    assert isinstance(refusal, PlaceIsGone)


def test_what_was_approved_goes_back_when_it_would_be_ordered(cast: Cast) -> None:
    requisition = approved(cast, (cast.gloves, 2))
    close_the_place(cast)
    assert orders.consolidate(at=TOMORROW, due_only=False) == []
    line = requisition.lines.get()
    assert (line.status, "place_is_gone" in line.taken_back_reason) == (LineStatus.AWAITING, True)
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == 0


def test_an_order_that_has_not_left_is_taken_apart(cast: Cast) -> None:
    (order,) = ordered(cast, (cast.gloves, 2))
    close_the_place(cast)
    sending.send_order(order=order, at=TOMORROW)
    assert PurchaseOrder.objects.get(pk=order.pk).status == OrderStatus.CANCELLED


@pytest.mark.parametrize("days", [0, 1])
def test_what_was_on_its_way_to_a_merged_department_goes_on(cast: Cast, days: int) -> None:
    approved(cast, (cast.gloves, 2))
    merge_departments(department=cast.ward, into=cast.home, by=cast.administrator, at=NOW)
    (order,) = orders.consolidate(at=NOW + timedelta(days=days), due_only=False)
    assert order.delivery_place == cast.place
