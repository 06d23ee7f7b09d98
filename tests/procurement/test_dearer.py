"""Nobody gets anything dearer than she was shown without being asked, by whatever door she orders or changes it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from agreements.models import Supplier
from catalog.models import Price
from procurement.models import Requisition, RequisitionLine
from procurement.operations import amendments, requisitions
from procurement.operations.filling import Wish
from procurement.operations.submitting import PricesHaveRisen
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.test_place import details

pytestmark = pytest.mark.usefixtures("at_nine")


def now_costs(cast: Cast, unit_price: str) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(unit_price))


def another_supplier_at(cast: Cast, unit_price: str) -> Supplier:
    """The agreement's own price has ended, and somebody else sells the gloves."""
    Price.objects.filter(item=cast.gloves).delete()
    Price.objects.create(
        item=cast.gloves,
        supplier=cast.paper_supplier,
        unit_price=Decimal(unit_price),
        valid_during=ALWAYS,
    )
    return cast.paper_supplier


def test_a_basket_that_is_sent_without_saying_what_was_shown_goes_at_what_was_put_in_it(cast: Cast) -> None:
    basket = worlds.basket(cast)
    now_costs(cast, "58.01")
    with pytest.raises(PricesHaveRisen):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    line = basket.lines.get()
    price_by_line = {line.pk: Decimal("58.01")}
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW, shown_prices=price_by_line)
    assert requisition.lines.get().unit_price == Decimal("58.01")


@pytest.mark.parametrize(("shown", "is_placed"), [("57.99", False), ("58", True), ("60", True), (None, True)])
def test_what_is_placed_at_once_costs_no_more_than_was_shown(
    cast: Cast, shown: str | None, is_placed: bool
) -> None:
    def place() -> requisitions.PlacedRequisition:
        return requisitions.place(
            key=uuid4(),
            department=cast.ward,
            wanted=[Wish(cast.gown, Decimal(1)), Wish(cast.gloves, Decimal(2))],
            details=details(cast),
            by=cast.requester,
            at=NOW,
            shown_prices=[None, Decimal(shown)] if shown else None,
        )

    if is_placed:
        assert place().requisition.lines.get(item=cast.gloves).unit_price == 58
    else:
        with pytest.raises(PricesHaveRisen, match="Undersökningshandske"):
            place()
        assert not Requisition.objects.exists()


def revise(
    cast: Cast, line: RequisitionLine, quantity: int, unit_price: str | None = None
) -> RequisitionLine:
    return amendments.revise_line(
        line=line,
        quantity=Decimal(quantity),
        specification="",
        by=cast.requester,
        at=NOW,
        unit_price=Decimal(unit_price) if unit_price else None,
    )


def test_revise_does_not_take_a_dearer_offer_of_another_supplier(cast: Cast) -> None:
    line = worlds.line(cast)
    other = another_supplier_at(cast, "72")
    for price in (None, "71.99"):
        with pytest.raises(amendments.DearerWhenRevised) as refusal:
            revise(cast, line, 4, price)
        assert "72 kr per ask i stället för 58 kr" in str(refusal.value).replace("\xa0", " ")
    assert RequisitionLine.objects.get() == line, "nothing is changed"
    new = revise(cast, line, 4, "72")
    assert (new.supplier, new.unit_price, new.amount) == (other, 72, 288)


def test_revise_takes_a_cheaper_offer_without_asking(cast: Cast) -> None:
    line = worlds.line(cast)
    another_supplier_at(cast, "50")
    assert revise(cast, line, 4).unit_price == 50


def test_revise_to_fewer_says_what_the_break_was_worth(cast: Cast) -> None:
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(50),
        minimum_quantity=10,
        valid_during=ALWAYS,
    )
    line = worlds.line(cast, (cast.gloves, 10))
    assert line.unit_price == 50
    client = signed_in(cast.requester)
    address = reverse("shop:line_revise", args=[line.pk])
    response = client.post(address, {"quantity": "4"})
    assert response.status_code == 409
    page = text_of(response)
    assert "kostar Undersökningshandske nitril, puderfri, blå 58 kr per ask i stället för 50 kr" in page
    assert 'name="unit_price" value="58.0000"' in page
    assert client.post(address, {"quantity": "4", "unit_price": "58.0000"}).status_code == 302
    assert RequisitionLine.objects.get(version=2).unit_price == 58
