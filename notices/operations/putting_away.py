"""What somebody was told waits, and is done since: it goes away at once, in the transaction of whatever was done."""

from collections.abc import Collection, Iterable
from datetime import datetime

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
