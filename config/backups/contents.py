"""What there is to copy: the rows of every table, and the files beside the database."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

KEPT_FOLDERS = ("outbox",)
"""What stands in RAUK_VAR and is made by nothing else: messages written where there is no mail server."""

TABLES = """
SELECT relname FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
ANYTHING = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
  AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1 LIMIT 1
"""


def rows_by_table() -> dict[str, int]:
    """Count every table, as the present transaction sees them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        counts = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            counts[name] = int(cursor.fetchone()[0])
    return counts


def first_thing() -> str | None:
    """Something that is in the database already; extensions do not count."""
    with connection.cursor() as cursor:
        cursor.execute(ANYTHING)
        row = cursor.fetchone()
    return str(row[0]) if row else None


def kept_files() -> Iterator[tuple[str, Path]]:
    """Each file with its name below RAUK_VAR; what is being written is not there yet."""
    for folder in KEPT_FOLDERS:
        for path in sorted((settings.VAR_DIR / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(settings.VAR_DIR).as_posix(), path
