"""
The first migration of an app, which creates its tables.

Django makes the classes of every related model anew for each operation, so that an app's tables one by one cost their
number squared. Here the whole app is told first, the classes are made once, and then the tables are created.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState


class Creation(Migration):
    """
    Creates the tables of an app together.

    A `CreateModel` has all its fields, indexes and constraints, and nothing is added to it further down; a foreign key
    may point at a model that comes later. Triggers and functions stand in the migrations after it.
    """

    initial = True

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> Any:
        """Tell the state of all tables before the first is created."""
        project_state.__dict__.pop("apps", None)
        self.mutate_state(project_state, preserve=False)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, project_state, project_state)
        return project_state
