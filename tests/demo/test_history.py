"""The history gives 13.5 MSEK for 2020, computed from its delivered lines and not from the files' totals."""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import data
from demo.history import HistoryLine, history_lines, outside_lines, present_lines, shares

TODAY = date(2026, 5, 18)


@pytest.fixture(scope="module")
def lines_by_item() -> dict[str, list[HistoryLine]]:
    lines: dict[str, list[HistoryLine]] = defaultdict(list)
    for line in history_lines():
        lines[line.item].append(line)
    return lines


def last_year_of(lines: list[HistoryLine], effective: date) -> list[HistoryLine]:
    start = effective.replace(year=effective.year - 1)
    return [line for line in lines if start <= line.delivered_date < effective]


def baseline_price(initiative: data.Initiative, lines: list[HistoryLine]) -> Decimal | None:
    """The price under the agreement before when there was one, otherwise the weighted mean of the year before."""
    if initiative.method == "PREV_CONTRACT":
        under = [line for line in lines if line.agreement == initiative.old_agreement]
        return under[-1].unit_price if under else None
    year_lines = last_year_of(lines, initiative.effective_on(TODAY))
    quantity = sum(line.quantity for line in year_lines)
    if not quantity:
        return None
    amount = sum((line.unit_price * line.quantity for line in year_lines), Decimal(0))
    return (amount / quantity).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def full_year_effect(initiative: data.Initiative, lines_by_item: dict[str, list[HistoryLine]]) -> Decimal:
    total = Decimal(0)
    for item in data.history_items():
        if item.initiative != initiative.code:
            continue
        lines = lines_by_item[item.item]
        before = baseline_price(initiative, lines)
        if before is None:
            continue
        quantity = sum(line.quantity for line in last_year_of(lines, initiative.effective_on(TODAY)))
        total += ((before - item.new_price) * quantity).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return total


def test_full_year_effect_of_2020_is_13_5_msek(lines_by_item: dict[str, list[HistoryLine]]) -> None:
    of_2020 = [row for row in data.initiatives() if row.effective_date and row.effective_date.year == 2020]
    assert sum(full_year_effect(row, lines_by_item) for row in of_2020) == Decimal("13500000.00")


def test_gloves_are_the_worked_example(lines_by_item: dict[str, list[HistoryLine]]) -> None:
    gloves = next(row for row in data.initiatives() if row.code == "SI-2020-16")
    assert full_year_effect(gloves, lines_by_item) == Decimal("27040.00")
    assert baseline_price(gloves, lines_by_item["104412"]) == Decimal("63.2000")


def test_some_initiatives_cost_more(lines_by_item: dict[str, list[HistoryLine]]) -> None:
    effects = [full_year_effect(row, lines_by_item) for row in data.initiatives() if row.era == "history"]
    assert sum(effect < 0 for effect in effects) >= 3


def test_some_items_have_no_baseline() -> None:
    assert sum(row.old_price is None for row in data.history_items()) >= 3


def test_history_is_november_2018_to_november_2020() -> None:
    days = [line.delivered_date for line in history_lines()]
    assert len(days) >= 20_000
    assert (min(days).strftime("%Y-%m"), max(days).strftime("%Y-%m")) == ("2018-11", "2020-11")
    assert all(day.isoweekday() <= 5 for day in days)


def test_history_is_the_same_every_time() -> None:
    assert list(history_lines()) == list(history_lines())


@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29), date(2026, 1, 1)])
def test_external_ids_are_unique_whatever_the_day(today: date) -> None:
    for lines in (list(history_lines()), list(present_lines(today))):
        assert len({line.external_id for line in lines}) == len(lines)
        assert all(line.quantity > 0 and line.unit_price > 0 for line in lines)


@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29), date(2026, 1, 1), date(2026, 11, 22)])
def test_something_is_bought_outside_the_agreements(today: date) -> None:
    lines = list(outside_lines(today))
    assert lines == list(outside_lines(today))
    assert len({line.external_id for line in lines}) == len(lines)
    assert {line.purchase for line in lines} == set(data.outside_purchases())
    assert all(line.quantity > 0 and line.delivered_date < today for line in lines)
    assert all(line.delivered_date.isoweekday() <= 5 for line in lines)


def test_departments_buy_what_their_category_says() -> None:
    allowed = {(row.category, row.cost_center) for row in data.buyers()}
    assert {(line.category, line.cost_center) for line in history_lines()} <= allowed


@given(st.integers(0, 10**6), st.lists(st.integers(1, 500), min_size=1, max_size=20))
def test_shares_sum_to_the_total(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0
