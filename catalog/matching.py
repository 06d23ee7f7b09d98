"""
What a typed word may stand for, and which items the indexes give for it.

A word matches by itself, without its Swedish ending, by a synonym, in the category's name, in English or in the
description. Each way is a condition that one index answers; what is found is ranked by ``catalog.ranking``.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from catalog.gtin import forms
from core.ordering import FOLDED_FROM, FOLDED_TO, PUNCTUATION, SPACES

LEAST_PART = 3
SIMILAR_ENOUGH = 0.42
MOST_SIMILAR = 12
"""How many words are taken for a misspelt one."""
MOST_CLASSES = 500
"""In how many classes, of CPV and EMDN, items are looked for."""

PLAIN = {"plain_from": "ÅÄÖÉ" + PUNCTUATION, "plain_to": "åäöé" + SPACES}
FOLD = {"from": FOLDED_FROM + PUNCTUATION, "to": FOLDED_TO + SPACES}


def normalized(expression: str) -> str:
    """Lower case with its marks, punctuation as spaces."""
    return f"translate(lower({expression}), %(plain_from)s, %(plain_to)s)"


def fold(expression: str) -> str:
    """The same without marks."""
    return f"translate(lower({expression}), %(from)s, %(to)s)"


def stem(expression: str) -> str:
    """Without its Swedish ending."""
    return f"coalesce((ts_lexize('swedish_stem', {expression}))[1], {expression})"


def literal(expression: str) -> str:
    """So that LIKE reads each of its characters as itself."""
    return rf"regexp_replace({expression}, '([\\%%_])', '\\\1', 'g')"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A word that the one in a ``place`` may stand for; ``cost`` is what it takes from the points of a match."""

    place: int
    word: str
    stem: str
    folded: str
    folded_stem: str
    cost: int
    categories: Sequence[int] = ()
    """Ids of categories in whose names a word begins with the stem."""
    classes: Sequence[int] = ()
    """Ids of classes that items have, in whose names a word begins or ends with the stem, or whose code it begins."""

    @property
    def root(self) -> str:
        """The shortest part that names are searched for, without marks."""
        return self.folded_stem if len(self.folded_stem) >= LEAST_PART else self.folded


# The stemmer leaves katetrar, nycklar and skor as they are: kateter, nyckel and sko are looked for too.
_ALTERNATIVES = rf"""
WITH typed AS (SELECT place, word FROM unnest(%(words)s::text[]) WITH ORDINALITY AS words (word, place)),
said AS (
    SELECT place, word, 0 AS cost FROM typed
    UNION
    SELECT place, singular, 3 FROM typed
    CROSS JOIN LATERAL (VALUES
        (regexp_replace(word, '([^aeiouyåäö])([lnr])[ae]r$', '\1e\2')), (regexp_replace(word, 'or$', 'o'))
    ) AS singulars (singular)
    WHERE singular <> word AND length(singular) >= {LEAST_PART}
    UNION
    SELECT typed.place, {normalized("synonym.means")}, 5
    FROM typed
    JOIN catalog_synonym synonym
        ON {fold("synonym.term")} IN ({fold("typed.word")}, {fold("%(whole)s")})
        OR {stem("lower(synonym.term)")} = {stem("typed.word")}
),
forms AS (
    SELECT place, word, {stem("word")} AS stem, {fold("word")} AS folded, {fold(stem("word"))} AS folded_stem, cost
    FROM said
)
SELECT place, word, stem, folded, folded_stem, cost, ARRAY(
    SELECT category.id FROM categories_category category
    WHERE length(folded_stem) >= {LEAST_PART}
        AND strpos(' ' || {fold("category.name")}, ' ' || folded_stem) > 0
), ARRAY(
    SELECT code.id FROM (
        SELECT id FROM categories_classificationcode WHERE length(folded_stem) >= {LEAST_PART}
            AND folded_name LIKE '%%' || {literal("folded_stem")} || '%%'
            AND (folded_name LIKE '%% ' || {literal("folded_stem")} || '%%'
                OR length(folded_stem) > {LEAST_PART} AND (
                    folded_name LIKE '%%' || {literal("folded_stem")} || ' %%'
                    OR folded_name LIKE '%%' || {literal("folded_stem")} || '_ %%'
                    OR folded_name LIKE '%%' || {literal("folded_stem")} || '__ %%'))
        UNION
        SELECT id FROM categories_classificationcode
        WHERE word ~ '^([0-9]{{8}}|[a-z][0-9]{{2,13}})$' AND starts_with(code, upper(word))
    ) AS code
    WHERE EXISTS (SELECT FROM catalog_item WHERE cpv_id = code.id)
        OR EXISTS (SELECT FROM catalog_item WHERE emdn_id = code.id)
    LIMIT {MOST_CLASSES}
)
FROM forms ORDER BY place, cost, word
"""  # noqa: S608, no word that was typed is in here

# A misspelling is compared with words, of which there are few, not with names. As much of a long word's end or start
# as was typed counts by itself, since a compound holds the word that was meant.
SIMILAR_WORDS = f"""
SELECT json_agg(json_build_array(typed.place, near.word, near.fit) ORDER BY typed.place, near.fit DESC, near.word)
FROM unnest(%(places)s::bigint[], %(folded)s::text[], %(costs)s::int[]) AS typed (place, folded, cost)
CROSS JOIN LATERAL (
    SELECT word, greatest(
        word_similarity(typed.folded, word) - 0.1,
        similarity(typed.folded, word),
        similarity(typed.folded, left(word, length(typed.folded))),
        similarity(typed.folded, left(word, length(typed.folded) + 1)),
        similarity(typed.folded, right(word, length(typed.folded))),
        similarity(typed.folded, right(word, length(typed.folded) + 1))
    ) * 100 - typed.cost AS fit
    FROM catalog_word
    WHERE word %%> typed.folded
    ORDER BY fit DESC, word
    LIMIT {MOST_SIMILAR}
) AS near
WHERE near.fit >= {100 * SIMILAR_ENOUGH}
"""  # noqa: S608

# A compound can be taken apart where what it begins with is a word of the assortment.
BEGINNINGS = "SELECT json_agg(word) FROM catalog_word WHERE word = ANY(%(beginnings)s::text[])"


def alternatives_of(words: Sequence[str]) -> list[Alternative]:
    """Ask what the words may stand for: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ALTERNATIVES, {"words": list(words), "whole": " ".join(words), **PLAIN, **FOLD})
        return [Alternative(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Similar:
    """A word of the assortment that is spelled like the typed one in a ``place``; ``fit`` of 100."""

    place: int
    word: str
    fit: float


@dataclass(slots=True)
class Conditions:
    """Parts of a WHERE clause with their parameters, all of which must hold."""

    prefix: str = "value"
    """What the names of its values begin with, when two are asked in one statement."""
    parts: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    def value(self, value: Any) -> str:
        """Keep a value, and give its place."""
        name = f"{self.prefix}_{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"

    def any_of(self, conditions: Iterable[str]) -> None:
        """Ask that one of them holds."""
        self.parts.append("(" + " OR ".join(dict.fromkeys(conditions)) + ")")

    def also(self, part: str) -> "Conditions":
        """These, and another one."""
        return replace(self, parts=[*self.parts, part])

    @property
    def sql(self) -> str:
        """All of them."""
        return " AND ".join(self.parts) or "true"


def as_typed(alternatives: Sequence[Alternative], text: str) -> Conditions:
    """Items in which every word stands somewhere."""
    conditions = Conditions()
    for group in _by_place(alternatives):
        conditions.any_of(part for each in group for part in _ways(conditions, each, text))
    return conditions


def beginnings_of(alternatives: Iterable[Alternative]) -> list[str]:
    """What long words begin with, which may be a word by itself."""
    return sorted({beginning for each in alternatives for beginning, _end in _cuts(each)})


def as_compounds(
    alternatives: Sequence[Alternative], text: str, beginnings: Collection[str]
) -> Conditions | None:
    """
    The same, where a long word may also be two words of the name (nitrilhandske); None when none is that.

    :param beginnings: those that are words of the assortment.
    """
    conditions = Conditions()
    is_any = False
    for group in _by_place(alternatives):
        ways = [part for each in group for part in _ways(conditions, each, text)]
        for beginning, end in (cut for each in group for cut in _cuts(each) if cut[0] in beginnings):
            is_any = True
            ways.append(
                f"(item.folded_name LIKE {conditions.value(f'% {_literal(beginning)} %')}"
                f" AND item.folded_name LIKE {conditions.value(f'%{_literal(end)}%')})"
            )
        conditions.any_of(ways)
    return conditions if is_any else None


def as_spelled_alike(similar: Sequence[Similar]) -> Conditions:
    """Items whose names have a word like each of those typed."""
    conditions = Conditions("alike")
    for place in dict.fromkeys(each.place for each in similar):
        conditions.any_of(
            f"item.folded_name LIKE {conditions.value(f'% {_literal(each.word)} %')}"
            for each in similar
            if each.place == place
        )
    return conditions


def _cuts(each: Alternative) -> list[tuple[str, str]]:
    """The ways to take a long word apart."""
    if len(each.word) < 2 * LEAST_PART:
        return []
    return [(each.root[:cut], each.root[cut:]) for cut in range(LEAST_PART, len(each.root) - LEAST_PART + 1)]


def _by_place(alternatives: Sequence[Alternative]) -> list[list[Alternative]]:
    places: dict[int, list[Alternative]] = {}
    for each in alternatives:
        places.setdefault(each.place, []).append(each)
    return list(places.values())


def _ways(conditions: Conditions, each: Alternative, text: str) -> list[str]:
    word = conditions.value(each.word)
    ways = [
        f"item.number IN ({word}, {conditions.value(text)})",
        f"item.gtin = ANY({conditions.value(forms(each.word) or [each.word])}::text[])",
        f"item.search_vector @@ plainto_tsquery('english', {word})",
        f"item.search_vector @@ plainto_tsquery('swedish', {word})",
    ]
    if _HAS_TRIGRAM.search(each.root):
        ways.append(f"item.folded_name LIKE {conditions.value(f'%{_literal(each.root)}%')}")
    elif _HAS_LETTER.search(each.folded):
        ways.append(f"item.folded_name LIKE {conditions.value(f'% {_literal(each.folded)} %')}")
    if each.word.isdecimal() and len(each.word) > LEAST_PART:
        ways.append(f"item.number LIKE {conditions.value(f'{each.word}%')}")
    if each.categories:
        ways.append(f"item.category_id = ANY({conditions.value(list(each.categories))}::bigint[])")
    if each.classes:
        classes = conditions.value(list(each.classes))
        ways += [f"item.{scheme}_id = ANY({classes}::bigint[])" for scheme in ("cpv", "emdn")]
    return ways


# What an index of trigrams can look for: three letters on end, or a whole word.
_HAS_TRIGRAM = re.compile(r"\w{3}")
_HAS_LETTER = re.compile(r"\w")


def _literal(text: str) -> str:
    """Write a text so that LIKE reads each of its characters as itself."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
