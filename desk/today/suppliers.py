"""Suppliers that are proposed with needs and wait to be examined, as a task of the head of procurement."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import reader
from desk.today.tasks import Question, Task, sum_of
from procurement.models import SupplierProposal
from procurement.standing import Standing


def supplier_question(standing: Standing, day: date) -> Question:
    """What she is to examine as head of procurement: what neither she has proposed nor anybody whose delegate she is."""
    proposals = SupplierProposal.objects.to_examine()
    conflicts = [standing.person.pk, *standing.acts_for]
    waiting = proposals.exclude(proposed_by__in=conflicts) if standing.roles.is_head else proposals.none()
    return Question(sum_of(waiting, count=Count("pk"), since=Min("proposed_at")), partial(_tasks, day=day))


def _tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    if not rows:
        return []
    (row,) = rows
    since = timezone.localdate(datetime.fromisoformat(row["since"]))
    return [
        Task(
            figure=str(row["count"]),
            title=ngettext("ny leverantör att pröva", "nya leverantörer att pröva", row["count"]),
            text=_("Behovet väntar på svaret. Den första föreslogs %(day)s.")
            % {"day": reader.short_day(since, day)},
            url=reverse("desk:supplier_proposals"),
            button=_("Pröva"),
        )
    ]
