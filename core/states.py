"""States: a table of allowed moves and one function that makes them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from core.errors import WrongState


class StateIsAnother(WrongState):
    """What was to be done does not follow from the state that the thing has, which is told: mostly somebody was before her."""

    sentence = _(
        "Det här går inte att göra när läget är ”%(state)s”. Någon kan ha hunnit före, så läs sidan igen."
    )


Transitions = Mapping[Any, frozenset[Any]]


def move(thing: Model, *, to: TextChoices, transitions: Transitions, field: str = "status") -> None:
    """
    Set the state of one object that its operation has locked.

    :raises StateIsAnother: the table has no such move.
    """
    state = type(to)(getattr(thing, field))
    if to not in transitions[state]:
        raise StateIsAnother(state=state.label)
    setattr(thing, field, to)


def sources(to: TextChoices, transitions: Transitions) -> list[str]:
    """Statuses from which ``to`` can be reached in one step; the WHERE of a set-based move."""
    return [str(source) for source, targets in transitions.items() if to in targets]
