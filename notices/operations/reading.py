"""Read notices in the program."""

from collections.abc import Sequence
from datetime import datetime

from core.transactions import operation
from core.verdicts import require
from notices import permissions
from notices.models import Notice
from organizations.models import User


@operation
def mark_read(*, notices: Sequence[Notice], by: User, at: datetime) -> int:
    """
    Mark notices as read; those that are so already keep their time.

    :returns: how many were unread.
    :raises NotPermitted: one of them is somebody else's.
    """
    for notice in notices:
        require(permissions.can_read_notices_of(by, notice.recipient_id))
    return Notice.objects.unread().filter(pk__in=[notice.pk for notice in notices]).update(read_at=at)


@operation
def mark_all_read(*, by: User, at: datetime) -> int:
    """Mark all of the person's notices as read; returns how many were unread."""
    return Notice.objects.visible_to(by).unread().filter(made_at__lte=at).update(read_at=at)


@operation
def mark_opened(*, address: str, by: User, at: datetime) -> int:
    """Mark the person's notices about a page as read, since she has opened it; returns how many were unread."""
    notice_ids = Notice.objects.visible_to(by).unread().at_place(address).values("pk")
    return Notice.objects.filter(pk__in=notice_ids).update(read_at=at)
