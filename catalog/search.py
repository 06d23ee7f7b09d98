"""
Search the assortment: Swedish words and parts of compounds, misspellings, synonyms, item number, GTIN.

First the indexes give items in which every word that was typed stands somehow (``catalog.matching``), at most so many;
then those are ranked, gathered by size, counted and cut into pages (``catalog.ranking``). What it costs does not grow
with the assortment: where there are more than are ranked, numbers are the least they can be, and ``is_cut`` says so.
Only when nothing matches as typed is a compound taken apart, and only when that gives nothing are those taken that are
spelled alike; the database goes on by itself, so that a word that is misspelt costs one question more than one that is not.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection

from agreements.models import Supplier
from catalog import matching, ranking
from catalog.gtin import with_gtin
from catalog.models import CriteriaLevel
from catalog.scanning import search_text_of
from catalog.statements import Sorting, statement_of
from categories.models import Category

LONGEST_QUERY = 120
MOST_WORDS = 8
ROWS_PER_PAGE = 20
MOST_RANKED = 1000

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


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for: the words, which filters are on, and in which order it is shown."""

    text: str = ""
    category: Category | None = None
    on_agreement: bool = False
    direct: bool = False
    advanced: bool = False
    supplier: Supplier | None = None
    """Only what would be ordered from this supplier today."""
    sorting: Sorting = Sorting.RELEVANCE


@dataclass(frozen=True, slots=True)
class SupplierCount:
    """A supplier, and how many rows of what was found would be ordered from it."""

    pk: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found, a row per family of sizes, and how many each filter would leave."""

    item_ids: list[int] = field(default_factory=list)
    total: int = 0
    everywhere: int = 0
    by_category: dict[int, int] = field(default_factory=dict)
    by_supplier: list[SupplierCount] = field(default_factory=list)
    """Those with most, whichever supplier is chosen."""
    on_agreement: int = 0
    direct: int = 0
    advanced: int = 0
    is_similar: bool = False
    """Nothing matched as typed; these are spelled alike."""
    is_cut: bool = False
    """There are more items than were ranked, so that the numbers beside ``total`` are the least they can be."""
    has_more: bool = False
    """``total`` too is the least it can be."""
    ranked_pages: int = 0
    """The pages after so many are not ranked, and have each size by itself; those that are ranked may be fewer."""


def words_of(text: str) -> list[str]:
    """
    The words to look for.

    Lower case, noise left out unless there is nothing else, "10x10" read as "10 x 10", a scanned label as its GTIN, a CPV
    code without its check digit.
    """
    query = with_gtin(text[:LONGEST_QUERY].replace("\x00", "")).lower()
    whole = re.sub(r"\b(\d{8})-\d\b", r"\1", query)
    cut = re.sub(r"(?<=\d)\s*[x×]\s*(?=\d)", " x ", whole)
    words = [word for word in re.split(rf"[\s{re.escape(_SEPARATORS)}]+", cut) if word]
    return ([word for word in words if word not in _NOISE] or words)[:MOST_WORDS]


def search_items(
    query: SearchQuery,
    *,
    day: date,
    bought: Mapping[int, int] | None = None,
    page: int = 1,
    per_page: int = ROWS_PER_PAGE,
    department_id: int | None = None,
    administrations: Sequence[int] | None = None,
    most: int | None = None,
) -> SearchResult:
    """
    Find items that the catalogue shows that day, by a number of statements that does not grow with anything.

    :param bought: how many times the department has bought each item, by item id.
    :param department_id: who is to order; what only others try is left out. None for who orders for nobody.
    :param administrations: those that it is for; an agreement that none of them may call off counts as none.
    :param most: so many are ranked; fewer when only the first few are asked for, again and again while somebody types.
    """
    query = replace(query, text=search_text_of(query.text))
    search = _Search(
        query,
        day,
        bought or {},
        page,
        per_page,
        department_id,
        tuple(administrations or ()),
        most or MOST_RANKED,
    )
    words = words_of(query.text)
    if not words:
        return search.listing()
    text = query.text.strip().lower()[:LONGEST_QUERY].replace("\x00", "")
    alternatives = matching.alternatives_of(words)
    facts: dict[str, Any] = {
        "typed": text,
        "places": [each.place for each in alternatives],
        "alternatives": [each.word for each in alternatives],
        "stems": [each.stem for each in alternatives],
        "folded": [each.folded for each in alternatives],
        "folded_stems": [each.folded_stem for each in alternatives],
        "costs": [each.cost for each in alternatives],
        "beginnings": matching.beginnings_of(alternatives),
        "classed_words": [each.word for each in alternatives for _class in each.classes],
        "classed_in": [pk for each in alternatives for pk in each.classes],
    }
    # Two letters are spelled like too many words.
    is_word = max(map(len, words)) >= matching.LEAST_PART
    asks_otherwise = ranking.SIMILAR_OTHERWISE if is_word else ranking.NOTHING_OTHERWISE
    as_typed = _Way(matching.as_typed(alternatives, text), ranking.BY_WORDS, facts, asks_otherwise)
    result, otherwise = search.first_of(as_typed)
    if result:
        return result
    others = []
    if compounds := matching.as_compounds(alternatives, text, otherwise.beginnings):
        others.append(_Way(compounds, ranking.BY_WORDS, facts))
    if {each.place for each in otherwise.similar} == {each.place for each in alternatives}:
        others.append(_similar_spelling(otherwise.similar, words))
    result, _otherwise = search.first_of(*others) if others else (None, None)
    return result or SearchResult()


@dataclass(frozen=True, slots=True)
class _Otherwise:
    """What to look for instead, when nothing is found: words spelled alike, and beginnings that are words by themselves."""

    similar: Sequence[matching.Similar] = ()
    beginnings: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to look: which items, how well they fit, and what is asked besides when there are none."""

    conditions: matching.Conditions = field(default_factory=matching.Conditions)
    order: str = ranking.ALL_ALIKE
    facts: Mapping[str, Any] = field(default_factory=dict)
    otherwise: str = ranking.NOTHING_OTHERWISE
    is_similar: bool = False


def _similar_spelling(similar: Sequence[matching.Similar], words: Sequence[str]) -> _Way:
    facts = {
        "word_count": len(words),
        "alike_places": [each.place for each in similar],
        "alike_words": [each.word for each in similar],
        "fits": [each.fit for each in similar],
    }
    return _Way(matching.as_spelled_alike(similar), ranking.BY_SPELLING, facts, is_similar=True)


@dataclass(frozen=True, slots=True)
class _Search:
    """One question, asked in other ways until something is found."""

    query: SearchQuery
    day: date
    bought: Mapping[int, int]
    page: int
    per_page: int
    department_id: int | None
    administrations: tuple[int, ...]
    most: int

    @property
    def is_filtered(self) -> bool:
        """Whether anything but words narrows it."""
        query = self.query
        return bool(query.category or query.on_agreement or query.direct or query.advanced or query.supplier)

    def first_of(self, *ways: _Way) -> tuple[SearchResult | None, _Otherwise]:
        """
        Rank what the first way that finds anything gives: one statement, of two ways at most; None for nothing.

        With what to look for instead, where the way asks for it. Filters are counted among what is found. When there
        is more than is ranked, they come before the ranking.
        """
        result, way, otherwise = self._rank([(ranking.matching(each.conditions.sql), each) for each in ways])
        if result is None or not result.is_cut or not self.is_filtered:
            return result, otherwise
        narrowed = replace(way, conditions=way.conditions.also(ranking.FILTERS))
        inside, _way, _otherwise = self._rank([(ranking.matching(narrowed.conditions.sql), narrowed)])
        return _inside(result, inside), otherwise

    def listing(self) -> SearchResult:
        """The whole assortment or a category, the most used first, as far as it is ranked."""
        everything = _Way()
        if self.query.category and not self.query.supplier and _has_more_than(self.most):
            # What the filters leave is counted where they let it through; of all there are more than are counted.
            within = _Way(matching.Conditions(parts=[ranking.IN_CATEGORY]))
            inside = self._rank([(self._source(), within)])[0] or SearchResult()
            counts = _category_counts(self.query.category)
            return replace(inside, everywhere=self.most + 1, by_category=counts)
        result = self._rank([(ranking.MOST_USED, everything)])[0] or SearchResult()
        if not result.is_cut:
            return result
        if self.is_filtered:
            result = _inside(result, self._rank([(self._source(), everything)])[0])
        return replace(result, by_category=_category_counts(self.query.category))

    def _source(self) -> str:
        """Where items are taken from that fit the filters, when nothing was typed."""
        if self.query.supplier:
            return ranking.sold_by_supplier(within=self.query.category is not None)
        return ranking.MOST_USED_WITHIN if self.query.category else ranking.MOST_USED_FILTERED

    def _rank(self, sources: Sequence[tuple[str, _Way]]) -> tuple[SearchResult | None, _Way, _Otherwise]:
        query = self.query
        # Beside the first ones, half as many that are used and all that are bought may be ranked.
        most_in_all = self.most + 1 + (self.most + 1) // 2 + len(self.bought)
        ranked_pages = -(-most_in_all // self.per_page)
        is_ranked = self.page <= ranked_pages
        skipped = 0 if is_ranked else (self.page - ranked_pages - 1) * self.per_page
        parameters: dict[str, Any] = dict(ranking.CONSTANTS)
        statements = []
        for source, way in sources:
            sql, values = statement_of(
                self.day,
                self.administrations,
                source,
                way.conditions.sql,
                way.order,
                way.otherwise,
                query.sorting,
            )
            statements.append(sql)
            parameters |= {**way.conditions.parameters, **way.facts, **values}
        parameters |= {
            "day": self.day,
            "department": self.department_id,
            "most": self.most + 1,
            "advanced_levels": [CriteriaLevel.ADVANCED, CriteriaLevel.LEADING],
            "bought_ids": list(self.bought),
            "bought_times": list(self.bought.values()),
            "category": [query.category.pk] if query.category else [],
            "supplier": [query.supplier.pk] if query.supplier else [],
            "only_agreement": query.on_agreement,
            "only_direct": query.direct,
            "only_advanced": query.advanced,
            "limit": self.per_page if is_ranked else 0,
            "offset": (max(self.page, 1) - 1) * self.per_page,
            "unranked": 0 if is_ranked else self.per_page,
            "skipped": skipped,
            # So far the indexes are read: what stands among the ranked ones for another reason is left out.
            "reach": self.most + 1 if is_ranked else most_in_all + skipped + self.per_page,
        }
        with connection.cursor() as cursor:
            cursor.execute(ranking.first_of(statements), parameters)
            (row,) = cursor.fetchall()
        item_ids, unranked, total, counts, by_category, by_supplier, looked_at, is_found, otherwise, place = (
            row
        )
        way = sources[place][1]
        if not is_found:
            suggestions = _read(otherwise) or {}
            similar = [matching.Similar(*each) for each in suggestions.get("alike") or []]
            return None, way, _Otherwise(similar, frozenset(suggestions.get("beginnings") or []))
        result = SearchResult(
            item_ids=item_ids or unranked or [],
            total=total,
            by_category={int(key): count for key, count in (_read(by_category) or {}).items()},
            by_supplier=[SupplierCount(*each) for each in _read(by_supplier) or []],
            is_similar=way.is_similar,
            is_cut=looked_at > self.most,
            has_more=looked_at > self.most,
            ranked_pages=ranked_pages,
            **_read(counts),
        )
        return result, way, _Otherwise()


def _inside(result: SearchResult, inside: SearchResult | None) -> SearchResult:
    """What the filters let through, with the numbers of all that was found."""
    inside = inside or SearchResult()
    return replace(
        result,
        item_ids=inside.item_ids,
        total=inside.total,
        has_more=inside.has_more,
        ranked_pages=result.ranked_pages,
    )


def _has_more_than(most: int) -> bool:
    """Whether the catalogue has more than so many items."""
    with connection.cursor() as cursor:
        cursor.execute(ranking.NUMBER, {"most": most + 1})
        (number,) = cursor.fetchone()
    return int(number) > most


def _category_counts(open_category: Category | None) -> dict[int, int]:
    """How many items lie in each category beside and above the open one, counted no further than are ranked."""
    with connection.cursor() as cursor:
        cursor.execute(
            ranking.CATEGORY_COUNTS,
            {"opened": open_category.lineage if open_category else [], "most": MOST_RANKED + 1},
        )
        return {category: count for category, count in cursor.fetchall() if count}


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
