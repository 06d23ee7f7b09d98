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
from registers.models.mappings import FileMapping

__all__ = [
    "PROPOSED",
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
