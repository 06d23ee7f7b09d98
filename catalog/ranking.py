"""
How well items fit what was typed, and in which order they are shown.

Order: the number that was typed, then names before descriptions, agreement before none, what the department buys most,
then how well it fits, then Swedish order; or, as the person chooses, by comparison price, by name or by how often the
department buys it. The statement reads only the items that it is given, by ``few``: what is sorted is what was ranked.
"""

from collections.abc import Sequence

from catalog.matching import BEGINNINGS, FOLD, LEAST_PART, PLAIN, SIMILAR_WORDS, fold, normalized
from catalog.states import VISIBLE
from core.ordering import SORTED_FROM, SORTED_TO

SHORT_START = 4

CONSTANTS = {**PLAIN, **FOLD, "sorted_from": SORTED_FROM, "sorted_to": SORTED_TO}

SHOWN = ", ".join(f"'{status}'" for status in VISIBLE)
"""As a list in SQL, so that the partial indexes are known to fit."""

ALL_ALIKE = "matches AS (SELECT id, 100 AS weakest, 0 AS score FROM known)"
"""Nothing was typed."""

# Who types å means å; who types a may mean å. In a compound the last part says what it is: a bildskärm is a skärm, a
# skärmvägg is a wall; so the end of the name's first word counts for more than its start, unless so little stands
# before it that it may be another word (grafisk is no fish). OFFSET 0: each is worked out once, and used many times.
BY_WORDS = f"""
alternatives AS (
    SELECT *, word = folded AS is_unmarked, length(word) >= 3 AS is_word FROM unnest(
        %(places)s::bigint[], %(alternatives)s::text[], %(stems)s::text[], %(folded)s::text[], %(folded_stems)s::text[],
        %(costs)s::int[]
    ) AS alternatives (place, word, stem, folded, folded_stem, cost)
),
classed AS (
    SELECT word, class FROM unnest(%(classed_words)s::text[], %(classed_in)s::bigint[]) AS classed (word, class)
),
matches AS (
    SELECT known.id, min(best) AS weakest, sum(best) AS score
    FROM known
    JOIN classes category ON category.id = known.category_id
    CROSS JOIN LATERAL (
        SELECT place, max(points - cost) AS best
        FROM alternatives
        CROSS JOIN LATERAL (SELECT
            CASE WHEN is_unmarked THEN substr(known.folded_name, 2, length(known.folded_name) - 2)
                ELSE {normalized("known.name || ' ' || known.size")} END AS name,
            CASE WHEN is_unmarked THEN folded_stem ELSE stem END AS root
            OFFSET 0
        ) AS letters
        CROSS JOIN LATERAL (SELECT
            strpos(letters.name, word) AS at,
            strpos(letters.name, letters.root) AS root_at,
            length(letters.root) >= 3 AS is_root
            OFFSET 0
        ) AS found
        CROSS JOIN LATERAL (SELECT
            left(letters.name, greatest(at - 1, 0)) AS before,
            split_part(substr(letters.name, at + length(word)), ' ', 1) = '' AS is_end,
            length(split_part(substr(letters.name, root_at + length(letters.root)), ' ', 1)) <= 2 AS is_root_end
        ) AS around
        CROSS JOIN LATERAL (SELECT CASE
            WHEN known.number IN (word, %(typed)s) OR ltrim(known.gtin, '0') = ltrim(word, '0') THEN 200
            WHEN word ~ '^[0-9]{{4,}}$' AND starts_with(known.number, word) THEN 100
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
            WHEN known.search_vector @@ plainto_tsquery('english', word) THEN 40
            WHEN is_root AND strpos(' ' || CASE WHEN is_unmarked THEN {fold("category.name")}
                ELSE {normalized("category.name")} END, ' ' || root) > 0 THEN 20
            WHEN (word, known.cpv_id) IN (SELECT * FROM classed) OR (word, known.emdn_id) IN (SELECT * FROM classed) THEN 18
            WHEN known.search_vector @@ plainto_tsquery('swedish', word) THEN 15
        END AS points) AS fit
        GROUP BY place
    ) AS per_word
    GROUP BY known.id
    HAVING count(best) = count(*) AND min(best) > 0
)
"""  # noqa: S608, no word that was typed is in here

BY_SPELLING = """
matches AS (
    SELECT known.id, min(best) AS weakest, sum(best) AS score
    FROM known
    CROSS JOIN LATERAL (
        SELECT place, max(fit) AS best
        FROM unnest(%(alike_places)s::bigint[], %(alike_words)s::text[], %(fits)s::float[]) AS alike (place, word, fit)
        WHERE strpos(known.folded_name, ' ' || alike.word || ' ') > 0
        GROUP BY place
    ) AS per_word
    GROUP BY known.id
    HAVING count(*) = %(word_count)s
)
"""

IN_CATEGORY = """
    (%(category)s::bigint[] = '{}' OR item.category_id = ANY(ARRAY(
        SELECT id FROM categories_category WHERE lineage @> %(category)s::bigint[]
    )))
"""
FILTERS = f"""{IN_CATEGORY}
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


def matching(conditions: str) -> str:
    """Items that the conditions give; PostgreSQL reads no more of them than are ranked, and none where enough are used."""
    others_too = "(SELECT NOT are_used OR %(unranked)s > 0 FROM enough)"
    return f"catalog_item item WHERE {others_too} AND item.status IN ({SHOWN}) AND {conditions}"


_ALL_BY_USE = f"catalog_item item WHERE item.status IN ({SHOWN}) ORDER BY {_BY_USE}"
MOST_USED = f"{_ALL_BY_USE} LIMIT %(reach)s"
MOST_USED_FILTERED = f"""
    (SELECT * FROM {_ALL_BY_USE} LIMIT {_MOST_LOOKED_AT}) AS item WHERE {FILTERS} ORDER BY {_BY_USE} LIMIT %(reach)s
"""  # noqa: S608
MOST_USED_WITHIN = f"""
    categories_category category CROSS JOIN LATERAL (
        SELECT * FROM catalog_item item
        WHERE item.status IN ({SHOWN}) AND item.category_id = category.id AND {FILTERS}
        ORDER BY {_BY_USE} LIMIT %(reach)s
    ) AS item
    WHERE category.lineage @> %(category)s::bigint[] ORDER BY {_BY_USE} LIMIT %(reach)s
"""  # noqa: S608

_USED_WITHIN = f"""
    categories_category category CROSS JOIN LATERAL (
        SELECT * FROM catalog_item item
        WHERE item.status IN ({SHOWN}) AND item.category_id = category.id
        ORDER BY {_BY_USE} LIMIT {_MOST_LOOKED_AT}
    ) AS item
    WHERE category.lineage @> %(category)s::bigint[] AND {FILTERS} LIMIT %(reach)s
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
            )) AND item.status IN ({SHOWN}) AND {FILTERS}
            ORDER BY {_BY_USE} LIMIT %(reach)s
        ) AS sold
    )) ORDER BY {_BY_USE} LIMIT %(reach)s
    """  # noqa: S608


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
    "item_id", "unit_price", "agreement_id", "supplier_id", "order_unit", "minimum_quantity", "units_per_order_unit", "pk",
    "supplier_rank",
)  # fmt: skip
BEST_OF_ONE = """
    SELECT DISTINCT ON (item_id) item_id, unit_price, agreement_id, supplier_id, units_per_order_unit FROM ({price}) AS holding
        (item_id, unit_price, agreement_id, supplier_id, order_unit, minimum_quantity, units_per_order_unit, id, supplier_rank)
    ORDER BY item_id, agreement_id IS NULL, supplier_rank, order_unit <> '', minimum_quantity > 1,
        unit_price / units_per_order_unit, id
"""
"""The price of one of each item, as ``catalog.pricing`` chooses it, among what holds on each of its terms."""

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
-- What the region uses comes before what it does not: where there is more of it than is ranked, nothing else is read.
used AS MATERIALIZED (
    SELECT item.id FROM catalog_item item
    WHERE item.status IN ({SHOWN}) AND item.usual_weekly_quantity IS NOT NULL AND {{used}} LIMIT %(most)s
),
enough AS (SELECT count(*) >= %(most)s AS are_used FROM used),
found AS MATERIALIZED (
    SELECT item.id FROM {{source}}
),
first AS (SELECT id FROM found WHERE NOT (SELECT are_used FROM enough) LIMIT %(most)s),
-- Where everything that fits is among the first, those that are used or that she buys are so too.
whether AS (SELECT greatest(count(*), (SELECT count(*) FROM used)) AS looked_at FROM first),
few AS (
    SELECT id FROM first
    UNION (SELECT id FROM used LIMIT %(most)s / (SELECT CASE WHEN are_used THEN 1 ELSE 2 END FROM enough))
    UNION SELECT item.id FROM catalog_item item
    WHERE (SELECT looked_at >= %(most)s FROM whether) AND item.id = ANY(%(bought_ids)s::bigint[]) AND item.status IN ({SHOWN})
        AND {{conditions}}
),
classes AS MATERIALIZED (
    SELECT id, lineage, name, below, %(category)s::bigint[] <@ lineage AS is_inside
    FROM categories_category LEFT JOIN policies ON category_id = id
),
known AS MATERIALIZED (
    SELECT
        item.id, item.number, item.gtin, item.name, item.size, item.folded_name, item.search_vector, item.category_id,
        item.cpv_id, item.emdn_id,
        CASE WHEN item.family = '' THEN item.number ELSE item.category_id || ' ' || item.family END AS family,
        item.status, item.criteria_level, item.usual_weekly_quantity
    FROM few JOIN catalog_item item USING (id)
    -- What is on trial is shown to those who try it; whoever asks for no department sees everything.
    WHERE item.status <> 'trial' OR %(department)s::bigint IS NULL OR EXISTS (
        SELECT FROM catalog_trial trial WHERE trial.item_id = item.id
            AND trial.department_id = %(department)s AND trial.valid_during @> %(day)s::date
    )
),
prices AS MATERIALIZED ({BEST_OF_ONE}),
{{matches}},
hits AS MATERIALIZED (
    SELECT
        known.id, known.number, known.name, known.family, known.category_id, known.usual_weekly_quantity,
        known.status = 'blocked' AS is_blocked,
        matches.weakest, matches.score, coalesce(bought.times, 0) AS times, supplier_id, comparison_price,
        is_on_agreement, is_direct, is_advanced,
        category.is_inside AS is_in_category,
        is_on_agreement OR NOT %(only_agreement)s AS fits_agreement,
        is_direct OR NOT %(only_direct)s AS fits_direct,
        is_advanced OR NOT %(only_advanced)s AS fits_advanced,
        %(supplier)s::bigint[] = '{{}}' OR coalesce(supplier_id = ANY (%(supplier)s), false) AS fits_supplier
    FROM matches
    JOIN known ON known.id = matches.id
    JOIN classes category ON category.id = known.category_id
    LEFT JOIN prices price ON price.item_id = known.id
    LEFT JOIN unnest(%(bought_ids)s::bigint[], %(bought_times)s::bigint[]) AS bought (item_id, times)
        ON bought.item_id = known.id
    CROSS JOIN LATERAL (SELECT
        price.agreement_id IS NOT NULL AS is_on_agreement,
        coalesce(price.agreement_id IS NOT NULL AND known.status = 'standard' AND price.unit_price < below, false) AS is_direct,
        known.criteria_level = ANY (%(advanced_levels)s) AS is_advanced,
        price.unit_price / price.units_per_order_unit AS comparison_price
    ) AS facts
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
        min(name) AS name
    FROM hits
    WHERE is_in_category AND fits_agreement AND fits_direct AND fits_advanced AND fits_supplier
    GROUP BY family
),
ranked AS (
    SELECT item_id, family, name, rank() OVER alike AS rank,
        count(*) OVER (alike RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS many
    FROM families
    WINDOW alike AS (ORDER BY is_by_number DESC, {{sorting}})
),
-- What makes names sort as Swedish ones takes time: it is done to those that may stand on the page.
page AS (
    SELECT item_id, place
    FROM (
        SELECT item_id, rank - 1 + row_number() OVER (
            PARTITION BY rank ORDER BY lower(translate(name, %(sorted_from)s, %(sorted_to)s)) COLLATE "C", family
        ) AS place
        FROM ranked
        WHERE rank <= %(offset)s + %(limit)s AND rank + many > %(offset)s + 1
    ) AS placed
    WHERE place > %(offset)s AND place <= %(offset)s + %(limit)s
)
SELECT
    (SELECT array_agg(item_id ORDER BY place) FROM page) AS item_ids,
    -- Beyond what is ranked, each size by itself, as the index gives them; what somebody tries is found by its words.
    (SELECT array_agg(id) FROM (
        SELECT id FROM found
        WHERE id NOT IN (SELECT id FROM few) AND (SELECT status FROM catalog_item WHERE id = found.id) <> 'trial'
        OFFSET %(skipped)s LIMIT %(unranked)s
    ) AS rest) AS unranked,
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
        SELECT ancestor AS category_id, sum(families) AS families
        FROM (
            SELECT category_id, count(DISTINCT family) AS families FROM hits
            WHERE fits_agreement AND fits_direct AND fits_advanced AND fits_supplier
            GROUP BY category_id
        ) AS counted
        JOIN classes ON classes.id = category_id CROSS JOIN unnest(lineage) AS ancestor
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
    (SELECT looked_at FROM whether),
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
SIMILAR_OTHERWISE = f"""
    CASE WHEN NOT EXISTS (SELECT FROM hits) THEN json_build_object('alike', ({SIMILAR_WORDS}), 'beginnings', ({BEGINNINGS})) END
"""
"""Words that are spelled like those typed, and words that they begin with; looked for only when nothing is found."""


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
