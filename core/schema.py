"""Whether the database's tables are those that this code is written for, or ones that it can serve on."""

import functools
import logging
import threading
import time
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

logger = logging.getLogger(__name__)

Node = tuple[str, str]
MARKS: Node = ("core", "0004_operating")
"""The migration that brought the table of marks."""
SECONDS = 10.0
"""How old an answer may be that a process goes by."""


@dataclass(frozen=True)
class SchemaDifference:
    """
    Migrations, as "app.name", that only one of code and database has.

    Of those that are ``unknown`` to the code, it cannot serve on the ``breaking`` ones (see core.additive).
    """

    unapplied: tuple[str, ...]
    unknown: tuple[str, ...]
    breaking: tuple[str, ...]


@functools.cache
def code_migrations() -> MigrationLoader:
    """Read the migrations of the code, once in a process."""
    return MigrationLoader(None)


def schema_difference() -> SchemaDifference:
    """Compare the code's migrations with those that the database says were applied to it."""
    code = code_migrations()
    code_nodes = {node for node in code.graph.nodes if node[0] in code.migrated_apps}
    replaced = {node for migration in code.disk_migrations.values() for node in migration.replaces}
    applied = {
        node for node in MigrationRecorder(connection).applied_migrations() if node[0] in code.migrated_apps
    }
    unknown = applied - set(code.disk_migrations) - replaced
    marked = set(_additive_nodes()) if unknown and MARKS in applied else set()
    return SchemaDifference(_names(code_nodes - applied), _names(unknown), _names(unknown - marked))


def refusal() -> str | None:
    """Say in a sentence why this code must not serve on this database; nothing when it may."""
    difference = schema_difference()
    if difference.unapplied:
        return (
            f"The database lacks migrations of this code: {', '.join(difference.unapplied[:5])}. "
            "Run manage.py migrate and manage.py grant_rights as the owner."
        )
    if difference.breaking:
        return (
            f"The database has migrations that this code cannot serve on: {', '.join(difference.breaking[:5])}. "
            "Deploy the code that made them."
        )
    return None


class Watch:
    """The answer for a whole process, asked again every few seconds by whoever comes first."""

    def __init__(self) -> None:
        self.asking = threading.Lock()
        self.asked_at = float("-inf")
        self.sentence: str | None = None

    def refusal(self) -> str | None:
        """Say why this process must not serve now. While the database is away the last answer holds."""
        is_old = time.monotonic() - self.asked_at > SECONDS
        if is_old and self.asking.acquire(blocking=False):
            try:
                if not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()
                before, self.sentence = self.sentence, refusal()
                self.asked_at = time.monotonic()
                if self.sentence and self.sentence != before:
                    logger.critical(self.sentence)
            except DatabaseError:
                return self.sentence
            finally:
                self.asking.release()
        return self.sentence


watch = Watch()


def refusal_at_start() -> str | None:
    """The same for a process that begins; a database that is away is waited for, not refused."""
    try:
        return refusal()
    except DatabaseError:
        return None
    finally:
        connection.close()


def _additive_nodes() -> list[Node]:
    """What says of itself that the code before it can serve on it (core.additive)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM core_additivemigration")
        return [(app, name) for app, name in cursor.fetchall()]


def applied_migrations() -> list[str]:
    """What was applied to the database, as "app.name"."""
    return list(_names(set(MigrationRecorder(connection).applied_migrations())))


def _names(nodes: set[Node]) -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in nodes))
