"""What people do with a report on its page: review, approve, send back, lock, hand over, and ask for its files anew."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError, InvalidInput, NotPermitted
from organizations.requests import PersonRequest
from reporting import tasks
from reporting.forms.reports import HandOverForm, LockForm, SendBackForm
from reporting.models import FollowUpReport
from reporting.operations.report_files import renew_files
from reporting.operations.report_stages import (
    AssignmentGivenLater,
    MeetingBeforeReport,
    MeetingNotHeld,
    ParagraphMissing,
    approve_report,
    hand_over_report,
    lock_report,
    review_report,
    send_back_report,
)
from reporting.views.reports import report_page

FIELD_OF: dict[type[DomainError], str] = {
    AssignmentGivenLater: "answered",
    MeetingBeforeReport: "meeting_date",
    MeetingNotHeld: "meeting_date",
    ParagraphMissing: "paragraph",
}


@require_POST
def report_review(request: PersonRequest, pk: int) -> HttpResponse:
    """Review a draft."""
    return _act_response(
        request,
        pk,
        lambda report, at: review_report(
            report=report, shown=request.POST.get("shown", ""), by=request.user, at=at
        ),
        _("Rapporten är granskad. Inköpschefen kan godkänna den."),
    )


@require_POST
def report_approve(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve what is reviewed."""
    return _act_response(
        request,
        pk,
        lambda report, at: approve_report(
            report=report, shown=request.POST.get("shown", ""), by=request.user, at=at
        ),
        _("Rapporten är godkänd och kan låsas."),
    )


@require_POST
def report_send_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Send what is reviewed or approved back to draft."""
    form = SendBackForm(request.POST)
    return _act_response(
        request,
        pk,
        lambda report, at: send_back_report(report=report, **form.cleaned_data, by=request.user, at=at),
        _("Rapporten är ett utkast igen."),
        send_back=form,
    )


@require_POST
def report_lock(request: PersonRequest, pk: int) -> HttpResponse:
    """Lock what is approved, and have its files made."""
    form = LockForm(request.POST)
    return _act_response(
        request,
        pk,
        lambda report, at: lock_report(report=report, **form.cleaned_data, by=request.user, at=at),
        _("Rapporten är låst. Handlingarna görs nu."),
        lock=form,
    )


@require_POST
def report_hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    """Say which meeting took up what is locked."""
    report = get_object_or_404(FollowUpReport.objects.visible_to(request.user), pk=pk)
    form = HandOverForm(request.POST, by=request.user, report=report)
    return _act_response(
        request,
        pk,
        lambda report, at: hand_over_report(report=report, **form.cleaned_data, by=request.user, at=at),
        _("Rapporten är överlämnad."),
        hand_over=form,
    )


@require_POST
def report_renew(request: PersonRequest, pk: int) -> HttpResponse:
    """Have the files of a draft made anew, of what is written now."""
    return _act_response(
        request,
        pk,
        lambda report, at: renew_files(report=report, by=request.user, at=at),
        _("Handlingarna görs om."),
    )


def _act_response(
    request: PersonRequest,
    pk: int,
    act: Callable[[FollowUpReport, datetime], object],
    message: str,
    **forms: Form,
) -> HttpResponse:
    """Do one act with a report, wake whoever makes its files, and go back to its page; or draw it with the form to correct."""
    report = get_object_or_404(FollowUpReport.objects.visible_to(request.user), pk=pk)
    form = next(iter(forms.values()), None)
    if form is not None and not form.is_valid():
        return report_page(request, report, status=422, **forms)
    try:
        act(report, timezone.now())
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from None
    except InvalidInput as error:
        if form is None:
            raise
        form.add_error(FIELD_OF.get(type(error), next(iter(form.fields))), str(error))
        return report_page(request, report, status=422, **forms)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, message)
        tasks.wake_files(report.pk)
    return redirect(report)
