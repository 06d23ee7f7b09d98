"""What is left after the organisation's cost, with both periods named; and the costs themselves."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import InvalidInput, NotPermitted
from core.views import let_in
from organizations.requests import PersonRequest
from reporting import permissions
from reporting.costs import cost, cost_so_far
from reporting.effects import effects, realised
from reporting.forms.figures import CostForm, NetForm
from reporting.models import OrganisationCost
from reporting.operations.costs import register_cost
from reporting.pace import run_rate_months
from reporting.periods import first_and_last
from reporting.savings import Net, run_rate


@require_safe
def net(request: PersonRequest) -> HttpResponse:
    """Choose the period of the effect and that of the cost, and see what is left."""
    let_in(permissions.can_see_costs(request.user, at=timezone.now()))
    form = NetForm(
        request.GET if "effect_starts" in request.GET else None, initial=_suggested(timezone.localdate())
    )
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        chosen = form.cleaned_data
        of_cost = cost(starts=chosen["cost_starts"], ends=chosen["cost_ends"])
        context |= {
            "net": Net(realised(starts=chosen["effect_starts"], ends=chosen["effect_ends"]), of_cost.of),
            "cost": of_cost,
            **_yearly_measures(chosen["effect_ends"]),
        }
    return render(request, "reporting/net.html", context, status=422 if form.errors else 200)


def _suggested(today: date) -> dict[str, date]:
    """Suggest the same days for both: this year so far."""
    starts = date(today.year, 1, 1)
    return {"effect_starts": starts, "effect_ends": today, "cost_starts": starts, "cost_ends": today}


def _yearly_measures(ends: date) -> dict[str, Any]:
    """The yearly measures beside the net: full-year effect of the last year, pace, and accumulated cost."""
    first, last = run_rate_months(ends)
    amount = realised(starts=first, ends=last)
    return {
        "year": ends.year,
        "full_year": effects(year=ends.year, through=ends).net.full_year,
        "pace": run_rate(amount.amount) if amount.is_known else None,
        "pace_starts": first,
        "pace_ends": last,
        "so_far": cost_so_far(through=ends),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def costs(request: PersonRequest) -> HttpResponse:
    """The registered costs, and a form for finance to register one."""
    at = timezone.now()
    let_in(permissions.can_see_costs(request.user, at=at))
    form = CostForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            register_cost(**form.cleaned_data, by=request.user, at=at)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from None
        except InvalidInput as error:
            form.add_error("ends", str(error))
        else:
            messages.success(request, _("Kostnaden är registrerad."))
            return redirect("reporting:costs")
    registered = OrganisationCost.objects.order_by("-during")
    context = {
        "form": form,
        "costs": [(*first_and_last(each.during), each) for each in registered],
        "can_register": permissions.can_register_cost(request.user, at=at),
    }
    return render(request, "reporting/costs.html", context, status=422 if form.errors else 200)
