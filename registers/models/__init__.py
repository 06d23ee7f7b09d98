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

__all__ = [
    "WRITTEN",
    "Application",
    "Change",
    "ChangeKind",
    "ChangeQuerySet",
    "HeadingMemory",
    "Import",
    "Moves",
]
