"""
Sums over what was delivered, by month (``reporting/monthly_sums.py``): inside agreements and outside, counted in the register or not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import ZERO
from reporting.monthly_sums import MonthlySums

_BY_CATEGORY = "currency, is_outside, is_counted, category_id, category_lineage"

DELIVERED = MonthlySums(
    table="reporting_deliveredmonth",
    by=f"{_BY_CATEGORY}, administration_id, department_id, department_name, supplier_name",
    lines="""
    SELECT line.*, line.agreement_id IS NULL AS is_outside, counted.key IS NOT NULL AS is_counted
    FROM reporting_deliveredline line
    LEFT JOIN (
        SELECT DISTINCT coalesce('r' || receipt_line_id, 'h' || history_line_id) AS key
        FROM reporting_saving WHERE delivered_date = {day}
    ) AS counted ON counted.key = line.key
    WHERE line.delivered_date = {day}
    """,
    sums={"amount": "sum(amount)", "without_item": "count(*) FILTER (WHERE item_id IS NULL)"},
)
# A department buys of most categories, so these are so many fewer that a year is read at once.
DELIVERED_BY_CATEGORY = replace(
    DELIVERED, table="reporting_deliveredcategorymonth", by=_BY_CATEGORY, made_of=DELIVERED
)

# What was ordered and received here, whatever else another system has told of.
RECEIVED = MonthlySums(
    table="reporting_receivedmonth",
    by="supplier_id, category_lineage",
    lines="""
    SELECT * FROM reporting_deliveredline
    WHERE receipt_line_id IS NOT NULL AND currency = 'SEK' AND delivered_date = {day}
    """,
)

# What does not tell departments apart is asked without them.
_PARTS = """
WITH {parts}, chosen AS (
    SELECT * FROM parts
    WHERE currency = 'SEK'
      AND (%(is_outside)s::boolean IS NULL OR is_outside = %(is_outside)s)
      AND (%(is_counted)s::boolean IS NULL OR is_counted = %(is_counted)s)
      AND (%(reach)s::bigint[] IS NULL OR category_id = ANY(%(reach)s::bigint[]))
      AND (%(within)s::bigint[] IS NULL OR category_lineage && %(within)s::bigint[])
      AND (%(also_within)s::bigint[] IS NULL OR category_lineage && %(also_within)s::bigint[])
)
"""
_BY_DEPARTMENT = f"""
{_PARTS.format(parts=DELIVERED.parts())}, there AS (
    SELECT * FROM chosen
    WHERE (%(department)s::bigint IS NULL OR department_id = %(department)s)
      AND (%(administration)s::bigint IS NULL OR administration_id = %(administration)s)
)
"""  # noqa: S608

_MONTHS = """
SELECT date_trunc('month', first_date)::date AS month, sum(count)::bigint, sum(amount) FROM {lines} GROUP BY 1 ORDER BY 1 DESC
"""
_BY_MONTH = _PARTS.format(parts=DELIVERED_BY_CATEGORY.parts()) + _MONTHS.format(lines="chosen")
_BY_MONTH_THERE = _BY_DEPARTMENT + _MONTHS.format(lines="there")

_GROUPS = f"""
{_BY_DEPARTMENT}
SELECT there.category_id, there.department_id, there.department_name,
       coalesce(department.cost_center, there.department_name) AS code, there.supplier_name,
       sum(there.count)::bigint, min(there.first_date), max(there.last_date), sum(there.amount) AS total
FROM there LEFT JOIN organizations_department department ON department.id = there.department_id
GROUP BY 1, 2, 3, 4, 5
ORDER BY total DESC, code, 1, there.supplier_name
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class LineSelection:
    """
    Which lines: of a period, and what they have in common.

    :param reach: ids of the categories that the reader may see; None for the whole region.
    :param within: ids of categories that the lines are in or below, as the tree was on their own day; None for all.
        ``also_within`` likewise.
    """

    starts: date
    ends: date
    reach: Sequence[int] | None = None
    within: Sequence[int] | None = None
    also_within: Sequence[int] | None = None
    is_outside: bool | None = None
    is_counted: bool | None = None
    department: int | None = None
    administration: int | None = None

    def facts(self) -> dict[str, Any]:
        """As the statements read them."""
        return {
            "starts": self.starts,
            "ends": self.ends,
            "reach": None if self.reach is None else list(self.reach),
            "within": None if self.within is None else list(self.within),
            "also_within": None if self.also_within is None else list(self.also_within),
            "is_outside": self.is_outside,
            "is_counted": self.is_counted,
            "department": self.department,
            "administration": self.administration,
        }


@dataclass(frozen=True, slots=True)
class Total:
    """How many lines, and what they sum to in SEK without VAT."""

    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MonthTotal(Total):
    """The same of one month, by its first day."""

    month: date


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one department, category and supplier; ``code`` is the department's cost centre where it is known."""

    category: int | None
    department: int | None
    name: str
    code: str
    supplier: str
    count: int
    first: date
    last: date
    amount: Decimal


def by_month(chosen: LineSelection) -> list[MonthTotal]:
    """Sum up lines by the month of their delivery, the latest first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_MONTH_THERE if chosen.department or chosen.administration else _BY_MONTH, chosen.facts()
        )
        return [MonthTotal(count, amount, month) for month, count, amount in cursor.fetchall()]


def total(months: Iterable[Total]) -> Total:
    """What they sum to together."""
    every = list(months)
    return Total(sum(each.count for each in every), sum((each.amount for each in every), ZERO))


def groups(chosen: LineSelection) -> list[Group]:
    """Sum up lines by department, category and supplier, the largest first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, chosen.facts())
        return [Group(*row) for row in cursor.fetchall()]
