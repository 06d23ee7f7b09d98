"""Several questions in one statement: their rows as lists, or how many they are, as far as a page needs to know."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from core.compiled import Asking

Key = TypeVar("Key")
COUNT, ROWS = "(SELECT count(*) FROM ({}) AS counted)", "ARRAY({})::json[]"


def counts_of(questions: "Mapping[Key, QuerySet[Any, Any] | Asking]", *, most: int) -> dict[Key, int]:
    """
    Count the rows of several questions in one statement, none further than one more than ``most``.

    A compiled question says itself where it stops. What it costs does not grow with the tables, so long as an index gives
    each question's rows one by one.
    """
    limited = {
        name: rows if isinstance(rows, Asking) else rows[: most + 1] for name, rows in questions.items()
    }
    return {name: count or 0 for name, count in _together(limited, COUNT).items()}


def fetch_together(questions: "Mapping[Key, QuerySet[Any, Any] | Asking]") -> dict[Key, list[Any]]:
    """The rows of several questions in one statement, each question of one column that is JSON."""
    return {name: rows or [] for name, rows in _together(questions, ROWS).items()}


def at_least(count: int, *, most: int) -> str:
    """Write a count that stopped: ``200+`` for one past ``most``."""
    return f"{most}+" if count > most else str(count)


def _together(questions: "Mapping[Key, QuerySet[Any, Any] | Asking]", form: str) -> dict[Key, Any]:
    """A column of one row for each, as its form; None for a question that nothing can answer."""
    parts: dict[Key, str] = {}
    parameters: list[Any] = []
    for name, rows in questions.items():
        try:
            sql, values = (rows if isinstance(rows, Asking) else rows.query).sql_with_params()
        except EmptyResultSet:
            continue
        parts[name] = form.format(sql)
        parameters += values
    value_by_key: dict[Key, Any] = dict.fromkeys(questions)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts.values()), parameters)
            (row,) = cursor.fetchall()
        value_by_key |= dict(zip(parts, row, strict=True))
    return value_by_key
