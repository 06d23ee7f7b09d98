"""The administrator's page for whoever has lost her second factor."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.views import let_in
from factors.holdings import has_factor
from factors.operations.keeping import remove_all_factors
from factors.permissions import can_remove_factors_of
from organizations.models import User
from organizations.requests import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
def remove_factors(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what happens, and remove all factors of a person."""
    at = timezone.now()
    person = get_object_or_404(User, pk=pk)
    let_in(can_remove_factors_of(request.user, person, at=at))
    if request.method == "POST":
        if remove_all_factors(user=person, by=request.user, at=at):
            text = _("%(name)s loggar nu in utan ett andra steg, och har fått veta det.")
        else:
            text = _("%(name)s har inget andra steg.")
        messages.success(request, text % {"name": person.full_name})
        return redirect("office:remove_factors", person.pk)
    return render(request, "office/remove_factors.html", {"person": person, "has_factor": has_factor(person)})
