"""
The statements that write rows to a register, the same for one row and sixty thousand.

What is to be written comes as a *source*: SQL that gives ``id``, ``key``, ``v`` (plain text by column) and ``before``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import connection
from django.db.models import Field, GeneratedField

from registers.kinds import First, Last, Reference
from registers.register import BoundColumn, Register


@dataclass(frozen=True, slots=True)
class Source:
    """Rows to write: SQL that gives them, and which columns they have values for."""

    sql: str
    parameters: Sequence[Any]
    columns: frozenset[str]


class Writer:
    """The statements of a register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.meta: Any = register.model._meta
        self.table = connection.ops.quote_name(self.meta.db_table)

    @cached_property
    def by_field(self) -> dict[str, list[BoundColumn]]:
        """The columns that each field of the model is written from; a period has two."""
        columns: dict[str, list[BoundColumn]] = {}
        for column in self.register.bound.values():
            columns.setdefault(column.field, []).append(column)
        return columns

    def insert(self, source: Source, day: date) -> None:
        """Insert rows that have their ids already; a period without a first day begins on the day."""
        names, values, parameters = [], [], []
        for field in self.meta.local_concrete_fields:
            if isinstance(field, GeneratedField):
                continue
            value, value_parameters = self._new(field, source.columns)
            if self.register.first is not None and field.name == self.register.first.field:
                value, value_parameters = (
                    _period(self._columns_of(field, source.columns), "", self._first_day(source, day)),
                    [],
                )
            names.append(connection.ops.quote_name(field.column))
            values.append(value)
            parameters += value_parameters
        self._execute(
            f"INSERT INTO {self.table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {self._resolved(source)}",
            [*parameters, *source.parameters],
        )

    def succeeded(self, source: Source, day: date) -> Source | None:
        """
        The periods that go on at the first day of a new one, and end the day before.

        ``v`` and ``before`` are their last days, now and until now; None where a register has no periods.
        """
        first = self.register.first
        if first is None:
            return None
        period = connection.ops.quote_name(self.meta.get_field(first.field).column)
        begins, ends = self._first_day(source, day), self.register.ends
        # What the new rows refer to is found once for each of them, before they are held against all that is there.
        keys = ", ".join(
            f"{_stored(column)} AS same_{number}" for number, column in enumerate(self.register.keys)
        )
        same = [
            f"t.{connection.ops.quote_name(self.meta.get_field(column.field).column)}"
            f" {'=' if column.is_required else 'IS NOT DISTINCT FROM'} i.same_{number}"
            for number, column in enumerate(self.register.keys)
        ]
        return Source(
            f"WITH i AS MATERIALIZED (SELECT i.key, {begins} AS begins, {keys} FROM {self._resolved(source, self.register.keys)})"
            " SELECT DISTINCT ON (t.id) t.id, i.key, i.begins,"
            f" jsonb_build_object('{ends}', (i.begins - 1)::text) AS v,"
            f" jsonb_build_object('{ends}', coalesce((upper(t.{period}) - 1)::text, '')) AS before"
            f" FROM {self.table} AS t JOIN i ON {' AND '.join(same)}"
            f" AND t.{period} @> i.begins AND lower(t.{period}) < i.begins ORDER BY t.id, i.begins",
            source.parameters,
            frozenset([self.register.ends]),
        )

    def succeed(self, source: Source, day: date) -> None:
        """Let the period that goes on at the first day of a new one end the day before."""
        first, succeeded = self.register.first, self.succeeded(source, day)
        if first is None or succeeded is None:
            return
        period = connection.ops.quote_name(self.meta.get_field(first.field).column)
        self._execute(
            f"UPDATE {self.table} AS t SET {period} = daterange(lower(t.{period}), s.begins)"
            f" FROM ({succeeded.sql}) AS s WHERE t.id = s.id",
            succeeded.parameters,
        )

    def _first_day(self, source: Source, day: date) -> str:
        """SQL of the first day of a new row: as said, or the day on which it is written."""
        first = self.register.first
        is_said = first is not None and first.name in source.columns
        day_sql = first.kind.stored(_text(first)) if first is not None and is_said else "NULL::date"
        return f"coalesce({day_sql}, '{day.isoformat()}'::date)"

    def update(self, source: Source) -> None:
        """Update the rows in the columns that the source has."""
        parts, parameters = [], []
        for name, columns in self.by_field.items():
            present = [column for column in columns if column.name in source.columns]
            if present:
                field = self.meta.get_field(name)
                value, value_parameters = self._value(
                    field, present, old=f"t.{connection.ops.quote_name(field.column)}"
                )
                parts.append(f"{connection.ops.quote_name(field.column)} = {value}")
                parameters += value_parameters
        if parts:
            self._execute(
                f"UPDATE {self.table} AS t SET {', '.join(parts)} FROM {self._resolved(source)} WHERE t.id = i.id",
                [*parameters, *source.parameters],
            )

    def delete(self, source: Source) -> None:
        """Delete rows that nothing refers to."""
        self._execute(
            f"DELETE FROM {self.table} AS t USING ({source.sql}) AS i WHERE t.id = i.id", source.parameters
        )

    def bring_back(self, source: Source) -> None:
        """Insert rows again as they were when they were taken away, with their ids; ``before`` has every column."""
        self.insert(
            Source(
                f"SELECT r.id, r.key, r.before AS v, r.before FROM ({source.sql}) AS r",
                source.parameters,
                frozenset(self.register.bound),
            ),
            date.max,
        )

    def lock(self, source: Source) -> None:
        """Lock the rows, in the order of their ids."""
        self._execute(
            f"SELECT t.id FROM {self.table} AS t WHERE t.id IN (SELECT i.id FROM ({source.sql}) AS i)"
            " ORDER BY t.id FOR NO KEY UPDATE",
            source.parameters,
        )

    def _new(self, field: Field[Any, Any], names: frozenset[str]) -> tuple[str, list[Any]]:
        """What a field of a new row gets: its columns' value, a constant, its default, or nothing."""
        columns = self._columns_of(field, names)
        ledger = self.register.ledger
        if field.primary_key:
            return "i.id", []
        if ledger is not None and field.name in (ledger.of_import, ledger.row):
            return "i.row" if field.name == ledger.row else "i.of_import_id", []
        if columns:
            return self._value(field, columns)
        if field.name in self.register.constants:
            return "%s", [field.get_db_prep_save(self.register.constants[field.name](), connection)]
        if field.has_default() or not field.null:
            return "%s", [field.get_db_prep_save(field.get_default(), connection)]
        return "NULL", []

    def _columns_of(self, field: Field[Any, Any], names: frozenset[str]) -> list[BoundColumn]:
        return [column for column in self.by_field.get(field.name, []) if column.name in names]

    def _value(
        self, field: Field[Any, Any], columns: list[BoundColumn], *, old: str = ""
    ) -> tuple[str, list[Any]]:
        """SQL of the value that a field gets; ``old`` is what the row has, where it has one."""
        if isinstance(field, DateRangeField):
            return _period(columns, old), []
        (column,) = columns
        value = _stored(column)
        if field.has_default() and not field.null and not field.empty_strings_allowed:
            return f"coalesce({value}, %s)", [field.get_db_prep_save(field.get_default(), connection)]
        if field.has_default() and field.default:
            return f"coalesce(nullif({value}, ''), %s)", [
                field.get_db_prep_save(field.get_default(), connection)
            ]
        return value, []

    def _resolved(self, source: Source, columns: Iterable[BoundColumn] = ()) -> str:
        """The rows of a source with the ids of what they refer to, each register looked up once and not row by row."""
        names = source.columns | {column.name for column in columns}
        referring = [(column, kind) for column, kind in self.register.references if column.name in names]
        ids = "".join(f", r{place}.id AS {_id(column)}" for place, (column, _kind) in enumerate(referring))
        joins = " ".join(
            f"LEFT JOIN {kind.joined(f'r{place}', _text(column))}"
            for place, (column, kind) in enumerate(referring)
        )
        return f"(SELECT i.*{ids} FROM ({source.sql}) AS i {joins}) AS i"

    def _execute(self, sql: str, parameters: Iterable[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))


def _stored(column: BoundColumn) -> str:
    """SQL of what a row of a source stores in a column's field."""
    return f"i.{_id(column)}" if isinstance(column.kind, Reference) else column.kind.stored(_text(column))


def _id(column: BoundColumn) -> str:
    return connection.ops.quote_name(f"id of {column.name}")


def _text(column: BoundColumn) -> str:
    return f"(i.v->>'{column.name}')"


def _period(columns: list[BoundColumn], old: str, begins: str = "") -> str:
    """
    SQL of a period from its days, both included, so that the database refuses one that ends before it begins.

    A row that goes from the day on which it began, as a supplier's catalogue takes away what came the same day, has that day.
    """
    first, last = (f"lower({old})", f"upper({old}) - 1") if old else ("NULL::date", "NULL::date")
    for column in columns:
        if isinstance(column.kind, First):
            day_sql = column.kind.stored(_text(column))
            # Who says nothing of a first day leaves the one that is.
            first = f"CASE WHEN i.v ? '{column.name}' THEN {day_sql} ELSE {first} END" if old else day_sql
        if isinstance(column.kind, Last):
            last = column.kind.stored(_text(column))
            if old:
                last = f"CASE WHEN {last} = lower({old}) - 1 THEN lower({old}) ELSE {last} END"
    return f"daterange({begins or first}, {last}, '[]')"
