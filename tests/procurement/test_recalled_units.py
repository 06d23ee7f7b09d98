"""How much of a recalled item there is, where it came in boxes and in cartons: never one added to the other."""

from decimal import Decimal

import pytest

from procurement.models import OrderLine
from procurement.operations import sending
from procurement.recalled import on_the_way, units_of
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.test_recalls import begin

pytestmark = pytest.mark.django_db


def by_the_carton(cast: Cast) -> None:
    """Let the latest order line of gloves be of cartons of a thousand."""
    latest = OrderLine.objects.filter(item=cast.gloves).latest("pk")
    OrderLine.objects.filter(pk=latest.pk).update(unit="kartong", units_per_order_unit=1000)


@pytest.mark.usefixtures("at_nine")
def test_boxes_and_cartons_that_came_are_counted_in_pieces(cast: Cast) -> None:
    """Three boxes of a hundred and two cartons of a thousand are 2 300 gloves."""
    worlds.received(cast, (cast.gloves, 3))
    worlds.received(cast, (cast.gloves, 2))
    by_the_carton(cast)
    recall = begin(cast)
    (unit,) = units_of(recall)
    assert unit.received is not None
    assert (unit.received.quantity, unit.received.unit) == (Decimal(2300), "st")
    for person, address in (
        (cast.manager, "/livscykel/104412/"),
        (cast.requester, f"/aterkallelser/{recall.pk}/"),
    ):
        assert "2 300 st" in text_of(signed_in(person).get(address))
    (row,) = Program(cast.manager).get(f"recalls/{recall.pk}/").data["units"]
    assert (Decimal(row["quantity"]), row["unit"]) == (Decimal(2300), "st")


def test_cartons_alone_are_counted_in_cartons(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 2))
    by_the_carton(cast)
    (unit,) = units_of(begin(cast))
    assert unit.received is not None
    assert (unit.received.quantity, unit.received.unit) == (Decimal(2), "kartong")


def test_boxes_and_cartons_on_their_way_in_one_order_are_counted_in_pieces(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 3), (cast.gown, 1))
    line = order.lines.get(item=cast.gloves)
    other = order.lines.exclude(pk=line.pk).get()
    OrderLine.objects.filter(pk=other.pk).update(item=cast.gloves, unit="kartong", units_per_order_unit=1000)
    sending.send_order(order=order, at=NOW)
    (delivery,) = on_the_way(begin(cast, batch="L1"))
    assert (delivery.quantity, delivery.unit) == (Decimal(1300), "st")
