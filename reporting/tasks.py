"""Work in the background: the savings register and reports. Each task loads a row and calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from reporting.models import FollowUpReport, ReportFile, SavingsRun
from reporting.operations import months, report_files, reports, savings


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
    """Freeze the figures of a follow-up report that was asked for, and wake somebody for each of its files."""
    report = reports.build_report(report=FollowUpReport.objects.get(pk=report_id), at=timezone.now())
    wake_files(report.pk)


@shared_task(base=WakeUpTask, name="reporting.make_report_file")
def make_report_file(file_id: int) -> None:
    """Make one file of a follow-up report."""
    report_files.make_report_file(file=ReportFile.objects.get(pk=file_id), at=timezone.now())


def wake_files(report_id: int) -> None:
    """Wake somebody for each file of a report that is to be made."""
    due = ReportFile.objects.filter(report=report_id).due(timezone.now())
    for file_id in due.order_by("pk").values_list("pk", flat=True):
        make_report_file.wake(file_id=file_id)


@shared_task(base=WakeUpTask, name="reporting.resume_reports")
def resume_reports() -> None:
    """Wake somebody for every report and file that is unfinished: its message or its worker may be lost."""
    for report_id in FollowUpReport.objects.due(timezone.now()).values_list("pk", flat=True):
        build_report.wake(report_id=report_id)
    for file_id in ReportFile.objects.due(timezone.now()).values_list("pk", flat=True):
        make_report_file.wake(file_id=file_id)


@shared_task(base=WakeUpTask, name="reporting.compute_months")
def compute_months() -> None:
    """Sum up the months that something has come to since last time."""
    months.sum_up_months()
