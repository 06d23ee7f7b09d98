"""What refers to a row of a register, and what the columns of a row may refer to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from audit.models import Entry
from core.choice_fields import MOST_CHOICES
from core.counting import counts_of
from core.ordering import swedish_key
from registers.kinds import Reference
from registers.listing import Selection
from registers.register import REGISTERS, BoundColumn, Register
from registers.words import as_read

MOST_COUNTED = 1000
MOST_SUGGESTED = 1000
"""So many keys a page suggests while one is typed."""


@dataclass(frozen=True, slots=True)
class Referring:
    """
    Rows of a register that refer to a row, by one of its columns.

    :param is_alone: no other column of the register refers to the row, so that the column need not be named.
    """

    register: Register
    column: BoundColumn
    key: str
    count: int
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What a column may refer to: each key with its name. All of them when they are few."""

    keys: Sequence[tuple[str, str]]
    are_few: bool


def referring(register: Register, row: Any, *, may_see: Callable[[Register], bool]) -> Sequence[Referring]:
    """The rows of other registers, and of the register itself, that refer to a row, none further than is counted."""
    references = [
        (other, column, kind)
        for other in REGISTERS.values()
        if may_see(other)
        for column, kind in other.references
        if kind.model is register.model and _is_among(kind, row)
    ]
    questions: Mapping[int, QuerySet[Any, Any]] = {
        number: Selection(other, chosen={column.name: str(getattr(row, kind.by))}).rows().values("pk")
        for number, (other, column, kind) in enumerate(references)
    }
    counts = counts_of(questions, most=MOST_COUNTED)
    nonempty = [each for number, each in enumerate(references) if counts[number]]
    columns = Counter(other.name for other, _column, _kind in nonempty)
    return [
        Referring(other, column, str(getattr(row, kind.by)), counts[number], columns[other.name] == 1)
        for number, (other, column, kind) in enumerate(references)
        if counts[number]
    ]


def is_referred_to(register: Register, row: Any) -> bool:
    """Whether anything at all refers to a row, in a register or not; asked in one statement."""
    relations = [
        relation
        for relation in register.model._meta.related_objects
        if not relation.many_to_many and relation.related_model._meta.managed
    ]
    questions: Mapping[int, QuerySet[Any, Any]] = {
        number: relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).values("pk")
        for number, relation in enumerate(relations)
    }
    return any(counts_of(questions, most=0).values())


def choices_of(kind: Reference) -> Choices:
    """What a column may refer to, to choose from or to be suggested."""
    rows = list(kind.rows().order_by(kind.by)[: MOST_SUGGESTED + 1])
    keys = [(str(getattr(row, kind.by)), str(row)) for row in rows[:MOST_SUGGESTED]]
    are_few = len(rows) <= MOST_CHOICES
    if are_few and any("@" in key for key, _name in keys):
        keys.sort(key=lambda each: swedish_key(each[1]))
    return Choices([(key, _with_key(key, name)) for key, name in keys], are_few)


def with_names(column: BoundColumn, text: str) -> str:
    """Write plain text as people read it, a key with the name of what it stands for."""
    if not isinstance(column.kind, Reference):
        return as_read(column, text)
    row = column.kind.rows().filter(**{column.kind.by: text}).first()
    return _with_key(text, str(row)) if row else text


def names_in(register: Register, entries: Iterable[Entry]) -> Mapping[tuple[str, str], str]:
    """What the keys in entries of the trail stand for today, by column and key; one statement for each column."""
    row_values = [values for entry in entries for values in (entry.details["before"], entry.details["after"])]
    names = {}
    for column, kind in register.references:
        keys = {values[column.name] for values in row_values if values.get(column.name)}
        for row in kind.rows().filter(**{f"{kind.by}__in": keys}) if keys else ():
            key = str(getattr(row, kind.by))
            names[column.name, key] = _with_key(key, str(row))
    return names


def _with_key(key: str, name: str | Promise) -> str:
    if "@" in key:
        return f"{name} ({key})"
    return str(name) if key in str(name) else f"{key} {name}"


def _is_among(kind: Reference, row: Any) -> bool:
    return all(getattr(row, name) == value for name, value in kind.among.items())
