"""
Worlds that are built once.

Some worlds take a second or more of real operations, and many tests begin in each of them. The first test of a process
that asks for one builds it; the others get its rows as they were, copied in, as long as they have written nothing before.
"""

import pickle
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Concatenate, ParamSpec, TypeVar

from django.db import connection, models

from tests.cast import Cast

P = ParamSpec("P")
World = TypeVar("World")
Rows = dict[str, bytes]

NOTHING_YET = "SELECT pg_current_xact_id_if_assigned() IS NULL"
"""A transaction has a number from its first row on, also if it has taken it back."""
WRITTEN_TO = """
SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE pid = pg_backend_pid() AND mode = 'RowExclusiveLock' AND relkind = 'r'
"""
"""The tables that it has locked, as who writes to them does."""


def remembered(build: Callable[Concatenate[Cast, P], World]) -> Callable[Concatenate[Cast, P], World]:
    """Let a world that is asked for with the same texts, numbers and days be built once in a process."""
    kept: dict[str, tuple[Rows, bytes]] = {}

    @wraps(build)
    def world(cast: Cast, /, *args: P.args, **kwargs: P.kwargs) -> World:
        asked = repr((args, sorted(kwargs.items())))
        is_told_by_its_name = not any(isinstance(each, models.Model) for each in (*args, *kwargs.values()))
        if not (is_told_by_its_name and connection.in_atomic_block and _has_written_nothing()):
            return build(cast, *args, **kwargs)
        if asked not in kept:
            built = build(cast, *args, **kwargs)
            kept[asked] = _rows(), pickle.dumps((cast, built))
            return built
        rows, things = kept[asked]
        _put_back(rows)
        then: tuple[Cast, World] = pickle.loads(things)
        vars(cast).update(vars(then[0]))
        return then[1]

    return world


def _has_written_nothing() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(NOTHING_YET)
        ((nothing,),) = cursor.fetchall()
    return bool(nothing)


def _rows() -> Rows:
    """All rows of the tables that have been written to."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN_TO)
        for (table,) in cursor.fetchall():
            content = BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', content)
            rows[table] = content.getvalue()
    return rows


def _put_back(rows: Rows) -> None:
    """
    Let the tables have these rows and no others; triggers and foreign keys have had their say when they were written.

    The numbers that the rows have are used up in this process's database, so that none is given once more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f'DELETE FROM "{table}"' for table in rows))
        for table, content in rows.items():
            if content:
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', BytesIO(content))
        cursor.execute("SET LOCAL session_replication_role = origin")
