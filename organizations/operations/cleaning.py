"""Forget what has ended and that nobody will ask for again."""

from datetime import datetime, timedelta

from core.transactions import operation
from organizations.models import ApiToken, Session

KEYS_KEPT = timedelta(days=90)
"""How long a key that has ended is still shown to its owner."""


@operation
def forget_ended_sessions(*, at: datetime) -> int:
    """Remove sessions that have ended; returns how many."""
    removed, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    return removed


@operation
def forget_ended_keys(*, at: datetime) -> int:
    """Remove API keys that ended long ago; returns how many. What was done with them stands in the trail."""
    removed, _by_model = ApiToken.objects.filter(expiry__lt=at - KEYS_KEPT).delete()
    return removed
