"""The geometry of the small charts."""

from datetime import date
from decimal import Decimal

import pytest

from core import charts
from core.components import Measure, Month, Term


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(64, 100, "64%"), (1, 3, "33.33%"), (120, 100, "100%"), (-5, 100, "0%"), (5, 0, "0%")],
)
def test_position_stays_within_the_box(part: float, whole: float, text: str) -> None:
    assert charts.position(part, whole) == text


@pytest.mark.parametrize(
    ("percent", "runs_out", "tone"),
    [
        (69.9, False, "blue"),
        (70, False, "ochre"),
        (94.9, False, "ochre"),
        (95, False, "rust"),
        (41, True, "rust"),
    ],
)
def test_ceiling_tone_follows_the_warnings(percent: float, runs_out: bool, tone: str) -> None:
    assert charts.ceiling_tone(percent, runs_out=runs_out) == tone


def test_sparkline_goes_in_steps() -> None:
    chart = charts.sparkline([60, 60, 58])
    assert chart.path.count("H") == 3
    assert chart.tone == "moss"
    assert chart.agreement_y == ""


def test_sparkline_above_the_agreement_is_rust() -> None:
    assert charts.sparkline([140, 155], 140).tone == "rust"


@pytest.mark.parametrize("prices", [[], [58], [58, 58]])
def test_sparkline_of_nothing_much_is_flat(prices: list[float]) -> None:
    assert charts.sparkline(prices).end_y == "16.0"


def test_columns_share_one_scale() -> None:
    columns = charts.columns(
        [Month("jan", Decimal(50), Decimal(100)), Month("feb", Decimal(-25)), Month("mars")]
    )
    assert (columns[0].value_height, columns[0].plan_height) == ("50%", "100%")
    assert columns[1].is_loss
    assert columns[2].value_height == "0%"


def test_ladder_is_filled_by_its_largest() -> None:
    measures = [
        Measure("a", "", Decimal(100), "full_year", ""),
        Measure("b", "", Decimal(80), "in_year", "", rest=Decimal(20)),
        Measure("c", "", Decimal(-10), "realised", "", plan=Decimal(30), plan_label="plan"),
    ]
    full, in_year, realised = charts.ladder(measures)
    assert full.width == "100%"
    assert (in_year.rest_x, in_year.rest_width) == ("80%", "20%")
    assert (realised.plan_x, realised.is_loss, realised.note_fits) == ("30%", True, True)


def test_growth_ends_where_the_year_has_come() -> None:
    chart = charts.growth([10, 20, 30], [10 * month for month in range(1, 13)])
    assert chart.end_x == "25%"
    assert chart.label_y == chart.end_y
    assert charts.growth([], []).actual == ""


def test_growth_has_its_label_under_the_curve_late_in_the_year() -> None:
    chart = charts.growth([10 * month for month in range(1, 11)], [11 * month for month in range(1, 13)])
    assert (chart.label_y, chart.label_anchor) == ("100%", "end")


def test_runway_clips_to_its_axis() -> None:
    term = Term(
        "x", date(2019, 1, 1), date(2022, 1, 1), option_ends=date(2030, 1, 1), ceiling_on=date(2031, 1, 1)
    )
    chart = charts.runway([term], starts=date(2021, 1, 1), ends=date(2025, 1, 1), today=date(2021, 5, 18))
    row = chart.rows[0]
    assert row.start_x == "0%"
    assert float(row.width[:-1]) + float(row.option_width[:-1]) == pytest.approx(100, abs=0.1)
    assert row.ceiling_x == ""
    assert [year for year, _ in chart.years] == [2021, 2022, 2023, 2024]
