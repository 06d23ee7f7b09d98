"""Work in the background: imports. Each task loads a row and calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from history.models import PurchaseImport
from history.operations import imports


@shared_task(base=WakeUpTask, name="history.run_import")
def run_import(import_id: int) -> None:
    """Read a file of order lines that was handed in."""
    imports.run_import(purchase_import=PurchaseImport.objects.get(pk=import_id), at=timezone.now())


@shared_task(base=WakeUpTask, name="history.resume_imports")
def resume_imports() -> None:
    """Wake somebody for every import that is unfinished: its message or its worker may be lost."""
    for import_id in PurchaseImport.objects.due(timezone.now()).values_list("pk", flat=True):
        run_import.wake(import_id=import_id)
