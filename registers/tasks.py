"""What a queue and the clock start in registers: each loads, and calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from registers.models import Application, Import, ListFile
from registers.operations import applying, imports, lists


@shared_task(base=WakeUpTask, name="registers.run_import")
def run_import(import_id: int) -> None:
    """Read and compare one file."""
    imports.run_import(of_import=Import.objects.get(pk=import_id), at=timezone.now())


@shared_task(base=WakeUpTask, name="registers.run_application")
def run_application(application_id: int) -> None:
    """Write what one file says, or take it back."""
    applying.run_application(application=Application.objects.get(pk=application_id), at=timezone.now())


@shared_task(base=WakeUpTask, name="registers.run_list")
def run_list(list_id: int) -> None:
    """Make one list a workbook."""
    lists.run_list(of_list=ListFile.objects.get(pk=list_id), at=timezone.now())


@shared_task(base=WakeUpTask, name="registers.resume")
def resume() -> None:
    """Wake somebody for whatever is unfinished: its message or its worker may be lost."""
    at = timezone.now()
    for import_id in Import.objects.leading().due(at).values_list("pk", flat=True):
        run_import.wake(import_id=import_id)
    for application_id in Application.objects.due(at).values_list("pk", flat=True):
        run_application.wake(application_id=application_id)
    for list_id in ListFile.objects.due(at).values_list("pk", flat=True):
        run_list.wake(list_id=list_id)
