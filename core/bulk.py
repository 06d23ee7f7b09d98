"""Update many rows, each with values of its own, in one statement."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """
    Write the named fields of each object: ``UPDATE … FROM (VALUES …)``.

    Does what ``bulk_update`` does, at a fraction of its cost, since there is no CASE per row and field.
    Calls neither signals nor ``save()``; there are none in this house.
    """
    if not rows:
        return
    columns, row_of_cells, statement = _prepared(type(rows[0]), tuple(fields))
    parameters: list[Any] = []
    for row in rows:
        parameters.append(row.pk)
        parameters.extend(
            column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns
        )
    with connection.cursor() as cursor:
        cursor.execute(statement % ", ".join([row_of_cells] * len(rows)), parameters)


@cache
def _prepared(model: type[Model], fields: tuple[str, ...]) -> tuple[list["Field[Any, Any]"], str, str]:
    """Give the columns, the place of one row's values, and the statement with a place for all of them."""
    meta, quote = model._meta, connection.ops.quote_name
    columns = [cast("Field[Any, Any]", meta.get_field(name)) for name in fields]
    key = quote(cast("str", meta.pk.column))
    cells = ", ".join(f"%s::{column.db_type(connection) or ''}" for column in columns)
    names = ", ".join(f"v{number}" for number in range(len(columns)))
    changes = ", ".join(f"{quote(str(column.column))} = v.v{number}" for number, column in enumerate(columns))
    values = f"(VALUES %s) AS v(id, {names})"
    statement = f"UPDATE {quote(meta.db_table)} t SET {changes} FROM {values} WHERE t.{key} = v.id"  # noqa: S608
    return columns, f"(%s::bigint, {cells})", statement
