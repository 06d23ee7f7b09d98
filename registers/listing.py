"""
Which rows of a register a list shows, in which order, as its address says.

What a page costs does not grow with the register: a page begins at a row and not at a number, counts stop, and a
list that is longer than what is counted is shown in the order of its key, for which there is an index.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Case, F, Func, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.fields.tuple_lookups import Tuple as _Pair
from django.db.models.lookups import Contains, GreaterThan, LessThan
from django.utils.translation import gettext_lazy as _

from core.counting import counts_of
from core.errors import InvalidInput
from core.ordering import folded, folding, swedish, swedish_key
from core.text import is_storable
from registers.kinds import Choice, First, Flag, Kind, Last, Reference, Text
from registers.register import BoundColumn, Register, register_of
from registers.unreadable import Unreadable

MOST_COUNTED = 100_000
"""So far rows are counted, and no more are sorted by what has no index."""
MOST_WORDS = 6
LONGEST_SEARCH = 100
SIZES = (25, 50, 100)
USUAL_SIZE = 50
RESERVED = frozenset({"q", "ordning", "antal", "efter", "fore"})
"""What an address says beside its columns."""


class UnknownSelection(InvalidInput):
    """The address names a column or a value that the register does not have."""

    code = "register_unknown_selection"
    sentence = _("Registret kan inte visas så: %(value)s.")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order, and the rows from which the pages beside them begin; None where there are none."""

    rows: Sequence[Any]
    newer: int | None
    older: int | None


@dataclass(frozen=True)
class Selection:
    """
    Which rows of a register are meant.

    :param words: what is searched for.
    :param chosen: what the rows have in common, plain text by column.
    :param order: the name of the column that they are sorted by.
    """

    register: Register
    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    is_descending: bool = False
    size: int = USUAL_SIZE

    @classmethod
    def of(cls, register: Register, query: Mapping[str, Any]) -> Self:
        """
        Read an address: ``q ordning antal`` and the columns by name.

        :raises UnknownSelection: a value cannot be read, or there is no such column.
        """
        order = query.get("ordning", "")
        if order.lstrip("-") not in {"", *register.bound}:
            raise UnknownSelection(value=order[:40])
        size = query.get("antal", "")
        return cls(
            register=register,
            words=_storable(query.get("q", ""))[:LONGEST_SEARCH].strip(),
            chosen=_chosen(register, query),
            order=order.removeprefix("-"),
            is_descending=order.startswith("-"),
            size=int(size) if size in {str(each) for each in SIZES} else USUAL_SIZE,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.chosen)

    def rows(self) -> QuerySet[Any]:
        """The rows, in no order."""
        rows: QuerySet[Any] = self.register.model._default_manager.all()
        for name, text in self.chosen.items():
            rows = rows.filter(_equals(self.register.bound[name], text))
        return rows.filter(_search_condition(self.register, self.words))

    @cached_property
    def count(self) -> int:
        """How many rows there are, no further than ``MOST_COUNTED`` and one."""
        return counts_of({"rows": self.rows().order_by().values("pk")}, most=MOST_COUNTED)["rows"]

    @property
    def is_countable(self) -> bool:
        """Whether all rows are counted, and so can be sorted by any column."""
        return self.count <= MOST_COUNTED

    @property
    def sorted_by(self) -> BoundColumn:
        """The column that the rows are sorted by: the one that was asked for, or the usual one."""
        column = self.register.bound.get(self.order)
        return column if column is not None and self.is_countable else self.usual

    @property
    def usual(self) -> BoundColumn:
        """The column that the rows are sorted by when nobody asks: the first of the key, and of facts their day."""
        ledger = self.register.ledger
        return self.register.bound[ledger.day] if ledger else self.register.keys[0]

    def ordered(self) -> QuerySet[Any]:
        """The rows in order, each as ``Register.with_text`` gives it."""
        ids = self.rows().order_by().values("pk")
        rows = self.register.with_text().filter(pk__in=ids) if self.is_narrowed else self.register.with_text()
        direction = self._sort.desc() if self.goes_down else self._sort.asc()
        return rows.order_by(direction, "-pk" if self.goes_down else "pk")

    def page(self, *, after: int | None = None, before: int | None = None) -> Page:
        """Give the rows that come after a row, or before it; a row that is gone gives the first page."""
        place = after if before is None else before
        rows = self.rows().annotate(place=self._sort)
        sort_values = self._place(place)
        is_back = before is not None and bool(sort_values)
        goes_down = self.goes_down != is_back
        if sort_values and place is not None:
            rows = rows.filter(self._beyond(sort_values[0], place, goes_down=goes_down))
        order = (F("place").desc(), "-pk") if goes_down else (F("place").asc(), "pk")
        ids = list(rows.order_by(*order).values_list("pk", flat=True)[: self.size + 1])
        has_more, ids = len(ids) > self.size, ids[: self.size]
        if is_back and not ids:
            return self.page()
        if is_back:
            ids.reverse()
        is_begun = has_more if is_back else bool(sort_values)
        goes_on = is_back or has_more
        return Page(
            rows=self._objects(ids),
            newer=ids[0] if ids and is_begun else None,
            older=ids[-1] if ids and goes_on else None,
        )

    def parameters(self) -> dict[str, str]:
        """Write the selection as an address reads it."""
        return {
            **({"q": self.words} if self.words else {}),
            **self.chosen,
            **({"ordning": f"{'-' * self.is_descending}{self.order}"} if self.order else {}),
            **({"antal": str(self.size)} if self.size != USUAL_SIZE else {}),
        }

    def address(self, **changes: str) -> str:
        """Write the query string with some things changed; empty takes a thing away."""
        query = {name: text for name, text in (self.parameters() | changes).items() if text != ""}
        return f"?{urlencode(query)}"

    @property
    def goes_down(self) -> bool:
        """Whether the last comes first, as the latest fact does when nobody asks."""
        return self.is_descending if self.sorted_by.name == self.order else self.register.ledger is not None

    @cached_property
    def _sort(self) -> Any:
        return sort_of(self.sorted_by, self.register.model)

    def _place(self, pk: int | None) -> Sequence[Any]:
        """What the row that a page begins after is sorted by; nothing when there is no such row."""
        if pk is None:
            return []
        rows = self.register.model._default_manager.annotate(place=self._sort).filter(pk=pk)
        return list(rows.values_list("place", flat=True))

    def _beyond(self, value: Any, pk: int, *, goes_down: bool) -> Q:
        """What comes after a place; what has no value stands last, and first when the order goes down."""
        further, beside = (LessThan, "pk__lt") if goes_down else (GreaterThan, "pk__gt")
        if value is None:
            same = Q(place=None) & Q(**{beside: pk})
            return same | Q(place__isnull=False) if goes_down else same
        # One comparison of the place and the row beside it: an index answers it, and without one it asks each row once.
        row_pair, place_pair = (
            _Pair(*each, output_field=TextField()) for each in ((self._sort, "pk"), (Value(value), Value(pk)))
        )
        beyond = Q(further(row_pair, place_pair))
        has_empty = not goes_down and not _is_never_empty(self.sorted_by, self.register.model)
        return beyond | Q(place=None) if has_empty else beyond

    def _objects(self, ids: Sequence[int]) -> list[Any]:
        referred = [column.field for column, _kind in self.register.references]
        rows = self.register.with_text().select_related(*referred) if referred else self.register.with_text()
        by_id = {row.pk: row for row in rows.filter(pk__in=ids)}
        return [by_id[pk] for pk in ids if pk in by_id]


def sort_of(column: BoundColumn, model: type[Model]) -> Any:
    """What rows are sorted by: as a Swede sorts text, and choices as they are read."""
    kind = column.kind
    if isinstance(kind, Reference):
        return F(f"{column.field}__{kind.by}")
    if isinstance(kind, First):
        return Func(F(column.field), function="lower")
    if isinstance(kind, Last):
        return Func(F(column.field), function="upper")
    if isinstance(kind, Choice):
        labels = list(kind.labels.items())
        if not kind.is_in_order:
            labels.sort(key=lambda each: swedish_key(str(each[1])))
        ranks = [
            When(**{column.field: value}, then=Value(rank)) for rank, (value, _label) in enumerate(labels)
        ]
        return Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    if isinstance(kind, Text) and not _is_unique_field(model, column.field):
        return swedish(column.field)
    return F(column.field)


def is_filterable(column: BoundColumn) -> bool:
    """Whether a list can be narrowed to rows that have the same here."""
    return isinstance(column.kind, Reference | Choice | Flag)


def filters_of(register: Register) -> dict[str, BoundColumn]:
    """The columns that a list is narrowed by, by their names in the address."""
    return {
        column.name: column
        for column in register.bound.values()
        if column.name not in RESERVED and is_filterable(column)
    }


def _chosen(register: Register, query: Mapping[str, Any]) -> dict[str, str]:
    chosen = {}
    for name, column in filters_of(register).items():
        text = query.get(name, "")
        if text:
            try:
                chosen[name] = column.kind.plain(text)
            except Unreadable:
                raise UnknownSelection(value=_storable(text)[:40]) from None
    return chosen


def _storable(text: str) -> str:
    if not is_storable(text):
        raise UnknownSelection(value="")
    return text


def _equals(column: BoundColumn, text: str) -> Q:
    """Whether a row has the same; of a tree, also what stands below it."""
    kind = column.kind
    if isinstance(kind, Reference):
        among = {f"{column.field}__{name}": value for name, value in kind.among.items()}
        if not _is_tree(kind.model):
            return Q(**{f"{column.field}__{kind.by}": text}, **among)
        top = kind.rows().filter(**{kind.by: text}).values_list("pk", flat=True).first()
        below = kind.model._default_manager.filter(lineage__contains=[top])
        return Q(**{f"{column.field}__in": below.values("pk")}) if top else Q(pk__in=[])
    if isinstance(kind, Flag):
        return Q(**{column.field: text == "true"})
    return Q(**{column.field: text})


def _search_condition(register: Register, text: str) -> Q:
    """
    Whether a row has every word in what is searched, as they stand or as one of the columns reads them.

    Numbers and codes are found by how they begin, which an index answers, those of several words too; other text by any part of it.
    """
    places = [place for name in register.searched for place in _places(register, register.bound[name])]
    condition = Q()
    for words in sorted({tuple(text.split()), *(tuple(kind.words(text)) for *_place, kind in places)}):
        every = Q()
        for word in words[:MOST_WORDS]:
            has = Q(pk__in=[])
            for model, name, before, _kind in places:
                has |= _contains_word(model, name, before, word)
            every &= has
        condition |= every
    if " " in text:
        for model, name, before, _kind in places:
            condition |= (
                _contains_word(model, name, before, " ".join(text.split()))
                if _is_unique_field(model, name)
                else Q()
            )
    return condition


def _places(register: Register, column: BoundColumn) -> Iterator[tuple[type[Model], str, str, Kind]]:
    """Where a word is looked for: in the column, or in what it refers to, as model, field, what leads there, and kind."""
    if not isinstance(column.kind, Reference):
        yield register.model, column.field, "", column.kind
        return
    target = register_of(column.kind.model)
    inside = [target.bound[each] for each in target.searched] if target is not None else []
    kinds = {each.field: each.kind for each in inside if not isinstance(each.kind, Reference)}
    for name, kind in sorted({column.kind.by: Text(), **kinds}.items()):
        yield column.kind.model, name, f"{column.field}__", kind


def _contains_word(model: type[Model], name: str, before: str, word: str) -> Q:
    if _is_unique_field(model, name):
        spellings = {word, word.upper(), word.lower()}
        begins = Q(pk__in=[])
        for spelling in sorted(spellings):
            begins |= Q(**{f"{before}{name}__startswith": spelling})
        return begins
    text = " ".join(re.findall(r"\w+", folded(word)))
    if any(each.name == f"folded_{name}" for each in model._meta.concrete_fields):
        return Q(**{f"{before}folded_{name}__contains": text}) if text else Q()
    return Q(Contains(folding(F(f"{before}{name}")), folded(word)))


def _is_tree(model: type[Model]) -> bool:
    return any(each.name == "lineage" for each in model._meta.concrete_fields)


def _is_unique_field(model: type[Model], name: str) -> bool:
    """Whether a field alone tells rows apart, so that it has an index."""
    return bool(getattr(model._meta.get_field(name), "unique", False))


def _is_never_empty(column: BoundColumn, model: type[Model]) -> bool:
    return not model._meta.get_field(column.field).null and not isinstance(column.kind, First | Last)
