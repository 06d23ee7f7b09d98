"""Owners of agreements are told of the days that they have to act before, each once."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from agreements.models import Agreement, AgreementReminder, Deadline
from agreements.notices import AGREEMENT_DAYS
from agreements.runway import Outlook, outlooks
from categories.responsibility import posts_on, responsibility_for
from core.addresses import address_of
from core.transactions import operation
from notices.operations.telling import News, tell

AHEAD_DAYS = 30
"""How long before its day a deadline is told of."""


@operation
def tell_of_deadlines(*, at: datetime) -> int:
    """
    Tell whoever answers for each agreement of what is to be done within a month; returns how many are told of.

    A day that moves is told of again. What nobody answers for yet is told of when somebody does.
    """
    _one_at_a_time()
    day = timezone.localdate(at)
    agreements = (
        Agreement.objects.orderable_on(day)
        .select_related("category", "owner")
        .with_outlook(day)
        .with_asking()
    )
    due = [
        (view, deadline, when)
        for view in outlooks(agreements, day=day)
        for deadline, when in view.deadlines_within(day, AHEAD_DAYS)
    ]
    fresh = _untold(due)
    posts = posts_on(day)
    news, told = [], []
    for view, deadline, when in fresh:
        post = responsibility_for(view.agreement.category, posts).post
        owner = view.agreement.owner or (post.manager if post else None)
        if owner is None or not owner.is_active:
            continue
        facts = {"deadline": deadline.value, "title": view.agreement.title, "day": when.isoformat()}
        news.append(News(owner.pk, AGREEMENT_DAYS, f"{address_of(view.agreement)}#{deadline.value}", facts))
        told.append(AgreementReminder(agreement=view.agreement, deadline=deadline, date=when, told_at=at))
    AgreementReminder.objects.bulk_create(told)
    tell(news, by=None, at=at)
    return len(told)


def _one_at_a_time() -> None:
    """Let whoever tells in the same moment wait, so that nobody is told twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders of agreements'))")


def _untold(
    due: Sequence[tuple[Outlook, Deadline, date]],
) -> Sequence[tuple[Outlook, Deadline, date]]:
    ids = {view.agreement.pk for view, _deadline, _when in due}
    known = set(
        AgreementReminder.objects.filter(agreement__in=ids).values_list("agreement", "deadline", "date")
    )
    return [each for each in due if (each[0].agreement.pk, each[1].value, each[2]) not in known]
