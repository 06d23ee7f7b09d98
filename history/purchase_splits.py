"""
What made the spend of imported lines change from year to year, per product group: price, volume, mix, new and gone.

All lines of a source are in it, so the parts add up to the change of what the source says was spent: returns and cancellations are deducted, and
what was given away counts as bought for nothing. A thing is an item (``item_key``) within a product group; lines that tell their
pack are compared per base unit, and those that do not with each other alone. What a base unit is called is not told by lines with a pack, so
volume and mix are of product groups without packs, in one and the same unit. Year by delivery date, each against
the year before; in the currency of the source.
"""

from dataclasses import dataclass
from typing import Any, Self

from django.db import connection

from history.models import PriceComparison
from history.price_volume_mix import Split
from history.split_sums import SUMS, as_json, from_json

SPLITS_SQL = f"""
WITH line AS (
    SELECT category_name, item_key, extract(year FROM delivered_date)::int AS year, quantity, amount, unit,
           coalesce(units_per_order_unit, 0) > 0 AS has_pack,
           CASE WHEN units_per_order_unit > 0 THEN units_per_order_unit ELSE 1 END AS units
    FROM history_purchasehistoryline WHERE source = %(source)s
), bought AS MATERIALIZED (
    SELECT category_name, item_key, has_pack, year, sum(quantity * units) AS quantity, sum(amount) AS amount,
           CASE WHEN NOT has_pack AND min(lower(unit)) = max(lower(unit)) THEN min(lower(unit)) ELSE '' END AS unit
    FROM line GROUP BY 1, 2, 3, 4
), thing AS (
    SELECT coalesce(late.category_name, early.category_name) AS category_name, coalesce(late.year, early.year + 1) AS year,
           coalesce(early.quantity, 0) AS quantity_before, coalesce(early.amount, 0) AS amount_before,
           coalesce(late.quantity, 0) AS quantity_after, coalesce(late.amount, 0) AS amount_after,
           CASE WHEN early.unit = late.unit THEN late.unit ELSE '' END AS unit, true AS is_known
    FROM bought early
    FULL JOIN bought late
    ON late.category_name = early.category_name AND late.item_key = early.item_key AND late.has_pack = early.has_pack
       AND late.year = early.year + 1
)
SELECT category_name, year, {SUMS}
FROM thing
WHERE year > (SELECT min(year) FROM bought) AND year <= (SELECT max(year) FROM bought)
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608, all parts are constants


@dataclass(frozen=True, slots=True)
class PurchaseSplit:
    """What a product group's spend of a year is split into, against the year before."""

    category: str
    year: int
    split: Split

    def as_json(self) -> list[Any]:
        """Write as a row of JSON, with decimals as text."""
        return [self.category, self.year, as_json(self.split)]

    @classmethod
    def of(cls, row: list[Any]) -> Self:
        """Read what ``as_json`` wrote."""
        category, year, sums = row
        return cls(category, year, from_json(sums))


def split_purchases(source: str) -> list[PurchaseSplit]:
    """Split every year of a source but the first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(SPLITS_SQL, {"source": source})
        return [PurchaseSplit(category, year, Split(*sums)) for category, year, *sums in cursor.fetchall()]


def purchase_splits(*, source: str) -> list[PurchaseSplit]:
    """Give the splits of a source: as they were kept when its last line had come in, or else made now."""
    comparison = PriceComparison.objects.current(source).first()
    return [PurchaseSplit.of(row) for row in comparison.splits] if comparison else split_purchases(source)
