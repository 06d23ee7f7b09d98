"""
How loyal what was bought is to agreements and assortment: the ratios of DOMAIN 2.4, from delivered lines.

- *Avtalstäckning*: what is bought in categories that an agreement is in force for, of all.
- *Leverantörstrohet*: what is bought from suppliers with an agreement in force, of all. Weak, since they may sell other things too.
- *Avtalstrohet*: what is bought under an agreement in force at no more than its price, of what is bought in covered categories.
- *Sortimentstrohet*: what is bought of items in the register, of what is bought in covered categories. Where an item was in its life
  cycle that day is not kept in a way that a sum can be asked by, and its state today would change the past.
- *Pristrohet*: what is bought at no more than the agreed price, of what has an agreed price.

Agreements, prices, organisation and categories are those of each line's own day; a price in another pack is turned into the
line's. Amounts are SEK without VAT, returns deducted. A line under an agreement that has no price for its item is not loyal: there
is nothing that says so. One query, whatever it is split by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import percent_of
from reporting.monthly_sums import EVERY, MonthlySums

# What many lines share is asked once: whether an agreement was in force for a category, or with a supplier, and what it said of a price.
LOYAL = MonthlySums(
    table="reporting_loyalmonth",
    by="administration_id, administration_name, category_lineage",
    lines="""
    WITH line AS MATERIALIZED (
        SELECT delivered_date, administration_id, administration_name, category_lineage, supplier_id, agreement_id, item_id,
               units_per_order_unit AS pack, unit_price, amount, receipt_line_id
        FROM reporting_deliveredline
        WHERE currency = 'SEK' AND delivered_date = {day}
    ), signed AS MATERIALIZED (
        SELECT id, category_id, valid_during FROM agreements_agreement WHERE status = ANY(%(signed)s)
    ), covered AS (
        SELECT category_lineage, delivered_date
        FROM (SELECT DISTINCT category_lineage, delivered_date FROM line) AS each_day
        WHERE EXISTS (SELECT FROM signed s WHERE s.category_id = ANY(category_lineage) AND s.valid_during @> delivered_date)
    ), contracted AS (
        SELECT supplier_id, delivered_date
        FROM (SELECT DISTINCT supplier_id, delivered_date FROM line) AS each_day
        WHERE EXISTS (
            SELECT FROM signed s JOIN agreements_agreementsupplier m ON m.agreement_id = s.id
            WHERE m.supplier_id = each_day.supplier_id AND s.valid_during @> delivered_date
        )
    ), agreed AS (
        SELECT item_id, agreement_id, delivered_date, pack, max(round(
                   p.unit_price * coalesce(each_day.pack, p.units_per_order_unit) / p.units_per_order_unit, 4)) AS price
        FROM (SELECT DISTINCT item_id, agreement_id, delivered_date, pack FROM line) AS each_day
        JOIN signed s ON s.id = each_day.agreement_id AND s.valid_during @> delivered_date
        JOIN catalog_price p USING (item_id, agreement_id)
        WHERE p.valid_during @> delivered_date
        GROUP BY 1, 2, 3, 4
    )
    SELECT line.*, covered.delivered_date IS NOT NULL AS is_covered, contracted.delivered_date IS NOT NULL AS is_contracted,
           s.id IS NOT NULL AS is_under, agreed.price
    FROM line
    LEFT JOIN covered USING (category_lineage, delivered_date)
    LEFT JOIN contracted USING (supplier_id, delivered_date)
    LEFT JOIN signed s ON s.id = line.agreement_id AND s.valid_during @> line.delivered_date
    LEFT JOIN agreed ON agreed.item_id = line.item_id AND agreed.agreement_id = line.agreement_id
        AND agreed.delivered_date = line.delivered_date AND coalesce(agreed.pack, 0) = coalesce(line.pack, 0)
    """,
    sums={
        "amount": "sum(amount)",
        "here": "coalesce(sum(amount) FILTER (WHERE receipt_line_id IS NOT NULL), 0)",
        "contracted": "coalesce(sum(amount) FILTER (WHERE is_contracted), 0)",
        "covered": "coalesce(sum(amount) FILTER (WHERE is_covered), 0)",
        "agreed": "coalesce(sum(amount) FILTER (WHERE is_covered AND unit_price <= price), 0)",
        "in_assortment": "coalesce(sum(amount) FILTER (WHERE is_covered AND item_id IS NOT NULL), 0)",
        "priced": "coalesce(sum(amount) FILTER (WHERE price IS NOT NULL), 0)",
        "at_price": "coalesce(sum(amount) FILTER (WHERE unit_price <= price), 0)",
        "unpriced": "count(*) FILTER (WHERE is_under AND price IS NULL)",
    },
)

LOYALTY_SQL = f"""
WITH {LOYAL.parts()}
SELECT grouping(administration_id, category_lineage[1]) AS level, administration_id, max(administration_name), category_lineage[1],
       sum(count), sum(amount), sum(contracted), sum(covered), sum(agreed), sum(in_assortment), sum(priced), sum(at_price),
       coalesce(sum(count) FILTER (WHERE category_lineage IS NULL), 0), sum(unpriced)
FROM parts
WHERE %(reach)s::bigint[] IS NULL OR category_lineage && %(reach)s::bigint[]
GROUP BY GROUPING SETS ((), (administration_id), (category_lineage[1]))
ORDER BY level DESC, sum(amount) DESC, 2, 4
"""  # noqa: S608, all parts are constants
WHOLE, BY_ADMINISTRATION, BY_CATEGORY = 0b11, 0b01, 0b10
"""What the bits of GROUPING() say that a row is summed over."""


@dataclass(frozen=True, slots=True)
class Loyalty:
    """
    What was bought in one part of the region, and how much of it was loyal in each way.

    ``unpriced`` counts the lines under an agreement that has no price for them, ``uncategorised`` those without a category.
    """

    lines: int = 0
    spend: Decimal = Decimal(0)
    contracted: Decimal = Decimal(0)
    covered: Decimal = Decimal(0)
    agreed: Decimal = Decimal(0)
    in_assortment: Decimal = Decimal(0)
    priced: Decimal = Decimal(0)
    at_price: Decimal = Decimal(0)
    uncategorised: int = 0
    unpriced: int = 0

    @property
    def coverage(self) -> Decimal | None:
        """Avtalstäckning, per cent with one decimal; None when nothing was bought."""
        return _share(self.covered, self.spend)

    @property
    def supplier_loyalty(self) -> Decimal | None:
        """Leverantörstrohet."""
        return _share(self.contracted, self.spend)

    @property
    def agreement_loyalty(self) -> Decimal | None:
        """Avtalstrohet."""
        return _share(self.agreed, self.covered)

    @property
    def assortment_loyalty(self) -> Decimal | None:
        """Sortimentstrohet."""
        return _share(self.in_assortment, self.covered)

    @property
    def price_loyalty(self) -> Decimal | None:
        """Pristrohet."""
        return _share(self.at_price, self.priced)


@dataclass(frozen=True, slots=True)
class Part:
    """An administration by its id and its name then, or a top category by its id; None is what is known of neither."""

    id: int | None
    name: str
    loyalty: Loyalty


@dataclass(frozen=True, slots=True)
class Loyalties:
    """The whole, and the same by administration and by top category, the largest spend first."""

    whole: Loyalty
    administrations: tuple[Part, ...]
    categories: tuple[Part, ...]


def loyalties(*, starts: date, ends: date, reach: Sequence[int] | None = None) -> Loyalties:
    """
    Compute the ratios of what was delivered from one day through another, in one query.

    :param reach: ids of the categories that are looked at, with those below them; None for all.
    """
    facts: dict[str, Any] = {
        "starts": starts,
        "ends": ends,
        "reach": None if reach is None else list(reach),
        **EVERY,
    }
    whole = Loyalty()
    administrations: list[Part] = []
    categories: list[Part] = []
    with connection.cursor() as cursor:
        cursor.execute(LOYALTY_SQL, facts)
        for level, administration, name, category, lines, *sums in cursor.fetchall():
            if not lines:
                continue
            ratios = Loyalty(int(lines), *sums[:7], *map(int, sums[7:]))
            if level == BY_ADMINISTRATION:
                administrations.append(Part(administration, name, ratios))
            elif level == BY_CATEGORY:
                categories.append(Part(category, "", ratios))
            else:
                whole = ratios
    return Loyalties(whole, tuple(administrations), tuple(categories))


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return percent_of(part, whole) if whole > 0 else None
