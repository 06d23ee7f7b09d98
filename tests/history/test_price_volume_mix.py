"""Price, volume and mix: the worked example, the parts that add up, and the indices beside an official one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.indexing import IndexMonthMissing, Series
from core.money import to_amount
from history.index_changes import Period, index_change
from history.price_volume_mix import ComparedItem, Purchase, Split, old_equivalents, split, summed
from tests.history.plain_splits import parts

CLOSE = Decimal("1e-26")
"""How near Fisher's price index × his quantity index comes to V1 ÷ V0, of the ratio."""


def thing(before: tuple[str, str], after: tuple[str, str], unit: str = "st", **facts: bool) -> ComparedItem:
    """An item by quantity and amount in either period."""
    (quantity, amount), (later_quantity, later_amount) = before, after
    return ComparedItem(
        Purchase(Decimal(quantity), Decimal(amount)),
        Purchase(Decimal(later_quantity), Decimal(later_amount)),
        unit,
        **facts,
    )


A = thing(("1000", "10000"), ("1500", "13500"))
B = thing(("500", "20000"), ("300", "12600"))


def test_worked_example_d() -> None:
    """DOMAIN 2.5, example D: A 10 → 9 kr, 1 000 → 1 500; B 40 → 42 kr, 500 → 300."""
    result = split([A, B])
    assert parts(result, "before after change") == [30_000, 26_100, -3_900]
    assert parts(result, "price volume mix") == [-900, 6_000, -9_000]
    assert result.quantity == -3_000
    assert result.price_at_old_quantities == 0
    indices = result.indices
    assert indices is not None
    texts = [
        f"{index:.4f}"
        for index in (
            indices.laspeyres_price,
            indices.paasche_price,
            indices.fisher_price,
            indices.fisher_quantity,
            indices.value,
        )
    ]
    assert texts == ["1.0000", "0.9667", "0.9832", "0.8849", "0.8700"]


def test_items_in_different_base_units_have_no_volume_and_no_mix() -> None:
    result = split([A, thing(("500", "20000"), ("300", "12600"), "kg")])
    assert parts(result, "price quantity volume mix") == [-900, -3_000, None, None]


def test_a_base_unit_that_nobody_knows_is_not_one() -> None:
    result = split([thing(("10", "100"), ("20", "220"), "")])
    assert parts(result, "price quantity volume") == [20, 100, None]


def test_what_is_new_and_what_is_gone_have_no_price_and_no_unit_to_agree_with() -> None:
    new, gone = thing(("0", "0"), ("7", "700"), "kg"), thing(("3", "90"), ("0", "0"), "kg")
    result = split([A, B, new, gone])
    assert parts(result, "price volume mix new gone") == [-900, 6_000, -9_000, 700, -90]
    assert result.change == -3_900 + 700 - 90


def test_an_item_of_which_all_was_sent_back_has_no_price() -> None:
    """Ten bought before and eleven sent back after: what is left of its amount is counted, in what is new."""
    result = split([A, thing(("10", "100"), ("-1", "-10"))])
    assert parts(result, "new gone change") == [-10, -100, 3_500 - 110]


def test_lines_without_item_are_apart() -> None:
    result = split([A, thing(("5", "50"), ("9", "80"), "", is_known=False)])
    assert parts(result, "unknown price quantity") == [30, -1_500, 5_000]
    assert result.price + result.quantity + result.unknown == result.change


def test_what_replaces_an_item_is_told_in_the_old_ones_base_units() -> None:
    """A solution of half the strength: two litres do for one. 100 l at 30 kr become 240 l at 14 kr, which is 120 at 28."""
    quantity = old_equivalents(Decimal(240), Decimal(2))
    result = split(
        [ComparedItem(Purchase(Decimal(100), Decimal(3000)), Purchase(quantity, Decimal(3360)), "l")]
    )
    assert parts(result, "price volume mix") == [-240, 600, 0]


def test_nothing_has_no_index() -> None:
    assert split([]) == Split()
    assert split([thing(("1", "0"), ("1", "5"))]).indices is None


def test_a_sum_over_categories_has_no_volume() -> None:
    total = summed([split([A]), split([B])])
    assert parts(total, "price quantity volume") == [-900, -3_000, None]
    assert total.change == -3_900


quantities = st.decimals(min_value=-500, max_value=1_000_000, places=3)
amounts = st.decimals(min_value=-500, max_value=10_000_000, places=2)
bought = st.builds(Purchase, quantities, amounts)
things = st.lists(
    st.builds(ComparedItem, bought, bought, st.sampled_from(["st", "st", "st", "l", ""]), st.booleans()),
    max_size=12,
)
above_nought = st.builds(
    Purchase,
    st.decimals(min_value=Decimal("0.001"), max_value=1_000_000, places=3),
    st.decimals(min_value=1, max_value=10_000_000, places=2),
)


@given(things)
def test_the_parts_add_up_to_the_change_in_spend(told: list[ComparedItem]) -> None:
    result = split(told)
    assert result.before == sum(each.before.amount for each in told)
    assert result.after == sum(each.after.amount for each in told)
    assert result.price + result.quantity + result.new + result.gone + result.unknown == result.change
    if result.volume is not None and result.mix is not None:
        every = result.price + result.volume + result.mix + result.new + result.gone + result.unknown
        assert every == result.change
    for part in (result.price, result.quantity, result.volume or Decimal(0)):
        assert part == to_amount(part)


@given(st.lists(things, max_size=4))
def test_categories_add_up(categories: list[list[ComparedItem]]) -> None:
    splits = [split(group) for group in categories]
    total = summed(splits)
    for name in ("before", "after", "price", "quantity", "new", "gone", "unknown", "change"):
        assert getattr(total, name) == sum(getattr(each, name) for each in splits)


@given(st.lists(st.builds(ComparedItem, above_nought, above_nought), min_size=1, max_size=12))
def test_fishers_price_times_his_quantity_is_the_ratio_of_values(told: list[ComparedItem]) -> None:
    indices = split(told).indices
    if indices is None:  # an amount that is nought when it is rounded to öre
        return
    product = indices.fisher_price * indices.fisher_quantity
    assert abs(product - indices.value) <= CLOSE * indices.value
    low, high = sorted((indices.laspeyres_price, indices.paasche_price))
    assert low * (1 - CLOSE) <= indices.fisher_price <= high * (1 + CLOSE)


@given(st.builds(ComparedItem, above_nought, above_nought, st.just("st")))
def test_one_item_has_no_mix(told: ComparedItem) -> None:
    assert split([told]).mix == 0


MONTHS_2020 = {date(2020, month, 1): Decimal(100 + month) for month in range(1, 13)}
MONTHS_2021 = {date(2021, month, 1): Decimal(110 + month) for month in range(1, 13)}


def test_an_index_is_the_mean_of_the_months_of_a_period() -> None:
    series = Series("KPI", MONTHS_2020 | MONTHS_2021)
    change = index_change(series, before=Period.year(2020), after=Period.year(2021))
    assert [change.before, change.after] == [Fraction(213, 2), Fraction(233, 2)]
    part = index_change(
        series,
        before=Period(date(2020, 1, 15), date(2020, 3, 2)),
        after=Period(date(2021, 1, 1), date(2021, 3, 31)),
    )
    assert [part.before, part.after] == [Fraction(102), Fraction(112)]


def test_real_change_is_beside_the_index() -> None:
    """Index + 10 %. Prices fell from 10 to 9 of A alone: 0.9 ÷ 1.1, and 1 500 × (9 − 11) kr less than the index gives."""
    series = Series("KPI", {date(2020, 1, 1): Decimal(100), date(2021, 1, 1): Decimal(110)})
    change = index_change(
        series,
        before=Period(date(2020, 1, 1), date(2020, 1, 31)),
        after=Period(date(2021, 1, 1), date(2021, 1, 31)),
    )
    result = split([A])
    assert result.indices is not None
    assert f"{change.real_price(result.indices):.6f}" == "0.818182"
    assert change.beyond(result) == -3_000


def test_a_series_with_a_new_base_is_told_in_the_old_one() -> None:
    """2021 is told with 2020-12 = 100, where the old series stood at 112: 111 in the new is 124.32 in the old."""
    rebased: Mapping[date, Decimal] = {date(2020, 12, 1): Decimal(100)} | {
        month: Decimal(111) for month in MONTHS_2021
    }
    old = Series("KPI80", MONTHS_2020, continued_by=Series("KPI20", rebased), link_month=date(2020, 12, 1))
    change = index_change(old, before=Period.year(2020), after=Period.year(2021))
    assert change.after == Fraction("124.32")
    assert f"{change.ratio:.6f}" == "1.167324"


def test_a_month_without_a_value_is_not_guessed() -> None:
    with pytest.raises(IndexMonthMissing):
        index_change(Series("KPI", MONTHS_2020), before=Period.year(2020), after=Period.year(2021))


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2021, 1, 2), date(2021, 1, 1))
