"""
What buying outside the agreements cost, by administration and category, from delivered lines (DOMAIN 2.4).

Of each line in SEK that came under no agreement: what was paid, less what the same quantity in base units would have cost at an
agreement's price that day, rounded to öre. The price is the item's own, or else that of what fully replaces it, by its factor; of several
the one that is ordered from the smallest quantity, and then the lowest. Lines dearer and cheaper than the agreement are summed
apart. Lines of what no agreement had a price for are counted, and cost nothing that is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from core.money import ZERO
from reporting.monthly_sums import EVERY, MonthlySums
from reporting.months import LineSelection

LEAKED = MonthlySums(
    table="reporting_leakedmonth",
    by="administration_id, administration_name, category_id, category_name, category_lineage",
    lines="""
    WITH line AS MATERIALIZED (
        SELECT d.administration_id, d.administration_name, d.category_id, d.category_name, d.category_lineage, d.item_id,
               d.delivered_date, d.amount,
               d.quantity * coalesce(d.units_per_order_unit, i.units_per_order_unit) AS base_quantity
        FROM reporting_deliveredline d LEFT JOIN catalog_item i ON i.id = d.item_id
        WHERE d.currency = 'SEK' AND d.agreement_id IS NULL AND d.delivered_date = {day}
          AND (%(department)s::bigint IS NULL OR d.department_id = %(department)s)
    ), bought AS MATERIALIZED (
        SELECT DISTINCT item_id, delivered_date FROM line WHERE item_id IS NOT NULL
    ), replaced AS MATERIALIZED (
        SELECT * FROM bought WHERE item_id IN (SELECT from_item_id FROM catalog_substitution)
    ), priced AS (
        SELECT item_id, delivered_date, item_id AS priced_id, 1::numeric AS factor, 0 AS rank FROM bought
        UNION ALL
        SELECT replaced.item_id, replaced.delivered_date, way.to_item_id, way.base_factor, 1
        FROM replaced CROSS JOIN LATERAL catalog_ways(replaced.item_id, replaced.delivered_date) way
        WHERE way.equivalence = 'full'
    -- By itself, or else each item is held against each agreement of its day before its few prices are looked for.
    ), offered AS MATERIALIZED (
        SELECT priced.item_id, priced.delivered_date, priced.rank, price.id, price.agreement_id, price.order_unit,
               price.minimum_quantity, price.unit_price * priced.factor AS price, price.units_per_order_unit AS units
        FROM priced
        JOIN catalog_price price ON price.item_id = priced.priced_id AND price.valid_during @> priced.delivered_date
        WHERE price.agreement_id IS NOT NULL
    ), contract AS (
        SELECT DISTINCT ON (offered.item_id, offered.delivered_date) offered.item_id, offered.delivered_date, price, units
        FROM offered
        JOIN agreements_agreement agreement ON agreement.id = offered.agreement_id
             AND agreement.valid_during @> offered.delivered_date AND agreement.status = ANY(%(signed)s)
        ORDER BY offered.item_id, offered.delivered_date, rank, order_unit <> '', minimum_quantity, price / units, offered.id
    )
    SELECT line.*, line.amount - round(contract.price * line.base_quantity / contract.units, 2) AS cost
    FROM line LEFT JOIN contract USING (item_id, delivered_date)
    """,
    sums={
        "amount": "sum(amount)",
        "compared_count": "count(cost)",
        "compared_amount": "coalesce(sum(amount) FILTER (WHERE cost IS NOT NULL), 0)",
        "dearer": "coalesce(sum(cost) FILTER (WHERE cost > 0), 0)",
        "cheaper": "coalesce(sum(cost) FILTER (WHERE cost < 0), 0)",
    },
    whole="%(department)s::bigint IS NULL",
)

_COSTS = f"""
WITH {LEAKED.parts()}
SELECT administration_id, administration_name, category_id, category_name, sum(count)::bigint, sum(amount), sum(compared_count)::bigint,
       sum(compared_amount), sum(dearer), sum(cheaper)
FROM parts
WHERE (%(administration)s::bigint IS NULL OR administration_id = %(administration)s)
  AND (%(reach)s::bigint[] IS NULL OR category_id = ANY(%(reach)s::bigint[]))
  AND (%(within)s::bigint[] IS NULL OR category_lineage && %(within)s::bigint[])
  AND (%(also_within)s::bigint[] IS NULL OR category_lineage && %(also_within)s::bigint[])
GROUP BY 1, 2, 3, 4
ORDER BY sum(dearer) + sum(cheaper) DESC, sum(amount) DESC, 2, 4, 1, 3
"""  # noqa: S608, all parts are constants


@dataclass(frozen=True, slots=True)
class LeakageCost:
    """What one administration's purchases in a category outside the agreements were, and cost beyond them."""

    administration: int | None
    administration_name: str
    category: int | None
    category_name: str
    count: int
    amount: Decimal
    compared_count: int
    compared_amount: Decimal
    dearer: Decimal
    cheaper: Decimal

    @property
    def net(self) -> Decimal:
        """Σ(p_paid − p_contract)·q: the leakage in kronor."""
        return self.dearer + self.cheaper

    @property
    def gain(self) -> Decimal:
        """The same with the other sign."""
        return -self.net


def leakage_costs(chosen: LineSelection) -> list[LeakageCost]:
    """What it cost by administration and category as they were then, the dearest first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, EVERY | chosen.facts())
        return [LeakageCost(*row) for row in cursor.fetchall()]


def summed_costs(costs: Iterable[LeakageCost]) -> LeakageCost:
    """All of it."""
    every = list(costs)
    return LeakageCost(
        None,
        "",
        None,
        "",
        sum(each.count for each in every),
        sum((each.amount for each in every), ZERO),
        sum(each.compared_count for each in every),
        sum((each.compared_amount for each in every), ZERO),
        sum((each.dearer for each in every), ZERO),
        sum((each.cheaper for each in every), ZERO),
    )
