"""
Search the assortment: Swedish words and parts of compounds, misspellings, synonyms, item number, GTIN.

One SQL statement finds, ranks, groups sizes, pages and counts. Every word that was typed has to match somehow; a word
matches by itself or by a synonym. Only when nothing matches are spellings compared, so that a right word never drags
similar ones along. Ranking: the number that was typed, then names before descriptions, agreement before none, what
the department buys most, then how well it fits, then Swedish order.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from catalog.models import CriteriaLevel, Price
from catalog.states import VISIBLE, ItemStatus
from categories.models import Category
from core.ordering import FOLDED_FROM, FOLDED_TO, SORTED_FROM, SORTED_TO

LONGEST_QUERY = 120
MOST_WORDS = 8
ROWS_PER_PAGE = 20
SIMILAR_ENOUGH = 0.42

_SHORT_START = 4
_LEAST_PART = 3
_SEPARATORS = ",;:.()/-–\"'+&"
_NOISE = frozenset(
    [
        "och",
        "eller",
        "i",
        "för",
        "med",
        "till",
        "av",
        "på",
        "en",
        "ett",
        "den",
        "det",
        "storlek",
        "stl",
        "strl",
        "st",
        "art",
        "artnr",
        "nr",
    ]
)
_PUNCTUATION = "×" + _SEPARATORS
_SPACES = "x" + " " * len(_SEPARATORS)
_PLAIN_FROM = "ÅÄÖÉ" + _PUNCTUATION
_PLAIN_TO = "åäöé" + _SPACES


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the words, and which filters are on."""

    text: str = ""
    category: Category | None = None
    on_agreement: bool = False
    direct: bool = False
    advanced: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, a row per family of sizes, and how many each filter would leave."""

    item_ids: list[int] = field(default_factory=list)
    total: int = 0
    everywhere: int = 0
    by_category: dict[int, int] = field(default_factory=dict)
    on_agreement: int = 0
    direct: int = 0
    advanced: int = 0
    is_similar: bool = False
    """Nothing matched as typed; these are spelled alike."""


def words_of(text: str) -> list[str]:
    """The words to look for: lower case, noise left out unless there is nothing else, "10x10" read as "10 x 10"."""
    cut = re.sub(r"(?<=\d)\s*[x×]\s*(?=\d)", " x ", text[:LONGEST_QUERY].lower().replace("\x00", ""))
    words = [word for word in re.split(rf"[\s{re.escape(_SEPARATORS)}]+", cut) if word]
    return ([word for word in words if word not in _NOISE] or words)[:MOST_WORDS]


def search_items(
    wanted: Wanted,
    *,
    day: date,
    bought: Mapping[int, int] | None = None,
    page: int = 1,
    per_page: int = ROWS_PER_PAGE,
) -> Found:
    """
    Find items that the catalogue shows that day.

    :param bought: how many times the department has bought each item, by item id.
    """
    words = words_of(wanted.text)
    price_sql, price_params = _prices(day)
    bought = bought or {}
    params: dict[str, Any] = price_params | {
        "words": words,
        "whole": " ".join(words),
        "typed": wanted.text.strip().lower()[:LONGEST_QUERY].replace("\x00", ""),
        "plain_from": _PLAIN_FROM,
        "plain_to": _PLAIN_TO,
        "from": FOLDED_FROM + _PUNCTUATION,
        "to": FOLDED_TO + _SPACES,
        "sorted_from": SORTED_FROM,
        "sorted_to": SORTED_TO,
        "similar": SIMILAR_ENOUGH,
        "day": day,
        "visible": list(VISIBLE),
        "standard": ItemStatus.STANDARD,
        "blocked": ItemStatus.BLOCKED,
        "advanced_levels": [CriteriaLevel.ADVANCED, CriteriaLevel.LEADING],
        "bought_ids": list(bought),
        "bought_times": list(bought.values()),
        "category": [wanted.category.pk] if wanted.category else [],
        "only_agreement": wanted.on_agreement,
        "only_direct": wanted.direct,
        "only_advanced": wanted.advanced,
        "limit": per_page,
        "offset": (max(page, 1) - 1) * per_page,
    }
    matches = _MATCHES if words else _EVERYTHING
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.replace("{prices}", price_sql).replace("{matches}", matches), params)
        (row,) = cursor.fetchall()
    rows, total, counts, by_category, is_similar = row
    return Found(
        item_ids=rows or [],
        total=total,
        by_category={int(key): count for key, count in (_read(by_category) or {}).items()},
        is_similar=bool(is_similar),
        **_read(counts),
    )


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _prices(day: date) -> tuple[str, dict[str, Any]]:
    """The rule for the best price, from the queryset that owns it, with named placeholders."""
    best = Price.objects.on(day).filter(supplier__blocked_reason="").best_first().distinct("item_id")
    sql, values = best.values_list("item_id", "unit_price", "agreement_id").query.sql_with_params()
    names = [f"price_{number}" for number in range(len(values))]
    return sql % tuple(f"%({name})s" for name in names), dict(zip(names, values, strict=True))


def _plain(expression: str) -> str:
    """Lower case with its marks, punctuation as spaces."""
    return f"translate(lower({expression}), %(plain_from)s, %(plain_to)s)"


def _fold(expression: str) -> str:
    """The same without marks."""
    return f"translate(lower({expression}), %(from)s, %(to)s)"


def _stem(expression: str) -> str:
    """Without its Swedish ending."""
    return f"coalesce((ts_lexize('swedish_stem', {expression}))[1], {expression})"


_EVERYTHING = "matches AS (SELECT id, 100 AS weakest, 0 AS score, false AS is_similar FROM shown)"

# Who types å means å; who types a may mean å. The stemmer leaves katetrar, nycklar and skor as they are: kateter,
# nyckel and sko are looked for too. In a compound the last part says what it is: a bildskärm is a skärm, a skärmvägg is
# a wall; so the end of the name's first word counts for more than its start, unless so little stands before it that it
# may be another word (grafisk is no fish). A compound that is written nowhere may be two words of a name (nitrilhandske).
_MATCHES = rf"""
typed AS (
    SELECT place, word FROM unnest(%(words)s::text[]) WITH ORDINALITY AS words (word, place)
),
alternatives AS (
    SELECT place, word, {_stem("word")} AS stem, {_fold("word")} AS folded, {_fold(_stem("word"))} AS folded_stem,
        word = {_fold("word")} AS is_unmarked, cost
    FROM (
        SELECT place, word, 0 AS cost FROM typed
        UNION
        SELECT place, singular, 3 FROM typed
        CROSS JOIN LATERAL (VALUES
            (regexp_replace(word, '([^aeiouyåäö])([lnr])[ae]r$', '\1e\2')), (regexp_replace(word, 'or$', 'o'))
        ) AS singulars (singular)
        WHERE singular <> word AND length(singular) >= 3
        UNION
        SELECT typed.place, {_plain("synonym.means")}, 5
        FROM typed
        JOIN catalog_synonym synonym
            ON {_fold("synonym.term")} IN ({_fold("typed.word")}, {_fold("%(whole)s")})
            OR {_stem("lower(synonym.term)")} = {_stem("typed.word")}
    ) AS said
),
exact AS (
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
            WHEN shown.number IN (word, %(typed)s) OR shown.gtin = word THEN 200
            WHEN word ~ '^[0-9]{{4,}}$' AND starts_with(shown.number, word) THEN 100
            WHEN at = 1 AND is_end THEN 62
            WHEN is_word AND at > {_SHORT_START} AND is_end AND strpos(before, ' ') = 0 THEN 59
            WHEN strpos(' ' || letters.name || ' ', ' ' || word || ' ') > 0 THEN 58
            WHEN is_word AND at = 1 THEN 56
            WHEN is_word AND at > 0 AND is_end THEN 55
            WHEN is_word AND strpos(' ' || letters.name, ' ' || word) > 0 THEN 54
            WHEN is_word AND at > 0 THEN 50
            WHEN is_root AND root_at > 0 AND is_root_end THEN 48
            WHEN is_root AND strpos(' ' || letters.name, ' ' || root) > 0 THEN 46
            WHEN is_root AND root_at > 0 THEN 45
            WHEN length(word) >= {2 * _LEAST_PART} AND EXISTS (
                SELECT FROM generate_series({_LEAST_PART}, length(letters.root) - {_LEAST_PART}) AS cut
                WHERE strpos(' ' || letters.name || ' ', ' ' || left(letters.root, cut) || ' ') > 0
                    AND strpos(letters.name, substr(letters.root, cut + 1)) > 0
            ) THEN 42
            WHEN shown.search_vector @@ plainto_tsquery('english', word) THEN 40
            WHEN is_root AND strpos(' ' || letters.category_name, ' ' || root) > 0 THEN 20
            WHEN shown.search_vector @@ plainto_tsquery('swedish', word) THEN 15
        END AS points) AS fit
        GROUP BY place
    ) AS per_word
    GROUP BY shown.id
    HAVING count(best) = count(*) AND min(best) > 0
),
similar_ones AS (
    SELECT shown.id, min(best) AS weakest, sum(best) AS score
    FROM shown
    CROSS JOIN LATERAL (
        SELECT place, max(greatest(
            word_similarity(folded, shown.folded_name) - 0.1,
            similarity(folded, part),
            similarity(folded, left(part, length(folded))),
            similarity(folded, left(part, length(folded) + 1)),
            similarity(folded, right(part, length(folded))),
            similarity(folded, right(part, length(folded) + 1))
        ) * 100 - cost) AS best
        FROM alternatives
        CROSS JOIN regexp_split_to_table(shown.folded_name, ' +') AS part
        WHERE word_similarity(folded, shown.folded_name) >= 0.3
        GROUP BY place
    ) AS per_word
    WHERE NOT EXISTS (SELECT 1 FROM exact)
    GROUP BY shown.id
    HAVING min(best) >= %(similar)s * 100 AND count(*) = cardinality(%(words)s::text[])
),
matches AS (
    SELECT id, weakest, score, false AS is_similar FROM exact
    UNION ALL
    SELECT id, weakest, score, true FROM similar_ones
)
"""  # noqa: S608, no word that was typed is in here

_STATEMENT = f"""
WITH prices (item_id, unit_price, agreement_id) AS ({{prices}}),
policies AS (
    SELECT DISTINCT ON (category.id) category.id AS category_id, policy.standing_approval_limit AS below
    FROM categories_category category
    JOIN categories_categorypolicy policy
        ON policy.category_id = ANY (category.lineage) AND policy.valid_during @> %(day)s::date
    ORDER BY category.id, array_position(category.lineage, policy.category_id) DESC
),
shown AS (
    SELECT
        item.id, item.number, item.gtin, item.category_id, category.lineage, item.search_vector,
        {_plain("item.name || ' ' || item.size")} AS name,
        {_fold("item.name || ' ' || item.size")} AS folded_name,
        {_plain("category.name")} AS category_name,
        {_fold("category.name")} AS folded_category,
        CASE WHEN item.family = '' THEN item.number ELSE item.category_id || ' ' || item.family END AS family,
        lower(translate(item.name, %(sorted_from)s, %(sorted_to)s)) COLLATE "C" AS sorted_name,
        item.status = %(blocked)s AS is_blocked,
        item.criteria_level = ANY (%(advanced_levels)s) AS is_advanced,
        item.usual_weekly_quantity,
        prices.agreement_id IS NOT NULL AS is_on_agreement,
        coalesce(
            prices.agreement_id IS NOT NULL AND item.status = %(standard)s AND prices.unit_price < policies.below, false
        ) AS is_direct
    FROM catalog_item item
    JOIN categories_category category ON category.id = item.category_id
    LEFT JOIN prices ON prices.item_id = item.id
    LEFT JOIN policies ON policies.category_id = item.category_id
    WHERE item.status = ANY (%(visible)s)
),
{{matches}},
hits AS MATERIALIZED (
    SELECT
        shown.*, matches.weakest, matches.score, matches.is_similar,
        coalesce(bought.times, 0) AS times,
        %(category)s::bigint[] <@ shown.lineage AS is_in_category,
        is_on_agreement OR NOT %(only_agreement)s AS fits_agreement,
        is_direct OR NOT %(only_direct)s AS fits_direct,
        is_advanced OR NOT %(only_advanced)s AS fits_advanced
    FROM matches
    JOIN shown ON shown.id = matches.id
    LEFT JOIN unnest(%(bought_ids)s::bigint[], %(bought_times)s::bigint[]) AS bought (item_id, times)
        ON bought.item_id = shown.id
),
families AS (
    SELECT
        family,
        (array_agg(id ORDER BY
            weakest >= 100 DESC, times DESC, usual_weekly_quantity DESC NULLS LAST, number
        ))[1] AS item_id,
        max(weakest) >= 150 AS is_by_number,
        max(weakest) >= 30 AS is_by_name,
        bool_and(is_blocked) AS is_blocked,
        bool_or(is_on_agreement) AS is_on_agreement,
        max(times) AS times,
        max(usual_weekly_quantity) AS usual,
        max(score) AS score,
        min(sorted_name) AS sorted_name
    FROM hits
    WHERE is_in_category AND fits_agreement AND fits_direct AND fits_advanced
    GROUP BY family
),
page AS (
    SELECT item_id, row_number() OVER (ORDER BY
        is_by_number DESC, is_by_name DESC, is_blocked, is_on_agreement DESC, times DESC, score DESC, usual DESC NULLS LAST,
        sorted_name, family
    ) AS place
    FROM families
    ORDER BY place
    LIMIT %(limit)s OFFSET %(offset)s
)
SELECT
    (SELECT array_agg(item_id ORDER BY place) FROM page),
    (SELECT count(*) FROM families),
    (SELECT json_build_object(
        'everywhere', count(DISTINCT family) FILTER (WHERE fits_agreement AND fits_direct AND fits_advanced),
        'on_agreement',
            count(DISTINCT family) FILTER (WHERE is_in_category AND is_on_agreement AND fits_direct AND fits_advanced),
        'direct', count(DISTINCT family) FILTER (WHERE is_in_category AND fits_agreement AND is_direct AND fits_advanced),
        'advanced',
            count(DISTINCT family) FILTER (WHERE is_in_category AND fits_agreement AND fits_direct AND is_advanced)
    ) FROM hits),
    (SELECT json_object_agg(category_id, families) FROM (
        SELECT ancestor AS category_id, count(DISTINCT family) AS families
        FROM hits CROSS JOIN unnest(lineage) AS ancestor
        WHERE fits_agreement AND fits_direct AND fits_advanced
        GROUP BY ancestor
    ) AS counted),
    (SELECT bool_or(is_similar) FROM hits)
"""  # noqa: S608
