"""Counts that stop: how many rows there are, as far as a page needs to know."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Key = TypeVar("Key")


def counted(questions: "Mapping[Key, QuerySet[Any, Any]]", *, most: int) -> dict[Key, int]:
    """
    Count the rows of several questions in one statement, none further than one more than ``most``.

    What it costs does not grow with the tables, so long as an index gives each question's rows one by one.
    """
    parts: list[tuple[Key, str]] = []
    parameters: list[Any] = []
    counts = dict.fromkeys(questions, 0)
    for name, rows in questions.items():
        try:
            sql, values = rows[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append((name, f"(SELECT count(*) FROM ({sql}) AS counted)"))  # noqa: S608
        parameters += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(part for _name, part in parts), parameters)
            (row,) = cursor.fetchall()
        counts |= dict(zip((name for name, _part in parts), row, strict=True))
    return counts


def at_least(count: int, *, most: int) -> str:
    """Write a count that stopped: ``200+`` for one past ``most``."""
    return f"{most}+" if count > most else str(count)
