"""Proposals that wait for an answer, and searches that found nothing, as tasks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assortment.answering import waiting_for
from assortment.models import MissedSearch
from core import reader
from core.addresses import address_of
from desk.today.tasks import Question, Task, sum_of
from organizations.models import User
from procurement.wording import number_word_capitalised

SOON_DAYS = 2
"""Days before the response day from which a proposal is among what needs her."""


def proposal_tasks(user: User, day: date) -> list[Task]:
    """What waits for the person's answer, by the day that is promised first."""
    waiting = waiting_for(user, day)
    if not waiting:
        return []
    earliest = waiting[0].response_due_date
    late = sum(each.response_due_date < day for each in waiting)
    text = _("Nästa svarsdag är %(day)s.") % {"day": reader.day(earliest, day)}
    if late:
        text = ngettext(
            "%(count)s har passerat svarstiden, som gick ut %(day)s.",
            "%(count)s har passerat svarstiden, den äldsta gick ut %(day)s.",
            late,
        ) % {"count": number_word_capitalised(late), "day": reader.day(earliest, day)}
    return [
        Task(
            figure=str(len(waiting)),
            title=ngettext("förslag väntar på ditt svar", "förslag väntar på ditt svar", len(waiting)),
            text=text,
            url=reverse("desk:proposals") if len(waiting) > 1 else address_of(waiting[0]),
            button=_("Se förslagen") if len(waiting) > 1 else _("Se förslaget"),
            needs=(earliest - day).days <= SOON_DAYS,
        )
    ]


def search_question(user: User, day: date, *, is_head: bool) -> Question:
    """Words that several people have looked for in vain."""
    searches = MissedSearch.objects.awaiting(user, day, is_head=is_head).of_several()
    return Question(sum_of(searches, count=Count("pk")), _search_tasks)


def _search_tasks(rows: Sequence[Mapping[str, Any]]) -> list[Task]:
    if not rows:
        return []
    count = rows[0]["count"]
    return [
        Task(
            figure=str(count),
            title=ngettext("sökord ger ingen träff", "sökord ger ingen träff", count),
            text=_("Svara med en synonym, eller gör ett förslag."),
            url=f"{reverse('desk:searches')}?visa=hos-dig",
            button=_("Se sökningarna"),
            needs=False,
        )
    ]
