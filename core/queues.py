"""
Notes that requests leave for the clock, kept in the broker in the order of their coming.

A request pays for one message over the local network and writes nothing in the database. A broker that is away, or that
starts anew, costs nothing but the notes; whoever reads them expects that some may be missing.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

MOST_KEPT = 20_000
"""So many notes are kept when nobody reads them; the newest ones make room."""


def push(name: str, note: Sequence[Any]) -> None:
    """Leave a note, unless too many are left already."""
    with suppress(RedisError, OSError):
        pipe = _client().pipeline(transaction=False)
        pipe.rpush(_key(name), json.dumps(note))
        pipe.ltrim(_key(name), 0, MOST_KEPT - 1)
        pipe.execute()


def pending(name: str) -> list[Any]:
    """
    Every note, the oldest first.

    :raises RedisError: the broker is away.
    """
    notes: Any = _client().lrange(_key(name), 0, -1)
    return [json.loads(note) for note in notes]


def drop(name: str, count: int) -> None:
    """
    Throw away the oldest notes, which have been read.

    :raises RedisError: the broker is away.
    """
    _client().ltrim(_key(name), count, -1)


@cache
def _client() -> Redis:
    place = settings.CACHES["default"]
    return Redis.from_url(place["LOCATION"], **place["OPTIONS"])


def _key(name: str) -> str:
    return f"rauk:jottings:{name}"
