"""Change the account of a line that is stopped by the one it has."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from desk.forms.accounts import AccountForm
from desk.views.queue import visible_line
from organizations.requests import PersonRequest
from procurement.operations import accounts


@require_POST
def rebook(request: PersonRequest, pk: int) -> HttpResponse:
    """Book a waiting line on another account, and go back to it."""
    at = timezone.now()
    line = visible_line(request.user, pk)
    form = AccountForm(request.POST, day=timezone.localdate(at))
    if not form.is_valid():
        messages.error(request, str(form.errors["account"][0]))
        return redirect("desk:line", pk=pk)
    account = form.cleaned_data["account"]
    try:
        accounts.rebook(line=line, account=account, by=request.user, at=at)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Raden bokförs på %(account)s.") % {"account": account})
    return redirect("desk:line", pk=pk)
