"""What a register holds, as SQL that the lines of a file are held against."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from organizations.models import User
from registers.kinds import Kind, Last, Reference, Text
from registers.models import Import
from registers.register import BoundColumn, Register

SEVERAL_TIMES = 4
"""In a register that is so many times longer than the file, the rows of the same thing are asked for, and not all."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are read: SQL of what they come from, and of their text in a column, by the column's name."""

    sql: str
    text: Callable[[str], str]

    def count(self) -> int:
        """How many there are."""
        return int(_answer(f"SELECT count(*) FROM {self.sql}"))

    def has_keys_twice(self) -> bool:
        """Whether the same key is there twice."""
        return bool(_answer(f"SELECT EXISTS (SELECT FROM {self.sql} GROUP BY key HAVING count(*) > 1)"))

    def has_unsaid(self, name: str) -> bool:
        """Whether a line does not say a column."""
        return bool(_answer(f"SELECT EXISTS (SELECT FROM {self.sql} AND {self.text(name)} IS NULL)"))

    def has_unknown(self, references: Sequence[tuple[BoundColumn, Reference]]) -> bool:
        """Whether a line refers to what is not there; all columns are looked at in one go."""
        texts = ", ".join(
            f"{self.text(column.name)} AS t{place}" for place, (column, _kind) in enumerate(references)
        )
        joins = " ".join(
            f"LEFT JOIN {kind.joined(f'r{place}', f'told.t{place}')}"
            for place, (_column, kind) in enumerate(references)
        )
        unknown = " OR ".join(
            f"told.t{place} <> '' AND r{place}.id IS NULL" for place in range(len(references))
        )
        return bool(
            _answer(
                f"SELECT EXISTS (SELECT FROM (SELECT {texts} FROM {self.sql}) AS told {joins} WHERE {unknown})"
            )
        )


@dataclass(frozen=True, slots=True)
class Current:
    """What the register holds: SQL that gives id, key and values, with its parameters by name."""

    sql: str
    parameters: dict[str, Any]
    with_open: bool
    """Whether a period can be meant with its first day and without."""


def all_current(register: Register, columns: frozenset[str], day: date, *, by: User | None) -> Current:
    """All that the register holds, or what a person may write of it."""
    rows = register.rows(columns)
    if by is not None and register.reach is not None:
        rows = rows.filter(register.reach(by, day))
    return _current(rows, register, columns, day, with_open=False)


def current_of(of_import: Import, day: date, lines: Lines, *, is_by_period: bool = False) -> Current:
    """
    What the register holds, of the things at least that the lines tell of.

    :param is_by_period: a period is known by its first day only.
    """
    register, columns = of_import.register, of_import.columns
    rows = register.rows(columns)
    if (condition := _key_condition(register, columns, lines, day)) is not None:
        rows = rows.filter(condition)
    with_open = (
        not is_by_period
        and register.first is not None
        and register.first.name in columns
        and lines.has_unsaid(register.first.name)
    )
    return _current(rows, register, columns, day, with_open=with_open)


def _current(
    rows: Any, register: Register, columns: frozenset[str], day: date, *, with_open: bool
) -> Current:
    """
    Write rows with their keys as the columns make them.

    :param with_open: the period that is can be meant without its first day, though the file has days.
    """
    if register.first is not None and register.first.name not in columns:
        period = register.first.field
        goes_on = Q(**{f"{period}__upper_inf": True}) | Q(**{f"{period}__endswith__gt": day})
        rows = rows.filter(goes_on)
    sql, parameters = rows.query.sql_with_params()
    parameter_by_name = {f"current_{number}": value for number, value in enumerate(parameters)}
    sql %= tuple(f"%({name})s" for name in parameter_by_name)
    if register.first is not None and register.first.name not in columns:
        sql = _earliest_period(register.first, f"({sql}) AS periods (id, key, v)")
    elif register.first is not None and with_open:
        whole = f"left(key, -1 - length(v->>'{register.first.name}'))"
        open_ones = f"(SELECT id, {whole}, v FROM held) AS periods (id, key, v)"
        sql = (
            f"WITH held (id, key, v) AS MATERIALIZED ({sql}) SELECT id, key, v FROM held"
            f" UNION ALL ({_current_period(register, register.first, open_ones)})"
        )
    return Current(sql, parameter_by_name | {"day": day.isoformat()}, with_open)


def _key_condition(register: Register, columns: frozenset[str], lines: Lines, day: date) -> RawSQL | None:
    """
    A condition on rows, that they are of the things that lines tell of, found by the keys that there are indexes for.

    None where all rows are soon looked through, or no key is such a one. Periods that are over are left out where none is told by its days.
    """
    name, meta = connection.ops.quote_name, register.model._meta
    texts, joins, same = [], [], []
    is_found = False
    for number, column in enumerate(each for each in register.keys if each.name in columns):
        text = f"told.t{number}"
        table_column = f"known.{name(str(meta.get_field(column.field).column))}"  # type: ignore[union-attr]
        if isinstance(column.kind, Reference):
            other: Any = column.kind.model._meta
            outer = "" if column.is_required else "LEFT "
            joins.append(
                f"{outer}JOIN {name(other.db_table)} AS r{number} ON r{number}.{name(other.get_field(column.kind.by).column)} = {text}"
            )
            referred = f"r{number}.{name(other.pk.column)}"
            if column.is_required:
                same.append(f"{table_column} = {referred}")
            else:
                # Who says nothing of it may mean every one.
                same.append(f"({text} IS NULL OR {table_column} IS NOT DISTINCT FROM {referred})")
        elif (
            column.is_required and isinstance(column.kind, Text) and type(column.kind).current is Kind.current
        ):
            same.append(f"{table_column} = {text}")
        else:
            continue
        is_found = is_found or column.is_required
        texts.append(f"{lines.text(column.name)} AS t{number}")
    if not is_found or (register.ledger is None and _length(register) < SEVERAL_TIMES * lines.count()):
        return None
    if register.first is not None and register.first.name not in columns:
        period = f"known.{name(str(meta.get_field(register.first.field).column))}"  # type: ignore[union-attr]
        same.append(f"(upper_inf({period}) OR upper({period}) > '{day.isoformat()}')")
    sql = (
        f"SELECT known.id FROM (SELECT DISTINCT {', '.join(texts)} FROM {lines.sql}) AS told {' '.join(joins)}"
        f" JOIN {name(meta.db_table)} AS known ON {' AND '.join(same)}"
    )
    # Found by themselves, first: joined with what the rows are written from they are too many tables for the planner to put in order.
    ids = f"{name(meta.db_table)}.{name(str(meta.pk.column))} = ANY(ARRAY({sql}))"
    return RawSQL(ids, [], output_field=BooleanField())  # noqa: S611, put together from declarations


def sequence_of(register: Register) -> str:
    """The name of the sequence that numbers the register's rows."""
    return str(_answer("SELECT pg_get_serial_sequence(%s, 'id')", [register.model._meta.db_table]))


def _length(register: Register) -> int:
    """About how many rows the register has, as the planner knows."""
    table = register.model._meta.db_table
    return int(_answer("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = %s::regclass", [table]))


def _answer(sql: str, parameters: Sequence[Any] = ()) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters) or None)
        (answer,) = cursor.fetchone()
    return answer


def _current_period(register: Register, first: BoundColumn, periods: str) -> str:
    """SQL of the period that is, or the next: those that have been are over, and the earliest of the others is meant."""
    last = next(column for column in register.bound.values() if isinstance(column.kind, Last))
    return _earliest_period(first, f"{periods} WHERE v->>'{last.name}' = '' OR v->>'{last.name}' >= %(day)s")


def _earliest_period(first: BoundColumn, periods: str) -> str:
    """SQL of the earliest period of each thing."""
    return f"SELECT DISTINCT ON (key) id, key, v FROM {periods} ORDER BY key, v->>'{first.name}'"


def values_of(columns: Iterable[str], of: str) -> str:
    """SQL of several columns, from SQL of plain text by column; a column that is not said is empty."""
    return ", ".join(f"coalesce({of}->>'{name}', '')" for name in columns)


def execute(sql: str, parameters: dict[str, Any]) -> int:
    """Execute a statement, and give how many rows it concerned."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
