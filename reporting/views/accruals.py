"""The accrual of a month: what was received and is not invoiced, looked at and taken to the accounting system."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.ordering import swedish
from core.views import let_in
from organizations.models import Authority
from organizations.requests import PersonRequest
from reporting import permissions
from reporting.accruals import accrual
from reporting.forms.accruals import AccrualForm
from reporting.sie import Company, sie_4i

ACCRUED = "2990"
"""Accrued costs in the plan of accounts that municipalities and regions share; what the form suggests."""


@require_safe
def accruals(request: PersonRequest) -> HttpResponse:
    """Choose the days, see what is booked where, and take the file (``?fil=sie``)."""
    at = timezone.now()
    let_in(permissions.can_take_accruals(request.user, at=at))
    day = timezone.localdate(at)
    is_asked = "starts" in request.GET
    form = AccrualForm(request.GET if is_asked else None, initial=_suggested(day))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        data = form.cleaned_data
        period_accrual = accrual(data["authority"], starts=data["starts"], ends=data["ends"])
        if request.GET.get("fil") == "sie" and period_accrual.rows:
            vouchers = period_accrual.vouchers(data["credit"], is_reversed=data["is_reversed"])
            company = Company(period_accrual.authority.org_number, period_accrual.authority.name)
            content = sie_4i(company, vouchers, day=day, made_by=request.user.full_name)
            return _file(content, f"periodisering-{period_accrual.starts}-{period_accrual.ends}.si")
        query = request.GET.copy()
        query["fil"] = "sie"
        context |= {"found": period_accrual, "credit": data["credit"], "file_url": f"?{query.urlencode()}"}
    return render(request, "reporting/accruals.html", context, status=422 if form.errors else 200)


def _suggested(today: date) -> dict[str, Any]:
    """Suggest the last closed month, and the authority when there is one."""
    ends = today.replace(day=1) - timedelta(days=1)
    return {
        "authority": Authority.objects.order_by(swedish("name")).first(),
        "starts": ends.replace(day=1),
        "ends": ends,
        "credit": ACCRUED,
        "is_reversed": True,
    }


def _file(content: bytes, name: str) -> HttpResponse:
    """The file; its letters are CP437 by its standard."""
    response = HttpResponse(content, content_type="text/plain; charset=ibm437")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
