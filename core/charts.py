"""
The geometry of the small charts: facts in, positions out as text for SVG attributes. Pure.

Charts have no viewBox where they can do without: positions are percentages and text keeps its size, so
that labels never shrink with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.components import Measure, Month, Term

WARN_FROM, STOP_FROM = 70, 95
CEILING_TICKS = (70, 85, 95)
HEADROOM = 1.12
"""How far a curve stays under the top of its picture, so that the plan's label has room above it."""


def position(part: float | Decimal, whole: float | Decimal = 1) -> str:
    """Write ``part`` of ``whole`` as a percentage held within 0 and 100: ``"64%"``."""
    ratio = float(part) / float(whole) * 100 if whole else 0.0
    return f"{min(max(ratio, 0.0), 100.0):.2f}".rstrip("0").rstrip(".") + "%"


def ceiling_tone(percent: float | Decimal, *, runs_out: bool = False) -> str:
    """Choose the colour of a ceiling: blue, ochre from 70, rust from 95 or when it runs out too early."""
    if runs_out or percent >= STOP_FROM:
        return "rust"
    return "ochre" if percent >= WARN_FROM else "blue"


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A path of steps in a box of 72 × 32, its last point, and the height of the agreement price."""

    path: str
    end_x: str
    end_y: str
    agreement_y: str
    tone: str


def sparkline(
    prices: Sequence[float | Decimal],
    agreement: float | Decimal | None = None,
    *,
    width: int = 72,
    height: int = 32,
) -> Sparkline:
    """
    Draw prices as steps, oldest first: a price holds until the next.

    Rust above the agreement price, moss when the last is below the first, else blue.
    """
    values = [float(price) for price in prices] or [0.0]
    level = None if agreement is None else float(agreement)
    marks = values if level is None else [*values, level]
    low, high = min(marks), max(marks)
    top, bottom, right = 4.0, height - 4.0, width - 4.0

    def y_of(value: float) -> float:
        return (top + bottom) / 2 if high == low else bottom - (value - low) / (high - low) * (bottom - top)

    stride = right / len(values)
    parts = [f"M0 {y_of(values[0]):.1f}"]
    for index, value in enumerate(values):
        parts.append(f"V{y_of(value):.1f}H{(index + 1) * stride:.1f}")
    tone = "blue"
    if level is not None and values[-1] > level:
        tone = "rust"
    elif values[-1] < values[0]:
        tone = "moss"
    return Sparkline(
        path="".join(parts),
        end_x=f"{right:.1f}",
        end_y=f"{y_of(values[-1]):.1f}",
        agreement_y="" if level is None else f"{y_of(level):.1f}",
        tone=tone,
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One month: where it stands and how tall its two columns are."""

    label: str
    value: Decimal | None
    plan: Decimal | None
    plan_x: str
    plan_width: str
    plan_y: str
    plan_height: str
    value_x: str
    value_width: str
    value_y: str
    value_height: str
    is_loss: bool


def columns(months: Sequence[Month]) -> list[Column]:
    """Place the columns of a year beside each other; a month below zero is drawn in rust from the floor."""
    sizes = [abs(size) for month in months for size in (month.value, month.plan) if size is not None]
    ceiling = max(sizes, default=Decimal(1)) or Decimal(1)
    stride = 100 / max(len(months), 1)
    bars = []
    for index, month in enumerate(months):
        plan, value = abs(month.plan or Decimal(0)), abs(month.value or Decimal(0))
        bars.append(
            Column(
                label=month.label,
                value=month.value,
                plan=month.plan,
                plan_x=f"{index * stride + stride * 0.07:.2f}%",
                plan_width=f"{stride * 0.86:.2f}%",
                plan_y=position(ceiling - plan, ceiling),
                plan_height=position(plan, ceiling),
                value_x=f"{index * stride + stride * 0.19:.2f}%",
                value_width=f"{stride * 0.62:.2f}%",
                value_y=position(ceiling - value, ceiling),
                value_height=position(value, ceiling),
                is_loss=(month.value or 0) < 0,
            )
        )
    return bars


@dataclass(frozen=True, slots=True)
class Rung:
    """One measure of the ladder with its lengths on the common scale."""

    measure: Measure
    width: str
    rest_x: str
    rest_width: str
    rest_text_x: str
    plan_x: str
    note_x: str
    note_fits: bool
    is_loss: bool


def ladder(measures: Sequence[Measure]) -> list[Rung]:
    """Put measures on one scale, the largest filling it."""
    ends = [max(abs(m.value) + (m.rest or 0), m.plan or 0) for m in measures]
    scale = max(ends, default=Decimal(1)) or Decimal(1)
    rungs = []
    for measure in measures:
        value, rest = abs(measure.value), measure.rest or Decimal(0)
        after = max(value, measure.plan or Decimal(0))
        rungs.append(
            Rung(
                measure=measure,
                width=position(value, scale),
                rest_x=position(value, scale),
                rest_width=position(rest, scale),
                rest_text_x=position(value, scale),
                plan_x="" if measure.plan is None else position(measure.plan, scale),
                note_x=position(after, scale),
                note_fits=after <= scale * Decimal("0.45"),
                is_loss=measure.value < 0,
            )
        )
    return rungs


@dataclass(frozen=True, slots=True)
class Growth:
    """
    A cumulative curve in a box of 1000 × 1000, where its last point stands, and where its label does.

    The label stands beside the last point; late in the year, when it would cross the curve, in the corner under it.
    """

    actual: str
    area: str
    plan: str
    end_x: str
    end_y: str
    label_y: str
    label_anchor: str
    label_dx: str
    label_dy: str
    plan_x: str
    plan_y: str
    grid: Sequence[str]


def growth(actual: Sequence[float | Decimal], plan: Sequence[float | Decimal]) -> Growth:
    """Draw a year that grows from nothing; both series are already cumulative, month by month."""
    count = max(len(actual), len(plan), 1)
    high = max([float(value) for value in (*actual, *plan)] + [1.0]) * HEADROOM
    low = min([float(value) for value in (*actual, *plan)] + [0.0])

    def points(series: Sequence[float | Decimal]) -> list[tuple[float, float]]:
        values = [0.0, *(float(value) for value in series)]
        return [
            (index / count * 1000, 1000 - (value - low) / (high - low) * 1000)
            for index, value in enumerate(values)
        ]

    def written(series: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in series)

    actual_points = points(actual) if actual else []
    planned = points(plan) if plan else []
    floor = 1000 - (0 - low) / (high - low) * 1000
    is_late = bool(actual_points) and actual_points[-1][0] > 600
    is_above = bool(actual_points and planned) and actual_points[-1][1] < planned[len(actual_points) - 1][1]
    area = [*actual_points, (actual_points[-1][0], floor), (0.0, floor)] if actual_points else []
    return Growth(
        actual=written(actual_points),
        area=written(area),
        plan=written(planned),
        end_x=position(actual_points[-1][0], 1000) if actual_points else "",
        end_y=position(actual_points[-1][1], 1000) if actual_points else "",
        label_y=position(floor if is_late else actual_points[-1][1], 1000) if actual_points else "",
        label_anchor="end" if is_late else "start",
        label_dx="-12" if is_late else "12",
        label_dy="-14" if is_above or is_late else "24",
        plan_x="100%",
        plan_y=position(planned[-1][1], 1000) if planned else "0%",
        grid=("0%", "33.33%", "66.67%", "100%"),
    )


@dataclass(frozen=True, slots=True)
class RunwayRow:
    """One agreement with its places on the axis; empty text where there is nothing to draw."""

    term: Term
    start_x: str
    width: str
    option_x: str
    option_width: str
    ceiling_x: str
    start_by_x: str


@dataclass(frozen=True, slots=True)
class Runway:
    """The axis (years and today) and its rows."""

    years: Sequence[tuple[int, str]]
    today_x: str
    rows: Sequence[RunwayRow]


def runway(terms: Sequence[Term], *, starts: date, ends: date, today: date) -> Runway:
    """Place agreements on a time axis from ``starts`` to ``ends``."""
    span = max((ends - starts).days, 1)

    def x_of(moment: date) -> str:
        return position((moment - starts).days, span)

    def between(first: date, last: date) -> str:
        first, last = max(first, starts), min(last, ends)
        return position(max((last - first).days, 0), span)

    rows = [
        RunwayRow(
            term=term,
            start_x=x_of(term.starts),
            width=between(term.starts, term.ends or ends),
            option_x=x_of(term.ends) if term.ends and term.option_ends else "",
            option_width=between(term.ends, term.option_ends) if term.ends and term.option_ends else "",
            ceiling_x=x_of(term.ceiling_on) if term.ceiling_on and starts <= term.ceiling_on <= ends else "",
            start_by_x=x_of(term.start_by) if term.start_by and term.start_by <= ends else "",
        )
        for term in terms
    ]
    years = [
        (year, x_of(max(date(year, 1, 1), starts)))
        for year in range(starts.year, ends.year + 1)
        if date(year, 1, 1) < ends
    ]
    return Runway(years=years, today_x=x_of(today), rows=rows)


@dataclass(frozen=True, slots=True)
class Steps:
    """A price over time as steps, on a plane of 1000 × 1000; ``today_x`` is where today is."""

    lines: tuple[str, ...]
    today_x: str
    end_x: str
    end_y: str
    grid: tuple[str, ...] = ("0%", "33.33%", "66.67%", "100%")


def steps(
    prices: Sequence[tuple[date, date, float | Decimal]], *, starts: date, ends: date, today: date
) -> Steps:
    """
    Draw prices that held from a day until another, the day itself not included; a gap breaks the line.

    The plane begins at nought, so that a rise looks no larger than it is.
    """
    high = max([float(price) for _from, _until, price in prices] + [0.01]) * HEADROOM
    whole = max((ends - starts).days, 1)

    def x_of(day: date) -> float:
        return min(max((day - starts).days / whole, 0.0), 1.0) * 1000

    lines: list[str] = []
    before: date | None = None
    end = (0.0, 1000.0)
    for begins, until, price in prices:
        y = 1000 - float(price) / high * 1000
        points = f"{x_of(begins):.1f},{y:.1f} {x_of(until):.1f},{y:.1f}"
        if before == begins:
            lines[-1] += f" {points}"
        else:
            lines.append(points)
        if begins <= today:
            end = (x_of(min(until, today)), y)
        before = until
    return Steps(
        lines=tuple(lines),
        today_x=position(x_of(today), 1000),
        end_x=position(end[0], 1000),
        end_y=position(end[1], 1000),
    )
