"""Order the same again: as many as then."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from procurement.operations import baskets, copying, requisitions
from tests.cast import NOW, Cast


def test_item_that_stood_on_two_lines_is_copied_whole(cast: Cast) -> None:
    details = baskets.Details(cast.place, cast.ward, cast.activity, (NOW + timedelta(days=7)).date())
    wanted = [(cast.gloves, Decimal(3)), (cast.gown, Decimal(2)), (cast.gloves, Decimal(4))]
    placed = requisitions.place(
        key=uuid4(), department=cast.ward, wanted=wanted, details=details, by=cast.requester, at=NOW
    )
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    copied = copying.copy_lines(requisition=placed.requisition, basket=basket, by=cast.requester, at=NOW)
    assert [(line.item, line.quantity) for line in copied.lines] == [
        (cast.gloves, Decimal(7)),
        (cast.gown, Decimal(2)),
    ]
