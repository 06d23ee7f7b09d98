"""What a few rows say and every request asks: read now and then, and kept by the process meanwhile."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

T = TypeVar("T")

SECONDS = 20
"""So long after a change another process may still go by what was before."""


class Remembered(Generic[T]):
    """
    What ``read`` gives, no older than ``SECONDS``.

    It is for what changes a few times a year, and where an answer of some seconds ago is as good as one that somebody
    got some seconds ago. An operation that changes it reads anew, and calls ``forget_on_commit``.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self.read = read
        self.kept: tuple[float, T] | None = None

    def __call__(self) -> T:
        """Give what is kept, or read it."""
        kept = self.kept
        if kept is None or kept[0] < time.monotonic():
            kept = self.kept = (time.monotonic() + SECONDS, self.read())
        return kept[1]

    def forget_on_commit(self) -> None:
        """Read anew the next time, once the transaction is over."""
        transaction.on_commit(self._forget)

    def _forget(self) -> None:
        self.kept = None
