"""
Sums over what was delivered, by month (``reporting/kept_months.py``): inside agreements and outside, counted in the register or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from reporting.kept_months import KeptMonths

DELIVERED = KeptMonths(
    table="reporting_deliveredmonth",
    by="is_outside, is_counted, category_id, category_lineage, administration_id, department_id, department_name,"
    " supplier_name",
    lines="""
    SELECT line.*, line.agreement_id IS NULL AS is_outside,
           EXISTS (SELECT FROM reporting_saving s WHERE s.receipt_line_id = line.receipt_line_id)
           OR EXISTS (SELECT FROM reporting_saving s WHERE s.history_line_id = line.history_line_id) AS is_counted
    FROM reporting_deliveredline line
    WHERE line.currency = 'SEK' AND line.delivered_date BETWEEN {starts} AND {ends}
    """,
)

_PARTS = f"""
WITH {DELIVERED.parts()}, chosen AS (
    SELECT * FROM parts
    WHERE (%(is_outside)s::boolean IS NULL OR is_outside = %(is_outside)s)
      AND (%(is_counted)s::boolean IS NULL OR is_counted = %(is_counted)s)
      AND (%(reach)s::bigint[] IS NULL OR category_id = ANY(%(reach)s::bigint[]))
      AND (%(within)s::bigint[] IS NULL OR category_lineage && %(within)s::bigint[])
      AND (%(also_within)s::bigint[] IS NULL OR category_lineage && %(also_within)s::bigint[])
      AND (%(department)s::bigint IS NULL OR department_id = %(department)s)
      AND (%(administration)s::bigint IS NULL OR administration_id = %(administration)s)
)
"""  # noqa: S608

_TOTAL = _PARTS + "SELECT coalesce(sum(count), 0)::bigint, coalesce(sum(amount), 0) FROM chosen"  # noqa: S608

_GROUPS = (
    _PARTS
    + """
SELECT chosen.category_id, chosen.department_id, chosen.department_name,
       coalesce(department.cost_center, chosen.department_name) AS code, chosen.supplier_name,
       sum(chosen.count)::bigint, min(chosen.first_date), max(chosen.last_date), sum(chosen.amount) AS total
FROM chosen LEFT JOIN organizations_department department ON department.id = chosen.department_id
GROUP BY 1, 2, 3, 4, 5
ORDER BY total DESC, code, 1, chosen.supplier_name
"""
)


@dataclass(frozen=True, slots=True)
class Chosen:
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


def total(chosen: Chosen) -> Total:
    """Sum up lines: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, chosen.facts())
        (row,) = cursor.fetchall()
    return Total(*row)


def groups(chosen: Chosen) -> list[Group]:
    """Sum up lines by department, category and supplier, the largest first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, chosen.facts())
        return [Group(*row) for row in cursor.fetchall()]
