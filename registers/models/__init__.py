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
from registers.models.mappings import FileMapping

__all__ = [
    "WRITTEN",
    "Application",
    "Change",
    "ChangeKind",
    "ChangeQuerySet",
    "FileMapping",
    "HeadingMemory",
    "Import",
    "ListFile",
    "Moves",
]
