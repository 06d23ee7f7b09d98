"""Quantity breaks and order units: which price holds for how many, in Python and in SQL alike."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.models import Supplier
from catalog.models import Price
from catalog.pricing import at_quantity, best_of, best_prices
from catalog.ranking import BEST_OF_ONE, PRICE_COLUMNS
from tests.cast import ALWAYS, TODAY, Cast


def price(cast: Cast, unit_price: str, least: str = "1", **others: Any) -> Price:
    """A price of gloves under the agreement."""
    facts = {"agreement": cast.agreement, "supplier": cast.supplier, "valid_during": ALWAYS} | others
    return Price.objects.create(
        item=cast.gloves, unit_price=Decimal(unit_price), minimum_quantity=Decimal(least), **facts
    )


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("1", "58"), ("9.999", "58"), ("10", "55"), ("49", "55"), ("50", "49.5"), ("100000", "49.5")],
)
def test_the_price_is_that_of_the_largest_break_that_is_reached(
    cast: Cast, quantity: str, expected: str
) -> None:
    price(cast, "49.50", "50")
    price(cast, "55", "10")
    best_price = best_prices([cast.gloves.pk], day=TODAY).get(cast.gloves.pk, Decimal(quantity))
    assert best_price is not None
    assert best_price.unit_price == Decimal(expected)


def test_below_the_smallest_break_the_smallest_is_told(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=5)
    price(cast, "55", "10")
    best_price = best_prices([cast.gloves.pk], day=TODAY).get(cast.gloves.pk, Decimal(2))
    assert best_price is not None
    assert (best_price.unit_price, best_price.minimum_quantity) == (Decimal(58), Decimal(5))


def test_a_dearer_break_holds_all_the_same(cast: Cast) -> None:
    """What the supplier has written holds, also when it is strange; nobody is promised the price of another break."""
    price(cast, "70", "10")
    best_price = best_prices([cast.gloves.pk], day=TODAY).get(cast.gloves.pk, Decimal(10))
    assert best_price is not None
    assert best_price.unit_price == Decimal(70)


def test_an_agreement_comes_before_a_smaller_quantity_outside(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=10)
    price(cast, "40", agreement=None, supplier=cast.paper_supplier)
    best_price = best_prices([cast.gloves.pk], day=TODAY).get(cast.gloves.pk, Decimal(2))
    assert best_price is not None
    assert best_price.agreement == cast.agreement


def test_of_two_suppliers_the_one_that_sells_so_few_comes_first(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=10)
    dearer = price(cast, "62", supplier=cast.paper_supplier)
    prices = best_prices([cast.gloves.pk], day=TODAY)
    assert prices.get(cast.gloves.pk, Decimal(2)) == dearer
    cheaper = prices.get(cast.gloves.pk, Decimal(10))
    assert cheaper is not None
    assert cheaper.supplier == cast.supplier


def test_order_units_are_compared_by_base_unit(cast: Cast) -> None:
    carton = price(cast, "500", order_unit="kartong", units_per_order_unit=1000)
    prices = best_prices([cast.gloves.pk], day=TODAY)
    assert [each.order_unit for each in prices.units(cast.gloves.pk)] == ["kartong", ""]
    assert (carton.comparison_price, prices.units(cast.gloves.pk)[1].comparison_price) == (
        Decimal("0.5000"),
        Decimal("0.5800"),
    )
    best_price = prices.get(cast.gloves.pk)
    assert best_price is not None
    assert best_price.order_unit == ""
    assert prices.get(cast.gloves.pk, unit="kartong") == carton


@pytest.mark.parametrize(
    ("others", "is_refused"),
    [
        ({}, True),
        ({"least": "10"}, False),
        ({"order_unit": "kartong", "units_per_order_unit": 1000}, False),
        ({"order_unit": "kartong"}, True),
        ({"order_unit": "kartong", "units_per_order_unit": 0}, True),
        ({"valid_during": DateRange(date(2017, 1, 1), date(2018, 1, 1))}, False),
        ({"valid_during": DateRange(date(2017, 1, 1), date(2018, 1, 2))}, True),
    ],
)
def test_the_database_holds_that_no_two_prices_of_the_same_quantity_overlap(
    cast: Cast, others: dict[str, Any], is_refused: bool
) -> None:
    try:
        with transaction.atomic():
            price(cast, "50", **others)
    except IntegrityError:
        assert is_refused
    else:
        assert not is_refused


rows = st.lists(
    st.fixed_dictionaries(
        {
            "unit_price": st.decimals("0.01", "500", places=2),
            "minimum_quantity": st.decimals("0.5", "20", places=1),
            "agreed": st.booleans(),
            "seller": st.integers(0, 1),
            "carton": st.booleans(),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: (row["minimum_quantity"], row["agreed"], row["seller"], row["carton"]),
)


@settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=rows, quantity=st.decimals("0.5", "25", places=1))
def test_sql_and_python_choose_the_same_row(cast: Cast, rows: list[Any], quantity: Decimal) -> None:
    sellers: list[Supplier] = [cast.supplier, cast.paper_supplier]
    with transaction.atomic():
        Price.objects.filter(item=cast.gloves).delete()
        for row in rows:
            price(
                cast,
                str(row["unit_price"]),
                str(row["minimum_quantity"]),
                agreement=cast.agreement if row["agreed"] else None,
                supplier=sellers[row["seller"]],
                **({"order_unit": "kartong", "units_per_order_unit": 1000} if row["carton"] else {}),
            )
        usable = Price.objects.on(TODAY).filter(item=cast.gloves)
        every = list(usable)
        of_each = {each.pk for each in usable.at_quantity(quantity)}
        by_terms: dict[Any, list[Price]] = {}
        for each in every:
            by_terms.setdefault((each.agreement_id, each.supplier_id, each.order_unit), []).append(each)
        assert of_each == {at_quantity(breaks, quantity).pk for breaks in by_terms.values()}
        sql, parameters = (
            usable.with_rank(TODAY)
            .at_quantity(Decimal(1))
            .values_list(*PRICE_COLUMNS)
            .query.sql_with_params()
        )
        with connection.cursor() as cursor:
            cursor.execute(BEST_OF_ONE.format(price=sql), parameters)
            (best_in_sql,) = cursor.fetchall()
        best = best_of(every, Decimal(1))
        assert best is not None
        assert best_in_sql == (
            best.item_id,
            best.unit_price,
            best.agreement_id,
            best.supplier_id,
            best.units_per_order_unit,
        )
        transaction.set_rollback(True)
