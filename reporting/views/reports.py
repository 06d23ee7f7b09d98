"""Follow-up reports: the list, the form that asks for one, the page, its progress and its files."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.diary import NotADiaryNumber
from core.errors import DomainError, InvalidInput, NotPermitted
from core.numbers import whole_number
from core.views import let_in
from organizations.requests import PersonRequest
from reporting import permissions, tasks
from reporting.forms.reports import HandOverForm, LockForm, ReportForm, SendBackForm
from reporting.models import FileKind, FollowUpReport, ReportFile, ReportTemplate
from reporting.operations.reports import (
    PeriodNotOver,
    PeriodNotPossible,
    request_report,
    retry_report,
)
from reporting.report.case import compose
from reporting.report.checks import run_checks
from reporting.report.content import Content, content_of
from reporting.report.difference import differences
from reporting.report.files import CONTENT_TYPES, file_name
from reporting.report.pictures import Width, picture_svg
from reporting.views.report_progress import Progress, steps

REPORTS_PER_PAGE = 25
PORTION = 64 * 1024
FIELD_OF: dict[type[DomainError], str] = {
    NotADiaryNumber: "diary_number",
    PeriodNotOver: "through_date",
    PeriodNotPossible: "through_date",
}
BEGINS_WITH = ("title", "diary_number", "through_date")
"""What a new version has from the one before it."""


@require_safe
def reports(request: PersonRequest) -> HttpResponse:
    """All reports, latest first."""
    at = timezone.now()
    let_in(permissions.can_read_reports(request.user, at=at))
    rows = FollowUpReport.objects.visible_to(request.user).without_snapshot().latest_first()
    context = {
        "page_obj": Paginator(rows, REPORTS_PER_PAGE).get_page(request.GET.get("sida")),
        "can_request": permissions.can_request_report(request.user, at=at),
    }
    return render(request, "reporting/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: PersonRequest) -> HttpResponse:
    """Ask for a report, or for a new version of one (``?fran=``)."""
    at = timezone.now()
    let_in(permissions.can_request_report(request.user, at=at))
    form = ReportForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if form.is_valid():
        try:
            data = form.cleaned_data
            report = request_report(**data, year=data["through_date"].year, by=request.user, at=at)
        except InvalidInput as error:
            form.add_error(FIELD_OF.get(type(error)), str(error))
        else:
            tasks.build_report.wake(report_id=report.pk)
            messages.success(request, _("Rapporten byggs. Du kan lämna sidan, den blir klar ändå."))
            return redirect(report)
    return render(request, "reporting/report_new.html", {"form": form}, status=422 if form.errors else 200)


def _initial(request: PersonRequest) -> dict[str, Any]:
    """Suggest the last closed month, or what an earlier version says."""
    report_id = whole_number(request.GET.get("fran", ""))
    reports = FollowUpReport.objects.visible_to(request.user)
    earlier = None if report_id is None else reports.filter(pk=report_id).first()
    if earlier is not None:
        return {name: getattr(earlier, name) for name in BEGINS_WITH}
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    return {
        "title": _("Återrapport om inköpsorganisationens arbete och resultat"),
        "through_date": last_month,
    }


@require_safe
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """One report: the document, how far it has come, what is to be done, its files and versions."""
    visible = FollowUpReport.objects.visible_to(request.user)
    return report_page(request, get_object_or_404(visible.select_related("requested_by"), pk=pk))


def report_page(
    request: PersonRequest, this: FollowUpReport, *, status: int = 200, **forms: Form
) -> HttpResponse:
    """
    Draw a report's page.

    :param forms: those that were sent and are to be corrected, by name: ``send_back``, ``lock``, ``hand_over``.
    """
    at = timezone.now()
    visible = FollowUpReport.objects.visible_to(request.user)
    progress, acts = Progress.of(this), list(this.acts.in_order())
    content = content_of(this) if this.snapshot else None
    document = compose(content) if content else None
    missing = document.missing if document else ()
    before = version_before(this)
    context = {
        "report": this,
        "document": document,
        "sha256": content.sha256 if content else "",
        "without_baseline": _uncounted_lines(this),
        "progress": progress,
        "is_outdated": _is_outdated(this, progress, content),
        "steps": steps(this, acts, missing=len(missing)),
        "acts": acts,
        "missing": missing,
        "versions": visible.same_period(this).without_snapshot(),
        "before": before,
        "differences": differences(compose(content_of(before)), document) if before and document else (),
        "can_request": permissions.can_request_report(request.user, at=at),
        "can_write": permissions.can_write_report(request.user, this, at=at),
        "can_review": permissions.can_review_report(request.user, at=at),
        "can_approve": permissions.can_approve_report(request.user, this.acts.last_review(), at=at),
        "can_move": permissions.can_move_report(request.user, at=at),
        "send_back": SendBackForm(),
        "lock": LockForm(initial={"diary_number": this.diary_number}),
        "hand_over": HandOverForm(by=request.user, report=this),
        **forms,
    }
    return render(request, "reporting/report.html", context, status=status)


def _is_outdated(report: FollowUpReport, progress: Progress, content: Content | None) -> bool:
    """Whether the files of a draft would be others if they were made now; those of a locked report stand."""
    if content is None or progress.edition is None or report.is_final:
        return False
    return not progress.edition.is_of(content.sha256, ReportTemplate.objects.in_use())


def version_before(report: FollowUpReport) -> FollowUpReport | None:
    """The version that this one corrects: the last before it whose figures are frozen."""
    return FollowUpReport.objects.same_period(report).filter(version__lt=report.version).frozen().first()


def _uncounted_lines(report: FollowUpReport) -> int:
    """Count delivered lines that the measures could not count."""
    return int(report.snapshot["deliveries"][0]["without_baseline"]) if report.snapshot else 0


@require_safe
def report_progress(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the part of the page that moves while a report is built; the whole page again when there is more to see."""
    visible = FollowUpReport.objects.visible_to(request.user).without_snapshot()
    this = get_object_or_404(visible, pk=pk)
    progress = Progress.of(this)
    response = render(request, "reporting/_report_files.html", {"report": this, "progress": progress})
    if not progress.is_running or (this.snapshot_sha256 and "utan" in request.GET):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def report_check(request: PersonRequest, pk: int) -> HttpResponse:
    """Compare a report with what it was frozen and locked as, while the reader waits."""
    this = get_object_or_404(FollowUpReport.objects.visible_to(request.user), pk=pk)
    context = {"report": this, "checks": list(run_checks(this))}
    return render(request, "reporting/report_check.html", context)


@require_safe
def report_picture(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """One picture of a report's annex, drawn from its frozen figures; ``?bredd=narrow`` for a telephone."""
    this = get_object_or_404(FollowUpReport.objects.visible_to(request.user).frozen(), pk=pk)
    pictures = {each.key: each for each in compose(content_of(this)).pictures}
    if key not in pictures:
        raise Http404
    width: Width = "narrow" if request.GET.get("bredd") == "narrow" else "wide"
    return HttpResponse(picture_svg(pictures[key], width=width), content_type="image/svg+xml")


@require_safe
def report_file(request: PersonRequest, pk: int, kind: str) -> StreamingHttpResponse:
    """Download one of a report's files."""
    if kind not in FileKind.values:
        raise Http404
    this = get_object_or_404(FollowUpReport.objects.visible_to(request.user).without_snapshot(), pk=pk)
    files = ReportFile.objects.made_of(this).select_related("file", "edition", "report")
    file = get_object_or_404(files, kind=kind)
    content = file.content
    response = StreamingHttpResponse(content.pieces(), content_type=CONTENT_TYPES[FileKind(kind)])
    response["Content-Disposition"] = content_disposition_header(True, file_name(file)) or ""
    response["Content-Length"] = str(content.size)
    response["ETag"] = f'"{content.sha256}"'
    return response


@require_POST
def report_retry(request: PersonRequest, pk: int) -> HttpResponse:
    """Queue again what failed of a report."""
    this = get_object_or_404(FollowUpReport.objects.visible_to(request.user), pk=pk)
    try:
        retry_report(report=this, by=request.user, at=timezone.now())
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        tasks.build_report.wake(report_id=this.pk)
        tasks.wake_files(this.pk)
    return redirect(this)
