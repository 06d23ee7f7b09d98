"""What things cost under an agreement, as its page says it: each price in its unit, from its quantity and of its supplier."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, AgreementSupplier
from agreements.states import AgreementStatus
from catalog.models import Item, Price
from tests.cast import TODAY, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def priced(cast: Cast, unit_price: str, **others: Any) -> Price:
    """One more price of gloves under the agreement."""
    present = Price.objects.filter(item=cast.gloves, agreement=cast.agreement).earliest("pk")
    price = present.copy_during(present.valid_during)
    for name, value in others.items():
        setattr(price, name, value)
    price.unit_price = Decimal(unit_price)
    price.save()
    return price


def rows_of(cast: Cast, item: Item) -> list[str]:
    """The rows of an item in the table of prices."""
    page = text_of(signed_in(cast.manager).get(f"/avtal/{cast.agreement.pk}/"))
    table = page.split("<tbody>")[-1].split("</tbody>")[0]
    return [row for row in table.split("<tr>") if item.number in row]


def test_a_price_stands_with_its_own_unit_and_from_how_many_it_holds(cast: Cast) -> None:
    priced(cast, "55", minimum_quantity=Decimal(120))
    priced(cast, "480", order_unit="kartong", units_per_order_unit=Decimal(1000))
    box, many, carton = rows_of(cast, cast.gloves)
    assert "58,00" in box
    assert "per ask" in box
    assert "från 1" not in box
    assert "55,00" in many
    assert "från 120 askar" in many
    assert "480,00" in carton
    assert "per kartong" in carton
    assert "per ask" not in carton


def test_a_price_stands_with_its_supplier_where_there_are_several(cast: Cast) -> None:
    assert cast.supplier.name not in rows_of(cast, cast.gloves)[0]
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    priced(cast, "61", supplier=cast.paper_supplier)
    first, second = rows_of(cast, cast.gloves)
    assert cast.supplier.name in first
    assert cast.paper_supplier.name in second


def test_what_is_offered_in_a_draft_is_seen_by_those_who_work_with_it(cast: Cast) -> None:
    """A bid is secret until it has won (OSL 19:3); from then on whoever sees agreements sees what they cost."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(status=AgreementStatus.DRAFT)
    address = f"/avtal/{cast.agreement.pk}/"
    for person in (cast.manager, cast.head, cast.controller):
        assert "58,00" in text_of(signed_in(person).get(address))
    page = text_of(signed_in(cast.requester).get(address))
    assert "58,00" not in page
    assert "Vad kostar varorna?" not in page
    Agreement.objects.filter(pk=cast.agreement.pk).update(status=AgreementStatus.DECIDED)
    assert "58,00" in text_of(signed_in(cast.requester).get(address))


def test_what_leaves_is_marked_and_a_price_that_ends_says_when(cast: Cast) -> None:
    last = TODAY + timedelta(days=20)
    Item.objects.filter(pk=cast.gloves.pk).update(status="retired")
    Price.objects.filter(item=cast.gown).update(
        valid_during=DateRange(TODAY - timedelta(days=1), last + timedelta(days=1))
    )
    assert "Utgången" in rows_of(cast, cast.gloves)[0]
    (gown,) = rows_of(cast, cast.gown)
    assert f"till {last.isoformat()}" in gown
    assert "Utgången" not in gown
