"""Tables that keep facts: migration operations, and which tables they are."""

from django.db import connection
from django.db.migrations import RunSQL

APPEND_ONLY, NOT_EMPTIED, TAKEN_BACK = "_append_only", "_not_emptied", "_taken_back"
"""How the triggers' names end, whichever table they are on."""

_GONE = "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT"
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


def taken_back_only(table: str, *, asks: str) -> RunSQL:
    """
    Refuse UPDATE and TRUNCATE on a table, and DELETE where a function of the database says so.

    :param asks: the trigger function, to which the rows that go are known as ``gone``.
    """
    return RunSQL(
        [
            f"CREATE TRIGGER {table}{APPEND_ONLY} BEFORE UPDATE ON {table} {FORBID_EACH_ROW}",
            f"CREATE TRIGGER {table}{TAKEN_BACK} AFTER DELETE ON {table} {_GONE} EXECUTE FUNCTION {asks}()",
            _forbid_truncate(table),
        ],
        [f"DROP TRIGGER {table}{name} ON {table}" for name in (APPEND_ONLY, TAKEN_BACK, NOT_EMPTIED)],
    )


def never_emptied(table: str) -> RunSQL:
    """Refuse TRUNCATE on a table of which only some rows are facts."""
    return RunSQL(_forbid_truncate(table), f"DROP TRIGGER {table}{NOT_EMPTIED} ON {table}")


def append_only_tables() -> list[str]:
    """Tables whose rows are never changed, as the database has them."""
    return _tables_with(APPEND_ONLY)


def taken_back_tables() -> list[str]:
    """Those of them whose rows may go again, when the database lets them."""
    return _tables_with(TAKEN_BACK)


def _tables_with(trigger: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname = relname || %s AND tgenabled IN ('O', 'A') ORDER BY relname",
            [trigger],
        )
        return [name for (name,) in cursor.fetchall()]


def _forbid_truncate(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}{NOT_EMPTIED} BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION forbid_change()"
    )
