"""Renewed competitions whose time to bid is over, as tasks."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import RenewedCompetition
from catalog.states import CompetitionStatus
from core import reader
from core.compiled import compiled_once
from desk.today.tasks import Question, Task, rows_of, within_categories
from organizations.models import User


def competition_question(user: User, within: list[int] | None, day: date) -> Question:
    """
    Those that are to be decided, of agreements that she answers for by a category or by name.

    :param within: the categories that the person answers for; None for the head, who answers for all.
    """
    return Question(_ended.asking(user, within, day), partial(_tasks, day=day))


@compiled_once
def _ended(user: User, within: list[int] | None, day: date) -> QuerySet[Any, Any]:
    ended = RenewedCompetition.objects.filter(
        within_categories(within, "agreement__category") | Q(agreement__owner=user),
        status=CompetitionStatus.OPEN,
        bids_by_date__lt=day,
    )
    return rows_of(
        ended.order_by("bids_by_date", "pk"),
        pk=F("pk"),
        agreement=F("agreement"),
        title=F("agreement__title"),
        subject=F("subject"),
        last=F("bids_by_date"),
    )


def _tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    return [
        Task(
            figure=str(days),
            title=ngettext(
                "dag sedan anbudstiden gick ut: %(subject)s",
                "dagar sedan anbudstiden gick ut: %(subject)s",
                days,
            )
            % row,
            text=_("Öppna anbuden, och tilldela eller avbryt. Sista dagen var %(day)s, i avtalet %(title)s.")
            % {"day": reader.short_day(date.fromisoformat(row["last"]), day), "title": row["title"]},
            url=reverse("desk:competition", args=[row["agreement"], row["pk"]]),
            button=_("Se anbuden"),
        )
        for row in rows
        for days in [(day - date.fromisoformat(row["last"])).days]
    ]
