"""Rules kept as SQL: each block selects the rows that break it."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

RULES = Path(__file__).parent / "rules.sql"

OPENING = """
CREATE TEMP TABLE IF NOT EXISTS opening_quantity (item_ceiling_id bigint PRIMARY KEY, quantity numeric) ON COMMIT DROP;
DELETE FROM opening_quantity;
"""


def broken(
    at: datetime, *, committed_before: Mapping[int, int] | None = None
) -> dict[str, list[tuple[object, ...]]]:
    """
    The rules that something breaks at a moment, with what breaks them.

    :param committed_before: what was committed under an item's ceiling before the first line, by the ceiling's id.
    """
    with connection.cursor() as cursor:
        return broken_in(cursor, at, committed_before=committed_before)


def broken_in(
    cursor: Any, at: datetime, *, committed_before: Mapping[int, int] | None = None
) -> dict[str, list[tuple[object, ...]]]:
    """The same, in the transaction of any cursor."""
    found = {}
    cursor.execute(OPENING)
    for opening in (committed_before or {}).items():
        cursor.execute("INSERT INTO opening_quantity VALUES (%s, %s)", opening)
    for rule, statement in rules().items():
        cursor.execute(statement, {"at": at})
        if rows := cursor.fetchall():
            found[rule] = rows[:5]
    return found


def rules() -> dict[str, str]:
    """The statements by their sentence."""
    blocks = (block.partition("\n") for block in re.split(r"(?m)^-- rule: ", RULES.read_text())[1:])
    return {rule: statement.strip().rstrip(";") for rule, _newline, statement in blocks}
