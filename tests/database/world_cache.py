"""
Worlds that are built once.

Many tests begin in the same world, which takes a tenth of a second or more of real operations. The first test of a process
that asks for one builds it; the others get its rows as they were, copied in. A world that stands on another is known by
both, as long as nothing else has been written in between.
"""

import pickle
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from io import BytesIO
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from django.db import connection, models

from organizations.models import Session
from tests.cast import Cast

P = ParamSpec("P")
World = TypeVar("World")
Rows = dict[str, bytes]

AT = """
SELECT number::text, CASE WHEN number IS NULL THEN 0 ELSE (
    SELECT sum(
        pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)
    )
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
) END
FROM pg_current_xact_id_if_assigned() AS number
"""
"""Which transaction this is, which has a number from its first row on, and how many rows have been written."""
WRITTEN_TO = """
SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE pid = pg_backend_pid() AND mode = 'RowExclusiveLock' AND relkind = 'r' AND relname <> %s
"""
"""The tables that the transaction has locked, as who writes to them does; who is signed in is no part of a world."""


class Point(NamedTuple):
    """Where a transaction is: its number and the rows that it has written."""

    transaction: str | None
    written: int


class Path:
    """The worlds that have been asked for in this transaction, as long as nothing else was written."""

    def __init__(self) -> None:
        self.point = Point(None, 0)
        self.worlds: tuple[str, ...] = ()

    def here(self) -> tuple[str, ...] | None:
        """The worlds that there are and nothing else; none when there is something else too."""
        if not connection.in_atomic_block:
            return None
        point = _transaction_point()
        if point.transaction is None:
            return ()
        return self.worlds if point == self.point else None

    def goes_on(self, *worlds: str) -> None:
        """These are there now."""
        self.point, self.worlds = _transaction_point(), worlds


path = Path()


@contextmanager
def aside() -> Iterator[None]:
    """What is written meanwhile is no part of a world, and none is the other for it."""
    worlds = path.here()
    yield
    if worlds is not None:
        path.goes_on(*worlds)


def remembered(build: Callable[Concatenate[Cast, P], World]) -> Callable[Concatenate[Cast, P], World]:
    """
    Let a world that is asked for with the same things of the cast, texts, numbers and days be built once in a process.

    A thing is told by its row, which nothing but the worlds before this one has written to.
    """
    cache: dict[tuple[str, ...], tuple[Rows, bytes]] = {}

    @wraps(build)
    def world(cast: Cast, /, *args: P.args, **kwargs: P.kwargs) -> World:
        before = path.here()
        if before is None:
            return build(cast, *args, **kwargs)
        key = *before, f"{build.__name__}{_stable_key((args, sorted(kwargs.items())))!r}"
        if key in cache:
            rows, things = cache[key]
            _restore(rows)
            snapshot: tuple[Cast, World] = pickle.loads(things)
            vars(cast).update(vars(snapshot[0]))
            result = snapshot[1]
        else:
            result = build(cast, *args, **kwargs)
            cache[key] = _rows(), pickle.dumps((cast, result))
        path.goes_on(*key)
        return result

    return world


def _stable_key(value: Any) -> Any:
    """The value in words that are the same in every test; an object of a model by its table and number."""
    if isinstance(value, models.Model):
        return value._meta.label, value.pk
    return tuple(map(_stable_key, value)) if isinstance(value, list | tuple) else value


def _transaction_point() -> Point:
    with connection.cursor() as cursor:
        cursor.execute(AT)
        ((transaction, row_count),) = cursor.fetchall()
    return Point(transaction, row_count)


def _rows() -> Rows:
    """All rows of the tables that have been written to, packed."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN_TO, [Session._meta.db_table])
        for (table,) in cursor.fetchall():
            content = BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', content)
            rows[table] = zlib.compress(content.getvalue(), 1)
    return rows


def _restore(rows: Rows) -> None:
    """
    Let the tables have these rows and no others; triggers and foreign keys have had their say when they were written.

    The numbers that the rows have are used up in this process's database, so that none is given once more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f'DELETE FROM "{table}"' for table in rows))
        for table, content in rows.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', BytesIO(zlib.decompress(content)))
        cursor.execute("SET LOCAL session_replication_role = origin")
