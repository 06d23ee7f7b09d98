"""That a supplier has refused a line is registered on a page of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.addresses import address_of
from core.errors import DomainError
from desk.forms.rank_refusals import RankRefusalForm
from desk.views.lines import visible_line
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.operations.rank_refusals import register_rank_refusal
from procurement.refusals import refuse, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask which supplier said no, and what it said."""
    at = timezone.now()
    line = visible_line(request.user, pk)
    verdict = permissions.can_reassign(request.user, line, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(line))
    form = RankRefusalForm(request.POST if request.method == "POST" else None, line=line)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                register_rank_refusal(line=line, **form.cleaned_data, by=request.user, at=at)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Leverantörens nej är registrerat."))
                return redirect("desk:line", pk=pk)
    return render(request, "desk/rank_refusal.html", {"line": line, "form": form}, status=status)
