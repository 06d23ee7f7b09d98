"""
Put away what somebody was told to wait for, or that waits for her, once it is done (`procurement.told_waiting`).

For those whom an operation concerns it is done in its transaction, by one statement; for everybody else, as for those who hear of
it by the date alone or by a register, within a minute by the clock.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from categories.delegations import delegations_on
from core.transactions import operation
from notices.operations.putting_away import put_away_done
from procurement.told_waiting import FACTS, done_on


@operation
def put_away_all(*, at: datetime) -> int:
    """
    Put away everything that is done, for everybody; returns how many notices.

    It changes nothing when nothing is, so it may run at any time and any number of times.
    """
    return put_away_done(done_on(timezone.localdate(at)), facts=FACTS, at=at)


def put_away_for(people: Iterable[int | None], *, at: datetime) -> None:
    """Put away what is done of what these people, and those whom they let act for them, were told: one statement, or none."""
    concerned = {person for person in people if person is not None}
    if not concerned:
        return
    day = timezone.localdate(at)
    acting = delegations_on(day).filter(delegator__in=concerned).values("delegate")
    whose = Q(recipient__in=concerned) | Q(recipient__in=acting)
    put_away_done(done_on(day), facts=FACTS, whose=whose, at=at)
