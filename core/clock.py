"""Moments: when a day begins, and what an operation that takes time has come to."""

import time
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

from django.utils import timezone


def start_of(day: date) -> datetime:
    """The midnight in Sweden that a day begins with."""
    return timezone.make_aware(datetime.combine(day, time_of_day.min))


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
