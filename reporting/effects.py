"""
What the agreements gave: the three measures by category and initiative, computed in the database.

Words and formulas are those of DOMAIN 2.3. Helårseffekt is that of initiatives that take effect in the year.
Effekt innevarande år is their part of it, plus what the initiatives of the year before left over (överhäng från
förra året), so that plan and outcome speak of the same deliveries:
full_year + carried_in = in_year + overhang, and the overhang of a year is what the next one carries in. A baseline
counts as new for twelve months. When a later one replaces it before that, only its own days are planned, in every
measure: the rest is measured by its successor.

Cost increases stand apart and are never netted in silence: planned ones are baselines whose new price is higher,
realised ones are delivered lines that cost more than their baseline. What is no part of the budget effect stands apart
from both: what was avoided, what comes once, and what prices in a crisis did (DOMAIN 2.7, rules 4 and 6). Amounts are SEK without VAT, rounded half up
per baseline or delivered line. A fixed number of queries, however many lines there are.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from categories.models import Category
from core.money import ZERO, to_amount
from reporting.models import Baseline, BaselineMethod, EffectPart, SavingInitiative
from reporting.monthly_sums import EVERY
from reporting.saved_months import SAVED_BY_INITIATIVE, Choice, saved_total
from reporting.savings import MONTHS_NEW, PeriodAmount, realisation_rate


@dataclass(frozen=True, slots=True)
class Amounts:
    """
    The measures of something: sums of baselines (plan) and of delivered lines (realised).

    ``lines`` is how many delivered lines are in what is realised. Where there is none, nothing is known of it: that is
    not 0, and no 0 % of a plan.
    """

    full_year: Decimal = ZERO
    in_year: Decimal = ZERO
    carried_in: Decimal = ZERO
    overhang: Decimal = ZERO
    plan_to_date: Decimal = ZERO
    realised: Decimal = ZERO
    lines: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            self.full_year + other.full_year,
            self.in_year + other.in_year,
            self.carried_in + other.carried_in,
            self.overhang + other.overhang,
            self.plan_to_date + other.plan_to_date,
            self.realised + other.realised,
            self.lines + other.lines,
        )

    @property
    def rate(self) -> Decimal | None:
        """Realised of plan to date (hemtagningsgrad), as a fraction; None without plan, and without anything delivered."""
        return realisation_rate(self.realised, self.plan_to_date) if self.lines else None


@dataclass(frozen=True, slots=True)
class Effect:
    """The measures of one initiative in one category, decreases and increases apart."""

    category: Category
    root: Category
    initiative: SavingInitiative
    method: BaselineMethod
    part: EffectPart
    is_increase: bool
    amounts: Amounts

    @property
    def is_carried(self) -> bool:
        """Whether it took effect the year before and only its remainder falls in this year."""
        return bool(self.amounts.carried_in) and not self.amounts.full_year


def summed(effects: Iterable[Effect]) -> Amounts:
    """Add the measures of several effects."""
    return sum((effect.amounts for effect in effects), Amounts())


@dataclass(frozen=True, slots=True)
class Group:
    """Effects that belong together, with their sum."""

    category: Category
    effects: tuple[Effect, ...]
    amounts: Amounts

    @property
    def methods(self) -> tuple[BaselineMethod, ...]:
        """The methods behind the sum; printed beside every amount."""
        return tuple(sorted({effect.method for effect in self.effects}))


@dataclass(frozen=True, slots=True)
class Apart:
    """Effects that are no part of the budget effect, decreases or increases, with their sum."""

    part: EffectPart
    is_increase: bool
    effects: tuple[Effect, ...]
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Effects:
    """All effects of a year through a day: those of the budget, and those that stand apart from it."""

    year: int
    through: date
    every: tuple[Effect, ...]

    @property
    def has_lines(self) -> bool:
        """Whether any delivered line is in what is realised, of the budget or apart from it."""
        return any(effect.amounts.lines for effect in self.every)

    @property
    def rows(self) -> tuple[Effect, ...]:
        """What is part of the budget effect."""
        return tuple(effect for effect in self.every if effect.part is EffectPart.BUDGET)

    @property
    def apart(self) -> list[Apart]:
        """
        What stands apart, in the order of ``EffectPart``; parts without effects are left out.

        The increases of a part follow its decreases and are never deducted from them.
        """
        parts: dict[tuple[EffectPart, bool], list[Effect]] = {}
        for effect in self.every:
            parts.setdefault((effect.part, effect.is_increase), []).append(effect)
        return [
            Apart(part, is_increase, tuple(members), summed(members))
            for part in EffectPart
            for is_increase in (False, True)
            if part is not EffectPart.BUDGET and (members := parts.get((part, is_increase)))
        ]

    @property
    def decreases(self) -> tuple[Effect, ...]:
        """What became cheaper."""
        return tuple(effect for effect in self.rows if not effect.is_increase)

    @property
    def increases(self) -> tuple[Effect, ...]:
        """What became dearer, amounts with their minus."""
        return tuple(effect for effect in self.rows if effect.is_increase)

    @property
    def total_decrease(self) -> Amounts:
        """Sum of decreases."""
        return summed(self.decreases)

    @property
    def total_increase(self) -> Amounts:
        """Sum of increases, below zero."""
        return summed(self.increases)

    @property
    def net(self) -> Amounts:
        """Decreases less increases."""
        return summed(self.rows)

    def by_root(self) -> list[Group]:
        """Decreases by top category, in the order of the tree."""
        return _groups(self.decreases, lambda effect: effect.root)

    def by_category(self) -> list[Group]:
        """Decreases by the category that the items are in."""
        return _groups(self.decreases, lambda effect: effect.category)

    def increased_initiatives(self) -> int:
        """Count the initiatives with an increase in them."""
        return len({effect.initiative.pk for effect in self.increases})


def _groups(effects: Iterable[Effect], key: Callable[[Effect], Category]) -> list[Group]:
    members: dict[Category, list[Effect]] = {}
    for effect in effects:
        members.setdefault(key(effect), []).append(effect)
    ordered = sorted(members.items(), key=lambda pair: (pair[0].tree_code, pair[0].pk))
    return [Group(category, tuple(rows), summed(rows)) for category, rows in ordered]


# One row per counted baseline and component that counts in the year: d days in its first year of D, n days left over of n_full.
PLAN_SQL = """
WITH confirmed AS (
    SELECT b.id, b.initiative_id, b.category_id, b.category_lineage, b.nature, effect.component, effect.full_year,
           lower(b.counts_during) AS starts, upper(b.counts_during) AS ends,
           make_date(extract(year FROM lower(b.counts_during))::int + 1, 1, 1) AS next_year
    FROM reporting_baseline b
    CROSS JOIN LATERAL (VALUES
        ('reduction', round((b.unit_price - b.new_unit_price) * b.annual_quantity, 2)),
        ('avoidance', round((b.counterfactual_price - coalesce(b.unit_price, b.new_unit_price)) * b.annual_quantity, 2))
    ) AS effect (component, full_year)
    WHERE b.is_counted AND effect.full_year IS NOT NULL
      AND b.counts_during && daterange(make_date(%(year)s - 1, 1, 1), make_date(%(year)s + 1, 1, 1))
), counted AS (
    SELECT *, next_year - make_date(extract(year FROM starts)::int, 1, 1) AS year_days,
           least(ends, next_year) - starts AS first_days,
           greatest(ends - next_year, 0) AS rest_days,
           ((starts + make_interval(months => %(months)s))::date - next_year) AS rest_full_days,
           extract(year FROM starts)::int = %(year)s AS is_new
    FROM confirmed
), split AS (
    SELECT *, round(full_year * first_days / year_days, 2) AS first_part,
           CASE WHEN rest_full_days <= 0 OR rest_days = 0 THEN 0.00
                ELSE round((full_year - round(full_year * (next_year - starts) / year_days, 2))
                           * rest_days / rest_full_days, 2) END AS rest_part
    FROM counted
), plan AS (
    SELECT id, initiative_id, category_id, category_lineage, component, nature, full_year < 0 AS is_increase,
           CASE WHEN is_new THEN first_part + rest_part ELSE 0 END AS full_year,
           CASE WHEN is_new THEN first_part ELSE rest_part END AS in_year,
           CASE WHEN is_new THEN 0 ELSE rest_part END AS carried_in,
           CASE WHEN is_new THEN rest_part ELSE 0 END AS overhang,
           CASE WHEN is_new THEN starts ELSE next_year END AS from_date,
           CASE WHEN is_new THEN first_days ELSE rest_days END AS days
    FROM split
    WHERE is_new OR (rest_days > 0 AND extract(year FROM next_year) = %(year)s)
)
"""

EFFECTS_SQL = f"""
{PLAN_SQL}, {SAVED_BY_INITIATIVE.parts()}, planned AS (
    SELECT initiative_id, category_id, category_lineage, component, nature, is_increase,
           sum(full_year) AS full_year, sum(in_year) AS in_year, sum(carried_in) AS carried_in,
           sum(overhang) AS overhang,
           sum(round(in_year * least(greatest(%(through)s::date + 1 - from_date, 0), days) / days, 2)) AS plan_to_date
    FROM plan GROUP BY 1, 2, 3, 4, 5, 6
), came AS (
    SELECT initiative_id, category_id, category_lineage, component, nature, is_increase, sum(amount) AS realised,
           sum(count)::bigint AS lines
    FROM parts GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT initiative_id, category_id, category_lineage[1], component, nature, is_increase,
       coalesce(c.lines, 0), coalesce(p.full_year, 0), coalesce(p.in_year, 0), coalesce(p.carried_in, 0),
       coalesce(p.overhang, 0), coalesce(p.plan_to_date, 0), coalesce(c.realised, 0)
FROM planned p FULL JOIN came c
    USING (initiative_id, category_id, category_lineage, component, nature, is_increase)
WHERE %(everything)s OR category_lineage && %(categories)s::bigint[]
ORDER BY abs(coalesce(p.full_year, 0)) DESC, abs(coalesce(c.realised, 0)) DESC, 1, 2, 4, 6
"""  # noqa: S608, all parts are constants


def effects(*, year: int, through: date, categories: Collection[int] | None = None) -> Effects:
    """
    Gather the effects of a year through a day, in three queries.

    ``categories`` limits to these categories (ids) and those below them; None means all of them. The tree is as it was
    when each baseline was frozen.
    """
    rows = _fetch(EFFECTS_SQL, year=year, through=through, categories=categories)
    known_initiatives = SavingInitiative.objects.with_frozen(are_counted=True)
    initiatives = known_initiatives.select_related("new_agreement__supplier", "old_agreement").in_bulk(
        {row[0] for row in rows}
    )
    category_by_id = Category.objects.in_bulk()
    return Effects(
        year=year,
        through=through,
        every=tuple(
            Effect(
                category=category_by_id[category_id],
                root=category_by_id[root_id],
                initiative=initiatives[initiative_id],
                method=initiatives[initiative_id].compared_by,
                part=EffectPart.of(component, nature),
                is_increase=is_increase,
                amounts=_amounts(lines, *amounts),
            )
            for initiative_id, category_id, root_id, component, nature, is_increase, lines, *amounts in rows
        ),
    )


def _amounts(lines: int, *sums: Decimal) -> Amounts:
    full_year, in_year, carried_in, overhang, plan_to_date, realised = map(to_amount, sums)
    return Amounts(full_year, in_year, carried_in, overhang, plan_to_date, realised, lines)


def _fetch(
    sql: str, *, year: int, through: date, categories: Collection[int] | None
) -> list[tuple[Any, ...]]:
    """Run one of the queries above."""
    facts: dict[str, Any] = {
        "year": year,
        "through": through,
        "starts": date(year, 1, 1),
        "ends": min(through, date(year, 12, 31)),
        "months": MONTHS_NEW,
        **EVERY,
        "everything": categories is None,
        "categories": list(categories or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class MonthAmounts:
    """
    What was planned for a month (1–12) and what came; ``realised`` is None for months that have not begun.

    ``lines`` is how many delivered lines it is of; where there is none, nothing is known of the month.
    """

    month: int
    plan: Decimal
    realised: Decimal | None
    lines: int = 0


# The parts of the plan that are spread over the same days are added first.
MONTHS_SQL = f"""
{PLAN_SQL}, {SAVED_BY_INITIATIVE.parts()}, months AS (
    SELECT m, make_date(%(year)s, m, 1) AS starts, (make_date(%(year)s, m, 1) + interval '1 month')::date AS ends
    FROM generate_series(1, 12) AS m
), spread AS (
    SELECT from_date, days, sum(in_year) AS in_year
    FROM plan
    WHERE component = 'reduction' AND nature = 'recurring'
      AND (%(everything)s OR category_lineage && %(categories)s::bigint[])
    GROUP BY 1, 2
), planned AS (
    SELECT m, sum(in_year * greatest(least(months.ends, from_date + days) - greatest(months.starts, from_date), 0) / days)
                  AS amount
    FROM months CROSS JOIN spread GROUP BY 1
), came AS (
    SELECT extract(month FROM first_date)::int AS m, sum(amount) AS amount, sum(count)::bigint AS lines
    FROM parts
    WHERE component = 'reduction' AND nature = 'recurring'
      AND (%(everything)s OR category_lineage && %(categories)s::bigint[])
    GROUP BY 1
)
SELECT m, coalesce(planned.amount, 0), coalesce(came.amount, 0), coalesce(came.lines, 0), months.starts <= %(through)s::date
FROM months LEFT JOIN planned USING (m) LEFT JOIN came USING (m)
ORDER BY m
"""  # noqa: S608, all parts are constants


def months(*, year: int, through: date, categories: Collection[int] | None = None) -> list[MonthAmounts]:
    """Gather plan and outcome of the budget effect for each month of a year, in one query. The plan is spread by day."""
    return [
        MonthAmounts(month, to_amount(plan), to_amount(realised) if has_begun else None, lines)
        for month, plan, realised, lines, has_begun in _fetch(
            MONTHS_SQL, year=year, through=through, categories=categories
        )
    ]


def realised(*, starts: date, ends: date) -> PeriodAmount:
    """Add what delivered lines gave the budget from one day through another, increases deducted."""
    total = saved_total(Choice(starts, ends, EffectPart.BUDGET))
    return PeriodAmount(total.net, starts, ends, is_known=bool(total.count))


@dataclass(frozen=True, slots=True)
class Awaiting:
    """
    Initiatives whose baselines wait for finance, and the full-year effect of those that are in no figure yet.

    Of the others a version counts already, and does until the next one is confirmed.
    """

    initiatives: int
    new: int
    amount: Decimal


def awaiting_confirmation(*, through: date = date.max) -> Awaiting:
    """Count those in effect by a day, in one query."""
    waiting = list(Baseline.objects.awaiting().with_is_new().filter(initiative__effective_date__lte=through))
    new = [baseline for baseline in waiting if baseline.is_new]
    return Awaiting(
        initiatives=len({baseline.initiative_id for baseline in waiting}),
        new=len({baseline.initiative_id for baseline in new}),
        amount=sum((baseline.effect.reduction for baseline in new), ZERO),
    )
