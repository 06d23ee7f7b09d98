"""What is remembered of what directories tell, for the administrator to see."""

from datetime import datetime, timedelta

from core.transactions import operation
from organizations.models import DirectoryAct, DirectoryKey, DirectoryMessage

KEPT = timedelta(days=30)
"""How long a message is kept. What was done stands in the trail."""
ALIKE_WITHIN = timedelta(hours=1)
"""A directory tries again and again; the same refusal is written down once in this time."""


def note(act: DirectoryAct, label: str, *, key: DirectoryKey, at: datetime, detail: str = "") -> None:
    """Write down what a message did, inside the operation that did it."""
    DirectoryMessage.objects.create(key=key, at=at, act=act, label=label[:254], detail=detail)


@operation
def note_refusal(*, key: DirectoryKey, label: str, detail: str, at: datetime) -> None:
    """
    Write down that a message could not be followed.

    :param detail: why: a sentence, or a refusal as it is kept.
    """
    label = label[:254]
    alike = DirectoryMessage.objects.refused().filter(
        key=key, label=label, detail=detail, at__gt=at - ALIKE_WITHIN
    )
    if not alike.exists():
        note(DirectoryAct.REFUSED, label, key=key, at=at, detail=detail)


@operation
def forget_old_messages(*, at: datetime) -> int:
    """Remove old messages; returns how many."""
    removed, _by_model = DirectoryMessage.objects.filter(at__lt=at - KEPT).delete()
    return removed
