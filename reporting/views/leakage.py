"""The purchases behind the leakage: what was bought outside the agreements."""

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.requests import PersonRequest
from procurement.standing import standing_on
from reporting.leakage import answered_for, bought_outside
from reporting.views.saving_lines import LINES_PER_PAGE, chips_of
from reporting.views.savings import require_savings_visible, selection_of


@require_safe
def outside_agreements(request: PersonRequest) -> HttpResponse:
    """Purchases under no agreement, in the categories that she answers for."""
    require_savings_visible(request.user)
    day = timezone.localdate()
    selection = selection_of(request)
    lines = bought_outside(
        request.user, within=answered_for(request.user, day), starts=selection.starts, ends=selection.ends
    )
    if selection.category is not None:
        lines = lines.within([selection.category.pk])
    if selection.department is not None:
        lines = lines.filter(department=selection.department)
    shown = lines.for_display().with_order().latest_first()
    standing = standing_on(request.user, day)
    context = {
        "selection": selection,
        "sums": lines.aggregate(amount=Sum("amount"), count=Count("key")),
        "chips": chips_of(selection),
        "page_obj": Paginator(shown, LINES_PER_PAGE).get_page(request.GET.get("sida")),
        "has_day": standing.roles.is_head or bool(standing.manages or standing.deputises),
    }
    return render(request, "reporting/outside_agreements.html", context)
