"""The formulas of saving: the worked examples of DOMAIN 2, and what must hold for every number."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting import savings
from reporting.pace import run_rate_months

prices = st.decimals(min_value=0, max_value=10**6, places=4)
quantities = st.decimals(min_value=0, max_value=10**6, places=3)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
days = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))


def test_example_a_gloves() -> None:
    """Example A: invoices 2 000 à 62.00 and 3 000 à 64.00; last contract 61.00; new price 58.00; 5 200 boxes a year."""
    average = Decimal("63.2000")
    yearly = {"new_price": Decimal(58), "annual_quantity": Decimal(5200)}
    assert savings.full_year_effect(baseline_price=Decimal(61), **yearly) == Decimal("15600.00")
    assert savings.full_year_effect(baseline_price=average, **yearly) == Decimal("27040.00")
    increase = savings.full_year_effect(
        baseline_price=Decimal(61), new_price=Decimal(63), annual_quantity=Decimal(5200)
    )
    assert increase == Decimal("-10400.00")


def test_example_b_gloves_from_september_2020() -> None:
    """Example B: 27 040 a year from 2020-09-01 is 122 days of 366."""
    full_year, effective = Decimal("27040.00"), date(2020, 9, 1)
    in_year = savings.in_year_effect(full_year, effective=effective)
    assert in_year == Decimal("9013.33")
    assert savings.overhang(full_year, effective=effective) == Decimal("18026.67")
    rate = savings.realisation_rate(Decimal("7800.00"), in_year)
    assert rate is not None
    assert round(rate * 100, 1) == Decimal("86.5")
    assert savings.run_rate(Decimal(6240)) == Decimal(24960)


def test_realisation_rate_without_a_plan_is_none() -> None:
    assert savings.realisation_rate(Decimal(5), Decimal(0)) is None


def test_forecast_adds_the_pace_of_the_months_left() -> None:
    assert savings.forecast(realised_to_date=Decimal(100), run_rate=Decimal(1200), months_left=3) == Decimal(
        400
    )


@given(amounts, days)
def test_in_year_and_overhang_are_the_whole(full_year: Decimal, effective: date) -> None:
    in_year = savings.in_year_effect(full_year, effective=effective)
    assert in_year + savings.overhang(full_year, effective=effective) == full_year
    assert abs(in_year) <= abs(full_year)


@given(amounts, st.integers(min_value=2015, max_value=2035))
def test_an_effect_from_new_years_day_falls_in_the_year(full_year: Decimal, year: int) -> None:
    assert savings.in_year_effect(full_year, effective=date(year, 1, 1)) == full_year


@given(amounts, days, st.integers(min_value=1, max_value=366), st.integers(min_value=-400, max_value=800))
def test_plan_to_date_grows_from_nothing_to_the_whole(
    amount: Decimal, starts: date, length: int, gone: int
) -> None:
    planned = savings.plan_to_date(
        amount, starts=starts, ends=starts + timedelta(days=length), through=starts + timedelta(days=gone)
    )
    assert abs(planned) <= abs(amount)
    if gone < 0:
        assert planned == 0
    if gone >= length - 1:
        assert planned == amount


def test_net_knows_both_periods() -> None:
    """DOMAIN 2.6: 13.5 MSEK is a year, 5.5 MSEK is 25 months; the ratio 2.45 is labelled so."""
    effect = savings.PeriodAmount(Decimal(13_500_000), date(2020, 1, 1), date(2020, 12, 31))
    cost = savings.PeriodAmount(Decimal(5_500_000), date(2018, 11, 1), date(2020, 11, 30))
    net = savings.Net(effect, cost)
    assert net.amount == Decimal(8_000_000)
    assert net.ratio is not None
    assert round(net.ratio, 2) == Decimal("2.45")
    assert not net.is_same_period
    assert savings.Net(effect, effect).is_same_period
    assert savings.Net(effect, savings.PeriodAmount(Decimal(0), cost.starts, cost.ends)).ratio is None


def test_a_period_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="end before"):
        savings.PeriodAmount(Decimal(1), date(2020, 2, 1), date(2020, 1, 31))


@pytest.mark.parametrize(
    ("through", "months"),
    [
        (date(2021, 4, 30), (date(2021, 2, 1), date(2021, 4, 30))),
        (date(2021, 4, 29), (date(2021, 1, 1), date(2021, 3, 31))),
        (date(2021, 1, 15), (date(2020, 10, 1), date(2020, 12, 31))),
        (date(2020, 12, 31), (date(2020, 10, 1), date(2020, 12, 31))),
    ],
)
def test_run_rate_months_are_the_last_three_closed(through: date, months: tuple[date, date]) -> None:
    assert run_rate_months(through) == months
