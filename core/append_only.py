"""Make a table append-only: a migration operation used by every table of facts."""

from django.db.migrations import RunSQL


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE and DELETE on a table's rows; needs core's function ``forbid_change``."""
    return RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION forbid_change()",
        f"DROP TRIGGER {table}_append_only ON {table}",
    )
