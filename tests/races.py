"""Run calls at the same time, each on a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls together and give back what each returned or raised, in the order given."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


@contextmanager
def open_transaction(act: Callable[[], Any]) -> Iterator[threading.Event]:
    """
    Act in a transaction of another session, and leave it open as a forgotten one is.

    :returns: what lets go of it before the block ends.
    """
    ready, over = threading.Event(), threading.Event()

    def rest() -> None:
        try:
            with transaction.atomic():
                act()
                ready.set()
                over.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=rest)
    thread.start()
    try:
        assert ready.wait(10)
        yield over
    finally:
        over.set()
        thread.join()


@contextmanager
def patience(milliseconds: int) -> Iterator[None]:
    """Wait only so long for a lock in this session."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {milliseconds}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
