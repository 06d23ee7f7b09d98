"""Models of registers."""

from registers.models.headings import HeadingMemory
from registers.models.imports import (
    PROPOSED,
    WRITTEN,
    Application,
    Change,
    ChangeKind,
    ChangeQuerySet,
    Import,
    Moves,
)
from registers.models.lists import ListFile

__all__ = [
    "PROPOSED",
    "WRITTEN",
    "Application",
    "Change",
    "ChangeKind",
    "ChangeQuerySet",
    "HeadingMemory",
    "Import",
    "ListFile",
    "Moves",
]
