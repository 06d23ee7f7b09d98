"""How an operation of docs/permissions.md is said at the two doors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.api.doors import Act
from tests.cast import Cast

Say = Callable[[Cast, Any], Act]


@dataclass(frozen=True)
class Doors:
    """What is posted where; None where a page has no address for somebody else's thing."""

    api: Say | None
    web: Say | None
    beyond: tuple[str, ...] = ()
    """Refusals of a thing that has passed the permission, where it is tried with something that goes no further."""
    unseen: tuple[str, ...] = ()
    """What a program is told that may not even see the thing."""
    is_in_the_trail: bool = True
    """What is done to a basket is not."""
