"""Work in the background: the savings register and reports. Each task loads a row and calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from reporting.models import FollowUpReport, SavingsRun
from reporting.operations import months, reports, savings


@shared_task(base=WakeUpTask, name="reporting.compute_savings")
def compute_savings(run_id: int) -> None:
    """Bring the savings register up to date."""
    savings.compute_savings(run=SavingsRun.objects.get(pk=run_id), at=timezone.now())


@shared_task(base=WakeUpTask, name="reporting.compute_due_savings")
def compute_due_savings() -> None:
    """Ask for a computation when a delivered line waits to be counted; started by the clock every few minutes."""
    if savings.is_due() and not savings.rests_after_failure(at=timezone.now()):
        run = savings.request_savings_run(by=None, at=timezone.now())
        compute_savings.wake(run_id=run.pk)


@shared_task(base=WakeUpTask, name="reporting.resume_savings")
def resume_savings() -> None:
    """Wake somebody for every computation that is unfinished: its message or its worker may be lost."""
    for run_id in SavingsRun.objects.due(timezone.now()).values_list("pk", flat=True):
        compute_savings.wake(run_id=run_id)


@shared_task(base=WakeUpTask, name="reporting.build_report")
def build_report(report_id: int) -> None:
    """Build a follow-up report that was asked for."""
    reports.build_report(report=FollowUpReport.objects.get(pk=report_id), at=timezone.now())


@shared_task(base=WakeUpTask, name="reporting.resume_reports")
def resume_reports() -> None:
    """Wake somebody for every unfinished report: its message or its worker may be lost."""
    for report_id in FollowUpReport.objects.due(timezone.now()).values_list("pk", flat=True):
        build_report.wake(report_id=report_id)


@shared_task(base=WakeUpTask, name="reporting.compute_months")
def compute_months() -> None:
    """Sum up the months that something has come to since last time."""
    months.sum_up_months()
