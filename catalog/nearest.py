"""
Which items have names most like what somebody wrote in her own words.

The longest words, without their endings, are looked for in the names by index, also inside compounds; the names that
are found are compared with the whole text. However large the assortment is, a fixed number of names is compared.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from catalog.matching import FOLD, fold
from catalog.states import ORDERABLE, ItemStatus

SHORTEST_WORD = 4
MOST_WORDS = 5
MOST_PER_WORD = 100

_NEAREST = f"""
WITH needs AS (
    SELECT text, to_tsvector('swedish', text) AS words FROM unnest(%(texts)s::text[]) AS needs (text)
),
candidates AS (
    SELECT text, item.id FROM needs
    CROSS JOIN LATERAL (
        SELECT {fold("lexeme")} AS word FROM unnest(words)
        WHERE length(lexeme) >= {SHORTEST_WORD} ORDER BY length(lexeme) DESC, lexeme LIMIT {MOST_WORDS}
    ) AS word
    CROSS JOIN LATERAL (
        SELECT item.id FROM catalog_item item
        WHERE item.folded_name LIKE '%%' || replace(replace(word, '\\', '\\\\'), '_', '\\_') || '%%' AND {{conditions}}
        LIMIT {MOST_PER_WORD}
    ) AS item
    UNION
    SELECT text, item.id FROM needs
    CROSS JOIN LATERAL (
        SELECT item.id FROM catalog_item item
        WHERE item.search_vector @@ plainto_tsquery('swedish', text) AND {{conditions}}
        LIMIT {MOST_PER_WORD}
    ) AS item
)
SELECT text, id, distance FROM (
    SELECT text, item.id, distance, row_number() OVER (PARTITION BY text ORDER BY distance, item.id) AS place
    FROM candidates
    JOIN catalog_item item ON item.id = candidates.id
    CROSS JOIN LATERAL (SELECT candidates.text <<-> item.name AS distance) AS compared
) AS ranked
WHERE place <= %(most)s
ORDER BY text, place
"""  # noqa: S608, no word that was typed is in here


@dataclass(frozen=True, slots=True)
class Near:
    """An item, and how far its name is from the text: 0 when it has all of it, at most 1."""

    item_id: int
    distance: float


def nearest_items(
    texts: Iterable[str],
    *,
    day: date,
    most: int = 1,
    statuses: Collection[ItemStatus] = ORDERABLE,
    category_id: int | None = None,
) -> dict[str, list[Near]]:
    """
    Find the items most like each text, the nearest first: one statement.

    :param category_id: only items in this category.
    """
    unique_texts = sorted(set(texts))
    if not unique_texts:
        return {}
    conditions = (
        "item.status = ANY(%(statuses)s)"
        " AND (item.last_order_date IS NULL OR item.last_order_date >= %(day)s)"
    )
    if category_id is not None:
        conditions += " AND item.category_id = %(category_id)s"
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAREST.replace("{conditions}", conditions),
            {
                **FOLD,
                "texts": unique_texts,
                "most": most,
                "statuses": list(statuses),
                "day": day,
                "category_id": category_id,
            },
        )
        nearest_by_text: dict[str, list[Near]] = {}
        for text, item_id, distance in cursor.fetchall():
            nearest_by_text.setdefault(text, []).append(Near(item_id, distance))
        return nearest_by_text
