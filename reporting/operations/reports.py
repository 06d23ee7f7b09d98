"""
Ask for follow-up reports and build them.

Building is in steps, each visible at once and none done twice: figures and lines are frozen together, then each
file is made from what is frozen. Whoever builds holds the report's lock; if she dies, the next goes on from there.
"""

from datetime import date, datetime
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import address_of
from core.clock import Clock
from core.diary import normalised
from core.errors import DomainError, InvalidInput
from core.models import StoredFile
from core.money import Kronor
from core.transactions import operation
from core.verdicts import require
from core.work import carry_out
from notices.operations.telling import News, tell
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import FileKind, FollowUpReport, FrozenLines, ReportFile, ReportText
from reporting.notices import REPORT
from reporting.report.files import make_file
from reporting.report.lines import FrozenContent, HeldLines, freeze_lines, thaw_lines
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


class NotADiaryNumber(InvalidInput):
    """The diary number is written in no known way."""

    code = "not_a_diary_number"
    sentence = _("Skriv diarienumret som RS 2020/1154 eller RS 1154-2020.")


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
    proposal: str | None = None,
    assessment: str | None = None,
    children_perspective: str | None = None,
    rural_perspective: str | None = None,
    by: User,
    at: datetime,
) -> FollowUpReport:
    """
    Ask for a new version of a year's follow-up report; `build_report` makes it.

    What is not written at all says what the region's standard text says that day.

    The same request again, while the first is being built, is the first: a double press gives one report.

    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises InvalidInput: the period, the title or the diary number cannot be right.
    """
    require(permissions.can_request_report(by, at=at))
    if not EARLIEST_YEAR <= year == through_date.year:
        raise PeriodNotPossible
    if through_date > timezone.localdate(at):
        raise PeriodNotOver
    if not title.strip():
        raise TitleMissing
    texts = {
        "proposal": proposal,
        "assessment": assessment,
        "children_perspective": children_perspective,
        "rural_perspective": rural_perspective,
    }
    standard = ReportText.objects.by_part(timezone.localdate(at)) if None in texts.values() else {}
    wanted = {
        "year": year,
        "through_date": through_date,
        "title": " ".join(title.split())[:150],
        "diary_number": _diary_number(diary_number),
        **{part: (standard.get(part, "") if text is None else text).strip() for part, text in texts.items()},
        "requested_by": by,
    }
    _one_request_at_a_time()
    versions = FollowUpReport.objects.filter(year=year, through_date=through_date)
    under_way = versions.unfinished().filter(**wanted).first()
    if under_way is not None:
        return under_way
    latest = versions.aggregate(latest=Max("version"))["latest"] or 0
    report = FollowUpReport.objects.create(**wanted, version=latest + 1, requested_at=at)
    trail.record(Event.REPORT_REQUESTED, subject=report, by=by, at=at, through=through_date.isoformat())
    return report


def _one_request_at_a_time() -> None:
    """Make whoever asks at the same moment wait, so that version numbers have neither gaps nor doubles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('follow-up report version'))")


def _diary_number(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return normalised(text)
    except ValueError:
        raise NotADiaryNumber from None


@operation
def retry_report(*, report: FollowUpReport, by: User, at: datetime) -> FollowUpReport:
    """
    Queue a failed report again; what was frozen stays.

    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises WrongState: it has not failed.
    """
    report = FollowUpReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    require(permissions.can_request_report(by, at=at))
    report.queue_again()
    trail.record(Event.REPORT_RETRIED, subject=report, by=by, at=at)
    return report


def build_report(*, report: FollowUpReport, at: datetime) -> FollowUpReport:
    """
    Build a report that was asked for; safe to call again, also after a crash in the middle.

    Nothing happens when it is finished or when another worker has it. What is frozen is not gathered again, and
    files that are made are kept.
    """
    return carry_out(report, at=at, steps=_build, give_up=_failed)


def _build(report: FollowUpReport, clock: Clock) -> None:
    """Freeze what is not frozen, and make each file that is not there."""
    if report.snapshot is None:
        _freeze(report, clock.now())
    for kind in FileKind:
        _make(report, kind, clock)
    _finish(report, clock.now())


@operation
def _failed(report: FollowUpReport, error: str, at: datetime) -> None:
    report.fail(at=at, error=error)
    trail.record(Event.REPORT_FAILED, subject=report, by=report.requested_by, at=at, error=error)
    _tell(report, at=at, error=error)


def _freeze(report: FollowUpReport, at: datetime) -> None:
    """Gather figures and lines of one moment, hold them against each other, and keep both."""
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
        _keep(report, with_lines(figures, lines), lines, at)


@transaction.atomic
def _keep(report: FollowUpReport, snapshot: Snapshot, lines: FrozenContent, at: datetime) -> None:
    file = StoredFile.objects.keep(lines.file)
    FrozenLines.objects.create(report=report, file=file, count=lines.count, sha256=lines.sha256)
    report.snapshot, report.snapshot_sha256 = snapshot, digest(snapshot)
    report.save(update_fields=["snapshot", "snapshot_sha256"])
    trail.record(
        Event.REPORT_FROZEN, subject=report, by=None, at=at, sha256=report.snapshot_sha256, lines=lines.count
    )


def _make(report: FollowUpReport, kind: FileKind, clock: Clock) -> None:
    """Make one file unless it is there."""
    if report.files.filter(kind=kind).exists():
        return
    frozen = report.frozen_lines
    report.advance(done=0, total=frozen.count if kind is FileKind.XLSX else 0)
    lines = thaw_lines(frozen.file.open())
    with make_file(kind, report, lines, counted=lambda count: report.advance(done=count)) as content:
        _keep_file(report, kind, content, clock.now())


@transaction.atomic
def _keep_file(report: FollowUpReport, kind: FileKind, content: BinaryIO, at: datetime) -> None:
    ReportFile.objects.create(report=report, kind=kind, file=StoredFile.objects.keep(content), made_at=at)


@transaction.atomic
def _finish(report: FollowUpReport, at: datetime) -> None:
    report.finish(at=at)
    trail.record(Event.REPORT_FINISHED, subject=report, by=None, at=at, sha256=report.snapshot_sha256)
    _tell(report, at=at)


def _tell(report: FollowUpReport, *, at: datetime, error: str = "") -> None:
    """Tell who asked for the report what became of it."""
    facts = {"title": report.title, "error": error}
    tell([News(report.requested_by_id, REPORT, address_of(report), facts)], by=None, at=at)
