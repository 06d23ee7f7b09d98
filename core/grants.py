"""
What the program's own database role may do: read and write rows, and nothing else.

Web and workers connect as a role that owns nothing, so that whatever goes wrong in them can neither lay the triggers to rest
nor empty or alter a table. Migrations connect as the owner.
"""

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from core.append_only import append_only_tables, taken_back_tables

ROWS = "SELECT, INSERT, UPDATE, DELETE"
FACTS = "SELECT, INSERT"
TAKEN_BACK = "SELECT, INSERT, DELETE"
MAINTAIN = "MAINTAIN"
"""Lets an import refresh the planner's statistics; changes no row."""


@transaction.atomic
def grant_rights(role: str, *, password: str = "") -> None:
    """
    Create the role unless it exists, and give it exactly the rights that it needs on the tables as they are now.

    Run as the owner after each migration: a new table gives no rights by itself.

    :param password: sets the role's password; empty leaves it as it is.
    """
    quote = connection.ops.quote_name
    name, database = quote(role), quote(connection.settings_dict["NAME"])
    history = MigrationRecorder.Migration._meta.db_table
    rights_of = {
        **dict.fromkeys(append_only_tables(), FACTS),
        **dict.fromkeys(taken_back_tables(), TAKEN_BACK),
        history: "SELECT",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        if not cursor.fetchone()[0]:
            cursor.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION")
        if password:
            cursor.execute(f"ALTER ROLE {name} PASSWORD %s", [password])
        cursor.execute("SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        relations = cursor.fetchall()
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}")
        cursor.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {name}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        for relation, kind in relations:
            if kind in ("r", "p"):
                rights = rights_of.get(relation, ROWS)
                cursor.execute(f"GRANT {rights}, {MAINTAIN} ON {quote(relation)} TO {name}")
            elif kind in ("v", "m"):
                cursor.execute(f"GRANT SELECT ON {quote(relation)} TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
