"""
What price changes in imported lines were worth: each line against the same item's average the year before.

For a line delivered in year Y the baseline is the sum of line value over the sum of base units (quantity × units per
pack) of the same item (`item_key`) in year Y−1, times the units of the line's own pack, rounded to 4 decimals half up;
the saving is (baseline − pack price) × quantity. So the same price per tablet is no saving, whatever the packs. Lines
that do not tell their pack are compared with each other alone. Year by delivery date. Lines whose quantity or pack
price is not above zero are left out, of the baseline too. Lines whose item was not delivered the year before have no
baseline: they are counted apart and no saving is made up.

``lines``, ``spend`` (the source's own line value) and savings are of the lines that have a baseline. Savings are
exact products of a 4-decimal price and a 3-decimal quantity, never rounded on the way, so they add up whatever
they are grouped by. This is an analysis of what was imported, apart from the savings register in kronor, where
each line is rounded to öre. All of it is computed by PostgreSQL, in NUMERIC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db import connection

from history.models import PriceComparison

DIMENSIONS = {"category": "category_name", "department": "department_name", "supplier": "supplier_name"}
"""What sums are split by, with the column that holds it."""

BASELINES = ("previous-year",)

USABLE_SQL = """
WITH usable AS (
    SELECT id, item_key, category_name, department_name, supplier_name, delivered_date, quantity, unit_price, amount,
           extract(year FROM delivered_date)::int AS year,
           coalesce(units_per_order_unit, 0) > 0 AS has_pack,
           CASE WHEN units_per_order_unit > 0 THEN units_per_order_unit ELSE 1 END AS units
    FROM history_purchasehistoryline
    WHERE source = %(source)s AND quantity > 0 AND unit_price > 0
)
"""

BASELINES_SQL = """
SELECT item_key, has_pack, year + 1 AS year, sum(amount) AS amount, sum(quantity * units) AS base_quantity
FROM usable GROUP BY 1, 2, 3
"""
"""What each item cost the year before, by the year of the lines that are compared with it."""

KEPT_BASELINES_SQL = """
SELECT item_key, has_pack, year, amount, base_quantity FROM history_pricebaseline WHERE source = %(source)s
"""
"""The same, as it was kept when the source's last line had come in."""

KEEP_BASELINES_SQL = f"""{USABLE_SQL}
INSERT INTO history_pricebaseline (source, item_key, has_pack, year, amount, base_quantity)
SELECT %(source)s, baseline.* FROM ({BASELINES_SQL}) AS baseline
"""  # noqa: S608, all parts are constants


def valued(baselines: str = BASELINES_SQL, selected: str = "true") -> str:
    """The usable lines that are selected, with their baselines and savings, as ``valued``."""
    return f"""{USABLE_SQL}, baseline AS ({baselines}), compared AS (
    SELECT u.*, round(b.amount * u.units / b.base_quantity, 4) AS baseline
    FROM usable u LEFT JOIN baseline b USING (item_key, has_pack, year)
    WHERE {selected}
), valued AS (
    SELECT *, (baseline - unit_price) * quantity AS saving FROM compared
)
"""  # noqa: S608, all parts are constants


SUMS = """
count(*) FILTER (WHERE baseline IS NOT NULL) AS lines,
coalesce(sum(amount) FILTER (WHERE baseline IS NOT NULL), 0) AS spend,
coalesce(sum(saving), 0) AS saving_net,
coalesce(sum(saving) FILTER (WHERE saving > 0), 0) AS saving_positive,
coalesce(sum(saving) FILTER (WHERE saving < 0), 0) AS saving_negative,
count(*) FILTER (WHERE baseline IS NULL) AS lines_without_baseline,
coalesce(sum(amount) FILTER (WHERE baseline IS NULL), 0) AS spend_without_baseline
"""

SUMMARY_SQL = (
    valued()  # noqa: S608, all parts are constants
    + "SELECT grouping(category_name, department_name, supplier_name, year) AS level, category_name, department_name,"
    + f" supplier_name, year, {SUMS} FROM valued"
    + " GROUP BY GROUPING SETS ((), (category_name), (department_name), (supplier_name), (year))"
    + " ORDER BY level, saving_net DESC, 2, 3, 4, 5"
)

LEFT_OUT_SQL = """
SELECT count(*) FROM history_purchasehistoryline
WHERE source = %(source)s AND NOT (quantity > 0 AND unit_price > 0)
"""


@dataclass(frozen=True, slots=True)
class PriceSaving:
    """Sums over some lines, in the currency of the source."""

    lines: int
    spend: Decimal
    saving_net: Decimal
    saving_positive: Decimal
    saving_negative: Decimal
    lines_without_baseline: int
    spend_without_baseline: Decimal

    @property
    def share(self) -> Decimal | None:
        """Net saving of what the lines would have cost at their baseline, as a fraction."""
        before = self.spend + self.saving_net
        return self.saving_net / before if before else None

    def as_json(self) -> dict[str, int | str]:
        """Write counts as JSON numbers, and amounts as text without idle zeros: a program that reads numbers as binary would change them."""
        return {
            field.name: value if isinstance(value, int) else f"{value.normalize():f}"
            for field in fields(self)
            for value in [getattr(self, field.name)]
        }


NOTHING = PriceSaving(0, Decimal(0), Decimal(0), Decimal(0), Decimal(0), 0, Decimal(0))


@dataclass(frozen=True, slots=True)
class PriceSavings:
    """The whole comparison: the total, and the same per category, department, supplier and year."""

    source: str
    total: PriceSaving
    lines_left_out: int
    by: Mapping[str, Mapping[str, PriceSaving]]
    years: Mapping[int, PriceSaving]

    def as_json(self) -> dict[str, Any]:
        """Write as the command prints it."""
        parts: dict[str, Any] = {
            f"by_{dimension}": {name: sums.as_json() for name, sums in groups.items()}
            for dimension, groups in self.by.items()
        }
        return {
            "source": self.source,
            "baseline": "previous-year",
            **self.total.as_json(),
            "lines_left_out": self.lines_left_out,
            **parts,
            "by_year": {str(year): sums.as_json() for year, sums in self.years.items()},
        }


@dataclass(frozen=True, slots=True)
class Sums:
    """What one group of lines sums to; ``level`` tells by the bits of GROUPING() what it is not grouped by."""

    level: int
    category: str | None
    department: str | None
    supplier: str | None
    year: int | None
    saving: PriceSaving

    @classmethod
    def of(cls, level: int, category: str, department: str, supplier: str, year: int, *sums: Any) -> Self:
        """Read a row of SUMMARY_SQL, or of what ``as_json`` wrote."""
        values: list[Any] = [Decimal(value) if isinstance(value, str) else value for value in sums]
        return cls(level, category, department, supplier, year, PriceSaving(*values))

    def as_json(self) -> list[Any]:
        """Write as a row of JSON, with decimals as text."""
        sums = (getattr(self.saving, field.name) for field in fields(self.saving))
        values = [str(value) if isinstance(value, Decimal) else value for value in sums]
        return [self.level, self.category, self.department, self.supplier, self.year, *values]


def compare(source: str) -> tuple[list[Sums], int]:
    """Compare every imported line of a source with the year before: the sums, and how many lines are left out."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMARY_SQL, {"source": source})
        rows = [Sums.of(*row) for row in cursor.fetchall()]
        cursor.execute(LEFT_OUT_SQL, {"source": source})
        (left_out,) = cursor.fetchone()
    return rows, left_out


def price_savings(*, source: str) -> PriceSavings:
    """Give the comparison of a source: as it was kept when its last line had come in, or else made now."""
    comparison = PriceComparison.objects.current(source).first()
    rows, left_out = (
        ([Sums.of(*row) for row in comparison.rows], comparison.lines_left_out)
        if comparison
        else compare(source)
    )
    total = NOTHING
    by: dict[str, dict[str, PriceSaving]] = {dimension: {} for dimension in DIMENSIONS}
    years: dict[int, PriceSaving] = {}
    for row in rows:
        match row.level:  # a set bit is a column that is summed over
            case 0b0111:
                by["category"][row.category or ""] = row.saving
            case 0b1011:
                by["department"][row.department or ""] = row.saving
            case 0b1101:
                by["supplier"][row.supplier or ""] = row.saving
            case 0b1110:
                years[row.year or 0] = row.saving
            case _:
                total = row.saving
    return PriceSavings(source, total, left_out, by, dict(sorted(years.items())))


SOURCES_SQL = """
WITH RECURSIVE named AS (
    (SELECT source FROM history_purchasehistoryline ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT source FROM history_purchasehistoryline WHERE source > named.source ORDER BY source LIMIT 1)
    FROM named WHERE named.source IS NOT NULL
)
SELECT named.source, told.currency
FROM named CROSS JOIN LATERAL (
    SELECT currency FROM history_purchasehistoryline WHERE source = named.source ORDER BY item_key LIMIT 1
) AS told
LEFT JOIN history_pricecomparison kept ON kept.source = named.source
ORDER BY kept.last_line_id DESC NULLS FIRST, named.source
"""


def sources() -> dict[str, str]:
    """Say which sources there are, and their currencies; the one that was compared last comes first."""
    with connection.cursor() as cursor:
        cursor.execute(SOURCES_SQL)
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class ValuedLine:
    """One imported line with its baseline and saving; both None when the item was not delivered the year before."""

    id: int
    delivered_date: date
    category_name: str
    department_name: str
    supplier_name: str
    description: str
    external_id: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    note: str
    baseline: Decimal | None
    saving: Decimal | None


SELECTED = {
    "category": "u.category_name = %(category)s",
    "department": "u.department_name = %(department)s",
    "supplier": "u.supplier_name = %(supplier)s",
    "year": "u.delivered_date >= make_date(%(year)s, 1, 1) AND u.delivered_date < make_date(%(year)s + 1, 1, 1)",
}
"""What each choice selects; one that is empty selects all."""

LINE_PAGE_SQL = """
SELECT v.id, v.delivered_date, v.category_name, v.department_name, v.supplier_name, h.description, h.external_id,
       v.quantity, v.unit_price, v.amount, h.note, v.baseline, v.saving, v.count, v.saving_sum, v.amount_sum
FROM (
    SELECT *, count(*) OVER () AS count, sum(saving) OVER () AS saving_sum, sum(amount) OVER () AS amount_sum FROM valued
    WHERE CASE %(only)s WHEN 'minskning' THEN saving > 0 WHEN 'okning' THEN saving < 0
                        WHEN 'utan' THEN baseline IS NULL ELSE baseline IS NOT NULL END
    ORDER BY abs(coalesce(saving, amount)) DESC, id
    LIMIT %(limit)s OFFSET %(offset)s
) v JOIN history_purchasehistoryline h ON h.id = v.id
ORDER BY abs(coalesce(v.saving, v.amount)) DESC, v.id
"""


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some lines of a selection, with the sums of the whole selection."""

    lines: tuple[ValuedLine, ...]
    count: int
    saving: Decimal
    spend: Decimal


def lines(
    *,
    source: str,
    category: str = "",
    department: str = "",
    supplier: str = "",
    year: int = 0,
    only: str = "",
    limit: int,
    offset: int = 0,
) -> LinePage:
    """
    List the lines behind a sum, largest effect first, in two queries.

    With the baselines that were kept, only the lines of the selection are read. ``only`` is ``minskning``, ``okning``, ``utan`` (without baseline) or empty for all that have a baseline.
    """
    chosen: dict[str, str | int] = {
        "category": category,
        "department": department,
        "supplier": supplier,
        "year": year,
    }
    selected = " AND ".join(SELECTED[name] for name, value in chosen.items() if value) or "true"
    is_kept = PriceComparison.objects.current(source).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            valued(KEPT_BASELINES_SQL if is_kept else BASELINES_SQL, selected) + LINE_PAGE_SQL,
            {"source": source, **chosen, "only": only, "limit": limit, "offset": offset},
        )
        rows = list(cursor.fetchall())
    if not rows:
        return LinePage((), 0, Decimal(0), Decimal(0))
    *_line, count, saving, spend = rows[0]
    return LinePage(tuple(ValuedLine(*row[:-3]) for row in rows), count, saving or Decimal(0), spend)
