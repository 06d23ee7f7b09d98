"""Whether the database's tables are those that this code is written for."""

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader


@dataclass(frozen=True)
class SchemaDifference:
    """Migrations, as "app.name", that only one of code and database has; false when there are none."""

    unapplied: tuple[str, ...]
    unknown: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.unapplied or self.unknown)


def schema_difference() -> SchemaDifference:
    """Compare the code's migrations with those that the database says were applied to it."""
    loader = MigrationLoader(connection)
    needed = {node for node in loader.graph.nodes if node[0] in loader.migrated_apps}
    squashed = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    applied = set(loader.applied_migrations)
    ours = {node for node in applied if node[0] in loader.migrated_apps}
    return SchemaDifference(
        unapplied=tuple(sorted(f"{app}.{name}" for app, name in needed - applied)),
        unknown=tuple(sorted(f"{app}.{name}" for app, name in ours - set(loader.disk_migrations) - squashed)),
    )
