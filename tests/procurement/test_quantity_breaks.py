"""Quantity breaks through the chain: what is asked for, adjusted, ordered together, and what leaves when some of it lapses."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Item, Price
from procurement.gates import BelowMinimumQuantity
from procurement.models import PurchaseOrder, RequisitionLine
from procurement.operations import baskets, decisions, orders, requisitions
from procurement.operations.baskets import OrderUnitNotSold
from procurement.states import LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast
from tests.procurement.deciding import approve, committed


@pytest.fixture
def breaks(cast: Cast) -> Cast:
    """Gloves at 58 kr, 55 from ten and 50 from forty."""
    for least, unit_price in ((10, 55), (40, 50)):
        sold(cast, unit_price, minimum_quantity=least)
    return cast


def sold(cast: Cast, unit_price: int, **facts: Any) -> Price:
    """Another price of gloves under the agreement."""
    return Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(unit_price),
        valid_during=ALWAYS,
        **facts,
    )


@pytest.mark.parametrize(("quantity", "unit_price"), [(9, 58), (10, 55), (39, 55), (40, 50)])
def test_a_line_is_asked_for_at_the_price_of_so_many(breaks: Cast, quantity: int, unit_price: int) -> None:
    line = worlds.line(breaks, (breaks.gloves, quantity))
    assert (line.unit_price, line.amount) == (unit_price, unit_price * quantity)


def test_the_basket_follows_the_breaks_up_and_down(breaks: Cast) -> None:
    basket = baskets.open_basket(department=breaks.ward, by=breaks.requester, at=NOW)
    line = baskets.add_item(
        basket=basket, item=breaks.gloves, quantity=Decimal(9), by=breaks.requester, at=NOW
    )
    assert line.unit_price == 58
    line = baskets.add_item(
        basket=basket, item=breaks.gloves, quantity=Decimal(1), by=breaks.requester, at=NOW
    )
    assert (line.quantity, line.unit_price, line.amount) == (10, 55, 550)
    changed = baskets.set_quantity(line=line, quantity=Decimal(2), by=breaks.requester, at=NOW)
    assert changed is not None
    assert (changed.unit_price, changed.amount) == (58, 116)


def test_a_smaller_quantity_is_approved_at_its_own_break(breaks: Cast) -> None:
    line = worlds.line(breaks, (breaks.gloves, 40))
    decisions.adjust(line=line, quantity=Decimal(10), by=breaks.manager, at=NOW, comment="Räcker").only()
    line.refresh_from_db()
    assert (line.approved_unit_price, line.approved_amount) == (55, 550)
    assert committed(breaks) == 550
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert order.lines.get().unit_price == 55


def test_what_is_ordered_together_takes_the_break_of_all_of_it(breaks: Cast) -> None:
    lines = [*worlds.approved(breaks, (breaks.gloves, 6)).lines.all()]
    lines += worlds.approved(breaks, (breaks.gloves, 5)).lines.all()
    assert committed(breaks) == 11 * 58
    (order,) = orders.consolidate(at=NOW, due_only=False)
    ordered = order.lines.get()
    assert (ordered.quantity, ordered.unit_price, ordered.amount) == (11, 55, 605)
    assert committed(breaks) == 605
    for line in lines:
        line.refresh_from_db()
        assert (line.status, line.approved_unit_price) == (LineStatus.ORDERED, 55)


def test_what_lapses_counts_for_no_break(breaks: Cast) -> None:
    """Eleven are approved; six of them may not be ordered, so the five that leave cost what five cost."""
    worlds.approved(breaks, (breaks.gloves, 5))
    lapsed = worlds.approved(breaks, (breaks.gloves, 6)).lines.get()
    RequisitionLine.objects.filter(pk=lapsed.pk).update(account=None)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    ordered = order.lines.get()
    assert (ordered.quantity, ordered.unit_price) == (5, 58)
    lapsed.refresh_from_db()
    assert lapsed.status == LineStatus.AWAITING


def test_what_lapses_counts_for_no_minimum(cast: Cast) -> None:
    """Each is too few by itself; when one may not be ordered, the other is not either."""
    worlds.approved(cast, (cast.gloves, 5))
    lapsed = worlds.approved(cast, (cast.gloves, 6)).lines.get()
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=10)
    RequisitionLine.objects.filter(pk=lapsed.pk).update(account=None)
    assert orders.consolidate(at=NOW, due_only=False) == []
    assert not PurchaseOrder.objects.exists()
    assert committed(cast) == 0


def test_another_order_unit_is_asked_for_with_its_own_pack_and_price(breaks: Cast) -> None:
    sold(breaks, 480, order_unit="kartong", units_per_order_unit=1000)
    basket = baskets.open_basket(department=breaks.ward, by=breaks.requester, at=NOW)

    def add(unit: str) -> RequisitionLine:
        return baskets.add_item(
            basket=basket, item=breaks.gloves, quantity=Decimal(2), by=breaks.requester, at=NOW, unit=unit
        )

    carton, box = add("kartong"), add("")
    assert (carton.unit, carton.units_per_order_unit) == ("kartong", Decimal(1000))
    assert (box.unit, box.units_per_order_unit) == ("ask", Decimal(100))
    assert (carton.unit_price, box.unit_price) == (Decimal(480), Decimal(58))
    assert add("kartong").pk == carton.pk
    with pytest.raises(OrderUnitNotSold):
        add("pall")


def carton_line(cast: Cast, quantity: int = 2) -> RequisitionLine:
    """So many cartons, submitted."""
    basket = worlds.basket(cast, (cast.gown, 1))
    baskets.add_item(
        basket=basket,
        item=cast.gloves,
        quantity=Decimal(quantity),
        by=cast.requester,
        at=NOW,
        unit="kartong",
    )
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    return RequisitionLine.objects.get(requisition=basket, item=cast.gloves)


def test_cartons_and_boxes_are_lines_of_their_own_to_the_supplier(breaks: Cast) -> None:
    """Neither counts towards the other's quantity break."""
    sold(breaks, 480, order_unit="kartong", units_per_order_unit=1000)
    approve(carton_line(breaks, 9), breaks.manager)
    worlds.approved(breaks, (breaks.gloves, 5))
    (order,) = orders.consolidate(at=NOW, due_only=False)
    rows = (
        order.lines.filter(item=breaks.gloves)
        .order_by("unit")
        .values_list("unit", "units_per_order_unit", "quantity", "unit_price")
    )
    assert list(rows) == [
        ("ask", Decimal(100), Decimal(5), Decimal(58)),
        ("kartong", Decimal(1000), Decimal(9), Decimal(480)),
    ]


def test_a_carton_that_is_no_longer_sold_goes_back(cast: Cast) -> None:
    carton = sold(cast, 480, order_unit="kartong", units_per_order_unit=1000)
    line = carton_line(cast)
    approve(line, cast.manager)
    carton.delete()
    orders.consolidate(at=NOW, due_only=False)
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING
    assert "Kartong med 1 000 st" in line.taken_back_sentence.replace("\xa0", " ")


def test_a_carton_that_holds_fewer_goes_back(cast: Cast) -> None:
    carton = sold(cast, 480, order_unit="kartong", units_per_order_unit=1000)
    line = carton_line(cast)
    approve(line, cast.manager)
    Price.objects.filter(pk=carton.pk).update(units_per_order_unit=800)
    orders.consolidate(at=NOW, due_only=False)
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


def test_too_few_cartons_are_told_in_cartons(cast: Cast) -> None:
    sold(cast, 480, order_unit="kartong", units_per_order_unit=1000, minimum_quantity=3)
    with pytest.raises(BelowMinimumQuantity) as refusal:
        carton_line(cast, 2)
    assert "3 kartong" in str(refusal.value)
    assert Item.objects.get(pk=cast.gloves.pk).order_unit == "ask"
