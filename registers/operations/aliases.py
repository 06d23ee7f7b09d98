"""Know rows that have been read by another number than their key, such as an article number that the whole world uses."""

from typing import Any

from django.db import connection

from registers.kinds import Reference
from registers.models import Import
from registers.operations.current_rows import execute
from registers.operations.staging import text_in
from registers.register import KEY_JOINT, Register


def replace_aliases(of_import: Import) -> None:
    """
    Let what a file calls by another number be called by the key.

    Numbers are the same with and without leading zeros. One that is a key itself, or that several have, is left as it stands.
    """
    register, known_also = of_import.register, of_import.part.known_also
    also_by_name = {name: also for name, also in known_also.items() if name in of_import.columns}
    for name, also in also_by_name.items():
        kind = register.bound[name].kind
        model, by = (kind.model, kind.by) if isinstance(kind, Reference) else (register.model, name)
        meta: Any = model._meta
        quoted = connection.ops.quote_name
        execute(
            _KNOWN.format(
                text=text_in(name),
                table=quoted(meta.db_table),
                by=quoted(meta.get_field(by).column),
                also=quoted(meta.get_field(also).column),
            ),
            {},
        )
    if also_by_name.keys() & {column.name for column in register.keys}:
        key_again(of_import)


def key_again(of_import: Import) -> None:
    """Let lines whose texts are others than when they were read have the keys that go with them."""
    execute(_KEYS.format(key=_key(of_import.register, of_import)), {"joint": KEY_JOINT})


def _key(register: Register, of_import: Import) -> str:
    """SQL of a row's key, as `Register.key_of` makes it."""
    columns = of_import.columns
    texts = (
        f"coalesce({text_in(column.name)}, '')" if column.name in columns else "''"
        for column in register.keys
    )
    parts = " || %(joint)s || ".join(texts)
    first = register.first
    if first is None or first.name not in columns:
        return parts
    return f"{parts} || coalesce(%(joint)s || {text_in(first.name)}, '')"


_KNOWN = """
UPDATE incoming_change SET {text} = known.number
FROM (
    SELECT min({by}) AS number, ltrim({also}, '0') AS other FROM {table}
    WHERE {also} <> '' AND ltrim({also}, '0') IN (SELECT ltrim({text}, '0') FROM incoming_change)
    GROUP BY ltrim({also}, '0')
    HAVING count(*) = 1
) AS known
WHERE kind <> 'refused' AND {text} ~ '^[0-9]{{8,14}}$' AND ltrim({text}, '0') = known.other
AND NOT EXISTS (SELECT FROM {table} AS same WHERE same.{by} = {text})
"""
_KEYS = "UPDATE incoming_change SET key = {key} WHERE kind <> 'refused'"
