"""
A table of the session's own in the place of a register's, for the rest of the transaction, to try many rows on.

It has the rows, and the checks and keys that the database holds, but none of the indexes that only make reading quick and nothing that is
computed from a row; periods are held against each other in one question. So trying costs a part of what writing does. What only a
trigger refuses is not refused here.
"""

import re
from typing import Any

from django.db import connection
from django.db.models import GeneratedField

from registers.operations.writing import Broken, PeriodsOverlap, Source
from registers.register import Register


def shadow(register: Register) -> None:
    """Put a copy of the register's table before it, where every statement of the transaction finds it first."""
    meta: Any = register.model._meta
    name = connection.ops.quote_name(meta.db_table)
    fields = meta.local_concrete_fields
    kept = ", ".join(
        connection.ops.quote_name(str(each.column)) for each in fields if not isinstance(each, GeneratedField)
    )
    computed = [
        connection.ops.quote_name(str(each.column)) for each in fields if isinstance(each, GeneratedField)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA, [name])
        whole = f"{connection.ops.quote_name(cursor.fetchone()[0])}.{name}"
        cursor.execute(_HELD, [whole, whole])
        held = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"CREATE TEMPORARY TABLE {name} (LIKE {whole} INCLUDING CONSTRAINTS) ON COMMIT DROP")
        for column in computed:
            cursor.execute(f"ALTER TABLE pg_temp.{name} DROP COLUMN {column}")
        cursor.execute(f"INSERT INTO pg_temp.{name} ({kept}) SELECT {kept} FROM {whole}")
        for definition in held:
            index = re.sub(r" ON \S+ ", lambda _found: f" ON pg_temp.{name} ", definition, count=1)
            is_index = definition.startswith("CREATE")
            cursor.execute(index if is_index else f"ALTER TABLE pg_temp.{name} ADD CONSTRAINT {definition}")
        cursor.execute(f"ANALYZE pg_temp.{name}")


def overlapping(register: Register, source: Source) -> list[Broken]:
    """Rows of the source that go into another's period: that of one that is there, or of one that is written before."""
    meta: Any = register.model._meta
    name = connection.ops.quote_name(meta.db_table)
    broken: dict[int, Broken] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SCHEMA_OF_SHADOWED, [meta.db_table])
        whole = f"{connection.ops.quote_name(cursor.fetchone()[0])}.{name}"
        cursor.execute(_EXCLUDED, [whole])
        for constraint, expressions, operators in cursor.fetchall():
            values = ", ".join(f"{text} AS x{number}" for number, text in enumerate(expressions))
            meets, met = (
                " AND ".join(f"a.x{number} {sign} {other}.x{number}" for number, sign in enumerate(operators))
                for other in "bo"
            )
            cursor.execute(
                f"WITH s AS MATERIALIZED (SELECT i.id FROM ({source.sql}) AS i),"
                f" t AS MATERIALIZED (SELECT id, id IN (SELECT id FROM s) AS is_new, {values} FROM pg_temp.{name})"
                f" SELECT a.id, CASE WHEN b.is_new THEN b.id END, EXISTS ("
                f"SELECT FROM (SELECT id, {values} FROM {whole}) AS o WHERE o.id = b.id AND {met})"
                f" FROM t AS a JOIN t AS b ON {meets} AND a.id <> b.id WHERE a.is_new ORDER BY a.id",
                list(source.parameters),
            )
            refusal = register.sentences.get(constraint, PeriodsOverlap)
            for row_id, other, meets_what_was in cursor.fetchall():
                is_before = other is not None and other < row_id and other not in broken
                if other is None or is_before or meets_what_was:
                    broken[row_id] = Broken(id=row_id, refusal=refusal())
    return list(broken.values())


_SCHEMA = """
SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = %s::regclass
"""
# Keys and periods, by their names, and what is unique without being a constraint.
_HELD = """
SELECT quote_ident(conname) || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('p', 'u')
UNION ALL
SELECT pg_get_indexdef(i.indexrelid) FROM pg_index AS i
WHERE i.indrelid = %s::regclass AND i.indisunique
AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
"""
# What may not meet: the expressions that are compared, each with its operator.
_EXCLUDED = """
SELECT conname,
       ARRAY(SELECT pg_get_indexdef(conindid, place, false) FROM generate_series(1, cardinality(conexclop)) AS place ORDER BY place),
       ARRAY(SELECT oprname::text FROM unnest(conexclop) WITH ORDINALITY AS used (id, place)
             JOIN pg_operator AS o ON o.oid = used.id ORDER BY place)
FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'x'
"""
_SCHEMA_OF_SHADOWED = """
SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = %s AND c.relkind = 'r' AND c.relpersistence = 'p'
"""
