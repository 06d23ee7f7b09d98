"""
Counts that all processes add to, kept in the broker, which forgets them when it starts anew.

For what happens seldom and in workers too: a mail, a failing database. Whoever reads them expects that they can begin
again at nought. A broker that is away costs the caller nothing but the count.
"""

from collections.abc import Iterable
from contextlib import suppress

from django.core.cache import cache
from redis.exceptions import RedisError


def tally(name: str, word: str) -> None:
    """Count one more."""
    with suppress(RedisError, OSError):
        key = _key(name, word)
        cache.add(key, 0, timeout=None)
        cache.incr(key)


def tallied(name: str, words: Iterable[str]) -> dict[str, int]:
    """
    How many of each.

    :raises RedisError: the broker is away.
    """
    keys = {word: _key(name, word) for word in words}
    counts = cache.get_many(keys.values())
    return {word: int(counts.get(key, 0)) for word, key in keys.items()}


def _key(name: str, word: str) -> str:
    return f"tally:{name}:{word}"
