"""
The formulas of saving: helårseffekt, effekt innevarande år, överhäng, hemtagen, run-rate (DOMAIN 2.2–2.6).

Pure: prices, quantities and days in, amounts out. The register is computed with the same formulas in SQL
(`reporting.effects`, `reporting.operations`); the tests hold the two against each other. Prices are per order
unit and exclude VAT; amounts are rounded half up to öre per item or line, so that lines sum to totals.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.money import ZERO, line_amount, to_amount

MONTHS_NEW = 12
"""So many months an initiative counts as new; after that its price is the next baseline (DOMAIN 2.3)."""


FEWEST_BIDS = 3
"""So many valid bids it takes for their mean to be a price to compare with (DOMAIN 2.2)."""


def days_in_year(year: int) -> int:
    """Count the days of a calendar year: 365 or 366."""
    return 366 if isleap(year) else 365


def full_year_effect(*, baseline_price: Decimal, new_price: Decimal, annual_quantity: Decimal) -> Decimal:
    """
    Value one item's new price over a full year (helårseffekt): (p_B − p_N) · Q12.

    Minus is a cost increase. ``annual_quantity`` is the volume of the last twelve months, frozen.
    """
    return line_amount(baseline_price - new_price, annual_quantity)


@dataclass(frozen=True, slots=True)
class BaselineEffect:
    """A full-year effect in its components, which always add up to it (DOMAIN 2.2). Never netted against each other."""

    reduction: Decimal
    avoidance: Decimal

    @property
    def total(self) -> Decimal:
        """The whole: what the price would have been, less what it is."""
        return self.reduction + self.avoidance


def baseline_effect(
    *,
    price_before: Decimal | None,
    counterfactual_price: Decimal | None,
    new_price: Decimal,
    annual_quantity: Decimal,
) -> BaselineEffect:
    """
    Split what a new price gives over a full year: total = p_IDX − p_N, reduction = p_PREV − p_N, avoidance = p_IDX − p_PREV.

    Without a price before there is no reduction and all is avoidance; without a price that would have been there is no
    avoidance. A reduction may be below zero: a cost increase.
    """
    before = new_price if price_before is None else price_before
    otherwise = before if counterfactual_price is None else counterfactual_price
    return BaselineEffect(
        reduction=line_amount(before - new_price, annual_quantity),
        avoidance=line_amount(otherwise - before, annual_quantity),
    )


def in_year_effect(full_year: Decimal, *, effective: date) -> Decimal:
    """
    Take the part of a full-year effect that falls in the first year (effekt innevarande år): FYE · d/D.

    d is the days from the effective day to the end of its year, D the days of that year.
    """
    days = (date(effective.year + 1, 1, 1) - effective).days
    return to_amount(full_year * days / days_in_year(effective.year))


def overhang(full_year: Decimal, *, effective: date) -> Decimal:
    """Take the part of a full-year effect that falls in the year after (överhäng): FYE − IYE."""
    return full_year - in_year_effect(full_year, effective=effective)


@dataclass(frozen=True, slots=True)
class PlannedEffect:
    """The parts of a full-year effect that fall in its first year and in the next."""

    in_year: Decimal
    overhang: Decimal

    @property
    def total(self) -> Decimal:
        """What is planned in all: the full-year effect, or less of it when the baseline was replaced."""
        return self.in_year + self.overhang


def planned_effect(full_year: Decimal, *, starts: date, ends: date) -> PlannedEffect:
    """
    Split a full-year effect over the days that its baseline counts, from ``starts`` to the day before ``ends``.

    The first year has FYE · d/D, the next what is left, by day. A baseline that is replaced before its twelve months
    are over keeps the part of its own days; its successor measures the rest.
    """
    turn = date(starts.year + 1, 1, 1)
    in_year = to_amount(full_year * (min(ends, turn) - starts).days / days_in_year(starts.year))
    rest_days, all_rest_days = (ends - turn).days, (a_year_after(starts) - turn).days
    if rest_days <= 0 or all_rest_days <= 0:
        return PlannedEffect(in_year, ZERO)
    rest = overhang(full_year, effective=starts)
    return PlannedEffect(in_year, to_amount(rest * rest_days / all_rest_days))


def a_year_after(day: date) -> date:
    """Take the same day of the next year; the last of February for a leap day."""
    return (
        day.replace(year=day.year + 1, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year + 1)
    )


def plan_to_date(in_year: Decimal, *, starts: date, ends: date, through: date) -> Decimal:
    """
    Take the part of a year's effect that was planned from ``starts`` through a day.

    ``ends`` is the day after the last that counts.
    """
    days = (ends - starts).days
    if days <= 0:
        return ZERO
    elapsed_days = min(max((through + timedelta(days=1) - starts).days, 0), days)
    return to_amount(in_year * elapsed_days / days)


def realisation_rate(realised: Decimal, planned: Decimal) -> Decimal | None:
    """Compare what was realised with what was planned to date (hemtagningsgrad), as a fraction; None without plan."""
    return realised / planned if planned else None


def run_rate(last_three_months: Decimal) -> Decimal:
    """Turn the realised amount of the last three closed months into a yearly pace."""
    return last_three_months * 4


def forecast(*, realised_to_date: Decimal, run_rate: Decimal, months_left: int) -> Decimal:
    """Predict the year: what is realised plus the pace over the months that are left."""
    return realised_to_date + to_amount(run_rate * months_left / 12)


@dataclass(frozen=True, slots=True)
class PeriodAmount:
    """
    An amount that knows which days it speaks of: from ``starts`` through ``ends``.

    ``is_known`` is False where there is nothing to count it from; then it is not 0 but not known.
    """

    amount: Decimal
    starts: date
    ends: date
    is_known: bool = True

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError("a period cannot end before it starts")

    @property
    def days(self) -> int:
        """Count the days, both ends included."""
        return (self.ends - self.starts).days + 1


@dataclass(frozen=True, slots=True)
class Net:
    """
    An effect after organisation cost. It cannot be made without both periods (DOMAIN 2.6).

    ``effect`` and ``cost`` keep their own periods; where they differ, the words beside the figure must say so.
    """

    effect: PeriodAmount
    cost: PeriodAmount

    @property
    def is_known(self) -> bool:
        """Whether something was delivered in the effect's period that it is counted from, and some of the cost is registered."""
        return self.effect.is_known and self.cost.is_known

    @property
    def amount(self) -> Decimal:
        """What is left."""
        return self.effect.amount - self.cost.amount

    @property
    def ratio(self) -> Decimal | None:
        """How many kronor of effect for each krona of cost."""
        return self.effect.amount / self.cost.amount if self.cost.amount else None

    @property
    def is_same_period(self) -> bool:
        """Whether effect and cost speak of the same days."""
        return (self.effect.starts, self.effect.ends) == (self.cost.starts, self.cost.ends)
