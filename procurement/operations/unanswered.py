"""A question that nobody answers: after so many working days the line goes back to who answers for it, who decides without."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from core.addresses import place
from core.bulk import update_rows
from core.clock import start_of
from core.states import move
from core.transactions import operation
from core.working_days import add_working_days
from notices.operations.telling import News, tell
from procurement.escalation import UNANSWERED_DAYS, latest_day_for
from procurement.models import DecisionKind, DecisionRule, LineDecision, RequisitionLine
from procurement.operations.deciding import NewDecision, write_decisions
from procurement.operations.locks import lock_requisitions
from procurement.operations.putting_away import put_away_for
from procurement.operations.rerouting import place_anew
from procurement.permissions import Capacity
from procurement.states import LINE_TRANSITIONS, LineStatus
from procurement.waiting_notices import UNANSWERED


@operation
def take_back_unanswered(*, at: datetime) -> int:
    """
    Let every line that has waited too long for its answer wait for a decision again, with a working day to make it.

    It changes nothing when none has, so it may run at any time and any number of times.

    :returns: how many lines went back.
    """
    day = timezone.localdate(at)
    requisition_ids = set(_waited_too_long(day).values_list("requisition", flat=True))
    if not requisition_ids:
        return 0
    lock_requisitions(sorted(requisition_ids))
    lines = list(
        _waited_too_long(day)
        .filter(requisition__in=requisition_ids)
        .select_related("requisition")
        .order_by("pk")
    )
    questions = {
        each.line_id: each
        for each in LineDecision.objects.filter(kind=DecisionKind.RETURNED, line__in=lines)
        .select_related("by", "on_behalf_of")
        .order_by("pk")
    }
    decisions = []
    for line in lines:
        move(line, to=LineStatus.AWAITING, transitions=LINE_TRANSITIONS)
        line.promise(add_working_days(day, 1))
        asker = questions[line.pk]
        decisions.append(
            NewDecision(
                line, DecisionKind.UNANSWERED, asker.by, Capacity(DecisionRule.CLOCK, asker.on_behalf_of)
            )
        )
    update_rows(lines, ["status", "response_due_date"])
    write_decisions(decisions, at=at)
    place_anew(lines, by=None, at=at)
    _tell(lines, at=at)
    put_away_for({line.requisition.requester_id for line in lines}, at=at)
    return len(lines)


def _waited_too_long(day: date) -> QuerySet[RequisitionLine]:
    """Lines whose latest question was put so many working days ago."""
    until = start_of(latest_day_for(UNANSWERED_DAYS, day=day) + timedelta(days=1))
    asked_at = Max("decisions__at", filter=Q(decisions__kind=DecisionKind.RETURNED))
    waiting = RequisitionLine.objects.filter(status=LineStatus.RETURNED).alias(asked_at=asked_at)
    ids = waiting.filter(asked_at__lt=until).order_by().values("pk")
    return RequisitionLine.objects.filter(pk__in=ids)


def _tell(lines: list[RequisitionLine], *, at: datetime) -> None:
    of_person: dict[int, list[RequisitionLine]] = defaultdict(list)
    for line in lines:
        if line.responsible_id is not None:
            of_person[line.responsible_id].append(line)
    tell(
        [
            News(
                person,
                UNANSWERED,
                place("queue"),
                {"count": len(own_lines), "what": own_lines[0].description},
            )
            for person, own_lines in of_person.items()
        ],
        by=None,
        at=at,
    )
