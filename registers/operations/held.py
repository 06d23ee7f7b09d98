"""What a register holds, as SQL that rows of a file are held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from organizations.models import User
from registers.kinds import Last
from registers.register import BoundColumn, Register


@dataclass(frozen=True, slots=True)
class Current:
    """What the register holds: SQL that gives id, key and values, with its parameters by name."""

    sql: str
    parameters: dict[str, Any]


def current_rows(
    register: Register,
    columns: frozenset[str],
    day: date,
    *,
    by: User | None = None,
    lines: str = "",
    with_open: bool = False,
) -> Current:
    """
    What the register holds.

    :param by: narrows it to what this person may write.
    :param lines: SQL of the lines that are read; of a register of facts, which may be very long, the same rows are asked for.
    :param with_open: the period that is can be meant without its first day, though the file has days.
    """
    rows = register.rows(columns)
    if register.ledger is not None and lines:
        rows = rows.filter(pk__in=_told_of(register, lines))
    if by is not None and register.reach is not None:
        rows = rows.filter(register.reach(by, day))
    sql, parameters = rows.query.sql_with_params()
    named = {f"current_{number}": value for number, value in enumerate(parameters)}
    sql %= tuple(f"%({name})s" for name in named)
    if register.first is not None and register.first.name not in columns:
        sql = _that_is(register, register.first, f"({sql}) AS periods (id, key, v)")
    elif register.first is not None and with_open:
        whole = f"left(key, -1 - length(v->>'{register.first.name}'))"
        open_ones = f"(SELECT id, {whole}, v FROM held) AS periods (id, key, v)"
        sql = (
            f"WITH held (id, key, v) AS MATERIALIZED ({sql}) SELECT id, key, v FROM held"
            f" UNION ALL ({_that_is(register, register.first, open_ones)})"
        )
    return Current(sql, named | {"day": day.isoformat()})


def _told_of(register: Register, lines: str) -> RawSQL:
    """The ids of the facts that lines tell of, found by the ledger's unique key."""
    name, meta = connection.ops.quote_name, register.model._meta
    same = " AND ".join(
        f"known.{name(str(meta.get_field(column.field).column))} = told.values->>'{column.name}'"  # type: ignore[union-attr]
        for column in register.keys
    )
    sql = f"SELECT known.id FROM (SELECT values FROM {lines}) AS told JOIN {name(meta.db_table)} AS known ON {same}"
    return RawSQL(sql, [])  # noqa: S611, put together from declarations


def _that_is(register: Register, first: BoundColumn, periods: str) -> str:
    """SQL of the period that is, or the next: those that have been are over, and the earliest of the others is meant."""
    last = next(column for column in register.bound.values() if isinstance(column.kind, Last))
    return (
        f"SELECT DISTINCT ON (key) id, key, v FROM {periods}"
        f" WHERE v->>'{last.name}' = '' OR v->>'{last.name}' >= %(day)s ORDER BY key, v->>'{first.name}'"
    )


def values_of(columns: Iterable[str], of: str) -> str:
    """SQL of several columns, from SQL of plain text by column; a column that is not said is empty."""
    return ", ".join(f"coalesce({of}->>'{name}', '')" for name in columns)


def execute(sql: str, parameters: dict[str, Any]) -> int:
    """Execute a statement, and give how many rows it concerned."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
