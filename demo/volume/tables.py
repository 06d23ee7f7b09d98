"""Write many rows by one statement: what a model asks for and the statement does not say has the model's default."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED


@cache
def tables() -> dict[str, str]:
    """Give the tables by their models' names, for ``{Item}`` in a statement."""
    return {model.__name__: model._meta.db_table for model in apps.get_models()}


def run(statement: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Run a statement that names tables by their models."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format_map(tables()), parameters)


def number(statement: str) -> int:
    """Ask for one number."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format_map(tables()))
        (row,) = cursor.fetchall()
    return int(row[0] or 0)


TODAY = "(SELECT today FROM {Loading})"
"""The day that the demo region counts its present from, inside a statement."""
NOW = f"(({TODAY} + time '12:00') AT TIME ZONE 'Europe/Stockholm')"
"""Noon of that day."""


def draw(key: str, seed: int, below: int | str) -> str:
    """Write the expression that draws a whole number from 0, the same for the same key and seed."""
    return f"mod(hashint8extended(({key})::bigint, {seed}) & 2147483647, {below})"


def insert(model_name: str, values: Mapping[str, str], source: str) -> None:
    """
    Write rows of a model from a query.

    :param values: expressions by column; a column that is not named has the model's default, or nothing.
    :param source: the query from ``FROM`` on.
    """
    (model,) = (each for each in apps.get_models() if each.__name__ == model_name)
    columns, expressions, parameters = [], [], {}
    for field in model._meta.local_concrete_fields:
        name = str(field.column)
        if name in values:
            expressions.append(values[name])
        elif isinstance(field, models.GeneratedField) or (field.primary_key and not field.has_default()):
            continue
        elif (default := _default(field)) is not None:
            parameters[name] = default
            expressions.append(f"%({name})s")
        else:
            continue
        columns.append(f'"{name}"')
    run(
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(expressions)} {source}',
        parameters,
    )


def _default(field: "models.Field[Any, Any]") -> Any:
    if field.default is NOT_PROVIDED and field.null:
        return None
    return field.get_db_prep_save(field.get_default(), connection)


_INDEXES = """
SELECT format('DROP INDEX %%s', index.indexrelid::regclass), pg_get_indexdef(index.indexrelid)
FROM pg_index index JOIN pg_class class ON class.oid = index.indrelid
WHERE class.relname = ANY(%(tables)s) AND class.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.indexrelid)
UNION ALL
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', class.oid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', class.oid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
FROM pg_constraint JOIN pg_class class ON class.oid = conrelid
WHERE class.relname = ANY(%(tables)s) AND class.relnamespace = current_schema()::regnamespace AND contype = 'x'
ORDER BY 1
"""


@contextmanager
def without_indexes(*model_names: str) -> Iterator[None]:
    """
    Drop the indexes, and build them again when the rows are there.

    Those of unique and primary keys stay; what excludes others is tried on all rows when it is built.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, {"tables": [tables()[name] for name in model_names]})
        indexes = cursor.fetchall()
        for drop, _build in indexes:
            cursor.execute(drop)
    yield
    with connection.cursor() as cursor:
        for _drop, build in indexes:
            cursor.execute(build)


def renumber(*model_names: str) -> None:
    """Let the tables' own numbers go on after the rows that brought theirs."""
    for name in model_names:
        run(f"SELECT setval(pg_get_serial_sequence('{{{name}}}', 'id'), (SELECT max(id) FROM {{{name}}}))")
