"""Tables that keep facts: migration operations, and which tables they are."""

from django.db import connection
from django.db.migrations import RunSQL

APPEND_ONLY, NOT_EMPTIED = "_append_only", "_not_emptied"
"""How the triggers' names end, whichever table they are on."""

FORBID_EACH_ROW = "FOR EACH ROW EXECUTE FUNCTION forbid_change()"


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on a table; needs core's function ``forbid_change``."""
    return RunSQL(
        [
            f"CREATE TRIGGER {table}{APPEND_ONLY} BEFORE UPDATE OR DELETE ON {table} {FORBID_EACH_ROW}",
            _forbid_truncate(table),
        ],
        [
            f"DROP TRIGGER {table}{APPEND_ONLY} ON {table}",
            f"DROP TRIGGER {table}{NOT_EMPTIED} ON {table}",
        ],
    )


def never_emptied(table: str) -> RunSQL:
    """Refuse TRUNCATE on a table of which only some rows are facts."""
    return RunSQL(_forbid_truncate(table), f"DROP TRIGGER {table}{NOT_EMPTIED} ON {table}")


def append_only_tables() -> list[str]:
    """Tables that take new rows and nothing else, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname = relname || %s AND tgenabled IN ('O', 'A') ORDER BY relname",
            [APPEND_ONLY],
        )
        return [name for (name,) in cursor.fetchall()]


def _forbid_truncate(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}{NOT_EMPTIED} BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()"
    )
