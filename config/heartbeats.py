"""
Signs of life from the clock and the workers, kept in the broker, which forgets them by itself.

A worker speaks for each queue that it takes from, from its main process, however long its work takes.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from celery import Celery, bootsteps
from celery.beat import Scheduler
from kombu.exceptions import OperationalError

from config.starting import refuse_wrong_schema

SECONDS = float(os.environ.get("HEARTBEAT_SECONDS", "5"))
FORGOTTEN_SECONDS = 4 * SECONDS
CLOCK = "clock"


def beat(app: Celery, *names: str) -> None:
    """Say that these are alive; nothing happens when the broker is away, which /readyz tells."""
    with contextlib.suppress(OSError), connected(app) as client:
        for name in names:
            client.set(key(name), 1, px=int(FORGOTTEN_SECONDS * 1000))


def silent(app: Celery, names: set[str]) -> set[str]:
    """
    Return those of the names that have not been heard of lately.

    :raises OSError: the broker is away.
    """
    with connected(app) as client:
        return {name for name in names if not client.exists(key(name))}


@contextlib.contextmanager
def connected(app: Celery) -> Iterator[Any]:
    """
    Give a client of the broker, connected within a second.

    :raises OSError: the broker is away.
    """
    broker: Any = app.connection_for_write()
    with broker as connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=1, interval_start=0, interval_step=0)
            yield connection.default_channel.client
        except (*connection.connection_errors, *connection.channel_errors, OperationalError) as error:
            raise OSError("the broker is away") from error


def key(name: str) -> str:
    """Name the sign of life in the broker."""
    return f"rauk:alive:{name}"


class Clock(Scheduler):
    """Celery's scheduler, which also says that it is alive. It does not begin on a database that its code is not for."""

    def setup_schedule(self) -> None:
        """Begin."""
        refuse_wrong_schema()
        super().setup_schedule()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Start what is due, and come back in time for the next sign of life."""
        beat(self.app, CLOCK)
        return min(float(super().tick(*args, **kwargs)), SECONDS)


class Pulse(bootsteps.StartStopStep):
    """Lets a worker say that it is alive."""

    requires = ("celery.worker.components:Timer",)

    def start(self, worker: Any) -> None:
        """Speak now, and again every few seconds."""
        self.speak(worker)
        self.entry = worker.timer.call_repeatedly(SECONDS, self.speak, (worker,), priority=10)

    def stop(self, worker: Any) -> None:
        """Fall silent."""
        self.entry.cancel()

    def speak(self, worker: Any) -> None:
        """Say which queues somebody takes from."""
        beat(worker.app, *worker.app.amqp.queues.consume_from)
