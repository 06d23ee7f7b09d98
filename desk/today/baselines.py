"""Baselines that wait for the person as finance, as a task."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import reader
from desk.today.tasks import Question, Task, sum_of
from organizations.models import User
from reporting.models import Baseline
from reporting.permissions import to_confirm


def baseline_question(user: User, at: datetime) -> Question:
    """The initiatives whose baselines she may confirm: not those of what she answers for herself."""
    waiting = Baseline.objects.awaiting().filter(initiative__in=to_confirm(user, at=at).values("pk"))
    together = sum_of(waiting, count=Count("initiative", distinct=True), since=Min("frozen_at"))
    return Question(together, partial(_tasks, day=timezone.localdate(at)))


def _tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    if not rows:
        return []
    (row,) = rows
    since = timezone.localdate(datetime.fromisoformat(row["since"]))
    return [
        Task(
            figure=str(row["count"]),
            title=_("initiativ att bekräfta"),
            text=_("Besparingen räknas först när baslinjerna är bekräftade. De första frystes %(day)s.")
            % {"day": reader.short_day(since, day)},
            url=reverse("reporting:baselines"),
            button=_("Granska"),
        )
    ]
