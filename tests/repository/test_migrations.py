"""The migrations say what the models say."""

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import AddField, AddIndex, AlterField, CreateModel, RemoveField, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

from core.additive import OldCodeMayServe, only_adds
from core.schema import MARKS, code_migrations


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=2)  # a failure says what differs


def test_migrations_that_say_so_only_add() -> None:
    for (app, name), migration in code_migrations().disk_migrations.items():
        marks = [each for each in migration.operations if isinstance(each, OldCodeMayServe)]
        if marks:
            assert [(mark.app, mark.name) for mark in marks] == [(app, name)]
            assert [str(each) for each in migration.operations if not only_adds(each)] == []
            altered = {getattr(each, "model_name", "") for each in migration.operations} - {""}
            assert len(altered) <= 1, "one table at a time, or it and an order wait for each other"
            assert MARKS in code_migrations().graph.forwards_plan((app, name))


@pytest.mark.parametrize(
    ("operation", "adds"),
    [
        (CreateModel("Thing", []), True),
        (AddField("user", "note", models.TextField(null=True)), True),
        (AddField("user", "seen_at", models.DateTimeField(db_default=Now())), True),
        (AddField("user", "note", models.TextField(default="")), False),
        (AddIndex("user", models.Index(fields=["email"], name="x")), True),
        (RemoveField("user", "email"), False),
        (AlterField("user", "email", models.TextField()), False),
        (RunSQL("SELECT 1"), False),
    ],
)
def test_only_what_old_code_does_not_meet_adds(operation: Operation, adds: bool) -> None:
    assert only_adds(operation) is adds


@pytest.mark.django_db
def test_mark_is_written_and_taken_away() -> None:
    mark, state = OldCodeMayServe("core", "9999_later"), ProjectState()
    with connection.schema_editor() as editor:
        mark.database_forwards("core", editor, state, state)
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM core_additivemigration")
        assert cursor.fetchall() == [("core", "9999_later")]
    with connection.schema_editor() as editor:
        mark.database_backwards("core", editor, state, state)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_additivemigration")
        assert cursor.fetchone() == (0,)
