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

from agreements.states import SIGNED
from core.money import percent_of

# Lines are put together where they share what is asked: many departments buy the same on the same day.
LOYALTY_SQL = """
WITH bought AS (
    SELECT delivered_date AS day, administration_id, category_lineage AS lineage, supplier_id, agreement_id, item_id,
           units_per_order_unit AS pack, unit_price, max(administration_name) AS administration,
           sum(amount) AS amount, count(*) AS lines
    FROM reporting_deliveredline
    WHERE currency = 'SEK' AND delivered_date BETWEEN %(starts)s AND %(ends)s
      AND (%(reach)s::bigint[] IS NULL OR category_lineage && %(reach)s::bigint[])
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), signed AS (
    SELECT id, category_id, valid_during FROM agreements_agreement WHERE status = ANY(%(signed)s)
), covered AS (
    SELECT lineage, day, EXISTS (
        SELECT FROM signed s WHERE s.category_id = ANY(lineage) AND s.valid_during @> day
    ) AS is_covered
    FROM (SELECT DISTINCT lineage, day FROM bought) AS each_day
), contracted AS (
    SELECT supplier_id, day, EXISTS (
        SELECT FROM signed s JOIN agreements_agreementsupplier m ON m.agreement_id = s.id
        WHERE m.supplier_id = each_day.supplier_id AND s.valid_during @> day
    ) AS is_contracted
    FROM (SELECT DISTINCT supplier_id, day FROM bought) AS each_day
), looked_at AS (
    SELECT b.*, covered.is_covered, contracted.is_contracted, s.id IS NOT NULL AS is_under, agreed.price
    FROM bought b
    JOIN covered ON covered.day = b.day AND covered.lineage IS NOT DISTINCT FROM b.lineage
    JOIN contracted ON contracted.day = b.day AND contracted.supplier_id IS NOT DISTINCT FROM b.supplier_id
    LEFT JOIN signed s ON s.id = b.agreement_id AND s.valid_during @> b.day
    LEFT JOIN LATERAL (
        SELECT max(round(p.unit_price * coalesce(b.pack, p.units_per_order_unit) / p.units_per_order_unit, 4)) AS price
        FROM catalog_price p
        WHERE p.item_id = b.item_id AND p.agreement_id = s.id AND p.valid_during @> b.day
    ) agreed ON true
)
SELECT grouping(administration_id, lineage[1]) AS level, administration_id, max(administration), lineage[1],
       sum(lines), sum(amount),
       coalesce(sum(amount) FILTER (WHERE is_contracted), 0),
       coalesce(sum(amount) FILTER (WHERE is_covered), 0),
       coalesce(sum(amount) FILTER (WHERE is_covered AND unit_price <= price), 0),
       coalesce(sum(amount) FILTER (WHERE is_covered AND item_id IS NOT NULL), 0),
       coalesce(sum(amount) FILTER (WHERE price IS NOT NULL), 0),
       coalesce(sum(amount) FILTER (WHERE unit_price <= price), 0),
       count(DISTINCT item_id),
       coalesce(sum(lines) FILTER (WHERE lineage IS NULL), 0),
       coalesce(sum(lines) FILTER (WHERE is_under AND price IS NULL), 0)
FROM looked_at
GROUP BY GROUPING SETS ((), (administration_id), (lineage[1]))
ORDER BY level DESC, sum(amount) DESC, 2, 4
"""
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
    items: int = 0
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
        "signed": [status.value for status in SIGNED],
    }
    whole = Loyalty()
    administrations: list[Part] = []
    categories: list[Part] = []
    with connection.cursor() as cursor:
        cursor.execute(LOYALTY_SQL, facts)
        for level, administration, name, category, lines, *sums in cursor.fetchall():
            if not lines:
                continue
            found = Loyalty(int(lines), *sums[:7], *map(int, sums[7:]))
            if level == BY_ADMINISTRATION:
                administrations.append(Part(administration, name, found))
            elif level == BY_CATEGORY:
                categories.append(Part(category, "", found))
            else:
                whole = found
    return Loyalties(whole, tuple(administrations), tuple(categories))


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return percent_of(part, whole) if whole > 0 else None
