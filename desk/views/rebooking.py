"""Change what a line is booked on when it is stopped by that."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from desk.forms.accounts import CodingForm
from desk.views.lines import visible_line
from organizations.requests import PersonRequest
from procurement.operations import accounts


@require_POST
def rebook(request: PersonRequest, pk: int) -> HttpResponse:
    """Book a waiting line otherwise, and go back to it."""
    at = timezone.now()
    line = visible_line(request.user, pk)
    form = CodingForm(request.POST, line=line, day=timezone.localdate(at))
    if not form.fields:
        messages.warning(request, _("Raden stoppas inte av sin kontering längre."))
        return redirect("desk:line", pk=pk)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("desk:line", pk=pk)
    try:
        accounts.rebook(line=line, **form.cleaned_data, by=request.user, at=at)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        codes = ", ".join(str(code or _("inget projekt")) for code in form.cleaned_data.values())
        messages.success(request, _("Raden bokförs på %(codes)s.") % {"codes": codes})
    return redirect("desk:line", pk=pk)
