"""What somebody was told waits, and is done since: it goes away at once, in the transaction of whatever was done."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from notices.kinds import Kind
from notices.models import Notice


def put_away(
    kinds: Iterable[Kind],
    *,
    addresses: Collection[str],
    recipients: Collection[int] | None = None,
    at: datetime,
) -> int:
    """
    Let notices that nobody has read yet count as read, inside the operation that did what they ask for; returns how many.

    They stand in the list still, and go in no letter.

    :param recipients: whose; None for everybody's.
    """
    told = Notice.objects.unread().filter(kind__in=[kind.name for kind in kinds], address__in=addresses)
    if recipients is not None:
        told = told.filter(recipient__in=recipients)
    return told.update(read_at=at)


def put_away_done(
    done: Mapping[Kind, Q], *, facts: Mapping[str, Any], whose: Q | None = None, at: datetime
) -> int:
    """
    Let unread notices count as read that tell of nothing any more: one statement, whatever the number; returns how many.

    Those that somebody else is about to change are left to whoever comes next, so nobody waits for them.

    :param done: for each kind, when a notice of it is done.
    :param facts: what the conditions ask of a notice, by the names that they use.
    :param whose: whose notices; None for everybody's.
    """
    told = Notice.objects.unread().filter(kind__in=[kind.name for kind in done]).alias(**facts)
    if whose is not None:
        told = told.filter(whose)
    is_done = reduce(or_, (Q(kind=kind.name) & condition for kind, condition in done.items()))
    free = told.filter(is_done).select_for_update(skip_locked=True, no_key=True)
    return Notice.objects.filter(pk__in=free.values("pk")).update(read_at=at)
