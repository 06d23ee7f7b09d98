"""Wishing for what is ordered on another day, on a page of its own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.addresses import address_of
from core.errors import DomainError
from core.verdicts import require
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.operations.day_wishes import on_its_way, wish_for_day
from procurement.refusals import refuse, status_of
from procurement.visibility import submitted_line
from shop.forms.day_wishes import DayWishForm


@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for the day and why, and let whoever answers for the line know."""
    at = timezone.now()
    line = submitted_line(request.user, pk, day=timezone.localdate(at))
    if line is None:
        raise Http404
    return_url = address_of(line.requisition)
    try:
        require(permissions.can_wish_for_day(request.user, line, at=at))
        order_line = on_its_way(line)
    except DomainError as refusal:
        return refuse(request, refusal, back=return_url)
    form, status = DayWishForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                wish_for_day(line=line, **form.cleaned_data, by=request.user, at=at)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(
                    request,
                    _("Den som ansvarar för raden får veta det. Leveransdagen gäller tills du får svar."),
                )
                return redirect(return_url)
    context = {"line": line, "coming": order_line, "form": form, "back": return_url}
    return render(request, "shop/line_other_day.html", context, status=status)
