"""What a person who leaves has answered for to the board and the auditors goes to somebody else."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from audit import trail
from audit.trail import Actor
from core.addresses import place
from governance.events import Event
from governance.models import BoardAssignment, PlannedActivity, Recommendation
from governance.notices import TAKEN_OVER
from governance.states import RecommendationStatus
from notices.operations.telling import News, tell
from organizations.models import Membership, Role, User

UNDONE = [RecommendationStatus.PLANNED, RecommendationStatus.CARRIED_OUT]
"""A measure that somebody still answers for."""


def answered_for() -> list[QuerySet[BoardAssignment] | QuerySet[Recommendation] | QuerySet[PlannedActivity]]:
    """What somebody answers for and that is not done: assignments, measures and activities."""
    return [
        BoardAssignment.objects.open(),
        Recommendation.objects.filter(status__in=UNDONE),
        PlannedActivity.objects.filter(done_date=None),
    ]


def answers_for_something() -> Q:
    """Whether a person, as a row of a query, answers for any of it."""
    condition = Q()
    for each in answered_for():
        condition |= Q(Exists(each.filter(responsible=OuterRef("pk"))))
    return condition


def answered_for_by(people: Collection[User]) -> int:
    """How much they answer for."""
    return sum(each.filter(responsible__in=people).count() for each in answered_for())


def hand_over_governance(user: User, successor: User | None, *, by: Actor | None, at: datetime) -> int:
    """
    Let the successor answer for it, or without one the head of procurement, inside an operation; returns how much. She is told.

    Where there is no head either it keeps her name; what falls due of it reaches the first head that there is.
    """
    if successor is None:
        heads = Membership.objects.holders([Role.HEAD_OF_PROCUREMENT], timezone.localdate(at)) - {user.pk}
        successor = User.objects.filter(pk__in=heads).order_by("pk").first()
        if successor is None:
            return 0
    subjects: list[Model] = []
    for each in answered_for():
        rows = list(each.filter(responsible=user).order_by("pk").select_for_update(of=("self",), no_key=True))
        each.filter(pk__in=[one.pk for one in rows]).update(responsible=successor)
        subjects += rows
    trail.record_many(
        Event.RESPONSIBLE_CHANGED,
        subjects=subjects,
        by=by,
        at=at,
        before=user.full_name,
        to=successor.full_name,
    )
    if subjects:
        facts = {"count": len(subjects), "person": user.full_name}
        tell([News(successor.pk, TAKEN_OVER, place("governance"), facts)], by=by, at=at)
    return len(subjects)
