"""The Word templates that reports are made on: what is used, every version there was, and what a template can ask for."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attachments.kinds import LARGEST_FILE, MediaType
from core.errors import DomainError, InvalidInput, NotPermitted
from core.request_cleaning import takes_files
from core.views import let_in
from organizations.requests import PersonRequest
from reporting import permissions
from reporting.forms.reports import TemplateForm
from reporting.models import ReportTemplate, TemplateKind
from reporting.operations.report_templates import set_template, use_own_template
from reporting.report.placeholders import SECTIONS, Listed, listed
from reporting.report.template_check import checked_template
from reporting.report.word_own import own_template


@dataclass(frozen=True, slots=True)
class Shown:
    """One kind of template on the page: what is used, the form for another, and what was used before."""

    kind: TemplateKind
    used: ReportTemplate | None
    form: TemplateForm
    versions: list[ReportTemplate]
    placeholders: list[Listed]
    sections: list[str]


@require_safe
def report_templates(request: PersonRequest) -> HttpResponse:
    """Both templates."""
    let_in(permissions.can_read_reports(request.user, at=timezone.now()))
    return _page(request)


@takes_files(LARGEST_FILE)
@require_POST
def report_template_set(request: PersonRequest, kind: str) -> HttpResponse:
    """Take another template into use, when it holds."""
    of, at = _kind(kind), timezone.now()
    let_in(permissions.can_change_templates(request.user, at=at))
    form = TemplateForm(request.POST, request.FILES, prefix=of.value)
    if not form.is_valid():
        return _page(request, {of: form}, status=422)
    file = form.cleaned_data["file"]
    try:
        template = checked_template(of, file.name, file.read(LARGEST_FILE + 1))
        new_template = set_template(template=template, by=request.user, at=at)
    except InvalidInput as error:
        form.add_error("file", str(error))
        return _page(request, {of: form}, status=422)
    message = _("%(kind)s görs på %(name)s från och med nu.")
    messages.success(request, message % {"kind": of.label, "name": new_template.name})
    return redirect("reporting:report_templates")


@require_POST
def report_template_own(request: PersonRequest, kind: str) -> HttpResponse:
    """Go back to the program's own template."""
    of = _kind(kind)
    try:
        use_own_template(kind=of, by=request.user, at=timezone.now())
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(kind)s görs på programmets egen mall igen.") % {"kind": of.label})
    return redirect("reporting:report_templates")


@require_safe
def report_template_file(request: PersonRequest, kind: str, version: int) -> HttpResponse:
    """Download a version of a template; 0 is the program's own, to begin from."""
    let_in(permissions.can_read_reports(request.user, at=timezone.now()))
    of = _kind(kind)
    if version == 0:
        return _file(own_template(of), f"rauk-{of.value}.docx")
    template = get_object_or_404(ReportTemplate.objects.exclude(file=None), kind=of, version=version)
    return _file(template.content, template.name)


def _kind(kind: str) -> TemplateKind:
    if kind not in TemplateKind.values:
        raise Http404
    return TemplateKind(kind)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MediaType.DOCX.value)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _page(
    request: PersonRequest, forms: Mapping[TemplateKind, TemplateForm] | None = None, *, status: int = 200
) -> HttpResponse:
    """
    Draw the page.

    :param forms: those that were sent and are to be corrected.
    """
    in_use, form_by_kind = ReportTemplate.objects.in_use(), forms or {}
    versions = list(ReportTemplate.objects.latest_first())
    templates = [
        Shown(
            kind,
            in_use.get(kind),
            form_by_kind.get(kind) or TemplateForm(prefix=kind.value),
            [each for each in versions if each.kind == kind],
            list(listed(kind)),
            list(SECTIONS[kind].values()),
        )
        for kind in TemplateKind
    ]
    context = {
        "templates": templates,
        "refused": next(iter(form_by_kind.values()), None),
        "can_change": permissions.can_change_templates(request.user, at=timezone.now()),
    }
    return render(request, "reporting/report_templates.html", context, status=status)
