"""What a worker and the clock make sure of before they begin."""

from typing import Any

from celery import bootsteps

from core.schema import refusal_at_start


class StartsOnRightSchema(bootsteps.StartStopStep):
    """A worker does not begin on a database that its code is not for."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **options: Any) -> None:
        """
        Hold code and database against each other before there is a pool of processes.

        :raises SystemExit: they do not match.
        """
        super().__init__(worker, **options)
        refuse_wrong_schema()


def refuse_wrong_schema() -> None:
    """
    End the process with a sentence when its code must not work on this database.

    :raises SystemExit: it must not.
    """
    if sentence := refusal_at_start():
        raise SystemExit(sentence)
