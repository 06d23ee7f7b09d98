"""How quickly lines are decided, and what others ask the person about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from categories.models import Category
from core.compiled import compiled_once
from desk.today.tasks import Question, Task, sum_of
from organizations.models import User
from procurement.conversation import consultations_waiting_for
from procurement.response import FIGURES, Response, decisions_counted, response_from


@dataclass(frozen=True, slots=True)
class CategoryResponse:
    """The response time of one category."""

    category: Category
    response: Response


def response_question(within: Sequence[int] | None, day: date, tree: Sequence[Category]) -> Question:
    """
    The response time of each category that something was decided in lately, in tree order.

    :param within: ids of the categories that she answers for, with what is under them; None for all.
    """
    grouped = decisions_counted(within, day).filter(line__category__isnull=False).order_by()
    figures = grouped.values("line__category").annotate(**FIGURES)
    rows = figures.values(said=JSONObject(category="line__category", **{name: name for name in FIGURES}))
    return Question(rows, partial(_responses, tree=tree))


def _responses(rows: Sequence[Mapping[str, Any]], *, tree: Sequence[Category]) -> list[CategoryResponse]:
    response_by_category = {
        row["category"]: response_from(row["count"], row["median"], row["ninetieth"], row["within"])
        for row in rows
    }
    return [
        CategoryResponse(category, response)
        for category in tree
        if (response := response_by_category.get(category.pk)) is not None
    ]


def consultation_question(user: User) -> Question:
    """What she is asked in about and has not answered, while it is to be decided."""
    return Question(_consultations.asking(user), _consultation_tasks)


@compiled_once
def _consultations(user: User) -> QuerySet[Any, Any]:
    waiting = consultations_waiting_for(user).select_related(None)
    return sum_of(waiting, count=Count("message__line"))


def _consultation_tasks(rows: Sequence[Mapping[str, Any]]) -> list[Task]:
    if not rows:
        return []
    count = rows[0]["count"]
    return [
        Task(
            figure=str(count),
            title=ngettext("fråga till dig väntar på svar", "frågor till dig väntar på svar", count),
            text=_("Någon vill veta vad du säger före beslutet."),
            url=reverse("shop:consultations"),
            button=_("Läs frågan") if count == 1 else _("Läs frågorna"),
        )
    ]
