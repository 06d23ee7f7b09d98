"""
Ask for follow-up reports and freeze their figures.

Building is a group of tasks, none of which is done twice. The first freezes figures and lines together and queues the
files; each file is then made on its own from what is frozen (``report_files``). Whoever does one of them holds its lock; if
she dies, the next goes on from there.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import address_of
from core.clock import Clock
from core.diary import diary_number_of
from core.errors import DomainError, InvalidInput
from core.models import StoredFile
from core.money import Kronor
from core.printable import printable
from core.transactions import operation
from core.verdicts import require
from core.work import WorkStatus, carry_out
from notices.operations.telling import News, tell
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import FollowUpReport, FrozenLines, ReportEdition, ReportFile, ReportText, WrittenPart
from reporting.notices import REPORT
from reporting.report.content import content_of
from reporting.report.lines import FrozenContent, HeldLines, freeze_lines
from reporting.report.snapshot import Snapshot, digest, one_view, take_figures, with_lines

EARLIEST_YEAR = 2000


class PeriodNotPossible(InvalidInput):
    """The last day is in another year than the report's, or the year is before every figure."""

    code = "report_period_not_possible"
    sentence = _("Sista dagen måste ligga i det år som rapporten gäller, tidigast 2000.")


class PeriodNotOver(PeriodNotPossible):
    """The last day is in the future, so its figures do not exist yet."""

    sentence = _("Sista dagen ligger i framtiden och har inga siffror än. Välj i dag eller tidigare.")


class TitleMissing(InvalidInput):
    """A report has a title."""

    code = "report_title_missing"
    sentence = _("Ange en rubrik.")


class FiguresAndLinesDiffer(DomainError):
    """The sum of the lines is not the figure that they stand behind; such a report is never frozen."""

    code = "figures_and_lines_differ"
    sentence = _(
        "Summan av orderraderna är %(lines)s men rapporten säger %(figure)s. Rapporten har inte gjorts."
    )


@operation
def request_report(
    *,
    year: int,
    through_date: date,
    title: str,
    diary_number: str = "",
    by: User,
    at: datetime,
) -> FollowUpReport:
    """
    Ask for a new version of a year's follow-up report; `build_report` makes it.

    Its texts begin as the version before has them; the first version's as the region's standard texts say that day.

    The same request again, while the first is being built, is the first: a double press gives one report.

    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises InvalidInput: the period, the title or the diary number cannot be right.
    """
    require(permissions.can_request_report(by, at=at))
    if not EARLIEST_YEAR <= year == through_date.year:
        raise PeriodNotPossible
    if through_date > timezone.localdate(at):
        raise PeriodNotOver
    title = " ".join(printable(title).split())[:150]
    if not title:
        raise TitleMissing
    fields = {
        "year": year,
        "through_date": through_date,
        "title": title,
        "diary_number": written_diary_number(diary_number),
        "requested_by": by,
    }
    _lock_requests()
    versions = FollowUpReport.objects.filter(year=year, through_date=through_date)
    under_way = versions.unfinished().filter(**fields).first()
    if under_way is not None:
        return under_way
    before = versions.order_by("-version").first()
    report = FollowUpReport.objects.create(
        **fields, version=before.version + 1 if before else 1, requested_at=at
    )
    begins = before.read_texts() if before else ReportText.objects.by_part(timezone.localdate(at))
    for part in WrittenPart:
        if begins.get(part):
            report.keep_text(part, printable(begins[part]).strip(), by=None, at=at)
    trail.record(Event.REPORT_REQUESTED, subject=report, by=by, at=at, through=through_date.isoformat())
    return report


def _lock_requests() -> None:
    """Make whoever asks at the same moment wait, so that version numbers have neither gaps nor doubles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('follow-up report version'))")


def written_diary_number(text: str) -> str:
    """
    Read a diary number as people write it, in its one form; nothing when nothing is written.

    :raises NotADiaryNumber: it is written in no known way.
    """
    return diary_number_of(text) if text.strip() else ""


@operation
def retry_report(*, report: FollowUpReport, by: User, at: datetime) -> FollowUpReport:
    """
    Queue what failed of a report again, its figures or some of its files; what was frozen or made stays.

    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises WrongState: nothing of it has failed.
    """
    report = FollowUpReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    require(permissions.can_request_report(by, at=at))
    files = ReportFile.objects.of_last_edition(report)
    failed = list(files.filter(status=WorkStatus.FAILED).order_by("pk"))
    if not failed:
        report.queue_again()
    for file in failed:
        file.queue_again()
    trail.record(Event.REPORT_RETRIED, subject=report, by=by, at=at)
    return report


def build_report(*, report: FollowUpReport, at: datetime) -> FollowUpReport:
    """
    Freeze the figures of a report that was asked for, and queue its files; safe to call again, also after a crash.

    Nothing happens when it is finished or when another worker has it. What is frozen is not gathered again.
    """
    return carry_out(report, at=at, steps=_freeze, give_up=_failed)


@operation
def _failed(report: FollowUpReport, error: str, at: datetime) -> None:
    report.fail(at=at, error=error)
    trail.record(Event.REPORT_FAILED, subject=report, by=report.requested_by, at=at, error=error)
    facts = {"title": report.title, "error": error}
    tell([News(report.requested_by_id, REPORT, address_of(report), facts)], by=None, at=at)


def _freeze(report: FollowUpReport, clock: Clock) -> None:
    """Gather figures and lines of one moment, hold them against each other, and keep both."""
    at = clock.now()
    with one_view():
        figures = take_figures(report, at=at)
        held_lines = HeldLines(year=report.year, through=report.through_date)
    with held_lines:
        report.advance(done=0, total=held_lines.count)
        lines = freeze_lines(held_lines, counted=lambda count: report.advance(done=count))
    with lines.file:
        figure = figures["effects"]["net"]["realised"]
        if f"{lines.amount:f}" != figure:
            raise FiguresAndLinesDiffer(lines=Kronor(lines.amount), figure=Kronor(figure))
        _keep(report, with_lines(figures, lines), lines, clock.now())


@transaction.atomic
def _keep(report: FollowUpReport, snapshot: Snapshot, lines: FrozenContent, at: datetime) -> None:
    """Keep what is frozen, and queue the files that are made of it."""
    FollowUpReport.objects.select_for_update(no_key=True).get(pk=report.pk)  # nobody writes a text meanwhile
    file = StoredFile.objects.keep(lines.file)
    FrozenLines.objects.create(report=report, file=file, count=lines.count, sha256=lines.sha256)
    report.snapshot, report.snapshot_sha256 = snapshot, digest(snapshot)
    report.save(update_fields=["snapshot", "snapshot_sha256"])
    report.finish(at=at)
    content = content_of(report)
    ReportEdition.objects.make(
        report, texts=content.texts, sha256=content.sha256, is_draft=True, by=report.requested_by, at=at
    )
    trail.record(
        Event.REPORT_FROZEN, subject=report, by=None, at=at, sha256=report.snapshot_sha256, lines=lines.count
    )
