"""Rounding: half up, once, and never anything else."""

from decimal import Decimal

import pytest

from core.money import line_amount, percent_of, to_amount, to_quantity, to_unit_price


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("0.005", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("0.0049999", "0.00"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("100", "100.00"),
        ("1E+2", "100.00"),
    ],
)
def test_amounts_are_rounded_half_away_from_zero(value: str, amount: str) -> None:
    assert str(to_amount(Decimal(value))) == amount


def test_unit_prices_have_four_decimals_and_quantities_three() -> None:
    assert str(to_unit_price(Decimal("0.00005"))) == "0.0001"
    assert str(to_unit_price(Decimal("58"))) == "58.0000"
    assert str(to_quantity(Decimal("1.0005"))) == "1.001"
    assert str(to_quantity(Decimal("3"))) == "3.000"


def test_a_line_is_rounded_by_itself_so_that_lines_sum_to_the_total() -> None:
    third = line_amount(Decimal("0.3333"), Decimal("5"))
    assert third == Decimal("1.67")
    assert third * 3 == Decimal("5.01")
    assert line_amount(Decimal("0.0001"), Decimal("50")) == Decimal("0.01")
    assert line_amount(Decimal("12.5000"), Decimal("0.001")) == Decimal("0.01")


def test_nothing_passes_through_binary_fractions() -> None:
    assert line_amount(Decimal("1.1"), Decimal("1.15")) == Decimal("1.27")
    assert line_amount(Decimal("99999999.9999"), Decimal("999")) == Decimal("99899999999.90")


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [("8265", "10000", "82.7"), ("8225", "10000", "82.3"), ("-125", "100000", "-0.1"), ("1", "3", "33.3")],
)
def test_percentages_have_one_decimal_rounded_half_up(part: str, whole: str, percent: str) -> None:
    assert str(percent_of(Decimal(part), Decimal(whole))) == percent
