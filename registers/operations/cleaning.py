"""Forget old files and the differences that nobody applied; what was applied stands in the register and in the trail."""

from datetime import datetime, timedelta

from core.models import StoredFile
from core.transactions import operation
from registers.models import Change, Import

KEPT = timedelta(days=90)
"""How long a file that was handed in is kept, and a difference that was not applied."""


@operation
def forget_old_files(*, at: datetime) -> int:
    """Remove the content of files that were to be kept so long; returns how many. Their digests stay."""
    return StoredFile.objects.forget(at=at)


@operation
def forget_old_differences(*, at: datetime) -> int:
    """Remove the rows of differences that were never applied, which cannot be applied any more; returns how many."""
    old = Import.objects.filter(requested_at__lt=at - KEPT, applied_at=None, forgotten_at=None).exclude(
        pk__in=Import.objects.unfinished().values("pk")
    )
    numbers = list(old.values_list("pk", flat=True))
    removed, _by_model = Change.objects.filter(of_import__in=numbers).delete()
    Import.objects.filter(pk__in=numbers).update(forgotten_at=at)
    return removed
