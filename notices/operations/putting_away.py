"""What somebody was told waits, and is done since: it goes away at once, in the transaction of whatever was done."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from notices.kinds import Kind
from notices.models import Notice
from notices.models.notices import NoticeQuerySet


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
    notices = Notice.objects.unread().filter(kind__in=[kind.name for kind in kinds], address__in=addresses)
    if recipients is not None:
        notices = notices.filter(recipient__in=recipients)
    return notices.update(read_at=at)


def done_notices(condition_by_kind: Mapping[Kind, Q], *, facts: Mapping[str, Any]) -> NoticeQuerySet:
    """
    Unread notices that tell of nothing any more, to be put away in the same transaction.

    Those that somebody else is about to change are left to whoever comes next, so nobody waits for them.

    :param condition_by_kind: for each kind, when a notice of it is done.
    :param facts: what the conditions ask of a notice, by the names that they use.
    """
    notices = (
        Notice.objects.unread().filter(kind__in=[kind.name for kind in condition_by_kind]).alias(**facts)
    )
    is_done = reduce(or_, (Q(kind=kind.name) & condition for kind, condition in condition_by_kind.items()))
    return notices.filter(is_done).select_for_update(skip_locked=True, no_key=True)


def put_these_away(notices: Collection[Notice], *, at: datetime) -> int:
    """Let these count as read, inside the operation that did what they ask for: one statement, or none; returns how many."""
    if not notices:
        return 0
    return Notice.objects.filter(pk__in=[each.pk for each in notices]).update(read_at=at)
