"""
What made spend change between two periods, by category and by item, from delivered lines in kronor (DOMAIN 2.5).

All that was delivered in either period is in it, returns deducted, in the category that the line kept of its own day; so the parts add up to
the change in spend. Quantities are in base units. What replaced an item is one thing with it, told in the old one's base units by
the factor of the substitution, unless both were bought in both periods: then they live side by side. A line that came in another
item's place is told by the factor that was said on the day of the decision; other ways are those of the later period's last
day, and what only replaces in a crisis is another thing. Lines that tell no item are apart. The formulas are those of ``history.price_volume_mix``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from catalog.models import Item
from categories.models import Category
from history.index_changes import Period
from history.price_volume_mix import ComparedItem, Purchase, Split, split
from history.split_sums import ROW, SUMS, thing_of
from reporting.monthly_sums import MonthlySums

NO_CATEGORY = 0
"""What stands for the category of lines that have none."""

BOUGHT = MonthlySums(
    table="reporting_boughtmonth",
    by="category_id, category_lineage, item_id, stands_for_id, stands_for_factor",
    lines="""
    SELECT d.*, d.quantity * coalesce(d.units_per_order_unit, i.units_per_order_unit, 1) AS base_quantity
    FROM reporting_deliveredline d LEFT JOIN catalog_item i ON i.id = d.item_id
    WHERE d.currency = 'SEK' AND d.delivered_date = {day}
    """,
    sums={"quantity": "sum(base_quantity)", "amount": "sum(amount)"},
)

_THINGS = f"""
WITH {BOUGHT.parts("before_")}, {BOUGHT.parts("after_")}, part AS (
    SELECT *, quantity AS quantity_before, amount AS amount_before, 0 AS quantity_after, 0 AS amount_after FROM before_parts
    UNION ALL
    SELECT *, 0, 0, quantity, amount FROM after_parts
), lot AS MATERIALIZED (
    SELECT coalesce(category_id, 0) AS category_id, item_id, stands_for_id, stands_for_factor,
           sum(quantity_before) AS quantity_before, sum(amount_before) AS amount_before,
           sum(quantity_after) AS quantity_after, sum(amount_after) AS amount_after
    FROM part
    WHERE (%(reach)s::bigint[] IS NULL OR category_id = ANY(%(reach)s::bigint[]))
      AND (%(within)s::bigint IS NULL OR category_lineage && ARRAY[%(within)s::bigint])
      AND (%(category)s::bigint IS NULL OR coalesce(category_id, 0) = %(category)s::bigint)
    GROUP BY 1, 2, 3, 4
), bought AS MATERIALIZED (
    SELECT category_id, item_id, sum(quantity_before) > 0 AND sum(quantity_after) > 0 AS is_in_both
    FROM lot WHERE item_id IS NOT NULL GROUP BY 1, 2
), replaced AS MATERIALIZED (
    SELECT category_id, item_id FROM bought
    WHERE item_id IN (SELECT from_item_id FROM catalog_substitution WHERE valid_during @> %(after_ends)s::date)
), known_way AS (
    SELECT category_id, stands_for_id AS old_item_id, item_id, max(stands_for_factor) AS factor, 0 AS rank, 0 AS steps
    FROM lot WHERE stands_for_id IS NOT NULL GROUP BY 1, 2, 3
    UNION ALL
    SELECT old.category_id, old.item_id, way.to_item_id, way.base_factor, CASE WHEN way.equivalence = 'full' THEN 1 ELSE 2 END, way.steps
    FROM replaced old CROSS JOIN LATERAL catalog_ways(old.item_id, %(after_ends)s::date) way
    WHERE way.equivalence <> 'crisis_only'
), way AS MATERIALIZED (
    SELECT known_way.*
    FROM known_way
    JOIN bought old ON old.category_id = known_way.category_id AND old.item_id = known_way.old_item_id
    JOIN bought new ON new.category_id = known_way.category_id AND new.item_id = known_way.item_id
    WHERE NOT (old.is_in_both AND new.is_in_both)
), root AS (
    SELECT DISTINCT ON (category_id, item_id) category_id, item_id, old_item_id, factor
    FROM way
    WHERE NOT EXISTS (SELECT FROM way above
                      WHERE above.category_id = way.category_id AND above.item_id = way.old_item_id)
    ORDER BY category_id, item_id, rank, steps, old_item_id
), told AS (
    SELECT lot.*, root.old_item_id,
           CASE WHEN lot.stands_for_id = root.old_item_id THEN lot.stands_for_factor ELSE root.factor END AS factor
    FROM lot LEFT JOIN root ON root.category_id = lot.category_id AND root.item_id = lot.item_id
), counted AS (
    SELECT category_id, coalesce(old_item_id, item_id) AS item_id, array_agg(DISTINCT item_id) AS members,
           sum(CASE WHEN old_item_id IS NULL THEN quantity_before ELSE round(quantity_before / factor, 3) END)
               AS quantity_before,
           sum(amount_before) AS amount_before,
           sum(CASE WHEN old_item_id IS NULL THEN quantity_after ELSE round(quantity_after / factor, 3) END)
               AS quantity_after,
           sum(amount_after) AS amount_after
    FROM told GROUP BY 1, 2
), thing AS (
    SELECT counted.*, coalesce(i.base_unit, '') AS unit, counted.item_id IS NOT NULL AS is_known
    FROM counted LEFT JOIN catalog_item i ON i.id = counted.item_id
)
"""  # noqa: S608, all parts are constants

_BY_CATEGORY = f"{_THINGS} SELECT category_id, {SUMS} FROM thing GROUP BY 1"  # noqa: S608, all parts are constants

_THINGS_OF = f"{_THINGS} SELECT category_id, item_id, members, {ROW} FROM thing"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Compared:
    """
    Which lines: of two periods, and what they have in common.

    :param reach: ids of the categories that the reader may see; None for the whole region.
    :param within: id of a category that the lines are in or below, as the tree was on their own day; None for all.
    :param category: id of the lines' own category, or ``NO_CATEGORY``; None for all.
    """

    before: Period
    after: Period
    reach: Sequence[int] | None = None
    within: int | None = None
    category: int | None = None

    def facts(self) -> dict[str, Any]:
        """As the statements read them."""
        return {
            "before_starts": self.before.starts,
            "before_ends": self.before.ends,
            "after_starts": self.after.starts,
            "after_ends": self.after.ends,
            "reach": None if self.reach is None else list(self.reach),
            "within": self.within,
            "category": self.category,
        }


@dataclass(frozen=True, slots=True)
class CategorySplit:
    """What a category's spend is split into; None stands for lines without a category."""

    category: Category | None
    split: Split


@dataclass(frozen=True, slots=True)
class ItemChange:
    """
    What was bought of an item in two periods, in its own base units; None stands for lines that tell no item.

    ``replacements`` are what was bought in its place, told in its base units.
    """

    category: Category | None
    item: Item | None
    replacements: tuple[Item, ...]
    thing: ComparedItem

    @property
    def change(self) -> Decimal:
        """How its spend changed."""
        return self.thing.after.amount - self.thing.before.amount

    @property
    def split(self) -> Split:
        """What its spend is split into by itself."""
        return split([self.thing])

    @property
    def price_before(self) -> Decimal | None:
        """What a base unit cost before; None when none was kept."""
        return _price(self.thing.before) if self.item else None

    @property
    def price_after(self) -> Decimal | None:
        """What a base unit cost after; None when none was kept."""
        return _price(self.thing.after) if self.item else None

    @property
    def is_new(self) -> bool:
        """Whether it has a price in the later period only."""
        return self.item is not None and self.price_before is None and self.price_after is not None

    @property
    def is_gone(self) -> bool:
        """Whether it has a price in the earlier period only."""
        return self.item is not None and self.price_after is None and self.price_before is not None


def _price(purchase: Purchase) -> Decimal | None:
    return purchase.amount / purchase.quantity if purchase.quantity > 0 else None


def by_category(compared: Compared) -> list[CategorySplit]:
    """Split the change in spend of each category, the largest change first: two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_CATEGORY, compared.facts())
        rows = cursor.fetchall()
    categories = Category.objects.in_bulk([pk for pk, *_sums in rows if pk])
    splits = [CategorySplit(categories.get(pk), Split(*sums)) for pk, *sums in rows]
    return sorted(
        splits, key=lambda each: (-abs(each.split.change), each.category.tree_code if each.category else "")
    )


_ITEMS = f"WITH {BOUGHT.parts()} SELECT count(DISTINCT item_id) FROM parts"  # noqa: S608, all parts are constants


def items_bought(*, starts: date, ends: date) -> int:
    """Count the items that anything was bought of from one day through another: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"starts": starts, "ends": ends})
        ((count,),) = cursor.fetchall()
    return int(count)


def by_item(compared: Compared) -> list[ItemChange]:
    """What each item of the categories did, the largest change of a category first: three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_THINGS_OF, compared.facts())
        rows = cursor.fetchall()
    categories = Category.objects.in_bulk([pk for pk, *_rest in rows if pk])
    items = Item.objects.in_bulk(
        {pk for _category, root, members, *_rest in rows if root for pk in (root, *members)}
    )
    changes = [
        ItemChange(
            categories.get(category),
            items.get(root),
            tuple(items[pk] for pk in members if pk and pk != root),
            thing_of(tuple(numbers)),
        )
        for category, root, members, *numbers in rows
    ]
    return sorted(
        changes,
        key=lambda each: (
            each.category.tree_code if each.category else "",
            -abs(each.change),
            each.item.number if each.item else "",
        ),
    )
