"""
A task is what needs the person; a question is asked to know whether there is one.

Questions are many and their answers are small, so all of them are asked in one statement: each is a column of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, F, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from core.components import Link
from organizations.models import User


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
    """Rows that are one object each, and what they are told as: tasks, but for what stands beside them."""

    rows: QuerySet[Any, Any]
    tasks: Callable[[list[dict[str, Any]]], list[Any]]


def answers(questions: Sequence[Question], *, user: User) -> list[list[Any]]:
    """What each question is told as, in turn: one statement, however many they are."""
    asked = [ArraySubquery(each.rows) for each in questions]
    found = User.objects.filter(pk=user.pk).values_list(*asked).get()
    return [each.tasks(rows) for each, rows in zip(questions, found, strict=True)]


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
