"""Whether the database's tables are those that this code is written for."""

import functools
from dataclasses import dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@dataclass(frozen=True)
class SchemaDifference:
    """Migrations, as "app.name", that only one of code and database has."""

    unapplied: tuple[str, ...]
    unknown: tuple[str, ...]


@functools.cache
def code_migrations() -> MigrationLoader:
    """Read the migrations of the code, once in a process."""
    return MigrationLoader(None)


def schema_difference() -> SchemaDifference:
    """Compare the code's migrations with those that the database says were applied to it."""
    code = code_migrations()
    needed = {node for node in code.graph.nodes if node[0] in code.migrated_apps}
    replaced = {node for migration in code.disk_migrations.values() for node in migration.replaces}
    applied = {
        node for node in MigrationRecorder(connection).applied_migrations() if node[0] in code.migrated_apps
    }
    return SchemaDifference(
        unapplied=_names(needed - applied), unknown=_names(applied - set(code.disk_migrations) - replaced)
    )


def applied_migrations() -> list[str]:
    """What was applied to the database, as "app.name"."""
    return list(_names(set(MigrationRecorder(connection).applied_migrations())))


def _names(nodes: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in nodes))
