"""
Forget old files and the differences that are of no use any more.

What was applied can be taken back by its difference, and stays; but that of facts, since they tell themselves where they come from.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from core.models import StoredFile
from core.transactions import operation
from registers.models import Application, Change, Import
from registers.register import REGISTERS

KEPT = timedelta(days=90)
"""How long a file that was handed in is kept, and a difference that was not applied, or was of facts."""


@operation
def forget_old_files(*, at: datetime) -> int:
    """Remove the content of files that were to be kept so long; returns how many. Their digests stay."""
    return StoredFile.objects.forget(at=at)


@operation
def forget_old_differences(*, at: datetime) -> int:
    """Remove the rows of differences that were never applied, and of those that told facts; returns how many."""
    ledgers = [register.name for register in REGISTERS.values() if register.ledger is not None]
    old = Import.objects.filter(
        Q(applied_at=None) | Q(register_name__in=ledgers), requested_at__lt=at - KEPT, forgotten_at=None
    ).exclude(Q(pk__in=Import.objects.unfinished()) | Q(applications__in=Application.objects.unfinished()))
    numbers = list(old.values_list("pk", flat=True))
    removed, _by_model = Change.objects.filter(of_import__in=numbers).delete()
    Import.objects.filter(pk__in=numbers).update(forgotten_at=at)
    return removed
