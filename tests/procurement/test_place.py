"""place(): a whole requisition in one call, by the same rules as a basket."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from catalog.models import Item, Price
from core.errors import DomainError
from organizations.models import User
from procurement.gates import PackChanged, UnitNotDivisible
from procurement.models import Requisition
from procurement.operations import baskets, decisions, requisitions, submitting
from procurement.operations.filling import Wish
from procurement.permissions import NotYourDepartment
from procurement.states import LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast


def details(cast: Cast) -> baskets.Details:
    return baskets.Details(cast.place, cast.ward, cast.activity, date(2021, 5, 25))


def place(
    cast: Cast, *wanted: tuple[Item, int | str], key: UUID | None = None, by: User | None = None
) -> Requisition:
    return requisitions.place(
        key=key or uuid4(),
        department=cast.ward,
        wanted=[Wish(item, Decimal(quantity)) for item, quantity in wanted],
        details=details(cast),
        by=by or cast.requester,
        at=NOW,
    ).requisition


def test_place_does_what_a_basket_does(cast: Cast) -> None:
    placed, submitted = (
        place(cast, (cast.gloves, 20), (cast.chair, 3)),
        worlds.submitted(cast, (cast.gloves, 20), (cast.chair, 3)),
    )
    fields = ("position", "kind", "item", "quantity", "unit_price", "amount", "agreement", "supplier", "status",
              "responsible", "routing_rule", "routing_facts", "response_due_date", "account", "category")  # fmt: skip
    rows = [list(each.lines.order_by("position").values(*fields)) for each in (placed, submitted)]
    assert rows[0] == rows[1]
    assert rows[0][0]["status"] == LineStatus.AWAITING
    assert placed.attests.get().amount == submitted.attests.get().amount


def test_place_with_the_same_key_gives_the_first_back(cast: Cast) -> None:
    key = uuid4()
    first = place(cast, (cast.gloves, 20), key=key)
    assert place(cast, (cast.gloves, 20), key=key) == first
    assert Requisition.objects.count() == 1


def test_place_leaves_the_basket_alone(cast: Cast) -> None:
    basket = worlds.basket(cast)
    place(cast, (cast.gown, 1))
    assert basket.lines.get().item == cast.gloves


def test_place_for_another_department_is_refused(cast: Cast) -> None:
    with pytest.raises(NotYourDepartment):
        place(cast, (cast.gloves, 1), by=cast.stranger)


@pytest.mark.parametrize(
    ("quantity", "error"),
    [("0", "quantity_out_of_range"), ("-3", "quantity_out_of_range"), ("1e9", "quantity_out_of_range")],
)
def test_place_of_the_impossible_is_refused(cast: Cast, quantity: str, error: str) -> None:
    with pytest.raises(DomainError) as refusal:
        place(cast, (cast.gloves, quantity))
    assert refusal.value.code == error


def test_place_of_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(submitting.BasketIsEmpty):
        place(cast)


def test_place_uses_at_most_sixteen_queries(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        place(cast, (cast.gloves, 1), (cast.gown, 1))
    assert len(captured) <= 16


@pytest.mark.parametrize("quantity", ["1.5", "0.001"])
def test_part_of_a_box_is_refused_and_nothing_is_kept(cast: Cast, quantity: str) -> None:
    with pytest.raises(UnitNotDivisible, match="Ange ett heltal"):
        place(cast, (cast.gloves, quantity))
    assert not Requisition.objects.exists()


def test_part_of_a_box_is_refused_in_a_basket_and_by_the_manager(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 3))
    line = basket.lines.get()
    with pytest.raises(UnitNotDivisible):
        baskets.set_quantity(line=line, quantity=Decimal("2.5"), by=cast.requester, at=NOW)
    submitted_line = worlds.line(cast)
    with pytest.raises(UnitNotDivisible):
        decisions.adjust(
            line=submitted_line, quantity=Decimal("0.5"), by=cast.manager, at=NOW, comment="Räcker"
        )


def carton(cast: Cast) -> Price:
    return Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(480),
        order_unit="kartong",
        units_per_order_unit=1000,
        valid_during=ALWAYS,
    )


def wish(cast: Cast, *wanted: Wish, shown_prices: Sequence[Decimal | None] | None = None) -> Requisition:
    return requisitions.place(
        key=uuid4(),
        department=cast.ward,
        wanted=wanted,
        details=details(cast),
        by=cast.requester,
        at=NOW,
        shown_prices=shown_prices,
    ).requisition


def test_each_line_is_of_the_pack_in_the_unit_that_was_named(cast: Cast) -> None:
    carton(cast)
    placed = wish(cast, Wish(cast.gloves, Decimal(2), "kartong"), Wish(cast.gloves, Decimal(3)))
    fields = ("unit", "units_per_order_unit", "unit_price", "amount")
    assert list(placed.lines.order_by("position").values_list(*fields)) == [
        ("kartong", Decimal(1000), Decimal(480), Decimal(960)),
        (cast.gloves.order_unit, cast.gloves.units_per_order_unit, Decimal(58), Decimal(174)),
    ]


def test_what_was_shown_is_of_its_own_unit(cast: Cast) -> None:
    carton(cast)
    wishes = [Wish(cast.gloves, Decimal(1), "kartong"), Wish(cast.gloves, Decimal(1))]
    assert wish(cast, *wishes, shown_prices=[Decimal(480), Decimal(58)]).lines.count() == 2
    with pytest.raises(submitting.PricesHaveRisen):
        wish(cast, *wishes, shown_prices=[Decimal(480), Decimal(57)])


@pytest.mark.parametrize("unit", ["pall", "kartong"], ids=["that nobody sells", "that is no longer sold"])
def test_a_unit_that_is_not_sold_is_refused(cast: Cast, unit: str) -> None:
    Price.objects.filter(pk=carton(cast).pk).update(
        valid_during=DateRange(date(2020, 1, 1), date(2021, 1, 1))
    )
    with pytest.raises(baskets.OrderUnitNotSold):
        wish(cast, Wish(cast.gloves, Decimal(1), unit))


def test_what_is_only_sold_in_another_unit_is_not_ordered_in_it_unasked(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).exclude(pk=carton(cast).pk).delete()
    with pytest.raises(PackChanged):
        wish(cast, Wish(cast.gloves, Decimal(1)))
    with pytest.raises(baskets.OrderUnitNotSold):
        wish(cast, Wish(cast.gloves, Decimal(1), cast.gloves.order_unit))
