"""Models of registers."""

from registers.models.imports import Application, Change, ChangeKind, ChangeQuerySet, HeadingMemory, Import

__all__ = ["Application", "Change", "ChangeKind", "ChangeQuerySet", "HeadingMemory", "Import"]
