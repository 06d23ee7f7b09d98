"""
Make the files of a report: PDF, Word and Excel, each a piece of work of its own.

A file is made from the report's frozen figures and lines and from the texts of its edition, so a worker that dies
while it makes one costs that one only.
"""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import address_of
from core.clock import Clock
from core.errors import DomainError
from core.models import StoredFile
from core.transactions import operation
from core.verdicts import require
from core.work import WorkStatus, carry_out
from notices.operations.telling import News, tell
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import FileKind, FollowUpReport, ReportEdition, ReportFile, ReportTemplate
from reporting.notices import REPORT
from reporting.report.content import content_of, content_of_edition
from reporting.report.files import make_file
from reporting.report.lines import thaw_lines


class FilesAreUpToDate(DomainError):
    """Nothing has been written since the files were made, and the templates are the same."""

    code = "report_files_are_up_to_date"
    sentence = _("Handlingarna är redan gjorda av de texter och mallar som gäller.")


class FiguresNotFrozen(DomainError):
    """Files are made of figures, and acts are of a report that has some."""

    code = "report_figures_not_frozen"
    sentence = _("Siffrorna är inte frysta än. Vänta tills rapporten är byggd.")


@operation
def renew_files(*, report: FollowUpReport, by: User, at: datetime) -> ReportEdition:
    """
    Ask for the files of a draft anew, with what is written now and on the templates of now.

    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises FiguresNotFrozen: there is nothing to make them of yet.
    :raises FilesAreUpToDate: they are made, or being made, of just that.
    """
    report = FollowUpReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    require(permissions.can_request_report(by, at=at))
    if report.status != WorkStatus.DONE:
        raise FiguresNotFrozen
    content, latest = content_of(report), report.editions.latest_first().first()
    if latest is not None and latest.is_of(content.sha256, ReportTemplate.objects.in_use()):
        raise FilesAreUpToDate
    edition = ReportEdition.objects.make(
        report, texts=content.texts, sha256=content.sha256, is_draft=True, by=by, at=at
    )
    trail.record(Event.REPORT_FILES_REQUESTED, subject=report, by=by, at=at, sha256=content.sha256)
    return edition


def make_report_file(*, file: ReportFile, at: datetime) -> ReportFile:
    """Make one file that is queued; safe to call again, also after a crash in the middle."""
    return carry_out(file, at=at, steps=_make, give_up=_failed)


def _make(file: ReportFile, clock: Clock) -> None:
    """Draw it, with progress in order lines where it holds them."""
    frozen = file.report.frozen_lines
    kind = FileKind(file.kind)
    file.advance(done=0, total=frozen.count if kind is FileKind.XLSX else 0)
    with (
        frozen.file.open() as packed,
        make_file(
            kind,
            file.report,
            content_of_edition(file.edition),
            thaw_lines(packed),
            counted=lambda count: file.advance(done=count),
            template=file.template,
        ) as content,
    ):
        _keep(file, content, clock.now())


@transaction.atomic
def _keep(file: ReportFile, content: BinaryIO, at: datetime) -> None:
    """Keep one file; the last one of an edition says that all are there."""
    report = FollowUpReport.objects.select_for_update(no_key=True).get(pk=file.report_id)
    file.file = StoredFile.objects.keep(content)
    file.save(update_fields=["file"])
    file.finish(at=at)
    if file.edition.files.exclude(status=WorkStatus.DONE).exists():
        return
    sha256 = file.edition.sha256
    trail.record(Event.REPORT_FINISHED, subject=report, by=None, at=at, sha256=sha256)
    _tell(report, file.edition, at=at)


@operation
def _failed(file: ReportFile, error: str, at: datetime) -> None:
    file.fail(at=at, error=error)
    trail.record(
        Event.REPORT_FAILED,
        subject=file.report,
        by=file.edition.asked_by,
        at=at,
        kind=file.get_kind_display(),
        error=error,
    )
    _tell(file.report, file.edition, at=at, error=error)


def _tell(report: FollowUpReport, edition: ReportEdition, *, at: datetime, error: str = "") -> None:
    """Tell who asked for the files what became of them."""
    facts = {"title": report.title, "error": error}
    tell([News(edition.asked_by_id, REPORT, address_of(report), facts)], by=None, at=at)
