"""States: a table of allowed moves and one function that makes them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, TextChoices

from core.errors import WrongState

Transitions = Mapping[Any, frozenset[Any]]


def move(thing: Model, *, to: TextChoices, transitions: Transitions, field: str = "status") -> None:
    """
    Set the state of one object that its operation has locked.

    :raises WrongState: the table has no such move.
    """
    if to not in transitions[type(to)(getattr(thing, field))]:
        raise WrongState
    setattr(thing, field, to)


def sources(to: TextChoices, transitions: Transitions) -> list[str]:
    """Statuses from which ``to`` can be reached in one step; the WHERE of a set-based move."""
    return [str(source) for source, targets in transitions.items() if to in targets]
