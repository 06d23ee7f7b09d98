"""The purchases behind the leakage: what was bought outside the agreements."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.requests import PersonRequest
from procurement.standing import standing_on
from reporting.leakage import answered_for, bought_outside
from reporting.months import Chosen, total
from reporting.selection import reach
from reporting.views.saving_lines import chips_of, counted_page
from reporting.views.savings import require_savings_visible, selection_of


@require_safe
def outside_agreements(request: PersonRequest) -> HttpResponse:
    """Purchases under no agreement, in the categories that she answers for."""
    require_savings_visible(request.user)
    day = timezone.localdate()
    selection = selection_of(request)
    within = answered_for(request.user, day)
    lines = bought_outside(request.user, within=within, starts=selection.starts, ends=selection.ends)
    chosen = Chosen(
        selection.starts, selection.ends, reach=reach(request.user, day), within=within, is_outside=True
    )
    if selection.category is not None:
        lines = lines.within([selection.category.pk])
        chosen = replace(chosen, also_within=[selection.category.pk])
    if selection.department is not None:
        lines = lines.filter(department=selection.department)
        chosen = replace(chosen, department=selection.department.pk)
    shown = lines.for_display().with_order().latest_first()
    sums = total(chosen)
    standing = standing_on(request.user, day)
    context = {
        "selection": selection,
        "sums": sums,
        "chips": chips_of(selection),
        "page_obj": counted_page(shown, request, count=sums.count),
        "has_day": standing.roles.is_head or bool(standing.manages or standing.deputises),
    }
    return render(request, "reporting/outside_agreements.html", context)
