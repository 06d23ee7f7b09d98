"""
Migrations that the code before them can go on serving on, so that an upgrade need not stop anybody.

Such a migration only adds: a table, a column that may be empty or has its value in the database, an index; or it takes
away a constraint. It says so itself, as its last operation, and a test holds it to that. The mark stands in the database,
since the code before it does not have the migration to look at.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddField, AddIndex, CreateModel, RemoveConstraint
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED


class OldCodeMayServe(Operation):
    """Marks the migration that it stands in, by its app and name."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, app: str, name: str) -> None:
        self.app, self.name = app, name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes by this."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Write the mark."""
        schema_editor.execute(
            "INSERT INTO core_additivemigration (app, name) VALUES (%s, %s)", [self.app, self.name]
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Take the mark away."""
        schema_editor.execute(
            "DELETE FROM core_additivemigration WHERE (app, name) = (%s, %s)", [self.app, self.name]
        )


def only_adds(operation: Operation) -> bool:
    """Whether code that does not know of the operation can go on reading and writing."""
    if isinstance(operation, AddField):
        field: Any = operation.field
        return field.many_to_many or field.null or field.db_default is not NOT_PROVIDED
    return isinstance(operation, CreateModel | AddIndex | RemoveConstraint | OldCodeMayServe)
