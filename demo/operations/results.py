"""
Freeze and confirm baselines, then have the register computed and the report of 2020 made, by the ordinary operations.

Nothing here knows a result: it asks, and whatever the delivered lines say is what comes out.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.work import WorkStatus
from demo import data
from demo.operations.region import Registers
from organizations.models import User
from reporting.models import FollowUpReport, InitiativeStage, SavingInitiative, WrittenPart
from reporting.operations.baselines import confirm_baselines, freeze_baselines
from reporting.operations.months import sum_up_months
from reporting.operations.report_files import make_report_file
from reporting.operations.report_texts import write_text
from reporting.operations.reports import build_report, request_report, retry_report
from reporting.operations.savings import compute_savings, is_due, request_savings_run
from reporting.states import ReportStage

HEAD, CONTROLLER = "helena.stenmark@gotland.example", "lars.wedin@gotland.example"
REPORT_YEAR, REPORT_THROUGH = 2020, date(2020, 11, 30)


def freeze_and_confirm(registers: Registers) -> None:
    """Let the head of procurement freeze each initiative's baselines and finance confirm most of them."""
    head, controller = registers.users[HEAD], registers.users[CONTROLLER]
    waiting = {row.initiative for row in data.present_items() if not row.is_confirmed}
    by_day = sorted(registers.initiatives.items(), key=lambda pair: (pair[1].effective_date, pair[0]))
    for code, initiative in by_day:
        if initiative.stage != InitiativeStage.DECIDED:
            continue
        freeze_baselines(initiative=initiative, by=head, at=_morning(initiative, 3))
        if code not in waiting:
            confirm_baselines(initiative=initiative, version=1, by=controller, at=_morning(initiative, 9))


def compute_and_report(*, at: datetime) -> None:
    """
    Bring the register up to date and make the report of 2020 unless it is made.

    Works outside a transaction, piece by piece; asked again, it goes on where it was.
    """
    controller, head = User.objects.get(email=CONTROLLER), User.objects.get(email=HEAD)
    if is_due():
        compute_savings(run=request_savings_run(by=controller, at=at), at=at)
    report = FollowUpReport.objects.filter(year=REPORT_YEAR, through_date=REPORT_THROUGH).first()
    if report is None:
        report = request_report(
            year=REPORT_YEAR, through_date=REPORT_THROUGH, by=head, at=at, **data.report_heading()
        )
    if report.stage == ReportStage.DRAFT:
        _write(report, by=head, at=at)
    if report.status == WorkStatus.FAILED or report.files.filter(status=WorkStatus.FAILED).exists():
        report = retry_report(report=report, by=head, at=at)
    if not report.is_finished:
        build_report(report=report, at=at)
    for file in report.files.unfinished().order_by("pk"):
        make_report_file(file=file, at=at)
    sum_up_months()


def _write(report: FollowUpReport, *, by: User, at: datetime) -> None:
    """Let the head of procurement write what nobody has written yet; what is there is somebody's."""
    begun = {text.part: text for text in report.texts.current()}
    for part, words in data.report_texts().items():
        if part not in begun or begun[part].by is None:
            began_from = begun[part].version if part in begun else 0
            write_text(report=report, part=WrittenPart(part), text=words, began_from=began_from, by=by, at=at)


def _morning(initiative: SavingInitiative, days: int) -> datetime:
    """A moment some days after the new price began to hold."""
    day = initiative.effective_date + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(9, 30)))
