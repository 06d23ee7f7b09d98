"""
A task is what needs the person; a question is asked to know whether there is one.

Questions are many and their answers are small, so all of them are asked in one statement: each is a column of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Expression, ExpressionWrapper, F, Q, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from django.db.models.lookups import IsNull

from core.compiled import Asking
from core.components import Link
from core.counting import fetch_together


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that needs the person, its figure first."""

    figure: str
    title: str
    text: str
    url: str
    button: str
    needs: bool = True
    links: tuple[Link, ...] = ()
    """Where the other numbers of the text have their rows."""


@dataclass(frozen=True, slots=True)
class Question:
    """
    Rows that are one object each, and what they are told as: tasks, but for what stands beside them.

    What is most to build and compile is compiled once.
    """

    rows: QuerySet[Any, Any] | Asking
    tasks: Callable[[list[dict[str, Any]]], list[Any]]


def answers(questions: Sequence[Question]) -> list[list[Any]]:
    """What each question is told as, in turn: one statement, however many they are."""
    rows = fetch_together(dict(enumerate(each.rows for each in questions)))
    return [each.tasks(rows[place]) for place, each in enumerate(questions)]


def rows_of(rows: QuerySet[Any, Any], **facts: Any) -> QuerySet[Any, Any]:
    """The rows, each as one object of these facts."""
    return rows.values(said=JSONObject(**facts))


def sum_of(rows: QuerySet[Any, Any], **facts: Any) -> QuerySet[Any, Any]:
    """One object of these aggregates of the rows; no row where there are none."""
    together = rows.order_by().annotate(one=F("pk") * 0).values("one")
    summed: QuerySet[Any, Any] = together.annotate(said=JSONObject(**facts)).values("said")
    return summed


def in_full(amount: Expression) -> Cast:
    """An amount with all its decimals, which a number of JSON would not keep."""
    return Cast(amount, TextField())


def within_categories(posts: Any, category: str) -> Q:
    """
    What is in one of these categories or below it; everything for the head, who has None.

    :param posts: the place for their ids in a question that is compiled once.
    :param category: what leads to the category.
    """
    ids = ExpressionWrapper(posts, output_field=ArrayField(BigIntegerField()))
    return Q(IsNull(ids, True)) | Q(**{f"{category}__lineage__sharing": posts})
