"""
What could be one choice instead of several, and what it would be worth: two statements over the last twelve months.

*Items.* Two items are comparable when they have the same category, kind, base unit and size, names that are alike
(trigrams, ``ALIKE``) and the same numbers in them, so that 5 ml is never compared with 10 ml; sizes of one family are not
copies of each other. What can be ordered and has a price today may be chosen. What costs less than a
third is another thing, such as the cover of a thermometer. Each item that was bought stands with the
cheapest of those that it can be compared with, so that no krona is counted twice. Its price is what one costs today, chosen as
the catalogue chooses it (``catalog.pricing``), else what was paid on average, per base unit, and

    worth = Σ base units received in twelve months × (its price − the cheapest price), where it is dearer.

*Needs in free text.* Needs with the same words (Swedish stems, in any order), and those whose words are alike
(``ALIKE_NEEDS``), in one category and unit. What came twice or more is listed, and

    worth = Σ quantity × (price − the lowest price among them).

Only what was bought is looked up among the items, by their index, and of that the ``MOST_BOUGHT`` that cost most, since little
can be saved on what cost little. So the night takes as long however much the region buys and however large its assortment is.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models.expressions import RawSQL

from catalog.models import Price
from catalog.pricing import ONE
from catalog.ranking import BEST_OF_ONE, PRICE_COLUMNS
from catalog.statements import named

ALIKE = 0.5
ALIKE_NEEDS = 0.6
MOST_COMPARABLE = 50
MOST_BOUGHT = 3000
"""Each is held against the assortment by a question to the trigrams, which takes some tens of milliseconds among a million."""
MOST_SPREAD = 3
"""What costs more than so many times as much is another thing, whatever it is called."""

_ORDERABLE = (
    "o.status IN ('trial', 'standard', 'phasing_out')"
    " AND (o.last_order_date IS NULL OR o.last_order_date >= %(day)s)"
)
_NUMBERS = "(SELECT array_agg(found[1] ORDER BY found[1]) FROM regexp_matches({}.folded_name, '([0-9]+)', 'g') AS found)"
_BEST_PRICE = f"""
SELECT best.unit_price / coalesce(best.units_per_order_unit, o.units_per_order_unit) AS base_price
FROM ({BEST_OF_ONE}) AS best
"""  # noqa: S608, constants

ITEMS = f"""
CREATE TEMPORARY TABLE assortment_compared ON COMMIT DROP AS
WITH received AS (
    SELECT item_id, quantity * units_per_order_unit AS base_quantity, amount, department_id
    FROM procurement_receiptline
    WHERE item_id IS NOT NULL AND quantity > 0 AND units_per_order_unit > 0
      AND delivered_date > %(since)s AND delivered_date <= %(day)s
    UNION ALL
    SELECT item_id, quantity * units_per_order_unit, amount, department_id
    FROM history_purchasehistoryline
    WHERE item_id IS NOT NULL AND quantity > 0 AND units_per_order_unit > 0 AND currency = 'SEK'
      AND delivered_date > %(since)s AND delivered_date <= %(day)s
),
bought AS MATERIALIZED (
    SELECT item_id, sum(base_quantity) AS base_quantity, sum(amount) AS amount, count(*) AS times,
           array_agg(DISTINCT department_id) FILTER (WHERE department_id IS NOT NULL) AS departments
    FROM received GROUP BY item_id ORDER BY sum(amount) DESC, item_id LIMIT %(most_bought)s
),
compared AS (
    SELECT bought.item_id, other.id AS other_id, other.base_price, other.is_orderable
    FROM bought
    JOIN catalog_item item ON item.id = bought.item_id
    CROSS JOIN LATERAL (
        SELECT o.id, best.base_price, {_ORDERABLE} AS is_orderable
        FROM (
            SELECT o.id FROM catalog_item o
            WHERE o.folded_name %% item.folded_name
              AND o.category_id = item.category_id AND o.base_unit = item.base_unit AND o.kind = item.kind
              AND o.size = item.size AND (item.family = '' OR o.family <> item.family)
              AND {_ORDERABLE} AND {_NUMBERS.format("o")} IS NOT DISTINCT FROM {_NUMBERS.format("item")}
            ORDER BY similarity(o.folded_name, item.folded_name) DESC, o.id LIMIT {MOST_COMPARABLE}
        ) AS alike
        JOIN catalog_item o ON o.id = alike.id
        CROSS JOIN LATERAL ({_BEST_PRICE}) AS best
        UNION
        SELECT o.id, best.base_price, {_ORDERABLE}
        FROM catalog_item o LEFT JOIN LATERAL ({_BEST_PRICE}) AS best ON true
        WHERE o.id = item.id
    ) AS other
),
priced AS (
    SELECT bought.item_id, coalesce(own.base_price, bought.amount / bought.base_quantity) AS base_price
    FROM bought JOIN compared own ON own.item_id = bought.item_id AND own.other_id = bought.item_id
),
cheapest AS (
    SELECT DISTINCT ON (item_id) item_id, compared.other_id, compared.base_price
    FROM compared JOIN priced USING (item_id)
    WHERE compared.is_orderable AND compared.base_price * {MOST_SPREAD} >= priced.base_price
    ORDER BY item_id, compared.base_price, compared.other_id
)
SELECT bought.item_id, cheapest.other_id AS cheapest_id, round(cheapest.base_price, 4) AS cheapest_price,
       round(priced.base_price, 4) AS base_price,
       bought.base_quantity, round(bought.amount, 2) AS amount, bought.times, bought.departments,
       round(bought.base_quantity * greatest(priced.base_price - cheapest.base_price, 0), 2) AS worth
FROM bought
JOIN priced USING (item_id)
JOIN cheapest USING (item_id)
"""  # noqa: S608, all parts are constants

KEEP_ITEMS = """
INSERT INTO assortment_candidate (key, kind, category_id, title, unit, cheapest_item_id, cheapest_price, dearest_price,
    choices, times, departments, amount, worth, computed_on)
SELECT 'item:' || cheapest_id, 'items', item.category_id,
       item.name || CASE WHEN item.size = '' THEN '' ELSE ', ' || item.size END, item.base_unit, cheapest_id,
       min(cheapest_price), max(base_price), count(*) + (NOT bool_or(compared.item_id = cheapest_id))::int,
       sum(times),
       (SELECT count(DISTINCT d) FROM assortment_compared every, unnest(every.departments) AS d
        WHERE every.cheapest_id = compared.cheapest_id),
       sum(amount), sum(worth), %(day)s
FROM assortment_compared compared
JOIN catalog_item item ON item.id = cheapest_id
GROUP BY cheapest_id, item.id
HAVING sum(worth) > 0 AND bool_or(compared.item_id <> cheapest_id)
ORDER BY cheapest_id
ON CONFLICT (key) DO UPDATE SET category_id = excluded.category_id, title = excluded.title, unit = excluded.unit,
    cheapest_price = excluded.cheapest_price, dearest_price = excluded.dearest_price, choices = excluded.choices,
    times = excluded.times, departments = excluded.departments, amount = excluded.amount, worth = excluded.worth,
    computed_on = excluded.computed_on
"""

KEEP_ITEMS_OF_EACH = """
INSERT INTO assortment_candidateitem (candidate_id, item_id, base_price, base_quantity, amount, worth)
SELECT candidate.id, compared.item_id, compared.base_price, compared.base_quantity, compared.amount, compared.worth
FROM assortment_compared compared
JOIN assortment_candidate candidate
  ON candidate.cheapest_item_id = compared.cheapest_id AND candidate.computed_on = %(day)s
ORDER BY candidate.id, compared.item_id
"""

NEEDS = f"""
WITH needs AS MATERIALIZED (
    SELECT line.id, line.description, line.category_id, line.unit, line.quantity, line.unit_price, line.amount,
           asked.department_id,
           (SELECT coalesce(string_agg(lexeme, ' ' ORDER BY lexeme), '')
            FROM unnest(to_tsvector('swedish', line.description))) AS words
    FROM procurement_requisitionline line
    JOIN procurement_requisition asked ON asked.id = line.requisition_id
    WHERE line.kind = 'free_text' AND line.status NOT IN ('draft', 'withdrawn', 'superseded', 'rejected')
      AND line.submitted_at >= %(since_moment)s AND line.submitted_at <= %(moment)s
),
wordings AS MATERIALIZED (
    SELECT coalesce(category_id, 0) AS category, unit, words, count(*) AS times
    FROM needs WHERE words <> '' GROUP BY 1, 2, 3
),
first_leaders AS MATERIALIZED (
    SELECT own.category, own.unit, own.words,
           (SELECT other.words FROM wordings other
            WHERE other.category = own.category AND other.unit = own.unit
              AND similarity(other.words, own.words) >= {ALIKE_NEEDS}
            ORDER BY other.times DESC, other.words LIMIT 1) AS leader
    FROM wordings own
),
leaders AS (
    SELECT own.category, own.unit, own.words,
           CASE WHEN above.leader = own.leader THEN own.leader ELSE own.words END AS leader
    FROM first_leaders own
    JOIN first_leaders above
      ON above.category = own.category AND above.unit = own.unit AND above.words = own.leader
),
gathered AS (
    SELECT leaders.leader, needs.*,
           min(needs.unit_price) OVER (PARTITION BY leaders.category, leaders.unit, leaders.leader) AS cheapest
    FROM needs
    JOIN leaders ON leaders.category = coalesce(needs.category_id, 0) AND leaders.unit = needs.unit
     AND leaders.words = needs.words
)
INSERT INTO assortment_candidate (key, kind, category_id, title, unit, cheapest_item_id, cheapest_price, dearest_price,
    choices, times, departments, amount, worth, computed_on)
SELECT 'need:' || md5(concat_ws('|', coalesce(category_id, 0), unit, leader)), 'needs', category_id,
       (array_agg(description ORDER BY (words = leader) DESC, id DESC))[1], unit, NULL,
       min(unit_price), max(unit_price), count(DISTINCT words), count(*), count(DISTINCT department_id),
       sum(amount), round(sum(quantity * (unit_price - cheapest)), 2), %(day)s
FROM gathered
GROUP BY category_id, unit, leader
HAVING count(*) > 1
ORDER BY 1
ON CONFLICT (key) DO UPDATE SET title = excluded.title, cheapest_price = excluded.cheapest_price,
    dearest_price = excluded.dearest_price, choices = excluded.choices, times = excluded.times,
    departments = excluded.departments, amount = excluded.amount, worth = excluded.worth,
    computed_on = excluded.computed_on
"""  # noqa: S608, all parts are constants


def items_on(day: date) -> tuple[str, Mapping[str, Any]]:
    """``ITEMS`` with the prices of a day, and the values that go with them."""
    prices = Price.objects.on(day).filter(supplier__blocked_reason="", item=RawSQL("o.id", []))
    text, values = named(prices.with_rank(day).at_quantity(ONE).values_list(*PRICE_COLUMNS), "price")
    return ITEMS.replace("{price}", text), values
