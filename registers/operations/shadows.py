"""
A table of the session's own in the place of a register's, for the rest of the transaction, to try many rows on.

It has the rows that are to be written over, and the checks that the database holds, but no indexes and nothing that is computed
from a row; what must be unique, and periods that may not meet, are held against each other and against the rows that it does not have
in one question each. So trying costs a part of what writing does, however long the register is. What only a trigger refuses is not
refused here, but where it stands (`registers.operations.rehearsing`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import GeneratedField

from registers.operations.writer import Source
from registers.operations.writing import AlreadyThere, Broken, PeriodsOverlap
from registers.register import Register


def shadow(register: Register, written_over: Iterable[Source] | None) -> None:
    """
    Put a copy of the register's table before it, where every statement of the transaction finds it first.

    :param written_over: the rows that it has, by their ids; None for all, so that other rows may refer to them.
    """
    meta: Any = register.model._meta
    name = connection.ops.quote_name(meta.db_table)
    fields = meta.local_concrete_fields
    columns = ", ".join(
        connection.ops.quote_name(str(each.column)) for each in fields if not isinstance(each, GeneratedField)
    )
    computed = [
        connection.ops.quote_name(str(each.column)) for each in fields if isinstance(each, GeneratedField)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA, [name])
        whole = f"{connection.ops.quote_name(cursor.fetchone()[0])}.{name}"
        shadowed = _shadow_table(register)
        cursor.execute(f"CREATE TEMPORARY TABLE {shadowed} (id bigint) ON COMMIT DROP")
        if written_over is None:
            cursor.execute(f"INSERT INTO {shadowed} SELECT id FROM {whole}")
        for source in written_over or ():
            cursor.execute(
                f"INSERT INTO {shadowed} SELECT i.id FROM ({source.sql}) AS i", list(source.parameters)
            )
        cursor.execute(f"ANALYZE {shadowed}")
        cursor.execute(f"CREATE TEMPORARY TABLE {name} (LIKE {whole} INCLUDING CONSTRAINTS) ON COMMIT DROP")
        for column in computed:
            cursor.execute(f"ALTER TABLE pg_temp.{name} DROP COLUMN {column}")
        cursor.execute(
            f"INSERT INTO pg_temp.{name} ({columns}) SELECT {columns} FROM {whole}"
            f" WHERE id IN (SELECT id FROM {shadowed})"
        )
        cursor.execute(f"ANALYZE pg_temp.{name}")


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which rows may not be there together: whose expressions all meet by their operators, where a condition holds."""

    name: str
    is_unique: bool
    expressions: list[str]
    operators: list[str]
    condition: str = ""

    @property
    def values(self) -> str:
        return ", ".join(f"{text} AS x{number}" for number, text in enumerate(self.expressions))

    @property
    def where(self) -> str:
        return f" WHERE {self.condition}" if self.condition else ""

    def meets(self, one: str, other: str) -> str:
        return " AND ".join(
            f"{one}.x{number} {sign} {other}.x{number}" for number, sign in enumerate(self.operators)
        )


def colliding(register: Register, source: Source, *, is_new: bool) -> list[Broken]:
    """
    Rows of the source that cannot be there beside another: one that is there, or one that is written before.

    :param is_new: the rows are new; of rows that were there, only those are asked about that change what the rule compares.
    """
    name = connection.ops.quote_name(register.model._meta.db_table)
    broken: dict[int, Broken] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA_OF_SHADOWED, [register.model._meta.db_table])
        whole = f"{connection.ops.quote_name(cursor.fetchone()[0])}.{name}"
        for rule in _rules(whole):
            sql, parameters = source.sql, list(source.parameters)
            if not is_new:
                sql = f"SELECT told.* FROM ({source.sql}) AS told WHERE told.before ?| %s::text[]"
                parameters = [*parameters, _compared_by(rule, register)]
            refusal = register.sentences.get(rule.name, AlreadyThere if rule.is_unique else PeriodsOverlap)
            cursor.execute(
                _MEETING.format(
                    source=sql,
                    values=rule.values,
                    where=rule.where,
                    shadow=f"pg_temp.{name}",
                    whole=whole,
                    shadowed=_shadow_table(register),
                    meets_b=rule.meets("a", "b"),
                    meets_o=rule.meets("a", "o"),
                ),
                parameters,
            )
            for row_id, other, meets_what_was in cursor.fetchall():
                is_before = other is not None and other < row_id and other not in broken
                if other is None or is_before or meets_what_was:
                    broken.setdefault(row_id, Broken(id=row_id, refusal=refusal()))
    return list(broken.values())


def _compared_by(rule: _Rule, register: Register) -> list[str]:
    """The columns of the register that a rule compares by, or asks of in its condition."""
    meta: Any = register.model._meta
    words = set(re.findall(r"\w+", " ".join([*rule.expressions, rule.condition])))
    return [name for name, column in register.bound.items() if meta.get_field(column.field).column in words]


def _shadow_table(register: Register) -> str:
    """The table with the ids of the rows that were copied."""
    return connection.ops.quote_name(f"shadowed_{register.model._meta.db_table}"[:60])


def _rules(whole: str) -> Iterator[_Rule]:
    """What the database holds of rows together, beside their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_UNIQUE, [whole])
        for name, expressions, condition in cursor.fetchall():
            yield _Rule(name, True, expressions, ["="] * len(expressions), condition or "")
        cursor.execute(_EXCLUDED, [whole])
        for name, expressions, operators, condition in cursor.fetchall():
            yield _Rule(name, False, expressions, operators, condition or "")


# Each row of the source beside another that it meets: one of the copy, of the source itself (then with its id) or not, or one
# that is not on the copy; and whether it meets what the other was before, since rows are written one after another.
_MEETING = """
WITH s AS MATERIALIZED (SELECT i.id FROM ({source}) AS i),
t AS MATERIALIZED (SELECT id, id IN (SELECT id FROM s) AS is_new, {values} FROM {shadow}{where})
SELECT a.id, CASE WHEN b.is_new THEN b.id END AS other, EXISTS (
    SELECT FROM (SELECT id, {values} FROM {whole}{where}) AS o WHERE o.id = b.id AND {meets_o})
FROM t AS a JOIN t AS b ON {meets_b} AND a.id <> b.id WHERE a.is_new
UNION ALL
SELECT a.id, NULL, true FROM t AS a JOIN (SELECT id, {values} FROM {whole}{where}) AS o ON {meets_o}
WHERE a.is_new AND NOT EXISTS (SELECT FROM {shadowed} AS copied WHERE copied.id = o.id)
ORDER BY 1
"""
_SCHEMA = """
SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = %s::regclass
"""
# What is unique, whether it is a constraint or an index only.
_UNIQUE = """
SELECT c.relname,
       ARRAY(SELECT pg_get_indexdef(i.indexrelid, place, false) FROM generate_series(1, i.indnkeyatts) AS place ORDER BY place),
       pg_get_expr(i.indpred, i.indrelid)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary AND NOT i.indisexclusion
ORDER BY c.relname
"""
# What may not meet: the expressions that are compared, each with its operator.
_EXCLUDED = """
SELECT conname,
       ARRAY(SELECT pg_get_indexdef(conindid, place, false) FROM generate_series(1, cardinality(conexclop)) AS place ORDER BY place),
       ARRAY(SELECT oprname::text FROM unnest(conexclop) WITH ORDINALITY AS used (id, place)
             JOIN pg_operator AS o ON o.oid = used.id ORDER BY place),
       (SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = conindid)
FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'x'
"""
_SCHEMA_OF_SHADOWED = """
SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = %s AND c.relkind = 'r' AND c.relpersistence = 'p'
"""
