"""Direct awards that are to be documented, as a task."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import reader
from core.compiled import compiled_once
from desk.today.tasks import Question, Task, sum_of, within_categories
from procurement.award_records import REMINDER_DAYS
from procurement.models import AwardRecord


def award_question(within: list[int] | None, day: date) -> Question:
    """
    What is to be documented in these categories and below them; in all, for the head.

    :param within: the categories that the person answers for; None for the head.
    """
    return Question(_records.asking(within), partial(_tasks, day=day))


@compiled_once
def _records(within: list[int] | None) -> QuerySet[Any, Any]:
    records = AwardRecord.objects.to_complete().filter(within_categories(within, "line__category"))
    return sum_of(records, count=Count("pk"), due=Min("due_date"))


def _tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    return [_task(row["count"], date.fromisoformat(row["due"]), day) for row in rows if row["count"]]


def _task(count: int, due: date, day: date) -> Task:
    text = _("Dokumentationen skulle ha varit klar %(day)s.") if due < day else _("Senast %(day)s.")
    return Task(
        figure=str(count),
        title=ngettext("direktupphandling att dokumentera", "direktupphandlingar att dokumentera", count),
        text=text % {"day": reader.short_day(due, day)},
        url=reverse("desk:direct_awards"),
        button=_("Dokumentera"),
        needs=(due - day).days <= REMINDER_DAYS,
    )
