"""The three measures, as the savings page and the report read them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings, strategies
from pytest_django import DjangoAssertNumQueries

from reporting import effects as reporting_effects
from reporting import savings as formulas
from reporting.effects import Amounts, Awaiting, effects, months, realised
from reporting.models import Baseline, BaselineMethod
from reporting.operations import baselines
from reporting.pace import Pace, pace
from tests.cast import NOW, Cast
from tests.reporting import initiatives


def d(text: str) -> Decimal:
    return Decimal(text)


def test_effects_of_example_b_in_its_first_year(cast: Cast) -> None:
    initiatives.example_b(cast)
    result = effects(year=2020, through=date(2020, 12, 31))
    assert result.net == Amounts(
        full_year=d("27040.00"),
        in_year=d("9013.33"),
        overhang=d("18026.67"),
        plan_to_date=d("9013.33"),
        realised=d("7800.00"),
        lines=4,
    )
    assert result.net.rate is not None
    assert round(result.net.rate * 100, 1) == d("86.5")
    (row,) = result.rows
    assert (row.category, row.root) == (cast.gloves_category, cast.medical)
    assert (row.method, row.is_increase, row.is_carried) == (BaselineMethod.HIST_AVG, False, False)


def test_effects_carry_the_overhang_into_the_next_year(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2021, 1, 10), "100", "58.00")
    initiatives.computed()
    result = effects(year=2021, through=date(2021, 8, 31))
    assert result.net.full_year == 0
    assert result.net.carried_in == result.net.in_year == result.net.plan_to_date == d("18026.67")
    assert result.net.realised == d("520.00")
    assert result.rows[0].is_carried


def test_effects_agree_with_the_formulas_on_every_day(cast: Cast) -> None:
    initiative = initiatives.example_b(cast)
    baseline = initiative.baselines.get()
    full_year = baseline.full_year_effect
    in_year = formulas.in_year_effect(full_year, effective=initiative.effective_date)
    for through in (date(2020, 8, 31), date(2020, 9, 1), date(2020, 10, 17), date(2020, 12, 31)):
        expected = formulas.plan_to_date(
            in_year, starts=initiative.effective_date, ends=date(2021, 1, 1), through=through
        )
        assert effects(year=2020, through=through).net.plan_to_date == expected


def test_effects_keep_increases_apart(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 5, 1), "100", "55.00")
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 9, 2), "10", "58.00")
    initiatives.delivered(cast, date(2020, 9, 3), "10", "54.00")
    initiatives.computed()
    result = effects(year=2020, through=date(2020, 12, 31))
    assert result.total_increase.full_year == d("-300.00")
    assert result.total_increase.realised == d("-30.00")
    assert result.total_decrease.full_year == 0
    assert result.total_decrease.realised == d("10.00")
    assert result.net.realised == d("-20.00")
    assert result.increased_initiatives() == 1


def test_effects_through_a_day_leave_out_what_came_later(cast: Cast) -> None:
    initiatives.example_b(cast)
    assert effects(year=2020, through=date(2020, 10, 14)).net.realised == d("1560.00")


def test_effects_of_chosen_categories_only(cast: Cast) -> None:
    initiatives.example_b(cast)
    through = date(2020, 12, 31)
    assert effects(year=2020, through=through, categories=[cast.office.pk]).rows == ()
    assert effects(year=2020, through=through, categories=[]).rows == ()
    assert len(effects(year=2020, through=through, categories=[cast.gloves_category.pk]).rows) == 1


def test_an_initiative_that_a_later_one_replaces_leaves_no_more_than_its_time(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.confirmed(cast, effective=date(2021, 3, 1))
    result = effects(year=2021, through=date(2021, 12, 31))
    carried = next(row for row in result.rows if row.is_carried)
    assert carried.amounts.in_year == d("4376.85")  # 18 026.67 × 59 of 243 days
    before = effects(year=2020, through=date(2020, 12, 31)).net
    assert (before.full_year, before.in_year, before.overhang) == (d("13390.18"), d("9013.33"), d("4376.85"))


def test_a_baseline_that_is_replaced_in_its_first_year_leaves_nothing_over(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.confirmed(cast, effective=date(2020, 11, 1))
    (first, second) = sorted(
        effects(year=2020, through=date(2020, 12, 31)).rows, key=lambda row: row.initiative.effective_date
    )
    assert first.amounts.full_year == first.amounts.in_year == d("4506.67")  # 27 040 × 61 of 366 days
    assert first.amounts.overhang == 0
    assert second.amounts.full_year == second.amounts.in_year + second.amounts.overhang


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    starts=strategies.dates(date(2019, 1, 1), date(2024, 12, 31)),
    days=strategies.integers(1, 400),
    prices=strategies.tuples(
        strategies.decimals("0.0001", "99999", places=4), strategies.decimals("0.0001", "99999", places=4)
    ),
    quantity=strategies.decimals("0", "99999", places=3),
)
def test_what_is_decided_and_carried_in_is_what_comes_and_is_left_over(
    cast: Cast, starts: date, days: int, prices: tuple[Decimal, Decimal], quantity: Decimal
) -> None:
    """full_year + carried_in = in_year + overhang, of whole baselines and of replaced ones, in every year."""
    whole = formulas.a_year_after(starts)
    ends = min(starts + timedelta(days=days), whole)
    with transaction.atomic():
        initiative = initiatives.initiative(cast, effective=starts)
        baseline = Baseline.objects.create(
            initiative=initiative,
            item=cast.gloves,
            category=cast.gloves_category,
            category_lineage=cast.gloves_category.lineage,
            unit="ask",
            units_per_order_unit=100,
            method=initiative.method,
            unit_price=prices[0],
            new_unit_price=prices[1],
            annual_quantity=quantity,
            counts_during=DateRange(starts, ends),
            frozen_at=NOW,
            confirmed_by=cast.controller,
            confirmed_at=NOW,
        )
        first, second, third = (
            effects(year=starts.year + later, through=date(starts.year + later, 12, 31)).net
            for later in range(3)
        )
        transaction.set_rollback(True)
    for net in (first, second, third):
        assert net.full_year + net.carried_in == net.in_year + net.overhang
    assert (second.carried_in, third.carried_in) == (first.overhang, second.overhang)
    assert first.full_year == baseline.planned_effect == first.in_year + second.in_year
    assert first.in_year == first.plan_to_date
    parts = formulas.planned_effect(baseline.full_year_effect, starts=starts, ends=ends)
    assert (first.in_year, first.overhang) == (parts.in_year, parts.overhang)
    if ends == whole:
        assert first.full_year == baseline.full_year_effect


def test_unconfirmed_baselines_are_not_counted(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    baselines.freeze_baselines(initiative=initiative, at=NOW, by=cast.head)
    assert effects(year=2020, through=date(2020, 12, 31)).rows == ()
    one = Awaiting(1, 1, d("27040.00"))
    assert reporting_effects.awaiting_confirmation() == one
    assert reporting_effects.awaiting_confirmation(through=date(2020, 9, 1)) == one
    assert reporting_effects.awaiting_confirmation(through=date(2020, 8, 31)) == Awaiting(0, 0, Decimal(0))


def test_effects_group_by_the_top_of_the_tree(cast: Cast) -> None:
    initiatives.example_b(cast)
    result = effects(year=2020, through=date(2020, 12, 31))
    (group,) = result.by_root()
    assert (group.category, group.methods) == (cast.medical, (BaselineMethod.HIST_AVG,))
    assert group.amounts == result.total_decrease
    assert [group.category for group in result.by_category()] == [cast.gloves_category]


def test_months_spread_the_plan_by_day(cast: Cast) -> None:
    initiatives.example_b(cast)
    year = months(year=2020, through=date(2020, 11, 30))
    assert [month.plan for month in year[:8]] == [0] * 8
    assert year[8].plan == d("2216.39")  # 9 013.33 × 30 / 122
    assert abs(sum(month.plan for month in year) - d("9013.33")) <= d("0.02")
    assert [month.realised for month in year[8:]] == [d("1560.00"), d("5200.00"), d("0.00"), None]
    part = months(year=2020, through=date(2020, 10, 14))
    assert [month.realised for month in part[8:]] == [d("1560.00"), d("0.00"), None, None]


@pytest.mark.parametrize("count", [1, 15])
def test_effects_take_three_queries_however_many_lines(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    initiatives.example_b(cast)
    for day in range(count):
        initiatives.delivered(cast, date(2020, 9, 1 + day), "1", "58.00")
    initiatives.computed()
    with django_assert_num_queries(3):
        effects(year=2020, through=date(2020, 12, 31))


def test_realised_of_a_period(cast: Cast) -> None:
    initiatives.example_b(cast)
    result = reporting_effects.realised(starts=date(2020, 10, 1), ends=date(2020, 12, 31))
    assert result.amount == d("6240.00")
    assert formulas.run_rate(result.amount) == d("24960.00")


def test_pace_of_example_b_and_what_the_year_gives_if_it_lasts(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2021, 1, 15), "100", "58.00")
    initiatives.delivered(cast, date(2021, 3, 15), "500", "58.00")
    initiatives.delivered(cast, date(2021, 4, 2), "9", "58.00")
    initiatives.computed()

    def told(through: date) -> Pace | None:
        return pace(months(year=2021, through=through), year_of=2021, through=through)

    assert told(date(2021, 3, 30)) is None
    # 600 boxes × 5.20 in three closed months; a quarter of a year gave what every quarter gives.
    assert told(date(2021, 3, 31)) == Pace(1, 3, Decimal("12480.00"), Decimal("12480.00"))
    assert told(date(2021, 4, 2)) == told(date(2021, 3, 31))
    assert told(date(2021, 12, 31)) is None
    # October to December of example B: 6 240 in a quarter.
    assert formulas.run_rate(realised(starts=date(2020, 10, 1), ends=date(2020, 12, 31)).amount) == Decimal(
        "24960.00"
    )
