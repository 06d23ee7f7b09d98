"""
The transaction of an operation, and what a failing database means.

PostgreSQL ends one of two transactions that wait for each other, and one that has waited too long for a row. It has
changed nothing then, so an operation is run once more before anybody is told.
"""

import random
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    transaction,
)
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.tallies import tally

P = ParamSpec("P")
R = TypeVar("R")

DEADLOCK, NOT_SERIALIZABLE, LOCK_TIMEOUT = "40P01", "40001", "55P03"
TRANSIENT = {DEADLOCK, NOT_SERIALIZABLE, LOCK_TIMEOUT}
LONGEST_PAUSE = 0.05
"""Seconds before the second attempt, at most; a different pause for each, so that the same two do not meet again."""


class PlanIsOutdated(OperationalError):
    """A statement was prepared before a table of it was changed; it is prepared anew when it is asked again."""


class Busy(DomainError):
    """Somebody else held the same rows for too long; nothing is changed and it can be tried again."""

    code = "busy"
    sentence = _("Någon annan ändrar samma sak just nu, så inget är sparat. Försök igen om en stund.")


def operation(act: Callable[P, R]) -> Callable[P, R]:
    """
    Run an operation in one transaction, and once more when PostgreSQL ended the first for somebody else's sake.

    A change of a table between two questions is such a sake: what was prepared before it is prepared anew.

    Inside another transaction it is a savepoint and is not tried again: what was locked before it stays locked.

    :raises Busy: the second attempt met the same.
    """

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return act(*args, **kwargs)
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except OperationalError as error:
            if not _is_transient(error):
                raise
        time.sleep(random.uniform(0, LONGEST_PAUSE))
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except OperationalError as error:
            if not _is_transient(error):
                raise
            raise Busy from error

    return run


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's code for a failure; None when it came from the connection rather than from the server."""
    return getattr(error.__cause__, "pgcode", None)


def is_busy(error: BaseException | None) -> bool:
    """Whether this failed for somebody else's lock, or for a table that was changed meanwhile."""
    return any(isinstance(each, Busy) or _is_transient(each) for each in _chain(error))


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, PlanIsOutdated) or sqlstate(error) in TRANSIENT


def is_away(error: BaseException | None) -> bool:
    """
    Whether the database cannot be reached or broke off, however the framework has wrapped it.

    A server that dies while it answers leaves a failure without a code, of whatever kind the driver was in the midst
    of: a bare ``DatabaseError`` from a query or a commit as well as an ``OperationalError``.
    """
    return any(
        isinstance(each, OperationalError | InterfaceError)
        or (type(each) in (DatabaseError, InternalError) and sqlstate(each) is None)
        for each in _chain(error)
    )


FAULTS = ("busy", "away", "other")
"""How a database can fail somebody: by another's lock, by being away, or by a fault of ours."""


def count_fault(error: BaseException | None) -> None:
    """Count a failure that reached a person or ended a piece of work, if the database is behind it."""
    if is_busy(error):
        tally("database", "busy")
    elif is_away(error):
        tally("database", "away")
    elif any(isinstance(each, DatabaseError) for each in _chain(error)):
        tally("database", "other")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it came of."""
    visited_ids: set[int] = set()
    while error is not None and id(error) not in visited_ids:
        visited_ids.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
