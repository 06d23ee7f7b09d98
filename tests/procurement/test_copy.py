"""Order the same again: as many as then."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.models import Price
from procurement.operations import baskets, copying, requisitions
from procurement.operations.filling import Wish
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast
from tests.pages import signed_in, text_of


def test_item_that_stood_on_two_lines_is_copied_whole(cast: Cast) -> None:
    details = baskets.Details(cast.place, cast.ward, cast.activity, (NOW + timedelta(days=7)).date())
    wishes = [Wish(cast.gloves, Decimal(3)), Wish(cast.gown, Decimal(2)), Wish(cast.gloves, Decimal(4))]
    placed = requisitions.place(
        key=uuid4(), department=cast.ward, wanted=wishes, details=details, by=cast.requester, at=NOW
    )
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    copied = copying.copy_lines(requisition=placed.requisition, basket=basket, by=cast.requester, at=NOW)
    assert [(line.item, line.quantity) for line in copied.lines] == [
        (cast.gloves, Decimal(7)),
        (cast.gown, Decimal(2)),
    ]


@pytest.mark.usefixtures("at_nine")
def test_what_was_ordered_in_a_unit_that_is_no_longer_sold_is_one_line_that_is_told_of(cast: Cast) -> None:
    carton = Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(480),
        order_unit="kartong",
        units_per_order_unit=1000,
        minimum_quantity=1,
        valid_during=ALWAYS,
    )
    first_basket = worlds.basket(cast, (cast.gloves, 3))
    baskets.add_item(
        basket=first_basket, item=cast.gloves, quantity=Decimal(2), unit="kartong", by=cast.requester, at=NOW
    )
    earlier = requisitions.submit(basket=first_basket, by=cast.requester, at=NOW)
    carton.delete()
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    copied = copying.copy_lines(requisition=earlier, basket=basket, by=cast.requester, at=NOW)
    (line,) = basket.lines.all()
    assert (line.unit, line.quantity, line.amount) == ("ask", Decimal(5), Decimal("290.00"))
    assert copied.lines == copied.other_unit == [line]
    page = text_of(signed_in(cast.requester).post(f"/bestallningar/{earlier.number}/igen/", follow=True))
    assert "ligger redan i korgen" in page
    line.delete()
    page = text_of(signed_in(cast.requester).post(f"/bestallningar/{earlier.number}/igen/", follow=True))
    assert "säljs numera per ask. Se över antalet." in page
