"""What the board and the audits have asked for and is due, as tasks of whoever answers for it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import reader
from desk.today.tasks import Question, Task, rows_of, sum_of
from governance.models import BoardAssignment, Recommendation
from governance.states import RecommendationStatus
from organizations.models import User

Rows = Sequence[Mapping[str, Any]]

ASSIGNMENT_DAYS = 60
"""So long before its meeting an assignment is told of, as the first reminder is."""
MEASURE_DAYS = 30
"""So long before its day a measure is told of."""


def governance_questions(user: User, day: date, *, is_head: bool) -> list[Question]:
    """Assignments and measures that are due soon, a person's own and for the head all; and what the audit awaits an answer to."""
    own_tasks = Q() if is_head else Q(responsible=user)
    assignments = BoardAssignment.objects.open().filter(
        own_tasks, due_date__lte=day + timedelta(days=ASSIGNMENT_DAYS)
    )
    measures = Recommendation.objects.filter(
        own_tasks, status=RecommendationStatus.PLANNED, due_date__lte=day + timedelta(days=MEASURE_DAYS)
    )
    received = Recommendation.objects.filter(status=RecommendationStatus.RECEIVED)
    unanswered = received if is_head else received.none()
    return [
        Question(
            rows_of(assignments.in_order(), id=F("pk"), paragraph=F("paragraph"), due=F("due_date")),
            partial(_assignments, day=day),
        ),
        Question(
            sum_of(measures, count=Count("pk"), first=Min("pk"), due=Min("due_date")),
            partial(_measures, day=day),
        ),
        Question(sum_of(unanswered, count=Count("pk"), first=Min("pk")), _unanswered),
    ]


def _assignments(rows: Rows, *, day: date) -> list[Task]:
    return [_assignment(row, date.fromisoformat(row["due"]), day) for row in rows]


def _assignment(row: Mapping[str, Any], due: date, day: date) -> Task:
    text = _("Sammanträdet var %(day)s.") if due < day else _("Till sammanträdet %(day)s.")
    return Task(
        figure=row["paragraph"],
        title=_("uppdrag från styrelsen att återrapportera"),
        text=text % {"day": reader.short_day(due, day)},
        url=reverse("desk:board_assignment", args=[row["id"]]),
        button=_("Öppna"),
        needs=(due - day).days <= MEASURE_DAYS,
    )


def _measures(rows: Rows, *, day: date) -> list[Task]:
    return [_measure(row, date.fromisoformat(row["due"]), day) for row in rows if row["count"]]


def _address(row: Mapping[str, Any]) -> str:
    """The recommendation itself when it is one, else the page with all of them."""
    if row["count"] == 1:
        return reverse("desk:recommendation", args=[row["first"]])
    return reverse("desk:governance")


def _measure(row: Mapping[str, Any], due: date, day: date) -> Task:
    count = row["count"]
    text = _("Den första skulle ha varit klar %(day)s.") if due < day else _("Senast %(day)s.")
    return Task(
        figure=str(count),
        title=ngettext(
            "åtgärd efter revisionen att genomföra", "åtgärder efter revisionen att genomföra", count
        ),
        text=text % {"day": reader.short_day(due, day)},
        url=_address(row),
        button=_("Öppna"),
        needs=due <= day,
    )


def _unanswered(rows: Rows | None) -> list[Task]:
    return [
        Task(
            figure=str(row["count"]),
            title=ngettext(
                "rekommendation från revisionen att svara på",
                "rekommendationer från revisionen att svara på",
                row["count"],
            ),
            text=_("Revisionen väntar på regionens svar."),
            url=_address(row),
            button=_("Svara"),
        )
        for row in rows or ()
    ]
