"""One client: perform chains for some seconds, in a process of its own."""

import importlib
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event

import django

_starting: list[Event] = []


def prepare(start: Event) -> None:
    """Remember the signal at which all clients begin."""
    _starting.append(start)


def drive(module: str, seat: object, seconds: float) -> list[float]:
    """Warm up with one chain, wait for the signal, and give the time of each chain in seconds."""
    django.setup()
    chain: Callable[[], None] = importlib.import_module(module).client(seat)
    chain()
    _starting[0].wait(60)
    took: list[float] = []
    until = time.perf_counter() + seconds
    while (start := time.perf_counter()) < until:
        chain()
        took.append(time.perf_counter() - start)
    return took
