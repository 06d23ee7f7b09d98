"""
What waits for suppliers to compete has no response day; its time runs from when the competition is decided (ADR 0068).

Competitions lie below the chain, and are locked before it: so lines follow them by the clock, in a transaction of their own. A need
in words waits for the competition that somebody has tied it to (`procurement.operations.tying`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from agreements.models import CallOffMethod
from audit import trail
from audit.models import Entry
from catalog.models import CompetitionItem, RenewedCompetition
from catalog.states import CompetitionStatus
from core.bulk import update_rows
from core.transactions import operation
from core.working_days import add_working_days
from procurement.events import Event
from procurement.models import RequisitionLine
from procurement.operations.locks import lock_requisitions
from procurement.operations.putting_away import put_away_for
from procurement.planning import DEFAULT_RESPONSE_DAYS
from procurement.posts import Posts

TIED_FIELDS = ["tied_competition", "awaits_competition", "competed_at", "response_due_date"]


@operation
def follow_competitions(*, at: datetime) -> int:
    """
    Let undecided lines wait for the open competitions about their items, and give those that wait no longer a response day.

    A line waits while a competition about its item is open under its agreement and nobody has won one, and a need while the one that
    it is tied to is open. The day that it then gets is that of its category, from when the competition was decided; a need is let
    go of one that nobody won. It changes nothing when nothing has changed, so it may run at any time and any number of times.

    :returns: how many lines began to wait, or wait no longer.
    """
    day = timezone.localdate(at)
    requisition_ids = sorted(set(_misplaced(day).values_list("requisition", flat=True)))
    if not requisition_ids:
        return 0
    lock_requisitions(requisition_ids)
    lines = list(
        _misplaced(day)
        .filter(requisition__in=requisition_ids)
        .select_related("category", "requisition", "awaits_competition", "tied_competition")
        .order_by("pk")
    )
    let_go = {}
    posts = Posts.read([], [line.category for line in lines if line.category], day=day)
    for line in lines:
        waited_for, line.awaits_competition_id = line.awaits_competition, line.awaited_id
        if line.tied_competition and line.tied_competition.status == CompetitionStatus.CANCELLED:
            let_go[line.pk], line.tied_competition = line.tied_competition, None
        if line.awaited_id is not None:
            line.response_due_date = None
            continue
        start_response_time(line, posts, since=(waited_for.decided_at if waited_for else None) or at)
    update_rows(lines, TIED_FIELDS)
    _record(lines, let_go, at=at)
    put_away_for({line.responsible_id for line in lines}, at=at)
    return len(lines)


def start_response_time(line: RequisitionLine, posts: Posts, *, since: datetime) -> None:
    """Let a line's response time run from a moment, when it waits for no competition; it is changed, and not saved."""
    policy = posts.policy_for(line.category)
    line.awaits_competition, line.competed_at = None, since
    days = policy.response_days if policy else DEFAULT_RESPONSE_DAYS
    line.promise(add_working_days(timezone.localdate(since), days))


def _misplaced(day: date) -> QuerySet[Any]:
    """Undecided lines that wait for another competition than they should, or are tied to one that nobody won; each with the right one."""
    of_item = CompetitionItem.objects.filter(competition=OuterRef("pk"), item=OuterRef(OuterRef("item")))
    of_line = RenewedCompetition.objects.filter(Exists(of_item), agreement=OuterRef("agreement"))
    won = of_line.filter(status=CompetitionStatus.AWARDED, award_during__contains=day)
    going_on = of_line.filter(status=CompetitionStatus.OPEN).order_by("-pk").values("pk")[:1]
    concerned = Q(agreement__call_off_method=CallOffMethod.MINI_COMPETITION, item__isnull=False)
    waits_for_another = (
        Q(awaited_id__isnull=True, awaits_competition__isnull=False)
        | Q(awaited_id__isnull=False, awaits_competition__isnull=True)
        | Q(awaited_id__isnull=False, awaits_competition__isnull=False)
        & ~Q(awaits_competition=F("awaited_id"))
        | Q(tied_competition__status=CompetitionStatus.CANCELLED)
    )
    return (
        RequisitionLine.objects.undecided()
        .filter(concerned | Q(awaits_competition__isnull=False) | Q(tied_competition__isnull=False))
        .annotate(
            awaited_id=Case(
                When(tied_competition__status=CompetitionStatus.OPEN, then=F("tied_competition_id")),
                When(~Exists(won), then=Subquery(going_on)),
            )
        )
        .filter(waits_for_another)
    )


def _record(
    lines: Iterable[RequisitionLine], let_go: Mapping[int, RenewedCompetition], *, at: datetime
) -> None:
    trail.record_entries(_entry(line, let_go.get(line.pk), at=at) for line in lines)


def _entry(line: RequisitionLine, let_go: RenewedCompetition | None, *, at: datetime) -> Entry:
    """What the trail says of one line; ``let_go`` is what it was tied to and that nobody won."""
    due = line.response_due_date.isoformat() if line.response_due_date else ""
    if let_go is not None:
        return trail.entry(
            Event.LINE_UNTIED, subject=line, by=None, at=at, renewed_competition=let_go.subject, due=due
        )
    event = Event.LINE_COMPETED if due else Event.LINE_AWAITS_COMPETITION
    return trail.entry(event, subject=line, by=None, at=at, due=due)
