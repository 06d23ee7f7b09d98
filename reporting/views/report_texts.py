"""The page on which one part of a report is written."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, InvalidInput, NotPermitted
from core.views import let_in
from organizations.requests import PersonRequest
from reporting import permissions
from reporting.forms.reports import TextForm
from reporting.models import FollowUpReport, WrittenPart, WrittenText
from reporting.operations.report_texts import SomebodyElseHasWritten, write_text
from reporting.report.case import questions_of


@require_http_methods(["GET", "HEAD", "POST"])
def report_text(request: PersonRequest, pk: int, part: str) -> HttpResponse:
    """Write one part of a report; when somebody else has saved it since, both texts are shown and nothing is lost."""
    if part not in WrittenPart.values:
        raise Http404
    report = get_object_or_404(FollowUpReport.objects.visible_to(request.user), pk=pk)
    at = timezone.now()
    let_in(permissions.can_request_report(request.user, at=at))
    if request.method != "POST":
        latest = report.texts.filter(part=part).latest_first().first()
        form = TextForm(initial=_beginning(latest))
        return _page(request, report, WrittenPart(part), form)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, report, WrittenPart(part), form, status=422)
    try:
        write_text(report=report, part=WrittenPart(part), **form.cleaned_data, by=request.user, at=at)
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from None
    except InvalidInput as error:
        form.add_error("text", str(error))
        return _page(request, report, WrittenPart(part), form, status=422)
    except SomebodyElseHasWritten as error:
        new_form = TextForm(initial={**form.cleaned_data, "began_from": _version(error.latest)})
        return _page(
            request, report, WrittenPart(part), new_form, other_text=error.latest, refusal=error, status=409
        )
    except DomainError as error:
        new_form = TextForm(initial=form.cleaned_data)
        return _page(request, report, WrittenPart(part), new_form, refusal=error, status=409)
    messages.success(request, _("Avsnittet %(part)s är sparat.") % {"part": WrittenPart(part).label})
    return redirect(f"{report.get_absolute_url()}#{part}")


def _version(text: WrittenText | None) -> int:
    return text.version if text else 0


def _beginning(latest: WrittenText | None) -> dict[str, object]:
    """What is written now, and which version it is."""
    return {"text": latest.text if latest else "", "began_from": _version(latest)}


def _page(
    request: PersonRequest,
    report: FollowUpReport,
    part: WrittenPart,
    form: TextForm,
    *,
    other_text: WrittenText | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """
    Draw the page, with what has been written before.

    :param other_text: what somebody else has saved meanwhile.
    """
    form.fields["text"].help_text = questions_of(report.snapshot)[part]
    context = {
        "report": report,
        "part": part,
        "form": form,
        "theirs": other_text,
        "refusal": refusal,
        "can_write": permissions.can_write_report(request.user, report, at=timezone.now()),
        "versions": report.texts.filter(part=part).latest_first(),
    }
    return render(request, "reporting/report_text.html", context, status=status)
