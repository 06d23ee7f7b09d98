"""How long to wait before trying again (pure)."""

from datetime import timedelta

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(attempts: int) -> timedelta:
    """The pause after so many failed attempts: one minute, doubled each time, an hour at most."""
    doublings: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
