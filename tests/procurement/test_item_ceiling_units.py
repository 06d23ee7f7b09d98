"""A ceiling for an item is in the item's own order units: a carton counts as the boxes that it holds."""

from decimal import Decimal

import pytest

from catalog.models import Item, ItemCeiling, Price
from office.rules import breaches
from procurement import gates
from procurement.models import RequisitionLine
from procurement.operations import baskets, decisions, requisitions
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.deciding import approve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _carton(cast: Cast) -> None:
    """Gloves are sold by the carton of ten boxes too, at 480 kr."""
    price = Price.objects.get(item=cast.gloves)
    other = price.copy_during(price.valid_during)
    other.order_unit, other.units_per_order_unit, other.unit_price = "kartong", Decimal(1000), Decimal(480)
    other.save()


def cartons(cast: Cast, quantity: int) -> RequisitionLine:
    """A submitted line of so many cartons of gloves."""
    basket = worlds.basket(cast, (cast.gown, 1))
    line = baskets.add_item(
        basket=basket, item=cast.gloves, quantity=Decimal(quantity), unit="kartong", by=cast.requester, at=NOW
    )
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    return RequisitionLine.objects.get(pk=line.pk)


def ceiling_of(cast: Cast, quantity: int) -> ItemCeiling:
    """So many boxes may be ordered."""
    return ItemCeiling.objects.create(
        agreement=cast.agreement, item=cast.gloves, ceiling_quantity=Decimal(quantity)
    )


def committed(cast: Cast) -> Decimal:
    """How many boxes are approved under the ceiling."""
    quantity: Decimal = ItemCeiling.objects.get(agreement=cast.agreement, item=cast.gloves).committed_quantity
    return quantity


def test_a_carton_counts_as_its_boxes(cast: Cast) -> None:
    """Of 25 boxes two cartons take 20; a third does not fit, and five boxes do."""
    ceiling_of(cast, 25)
    first = cartons(cast, 2)
    approve(first, cast.manager)
    assert committed(cast) == 20
    with pytest.raises(gates.ItemCeilingReached) as refusal:
        approve(cartons(cast, 1), cast.manager)
    assert (refusal.value.facts["remaining"], refusal.value.facts["fits"]) == (5, 0)
    approve(worlds.line(cast, (cast.gloves, 5)), cast.manager)
    assert committed(cast) == 25
    assert not breaches(NOW)
    decisions.undo(lines=[first], by=cast.manager, at=NOW)
    assert committed(cast) == 5
    assert not breaches(NOW)


def test_so_many_cartons_fit(cast: Cast) -> None:
    ceiling_of(cast, 25)
    with pytest.raises(gates.ItemCeilingReached) as refusal:
        approve(cartons(cast, 3), cast.manager)
    assert refusal.value.facts["fits"] == 2


def test_a_ceiling_that_comes_later_counts_cartons_as_their_boxes(cast: Cast) -> None:
    approve(cartons(cast, 2), cast.manager)
    assert ceiling_of(cast, 100).pk
    assert committed(cast) == 20
    assert not breaches(NOW)


def test_a_box_that_holds_more_later_leaves_what_is_counted(cast: Cast) -> None:
    """The ceiling goes on in boxes of a hundred, and gives back what it took."""
    ceiling_of(cast, 100)
    line = cartons(cast, 2)
    approve(line, cast.manager)
    Item.objects.filter(pk=cast.gloves.pk).update(units_per_order_unit=300)
    decisions.undo(lines=[line], by=cast.manager, at=NOW)
    assert committed(cast) == 0
