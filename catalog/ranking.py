"""
How well items fit what was typed, and in which order they are shown.

Order: the number that was typed, then names before descriptions, agreement before none, what the department buys most,
then how well it fits, then Swedish order; or, as the person chooses, by comparison price, by name or by how often the
department buys it. The statement reads only the items that it is given, by ``few``: what is sorted is what was ranked.
"""

from collections.abc import Sequence

from catalog.matching import FOLD, LEAST_PART, PLAIN, SIMILAR_WORDS, fold, plain
from catalog.states import VISIBLE
from core.ordering import SORTED_FROM, SORTED_TO

SHORT_START = 4

CONSTANTS = {**PLAIN, **FOLD, "sorted_from": SORTED_FROM, "sorted_to": SORTED_TO}

SHOWN = ", ".join(f"'{status}'" for status in VISIBLE)
"""As a list in SQL, so that the partial indexes are known to fit."""

ALL_ALIKE = "matches AS (SELECT id, 100 AS weakest, 0 AS score FROM shown)"
"""Nothing was typed."""

# Who types å means å; who types a may mean å. In a compound the last part says what it is: a bildskärm is a skärm, a
# skärmvägg is a wall; so the end of the name's first word counts for more than its start, unless so little stands
# before it that it may be another word (grafisk is no fish).
BY_WORDS = f"""
alternatives AS (
    SELECT *, word = folded AS is_unmarked FROM unnest(
        %(places)s::bigint[], %(alternatives)s::text[], %(stems)s::text[], %(folded)s::text[], %(folded_stems)s::text[],
        %(costs)s::int[]
    ) AS alternatives (place, word, stem, folded, folded_stem, cost)
),
classed AS (
    SELECT word, class FROM unnest(%(classed_words)s::text[], %(classed_in)s::bigint[]) AS classed (word, class)
),
matches AS (
    SELECT shown.id, min(best) AS weakest, sum(best) AS score
    FROM shown
    CROSS JOIN LATERAL (
        SELECT place, max(points - cost) AS best
        FROM alternatives
        CROSS JOIN LATERAL (SELECT
            CASE WHEN is_unmarked THEN shown.folded_name ELSE shown.name END AS name,
            CASE WHEN is_unmarked THEN shown.folded_category ELSE shown.category_name END AS category_name,
            CASE WHEN is_unmarked THEN folded_stem ELSE stem END AS root
        ) AS letters
        CROSS JOIN LATERAL (SELECT
            strpos(letters.name, word) AS at,
            strpos(letters.name, letters.root) AS root_at,
            length(word) >= 3 AS is_word,
            length(letters.root) >= 3 AS is_root
        ) AS found
        CROSS JOIN LATERAL (SELECT
            left(letters.name, greatest(at - 1, 0)) AS before,
            split_part(substr(letters.name, at + length(word)), ' ', 1) = '' AS is_end,
            length(split_part(substr(letters.name, root_at + length(letters.root)), ' ', 1)) <= 2 AS is_root_end
        ) AS around
        CROSS JOIN LATERAL (SELECT CASE
            WHEN shown.number IN (word, %(typed)s) OR ltrim(shown.gtin, '0') = ltrim(word, '0') THEN 200
            WHEN word ~ '^[0-9]{{4,}}$' AND starts_with(shown.number, word) THEN 100
            WHEN at = 1 AND is_end THEN 62
            WHEN is_word AND at > {SHORT_START} AND is_end AND strpos(before, ' ') = 0 THEN 59
            WHEN strpos(' ' || letters.name || ' ', ' ' || word || ' ') > 0 THEN 58
            WHEN is_word AND at = 1 THEN 56
            WHEN is_word AND at > 0 AND is_end THEN 55
            WHEN is_word AND strpos(' ' || letters.name, ' ' || word) > 0 THEN 54
            WHEN is_word AND at > 0 THEN 50
            WHEN is_root AND root_at > 0 AND is_root_end THEN 48
            WHEN is_root AND strpos(' ' || letters.name, ' ' || root) > 0 THEN 46
            WHEN is_root AND root_at > 0 THEN 45
            WHEN length(word) >= {2 * LEAST_PART} AND EXISTS (
                SELECT FROM generate_series({LEAST_PART}, length(letters.root) - {LEAST_PART}) AS cut
                WHERE strpos(' ' || letters.name || ' ', ' ' || left(letters.root, cut) || ' ') > 0
                    AND strpos(letters.name, substr(letters.root, cut + 1)) > 0
            ) THEN 42
            WHEN shown.search_vector @@ plainto_tsquery('english', word) THEN 40
            WHEN is_root AND strpos(' ' || letters.category_name, ' ' || root) > 0 THEN 20
            WHEN (word, shown.cpv_id) IN (SELECT * FROM classed) OR (word, shown.emdn_id) IN (SELECT * FROM classed) THEN 18
            WHEN shown.search_vector @@ plainto_tsquery('swedish', word) THEN 15
        END AS points) AS fit
        GROUP BY place
    ) AS per_word
    GROUP BY shown.id
    HAVING count(best) = count(*) AND min(best) > 0
)
"""  # noqa: S608, no word that was typed is in here

BY_SPELLING = """
matches AS (
    SELECT shown.id, min(best) AS weakest, sum(best) AS score
    FROM shown
    CROSS JOIN LATERAL (
        SELECT place, max(fit) AS best
        FROM unnest(%(alike_places)s::bigint[], %(alike_words)s::text[], %(fits)s::float[]) AS alike (place, word, fit)
        WHERE strpos(' ' || shown.folded_name || ' ', ' ' || alike.word || ' ') > 0
        GROUP BY place
    ) AS per_word
    GROUP BY shown.id
    HAVING count(*) = %(word_count)s
)
"""

IN_CATEGORY = """
    (%(category)s::bigint[] = '{}' OR item.category_id = ANY(ARRAY(
        SELECT id FROM categories_category WHERE lineage @> %(category)s::bigint[]
    )))
"""
_FILTERS = f"""{IN_CATEGORY}
    AND (NOT %(only_advanced)s OR item.criteria_level = ANY(%(advanced_levels)s))
    AND (NOT %(only_agreement)s OR EXISTS ({{agreed}}))
    AND (%(supplier)s::bigint[] = '{{}}' OR EXISTS (
        SELECT FROM unnest(%(supplier)s::bigint[]) AS seller (id) WHERE EXISTS ({{sold}})
    ))
    AND (NOT %(only_direct)s OR item.status = 'standard' AND EXISTS (
        SELECT FROM policies WHERE policies.category_id = item.category_id AND EXISTS ({{direct}})
    ))
"""  # noqa: S608
_BY_USE = "item.usual_weekly_quantity DESC NULLS LAST, item.id"
_MOST_LOOKED_AT = 20_000
"""How many of the most used items are tried against the filters."""


def matching(conditions: str, *, filtered: bool = False) -> str:
    """Items that the conditions give; PostgreSQL reads no more of them than are ranked."""
    filters = f"AND {_FILTERS}" if filtered else ""
    return f"catalog_item item WHERE item.status IN ({SHOWN}) AND {conditions} {filters}"


_ALL_BY_USE = f"catalog_item item WHERE item.status IN ({SHOWN}) ORDER BY {_BY_USE}"
MOST_USED = f"{_ALL_BY_USE} LIMIT %(most)s"
MOST_USED_FILTERED = f"""
    (SELECT * FROM {_ALL_BY_USE} LIMIT {_MOST_LOOKED_AT}) AS item WHERE {_FILTERS} ORDER BY {_BY_USE} LIMIT %(most)s
"""  # noqa: S608
MOST_USED_WITHIN = f"""
    categories_category category CROSS JOIN LATERAL (
        SELECT * FROM catalog_item item
        WHERE item.status IN ({SHOWN}) AND item.category_id = category.id AND {_FILTERS}
        ORDER BY {_BY_USE} LIMIT %(most)s
    ) AS item
    WHERE category.lineage @> %(category)s::bigint[] ORDER BY {_BY_USE} LIMIT %(most)s
"""  # noqa: S608

_USED_WITHIN = f"""
    categories_category category CROSS JOIN LATERAL (
        SELECT * FROM catalog_item item
        WHERE item.status IN ({SHOWN}) AND item.category_id = category.id
        ORDER BY {_BY_USE} LIMIT {_MOST_LOOKED_AT}
    ) AS item
    WHERE category.lineage @> %(category)s::bigint[] AND {_FILTERS} LIMIT %(most)s
"""  # noqa: S608


def sold_by_supplier(*, within: bool) -> str:
    """Items of a supplier: the most used, and what it sells that is seldom used, each as far as it is looked at."""
    return f"""
    catalog_item item WHERE item.id = ANY(ARRAY(
        SELECT used.id FROM (SELECT item.id FROM {_USED_WITHIN if within else MOST_USED_FILTERED}) AS used
        UNION SELECT sold.id FROM (
            SELECT item.id FROM catalog_item item
            WHERE item.id = ANY(ARRAY(
                SELECT item_id FROM catalog_price
                WHERE supplier_id = ANY(%(supplier)s::bigint[]) AND valid_during @> %(day)s::date
                LIMIT {_MOST_LOOKED_AT}
            )) AND item.status IN ({SHOWN}) AND {_FILTERS}
            ORDER BY {_BY_USE} LIMIT %(most)s
        ) AS sold
    )) ORDER BY {_BY_USE} LIMIT %(most)s
    """  # noqa: S608


BY_USE = (MOST_USED, MOST_USED_FILTERED, MOST_USED_WITHIN)
"""What gives the most used ones by itself, so that they need not be looked for besides."""

NUMBER = f"""
SELECT count(*) FROM (SELECT FROM catalog_item item WHERE item.status IN ({SHOWN}) LIMIT %(most)s) AS counted
"""  # noqa: S608

CATEGORY_COUNTS = f"""
SELECT category.id, (SELECT count(*) FROM (
    SELECT FROM catalog_item item
    WHERE item.status IN ({SHOWN}) AND item.category_id = ANY(ARRAY(
        SELECT below.id FROM categories_category below WHERE below.lineage @> ARRAY[category.id]
    ))
    LIMIT %(most)s
) AS counted)
FROM categories_category category
WHERE category.parent_id IS NULL OR category.parent_id = ANY(%(opened)s::bigint[])
"""  # noqa: S608

PRICE_COLUMNS = (
    "unit_price", "agreement_id", "supplier_id", "order_unit", "minimum_quantity", "units_per_order_unit", "pk",
    "supplier_rank",
)  # fmt: skip
BEST_OF_ONE = """
    SELECT unit_price, agreement_id, supplier_id, units_per_order_unit FROM ({price}) AS holding
        (unit_price, agreement_id, supplier_id, order_unit, minimum_quantity, units_per_order_unit, id, supplier_rank)
    ORDER BY agreement_id IS NULL, supplier_rank, order_unit <> '', minimum_quantity > 1, unit_price / units_per_order_unit, id LIMIT 1
"""
"""The price of one, as ``catalog.pricing`` chooses it, among what holds on each of an item's terms."""

MOST_SUPPLIERS = 12
"""So many suppliers are told of, those with most of what was found."""

STATEMENT = f"""
WITH policies AS (
    SELECT DISTINCT ON (category.id) category.id AS category_id, policy.standing_approval_limit AS below
    FROM categories_category category
    JOIN categories_categorypolicy policy
        ON policy.category_id = ANY (category.lineage) AND policy.valid_during @> %(day)s::date
    ORDER BY category.id, array_position(category.lineage, policy.category_id) DESC
),
found AS MATERIALIZED (
    SELECT item.id FROM {{source}}
),
first AS (SELECT id FROM found LIMIT %(most)s),
used AS MATERIALIZED (
    SELECT item.id FROM catalog_item item
    WHERE item.status IN ({SHOWN}) AND item.usual_weekly_quantity IS NOT NULL AND {{used}}
),
few AS (
    SELECT id FROM first
    UNION (SELECT id FROM used LIMIT %(most)s / 2)
    UNION SELECT item.id FROM catalog_item item
    WHERE item.id = ANY(%(bought_ids)s::bigint[]) AND item.status IN ({SHOWN}) AND {{conditions}}
),
-- One by one by its key, whatever the planner believes about how many there are (OFFSET 0); what they are joined with is read once.
known AS MATERIALIZED (
    SELECT item.* FROM few CROSS JOIN LATERAL (SELECT * FROM catalog_item WHERE id = few.id OFFSET 0) AS item
),
classes AS MATERIALIZED (
    SELECT id, lineage, {plain("name")} AS name, {fold("name")} AS folded FROM categories_category
),
shown AS MATERIALIZED (
    SELECT
        item.id, item.number, item.gtin, item.category_id, category.lineage, item.search_vector, item.cpv_id,
        item.emdn_id,
        {plain("item.name || ' ' || item.size")} AS name,
        substr(item.folded_name, 2, length(item.folded_name) - 2) AS folded_name,
        category.name AS category_name, category.folded AS folded_category,
        CASE WHEN item.family = '' THEN item.number ELSE item.category_id || ' ' || item.family END AS family,
        lower(translate(item.name, %(sorted_from)s, %(sorted_to)s)) COLLATE "C" AS sorted_name,
        item.status = 'blocked' AS is_blocked,
        item.criteria_level = ANY (%(advanced_levels)s) AS is_advanced,
        item.usual_weekly_quantity,
        price.agreement_id IS NOT NULL AS is_on_agreement,
        price.supplier_id,
        price.unit_price / price.units_per_order_unit AS comparison_price,
        coalesce(
            price.agreement_id IS NOT NULL AND item.status = 'standard' AND price.unit_price < policies.below, false
        ) AS is_direct
    FROM known AS item
    JOIN classes category ON category.id = item.category_id
    LEFT JOIN LATERAL ({BEST_OF_ONE}) AS price ON true
    LEFT JOIN policies ON policies.category_id = item.category_id
    -- What is on trial is shown to those who try it; whoever asks for no department sees everything.
    WHERE item.status <> 'trial' OR %(department)s::bigint IS NULL OR EXISTS (
        SELECT FROM catalog_trial trial WHERE trial.item_id = item.id
            AND trial.department_id = %(department)s AND trial.valid_during @> %(day)s::date
    )
),
{{matches}},
hits AS MATERIALIZED (
    SELECT
        shown.*, matches.weakest, matches.score,
        coalesce(bought.times, 0) AS times,
        %(category)s::bigint[] <@ shown.lineage AS is_in_category,
        is_on_agreement OR NOT %(only_agreement)s AS fits_agreement,
        is_direct OR NOT %(only_direct)s AS fits_direct,
        is_advanced OR NOT %(only_advanced)s AS fits_advanced,
        %(supplier)s::bigint[] = '{{}}' OR coalesce(supplier_id = ANY (%(supplier)s), false) AS fits_supplier
    FROM matches
    JOIN shown ON shown.id = matches.id
    LEFT JOIN unnest(%(bought_ids)s::bigint[], %(bought_times)s::bigint[]) AS bought (item_id, times)
        ON bought.item_id = shown.id
),
families AS (
    SELECT
        family,
        (array_agg(id ORDER BY
            weakest >= 100 DESC, {{shown_first}} times DESC, usual_weekly_quantity DESC NULLS LAST, number
        ))[1] AS item_id,
        max(weakest) >= 150 AS is_by_number,
        max(weakest) >= 30 AS is_by_name,
        bool_and(is_blocked) AS is_blocked,
        bool_or(is_on_agreement) AS is_on_agreement,
        max(times) AS times,
        max(usual_weekly_quantity) AS usual,
        max(score) AS score,
        min(comparison_price) AS comparison_price,
        min(sorted_name) AS sorted_name
    FROM hits
    WHERE is_in_category AND fits_agreement AND fits_direct AND fits_advanced AND fits_supplier
    GROUP BY family
),
page AS (
    SELECT item_id, row_number() OVER (ORDER BY is_by_number DESC, {{sorting}}, sorted_name, family) AS place
    FROM families
    ORDER BY place
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT
    (SELECT array_agg(item_id ORDER BY place) FROM page) AS item_ids,
    (SELECT count(*) FROM families) AS total,
    (SELECT json_build_object(
        'everywhere', count(DISTINCT family) FILTER (
            WHERE fits_agreement AND fits_direct AND fits_advanced AND fits_supplier
        ),
        'on_agreement', count(DISTINCT family) FILTER (
            WHERE is_in_category AND is_on_agreement AND fits_direct AND fits_advanced AND fits_supplier
        ),
        'direct', count(DISTINCT family) FILTER (
            WHERE is_in_category AND fits_agreement AND is_direct AND fits_advanced AND fits_supplier
        ),
        'advanced', count(DISTINCT family) FILTER (
            WHERE is_in_category AND fits_agreement AND fits_direct AND is_advanced AND fits_supplier
        )
    ) FROM hits) AS counts,
    (SELECT json_object_agg(category_id, families) FROM (
        SELECT ancestor AS category_id, count(DISTINCT family) AS families
        FROM hits CROSS JOIN unnest(lineage) AS ancestor
        WHERE fits_agreement AND fits_direct AND fits_advanced AND fits_supplier
        GROUP BY ancestor
    ) AS counted) AS by_category,
    (SELECT json_agg(json_build_array(supplier.id, supplier.name, families) ORDER BY families DESC, supplier.name) FROM (
        SELECT supplier_id, count(DISTINCT family) AS families
        FROM hits
        WHERE is_in_category AND fits_agreement AND fits_direct AND fits_advanced AND supplier_id IS NOT NULL
        GROUP BY supplier_id
        ORDER BY families DESC, supplier_id
        LIMIT {MOST_SUPPLIERS}
    ) AS counted JOIN agreements_supplier supplier ON supplier.id = supplier_id) AS by_supplier,
    (SELECT count(*) FROM first) AS looked_at,
    EXISTS (SELECT FROM hits) AS is_found,
    {{otherwise}} AS otherwise
"""  # noqa: S608

BY_RELEVANCE = """
    is_by_name DESC, is_blocked, is_on_agreement DESC, times DESC, score DESC, usual DESC NULLS LAST
"""
BY_PRICE = "is_blocked, comparison_price NULLS LAST"
"""By what a base unit costs today; of a family the cheapest is shown."""
BY_NAME = "is_blocked"
BY_TIMES = "is_blocked, times DESC, usual DESC NULLS LAST"
"""What the department has bought most times, then what the region uses most."""
CHEAPEST_SHOWN = "comparison_price NULLS LAST,"

NOTHING_OTHERWISE = "NULL::json"
SIMILAR_OTHERWISE = f"CASE WHEN NOT EXISTS (SELECT FROM hits) THEN ({SIMILAR_WORDS}) END"
"""The words that are spelled like those typed; looked for only when nothing is found."""


def first_of(statements: Sequence[str]) -> str:
    """Write one statement of one or two: the second is asked only when the first has found nothing. With its place."""
    if len(statements) == 1:
        return f"SELECT *, 0 AS place FROM ({statements[0]}) AS one"  # noqa: S608
    first, second = statements
    return f"""
WITH preferred AS MATERIALIZED ({first})
SELECT *, 0 AS place FROM preferred WHERE is_found
UNION ALL
SELECT *, 1 FROM ({second}) AS other WHERE (SELECT NOT is_found FROM preferred)
"""  # noqa: S608
