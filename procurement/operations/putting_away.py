"""
Put away what somebody was told to wait for, or that waits for her, once it is done (`procurement.notice_expiry`).

For those whom an operation concerns it is done in its transaction, by a question and, where something is done, a statement; for
everybody else, as for those who hear of it by the date alone or by a register, within a minute by the clock.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from categories.delegations import delegations_on
from core.compiled import compiled_once
from core.transactions import operation
from notices.models import Notice
from notices.operations.putting_away import done_notices, put_these_away
from procurement.notice_expiry import FACTS, expiry_conditions


@operation
def put_away_all(*, at: datetime) -> int:
    """
    Put away everything that is done, for everybody; returns how many notices.

    It changes nothing when nothing is, so it may run at any time and any number of times.
    """
    notices = done_notices(expiry_conditions(timezone.localdate(at)), facts=FACTS)
    return put_these_away(list(notices.only("pk")), at=at)


def put_away_for(people: Iterable[int | None], *, at: datetime) -> None:
    """
    Put away what is done of what these people, and those whom they let act for them, were told.

    One question, asked by every decision and receipt, and one statement more where something is done; none without people.
    """
    concerned = sorted({person for person in people if person is not None})
    if concerned:
        put_these_away(_done_of(concerned, timezone.localdate(at)), at=at)


@compiled_once
def _done_of(people: list[int], day: date) -> QuerySet[Notice]:
    acting = delegations_on(day).filter(delegator__among=people).values("delegate")
    whose = Q(recipient__among=people) | Q(recipient__in=acting)
    return done_notices(expiry_conditions(day), facts=FACTS).filter(whose).only("pk")
