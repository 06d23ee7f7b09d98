"""Owners of agreements are told of the days that they have to act before, each once."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from agreements.models import Agreement, AgreementReminder, Deadline
from agreements.notices import AGREEMENT_DAYS
from agreements.runway import Outlook, outlooks
from categories.models import CategoryAssignment
from categories.responsibility import posts_on, responsibility_for
from core.addresses import address_of
from core.transactions import operation
from notices.models import Notice
from notices.operations.putting_away import put_these_away
from notices.operations.telling import News, tell
from organizations.models import Absence, User

AHEAD_DAYS = 30
"""How long before its day a deadline is told of."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A deadline that lies ahead, and somebody who has to act before it."""

    view: Outlook
    deadline: Deadline
    day: date
    person: User

    @property
    def address(self) -> str:
        """Its place on the agreement's page."""
        return f"{address_of(self.view.agreement)}#{self.deadline.value}"

    @property
    def key(self) -> tuple[int, str, int]:
        """What is told to whom, whichever day it is."""
        return self.view.agreement.pk, self.deadline.value, self.person.pk


@operation
def tell_of_deadlines(*, at: datetime) -> int:
    """
    Tell whoever answers for each agreement of what is to be done within a month; returns how many are told of.

    A day that moves is told of again, and whoever takes over is told. While she is away whoever stands in for her is told
    too. What nobody answers for yet is told of when somebody does. What was told of a day that has passed, has moved, is acted upon or
    is somebody else's by now is put away.
    """
    _one_at_a_time()
    day = timezone.localdate(at)
    agreements = (
        Agreement.objects.orderable_on(day)
        .select_related("category", "owner")
        .with_outlook(day)
        .with_asking()
    )
    ahead = list(_ahead(outlooks(agreements, day=day), day))
    _put_away_others(ahead, at=at)
    fresh = _untold([each for each in ahead if (each.day - day).days <= AHEAD_DAYS])
    AgreementReminder.objects.bulk_create(_reminder(each, at) for each in fresh)
    tell((_news(each) for each in fresh), by=None, at=at)
    return len({(each.view.agreement.pk, each.deadline, each.day) for each in fresh})


def _one_at_a_time() -> None:
    """Let whoever tells in the same moment wait, so that nobody is told twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders of agreements'))")


def _ahead(views: Sequence[Outlook], day: date) -> Iterator[_Ahead]:
    """Every deadline from the day on, once for each person who has to act before it: two queries."""
    posts = posts_on(day)
    absent_ids = set(Absence.objects.on(day).values_list("user", flat=True))
    for view in views:
        post = responsibility_for(view.agreement.category, posts).post
        people = _people(view.agreement, post, absent_ids)
        for deadline, when in view.deadlines():
            if when >= day:
                yield from (_Ahead(view, deadline, when, person) for person in people)


def _people(agreement: Agreement, post: CategoryAssignment | None, absent_ids: Container[int]) -> list[User]:
    """The owner, else the category's manager; beside her whoever is next while she is away or when she has left."""
    standing = [agreement.owner, *((post.manager, post.deputy) if post else ())]
    people: list[User] = []
    for person in standing:
        if person is not None and person.is_active and person not in people:
            people.append(person)
            if person.pk not in absent_ids:
                break
    return people


def _untold(ahead: Sequence[_Ahead]) -> list[_Ahead]:
    """
    Those of which the person has not been told.

    When a procurement has to start follows of the pace where the ceiling is reached first, and moves from day to day: it is told of
    again when it has moved by more than a month.
    """
    days_by_key: dict[tuple[int, str, int], list[date]] = defaultdict(list)
    reminders = AgreementReminder.objects.filter(agreement__in={each.view.agreement.pk for each in ahead})
    for agreement, deadline, person, day in reminders.values_list("agreement", "deadline", "person", "date"):
        days_by_key[agreement, deadline, person].append(day)
    return [
        each
        for each in ahead
        if not any(
            abs((each.day - day).days) <= _date_tolerance(each.deadline) for day in days_by_key[each.key]
        )
    ]


def _date_tolerance(deadline: Deadline) -> int:
    """So many days a deadline moves without being another."""
    return AHEAD_DAYS if deadline == Deadline.START else 0


def _put_away_others(ahead: Sequence[_Ahead], *, at: datetime) -> None:
    """Put away what somebody was told of and that is not ahead of her any more, or on another day."""
    standing = {(each.person.pk, each.address): each for each in ahead}
    over = []
    for notice in Notice.objects.unread().filter(kind=AGREEMENT_DAYS.name).order_by("pk"):
        each = standing.get((notice.recipient_id, notice.address))
        notice_day = date.fromisoformat(notice.facts["day"])
        if each is None or abs((each.day - notice_day).days) > _date_tolerance(each.deadline):
            over.append(notice)
    put_these_away(over, at=at)


def _reminder(of: _Ahead, at: datetime) -> AgreementReminder:
    return AgreementReminder(
        agreement=of.view.agreement, deadline=of.deadline, date=of.day, person=of.person, told_at=at
    )


def _news(of: _Ahead) -> News:
    facts = {"deadline": of.deadline.value, "title": of.view.agreement.title, "day": of.day.isoformat()}
    return News(of.person.pk, AGREEMENT_DAYS, of.address, facts)
