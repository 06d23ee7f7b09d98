"""What a few rows say and every request asks: read now and then, and kept by the process meanwhile."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

T = TypeVar("T")

SECONDS = 20
"""So long after a change another process may still go by what was before."""


class TimedCache(Generic[T]):
    """
    What ``read`` gives, no older than ``SECONDS``.

    It is for what changes a few times a year, and where an answer of some seconds ago is as good as one that somebody
    got some seconds ago. An operation that changes it reads anew, and calls ``forget_on_commit``.
    """

    def __init__(self, load: Callable[[], T]) -> None:
        self.read = load
        self.kept: tuple[float, T] | None = None

    def __call__(self) -> T:
        """Give what is kept, or read it."""
        entry = self.kept
        if entry is None or entry[0] < time.monotonic():
            entry = self.kept = (time.monotonic() + SECONDS, self.read())
        return entry[1]

    def forget_on_commit(self) -> None:
        """Read anew the next time, once the transaction is over."""
        transaction.on_commit(self._forget)

    def _forget(self) -> None:
        self.kept = None
