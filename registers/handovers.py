"""
What goes to somebody else when a file is applied, beside the rows themselves.

It is counted when the file is rehearsed, by the trail of what that did before it was taken back: what follows of many rows
together cannot be told from the rows. The rooms above say which events of the trail tell of it, and in which words.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Count, Max
from django.db.models.functions import Coalesce

from audit.models import Entry

HANDOVERS: dict[str, Callable[[int], str]] = {}
"""The sentence of each event, for how many it happened to; filled as the rooms above are loaded."""


def count_handovers(*, since: int, at: datetime) -> dict[str, int]:
    """
    How many things went to somebody else in what was done at this moment, by event.

    :param since: the last entry of the trail before it was done.
    """
    entries = Entry.objects.filter(pk__gt=since, at=at, event__in=HANDOVERS).order_by()
    return dict(entries.values_list("event").annotate(Count("pk")))


def last_entry() -> int:
    """The number of the last entry of the trail; 0 of an empty one."""
    last: int = Entry.objects.aggregate(last=Coalesce(Max("pk"), 0))["last"]
    return last


def sentences_of(counts: Mapping[str, int]) -> list[str]:
    """Say them."""
    return [say(counts[event]) for event, say in HANDOVERS.items() if event in counts]
