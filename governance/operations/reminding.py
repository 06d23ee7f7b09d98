"""Whoever answers for an assignment is reminded in time of the meeting that it is due at, each time once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from core.addresses import address_of
from core.transactions import operation
from governance.models import AssignmentReminder, BoardAssignment, Reminder
from governance.notices import ASSIGNMENT_DUE
from notices.models import Notice
from notices.operations.putting_away import put_away, put_these_away
from notices.operations.telling import News, tell
from organizations.models import Membership, Role

AHEAD = ((7, Reminder.SEVEN_DAYS), (30, Reminder.THIRTY_DAYS), (60, Reminder.SIXTY_DAYS))
"""So many days before the meeting, the nearest first."""


def reminder_on(day: date, due_date: date) -> Reminder | None:
    """Which reminder is in turn on a day: the nearest that has come; none when the meeting is further away."""
    days = (due_date - day).days
    if days < 0:
        return Reminder.PASSED
    return next((reminder for ahead, reminder in AHEAD if days <= ahead), None)


@operation
def remind_of_assignments(*, at: datetime) -> int:
    """
    Remind of the assignments that are not reported; returns of how many.

    A meeting that is moved is reminded of again, and whoever takes over is reminded. Where who answers has no open account, the heads
    of procurement are told. What was told before of the same assignment, or to somebody who answers for it no more, is put away.
    """
    _one_at_a_time()
    day = timezone.localdate(at)
    due = [
        (assignment, reminder)
        for assignment in BoardAssignment.objects.open().select_related("responsible").order_by("pk")
        if (reminder := reminder_on(day, assignment.due_date)) is not None
    ]
    reminder_keys = set(
        AssignmentReminder.objects.filter(assignment__in=[each.pk for each, _reminder in due]).values_list(
            "assignment", "reminder", "due_date", "responsible"
        )
    )
    heads = _heads(day) if any(not each.responsible.is_active for each, _reminder in due) else []
    news = {
        (each, reminder): [
            News(person, ASSIGNMENT_DUE, address_of(each), _facts(each, reminder, day))
            for person in ([each.responsible_id] if each.responsible.is_active else heads)
        ]
        for each, reminder in due
    }
    fresh = [
        (each, reminder)
        for each, reminder in due
        if (each.pk, reminder.value, each.due_date, each.responsible_id) not in reminder_keys
    ]
    AssignmentReminder.objects.bulk_create(
        AssignmentReminder(
            assignment=each,
            reminder=reminder,
            due_date=each.due_date,
            responsible=each.responsible,
            told_at=at,
        )
        for each, reminder in fresh
    )
    _put_away_others([each for some in news.values() for each in some], at=at)
    tell((each for key in fresh for each in news[key]), by=None, at=at)
    return len(fresh)


def _put_away_others(news: Iterable[News], *, at: datetime) -> None:
    """Put away what somebody was told and would not be told today."""
    standing = {(each.person_id, each.address): _reminder_key(each.facts) for each in news}
    notices = Notice.objects.unread().filter(kind=ASSIGNMENT_DUE.name).order_by("pk")
    over = [
        each
        for each in notices
        if standing.get((each.recipient_id, each.address)) != _reminder_key(each.facts)
    ]
    put_these_away(over, at=at)


def _reminder_key(facts: Mapping[str, Any]) -> tuple[Any, Any]:
    return facts["reminder"], facts["day"]


def _facts(assignment: BoardAssignment, reminder: Reminder, day: date) -> dict[str, str]:
    return {
        "paragraph": assignment.paragraph,
        "body": assignment.body,
        "reminder": reminder.value,
        "day": assignment.due_date.isoformat(),
        "told": day.isoformat(),
    }


def _heads(day: date) -> list[int]:
    return sorted(Membership.objects.holders([Role.HEAD_OF_PROCUREMENT], day))


def put_away_reminders(assignments: Iterable[BoardAssignment], *, at: datetime) -> None:
    """Let what nobody has read of a meeting count as read, inside the operation that answers the assignments."""
    put_away([ASSIGNMENT_DUE], addresses=[address_of(each) for each in assignments], at=at)


def _one_at_a_time() -> None:
    """Let whoever reminds in the same moment wait, so that nobody is told twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders of assignments'))")
