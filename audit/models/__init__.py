"""What is kept: the trail, and its seals."""

from audit.models.entries import Entry, EntryQuerySet
from audit.models.seals import NO_SEAL, Seal

__all__ = ["NO_SEAL", "Entry", "EntryQuerySet", "Seal"]
