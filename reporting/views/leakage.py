"""The purchases behind the leakage: what was bought outside the agreements, and what that cost."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from categories.models import Category
from organizations.models import Administration, User
from organizations.requests import PersonRequest
from procurement.standing import standing_on
from reporting.leakage import answered_for, bought_outside
from reporting.leakage_cost import LeakageCost, leakage_costs, summed_costs
from reporting.months import LineSelection, by_month, total
from reporting.paging import PagesByMonth
from reporting.selection import Selection, reach
from reporting.views.saving_lines import LINES_PER_PAGE, chips_of
from reporting.views.savings import require_savings_visible, selection_of


@require_safe
def outside_agreements(request: PersonRequest) -> HttpResponse:
    """Purchases under no agreement, in the categories that she answers for."""
    require_savings_visible(request.user)
    day = timezone.localdate()
    selection = selection_of(request)
    within = answered_for(request.user, day)
    lines = bought_outside(request.user, within=within, starts=selection.starts, ends=selection.ends)
    if selection.category is not None:
        lines = lines.within([selection.category.pk])
    if selection.department is not None:
        lines = lines.filter(department=selection.department)
    if selection.administration is not None:
        lines = lines.filter(administration=selection.administration)
    rows = lines.for_display().with_order().latest_first()
    months = by_month(_chosen(request.user, selection))
    standing = standing_on(request.user, day)
    context = {
        "selection": selection,
        "sums": total(months),
        "chips": chips_of(selection),
        "page_obj": PagesByMonth(rows, months, per_page=LINES_PER_PAGE).get_page(request.GET.get("sida")),
        "has_day": standing.roles.is_head or bool(standing.manages or standing.deputises),
    }
    return render(request, "reporting/outside_agreements.html", context)


def _chosen(user: User, selection: Selection) -> LineSelection:
    """Which lines are meant, of those that she answers for."""
    day = timezone.localdate()
    return LineSelection(
        selection.starts,
        selection.ends,
        reach=reach(user, day),
        within=answered_for(user, day),
        also_within=[selection.category.pk] if selection.category else None,
        department=selection.department.pk if selection.department else None,
        administration=selection.administration.pk if selection.administration else None,
        is_outside=True,
    )


@require_safe
def leakage_cost(request: PersonRequest) -> HttpResponse:
    """What buying outside the agreements cost, by administration and category."""
    require_savings_visible(request.user)
    selection = selection_of(request)
    costs = leakage_costs(_chosen(request.user, selection))
    compared_costs = [each for each in costs if each.compared_count]
    page_obj = Paginator(compared_costs, LINES_PER_PAGE).get_page(request.GET.get("sida"))
    context = {
        "selection": selection,
        "costs": _with_queries(page_obj.object_list, selection),
        "page_obj": page_obj,
        "cost": summed_costs(costs),
        "others": summed_costs([each for each in costs if not each.compared_count]),
        "chips": chips_of(selection),
    }
    return render(request, "reporting/leakage_cost.html", context)


def _with_queries(costs: Iterable[LeakageCost], selection: Selection) -> list[tuple[LeakageCost, str]]:
    """Each cost with the query of its lines; none when its administration or category is in no register."""
    costs = list(costs)
    categories = Category.objects.in_bulk([each.category for each in costs if each.category])
    administrations = Administration.objects.in_bulk(
        [each.administration for each in costs if each.administration]
    )
    opening = []
    for each in costs:
        category = categories.get(each.category or 0)
        administration = administrations.get(each.administration or 0)
        url = ""
        if category is not None and administration is not None:
            url = selection.address(kategori=category.code, forvaltning=administration.code)
        opening.append((each, url))
    return opening
