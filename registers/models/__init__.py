"""Models of registers."""

from registers.models.imports import (
    WRITTEN,
    Application,
    Change,
    ChangeKind,
    ChangeQuerySet,
    HeadingMemory,
    Import,
    Moves,
)
from registers.models.lists import ListFile

__all__ = [
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
