"""Tell the heads of procurement when the last administrator has gone: nobody else would see to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from audit.trail import Actor
from core.addresses import place
from notices.operations.telling import News, tell
from organizations.models import Membership, Role
from procurement.notices import NO_ADMINISTRATOR


@contextmanager
def telling_when_none_is_left(*, by: Actor | None, at: datetime) -> Iterator[None]:
    """
    Do within it what may end an administrator's role, inside an operation.

    A directory, a file and the clock ask nobody, so it is not refused: whoever has gone is not kept for what she did.
    """
    day = timezone.localdate(at)
    memberships = Membership.objects.on(day).filter(role=Role.ADMINISTRATOR)
    was_held = memberships.exists()
    yield
    if was_held and not memberships.filter(user__is_active=True).exists():
        heads = sorted(Membership.objects.holders([Role.HEAD_OF_PROCUREMENT], day))
        tell([News(head, NO_ADMINISTRATOR, place("readiness"), {}) for head in heads], by=by, at=at)
