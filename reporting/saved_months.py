"""Sums over the register of savings, by month (``reporting/monthly_sums.py``): whose they are, of what, from whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Min

from core.money import ZERO
from reporting.models.savings import EffectPart, Saving
from reporting.monthly_sums import MonthlySums

# Whose price is higher than the one that it is compared with; what was sent back of it has a plus.
IS_INCREASE = (
    "coalesce(s.counterfactual_price, s.baseline_price)"
    " < CASE s.component WHEN 'avoidance' THEN s.baseline_price ELSE s.paid_price END"
)

_INITIATIVE = "initiative_id, category_id, category_lineage, component, nature, is_increase"
_BY = f"administration_id, administration_name, supplier_id, supplier_name, {_INITIATIVE}"

# The last version of each line and component counts. A department buys of most categories, so these are so many more than the
# others that they are asked only where departments are meant.
SAVED_BY_DEPARTMENT = MonthlySums(
    table="reporting_saveddepartmentmonth",
    by=f"department_id, department_name, {_BY}",
    lines=f"""
    SELECT s.*, b.initiative_id, {IS_INCREASE} AS is_increase
    FROM reporting_saving s JOIN reporting_baseline b ON b.id = s.baseline_id
    WHERE s.delivered_date = {{day}} AND (%(item)s::bigint IS NULL OR s.item_id = %(item)s)
      AND NOT EXISTS (SELECT FROM reporting_saving n WHERE n.replaces_id = s.id)
    """,  # noqa: S608, all parts are constants
    whole="%(item)s::bigint IS NULL",
)
SAVED = replace(SAVED_BY_DEPARTMENT, table="reporting_savedmonth", by=_BY, made_of=SAVED_BY_DEPARTMENT)
# What whole initiatives gave is asked most often, and its rows are so few that a year is read at once.
SAVED_BY_INITIATIVE = replace(SAVED, table="reporting_savedinitiativemonth", by=_INITIATIVE, made_of=SAVED)


def _chosen(months: MonthlySums) -> str:
    """The beginning of a statement: ``chosen``, with nothing in the columns that are not kept so."""
    others = {
        "administration_id": "bigint",
        "supplier_id": "bigint",
        "department_id": "bigint",
        "supplier_name": "text",
    }
    lacking = "".join(
        f", NULL::{kind} AS {name}" for name, kind in others.items() if name not in months.by.split(", ")
    )
    return f"""
WITH {months.parts()}, chosen AS (
    SELECT * FROM (SELECT *{lacking} FROM parts) AS parts
    WHERE (%(reach)s::bigint[] IS NULL OR category_id = ANY(%(reach)s::bigint[]))
      AND (%(category)s::bigint IS NULL OR %(category)s = ANY(category_lineage))
      AND (%(initiative)s::bigint IS NULL OR initiative_id = %(initiative)s)
      AND (%(administration)s::bigint IS NULL OR administration_id = %(administration)s)
      AND (%(department)s::bigint IS NULL OR department_id = %(department)s)
      AND (%(supplier)s::bigint IS NULL OR supplier_id = %(supplier)s)
      AND (%(component)s::text IS NULL OR component = %(component)s) AND nature = %(nature)s
      AND (%(is_increase)s::boolean IS NULL OR is_increase = %(is_increase)s)
)
"""  # noqa: S608, all parts are constants


_CHOSEN = {each.table: _chosen(each) for each in (SAVED, SAVED_BY_INITIATIVE, SAVED_BY_DEPARTMENT)}

_SUMS = """
SELECT {key} AS key, max({name}) AS name, coalesce(sum(count), 0)::bigint, coalesce(sum(amount) FILTER (WHERE NOT is_increase), 0),
       coalesce(sum(amount) FILTER (WHERE is_increase), 0)
FROM chosen
"""


class By(StrEnum):
    """What sums are split by."""

    ADMINISTRATION = "administration"
    DEPARTMENT = "department"
    SUPPLIER = "supplier"


_REGISTERS = {
    By.ADMINISTRATION: "organizations_administration",
    By.DEPARTMENT: "organizations_department",
    By.SUPPLIER: "agreements_supplier",
}
_CODES = {By.ADMINISTRATION: "code", By.DEPARTMENT: "cost_center", By.SUPPLIER: "org_number"}
"""What each is known by in its register."""

_NAMED = """
, summed (id, name, count, decrease, increase) AS ({summed} GROUP BY 1)
SELECT id, {code}, summed.name, count, decrease, increase FROM summed JOIN {register} USING (id)
"""

_YEARS = """
SELECT generate_series(extract(year FROM lower(counts_during))::int, extract(year FROM upper(counts_during) - 1)::int)
FROM reporting_baseline WHERE is_counted
UNION
SELECT extract(year FROM month)::int FROM reporting_savedinitiativemonth
WHERE %(reach)s::bigint[] IS NULL OR category_id = ANY(%(reach)s::bigint[])
UNION
SELECT extract(year FROM month)::int FROM (SELECT DISTINCT month, day FROM reporting_changedmonth) AS changed
WHERE EXISTS (
    SELECT FROM reporting_saving s
    WHERE s.delivered_date BETWEEN coalesce(day, month) AND coalesce(day, (month + interval '1 month - 1 day')::date)
      AND (%(reach)s::bigint[] IS NULL OR s.category_id = ANY(%(reach)s::bigint[]))
)
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """
    Which lines of the register: of a period, a part of the effect, and what they have in common, by ids.

    :param reach: ids of the categories that the reader may see; None for the whole region.
    :param category: one that they are in or below, as the tree was when the baseline was frozen.
    """

    starts: date
    ends: date
    part: EffectPart
    reach: Sequence[int] | None = None
    category: int | None = None
    initiative: int | None = None
    item: int | None = None
    administration: int | None = None
    department: int | None = None
    supplier: int | None = None
    is_increase: bool | None = None

    def facts(self) -> dict[str, Any]:
        """As the statements read them."""
        return {
            "starts": self.starts,
            "ends": self.ends,
            "reach": None if self.reach is None else list(self.reach),
            "category": self.category,
            "initiative": self.initiative,
            "item": self.item,
            "administration": self.administration,
            "department": self.department,
            "supplier": self.supplier,
            "is_increase": self.is_increase,
            "component": self.part.component,
            "nature": self.part.nature,
        }


@dataclass(frozen=True, slots=True)
class SavedSum:
    """How many lines, what became cheaper and what became dearer, in SEK without VAT; returns of each deducted from it."""

    count: int = 0
    decrease: Decimal = ZERO
    increase: Decimal = ZERO

    def __add__(self, other: "SavedSum") -> "SavedSum":
        return SavedSum(
            self.count + other.count, self.decrease + other.decrease, self.increase + other.increase
        )

    @property
    def net(self) -> Decimal:
        """Decreases less increases."""
        return self.decrease + self.increase


@dataclass(frozen=True, slots=True)
class NamedSum:
    """The sum of an administration, department or supplier: its id and code, and what it was called then."""

    id: int
    code: str
    name: str
    sum: SavedSum


def saved_total(choice: Choice) -> SavedSum:
    """Sum up lines of the register: one query."""
    ((_key, _name, *sums),) = _fetch(_SUMS.format(key="NULL", name="supplier_name"), choice)
    return SavedSum(*sums)


def saved_by_month(choice: Choice) -> dict[int, SavedSum]:
    """The same for each month (1–12) of a year: one query."""
    key = "extract(month FROM first_date)::int"
    rows = _fetch(_SUMS.format(key=key, name="supplier_name") + "GROUP BY 1", choice)
    return {month: SavedSum(*sums) for month, _name, *sums in rows}


def saved_by(by: By, choice: Choice) -> list[NamedSum]:
    """The same for each administration, department or supplier, in no order: one query."""
    summed = _SUMS.format(key=f"{by}_id", name=f"{by}_name")
    sql = _NAMED.format(summed=summed, register=_REGISTERS[by], code=_CODES[by])
    rows = _fetch(sql, choice, by=by)
    return [NamedSum(pk, code, name, SavedSum(*sums)) for pk, code, name, *sums in rows]


def counted_years(reach: Sequence[int] | None) -> set[int]:
    """
    The years that a baseline began to count in, and those that the register has lines of: one query.

    :param reach: ids of the categories that the reader may see lines of; None for the whole region.
    """
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, {"reach": None if reach is None else list(reach)})
        return {year for (year,) in cursor.fetchall()}


def first_saved() -> date | None:
    """The first day that the register has a line of: one query."""
    day: date | None = Saving.objects.aggregate(day=Min("delivered_date"))["day"]
    return day


def _fetch(sql: str, choice: Choice, *, by: By | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN[_smallest_table(choice, by).table] + sql, choice.facts())
        return list(cursor.fetchall())


def _smallest_table(choice: Choice, by: By | None) -> MonthlySums:
    """The fewest rows that tell apart what is asked for."""
    if by is By.DEPARTMENT or choice.department is not None:
        return SAVED_BY_DEPARTMENT
    if by is None and choice.administration is None and choice.supplier is None:
        return SAVED_BY_INITIATIVE
    return SAVED
