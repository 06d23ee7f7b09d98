"""
Waking the workers.

What is due stands in the database; a message only says "look now". So sending one may fail without anybody noticing
more than a delay: the sweeps on the clock find whatever was not announced.
"""

import functools
import logging
import time
from typing import Any

from celery import Task, current_app
from celery.exceptions import Ignore
from django.db import transaction

from core.request_ids import begin, current_id
from core.schema import watch

logger = logging.getLogger(__name__)

QUIET_SECONDS = 5.0


class WakeUpTask(Task[..., Any]):
    """
    A task that is started by `wake`, after the commit, and only ever as a hint.

    It takes ids and ISO dates, loads, calls one operation, and may run any number of times with the same result.
    What it writes down is found under the id of the request that woke it, or under its own when the clock did.
    """

    abstract = True
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True
    serializer = "json"

    def wake(self, **arguments: Any) -> None:
        """Start this task once the present transaction has been committed; at once when there is none."""
        wake(self.name, **arguments)

    def before_start(self, task_id: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """
        Take over the id of the request.

        :raises Ignore: the database was migrated past this code; what is due stands there for the code that comes.
        """
        if watch.refusal():
            raise Ignore
        begin(self.request.get("request_id") or task_id)


class _Broker:
    """When the broker was last found to be away, in this process."""

    missed_at: float | None = None


def wake(name: str, **arguments: Any) -> None:
    """Start a task by its name after the commit; for code that stands below the task's module."""
    transaction.on_commit(functools.partial(send, name, arguments), robust=True)


def send(name: str, arguments: dict[str, Any]) -> None:
    """
    Hand the message to the broker; when it cannot be reached, log it and let the sweep do its work.

    After a failure nothing is sent for some seconds, so that a request with many wake-ups waits for one only.
    """
    missed_at = _Broker.missed_at
    if missed_at is not None and time.monotonic() - missed_at < QUIET_SECONDS:
        return
    try:
        current_app.send_task(name, kwargs=arguments, headers={"request_id": current_id()}, retry=False)
    except Exception as error:  # a transport raises what it likes; no person's request may fail for it
        _Broker.missed_at = time.monotonic()
        logger.warning("Broker away, %s waits for the sweep: %s", name, error)
    else:
        _Broker.missed_at = None
