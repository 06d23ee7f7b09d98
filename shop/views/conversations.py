"""The conversation about a line, on a page that everybody who has a part in it can open."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from attachments.kinds import LARGEST_FORM
from core.addresses import address_of
from core.errors import DomainError
from core.keys import KeyHasOtherContent
from core.numbers import whole_number
from core.request_cleaning import takes_files
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.conversation import consultations_of, conversation_about
from procurement.forms import MessageForm
from procurement.models import RequisitionLine
from procurement.operations import conversations, decisions
from procurement.refusals import status_of
from procurement.separation_of_duties import attesters_of
from procurement.visibility import submitted_line

ROWS_PER_PAGE = 30


@takes_files(LARGEST_FORM)
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what is said about one line, and write about it."""
    at, status = timezone.now(), 200
    line = _line(request, pk)
    attesters = attesters_of([line.requisition_id])[line.requisition_id]
    may_write = permissions.can_write_about(
        request.user, line, is_asked=permissions.is_asked_in(request.user, line), at=at
    )
    asks = {
        "may_ask": bool(permissions.can_ask_in(request.user, line, at=at)),
        "may_return": bool(permissions.can_decide(request.user, line, attesters=attesters, at=at)),
    }
    form = MessageForm(**asks)
    if request.method == "POST":
        form, status = MessageForm(request.POST, request.FILES, **asks), 422
        if form.is_valid():
            try:
                _send(form, line, request=request)
            except KeyHasOtherContent:
                form.add_error(
                    None, _("Det första meddelandet är redan skickat. Läs in sidan och skriv det nya.")
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Meddelandet är skickat."))
                return redirect("shop:conversation", pk)
    context = {
        "line": line,
        "conversation": conversation_about(line),
        "form": form if may_write else None,
        "refusal": "" if may_write else str(may_write.refusal),
        "requisition": address_of(line.requisition) if _opens_requisition(request, line) else "",
        "decision": address_of(line) if permissions.capacity_for(request.user, line, at=at) else "",
    }
    return render(request, "shop/conversation.html", context, status=status)


@require_safe
def consultations(request: PersonRequest) -> HttpResponse:
    """What the person is, and has been, asked about."""
    page = Paginator(consultations_of(request.user), ROWS_PER_PAGE).get_page(
        whole_number(request.GET.get("sida", "1")) or 1
    )
    return render(request, "shop/consultations.html", {"page": page})


def _send(form: MessageForm, line: RequisitionLine, *, request: PersonRequest) -> None:
    """Let the line wait for an answer, or just write."""
    by, at, cleaned_data = request.user, timezone.now(), form.cleaned_data
    if cleaned_data.get("needs_answer"):
        decisions.return_with_question(
            lines=[line], question=cleaned_data["text"], files=cleaned_data["documents"], by=by, at=at
        ).only()
        return
    conversations.write(
        line=line,
        text=cleaned_data["text"],
        files=cleaned_data["documents"],
        asked=cleaned_data.get("asked") or (),
        key=cleaned_data["key"],
        by=by,
        at=at,
    )


def _line(request: PersonRequest, pk: int) -> RequisitionLine:
    line = submitted_line(request.user, pk, day=timezone.localdate())
    if line is None:
        raise Http404
    return line


def _opens_requisition(request: PersonRequest, line: RequisitionLine) -> bool:
    """Whether the line is hers by more than that she is asked about it."""
    return RequisitionLine.objects.opened_to(request.user).filter(pk=line.pk).exists()
