"""The moment that work has come to, for operations that take time."""

import time
from datetime import datetime, timedelta


class Clock:
    """
    Starts at the moment that an operation was given, and goes on from there as time passes.

    An operation takes its moment as ``at``. One that waits for something outside the database, or works for
    minutes, says with ``now()`` when a later step of it happened.
    """

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The starting moment and what has passed since."""
        return self._at + timedelta(seconds=time.monotonic() - self._began)
