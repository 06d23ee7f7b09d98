"""Update many rows, each with values of its own, in one statement."""

from collections.abc import Sequence
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
    meta = type(rows[0])._meta
    columns = [cast("Field[Any, Any]", meta.get_field(name)) for name in fields]
    quote = connection.ops.quote_name
    key = cast("str", meta.pk.column)
    cells = ", ".join(f"%s::{(column.db_type(connection) or '')}" for column in columns)
    values = ", ".join([f"(%s::bigint, {cells})"] * len(rows))
    names = ", ".join(f"v{number}" for number in range(len(columns)))
    changes = ", ".join(
        f"{quote(cast('str', column.column))} = v.v{number}" for number, column in enumerate(columns)
    )
    parameters: list[Any] = []
    for row in rows:
        parameters.append(row.pk)
        parameters.extend(
            column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns
        )
    with connection.cursor() as cursor:
        cursor.execute(  # names come from the model, values are parameters
            f"UPDATE {quote(meta.db_table)} t SET {changes} FROM (VALUES {values}) AS v(id, {names})"  # noqa: S608
            f" WHERE t.{quote(key)} = v.id",
            parameters,
        )
