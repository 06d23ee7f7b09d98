"""The administrator's pages for those who lack a second factor, and for whoever has lost hers."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.views import let_in
from factors.holdings import has_factor, people_without_factor
from factors.operations.keeping import remove_all_factors
from factors.permissions import can_remove_factors_of
from office.permissions import is_administrator
from organizations.models import Role, User
from organizations.permissions import EVERYBODY
from organizations.requests import PersonRequest

PEOPLE_PER_PAGE = 50


@require_safe
def lacking_factors(request: PersonRequest) -> HttpResponse:
    """Show the administrator whose role asks for a second factor that she does not have yet."""
    at = timezone.now()
    let_in(is_administrator(request.user, at))
    people = people_without_factor(timezone.localdate(at))
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("sida"))
    role_labels = [Role(name).label for name in sorted(settings.SECOND_FACTOR_ROLES - {EVERYBODY})]
    return render(request, "office/lacking_factors.html", {"page_obj": page, "asked": role_labels})


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
