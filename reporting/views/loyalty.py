"""How much of what is bought keeps to agreements and assortment, by administration and category."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from categories.models import Category
from organizations.models import Administration
from organizations.requests import PersonRequest
from reporting import overview
from reporting.loyalty import Loyalty, Part, loyalties
from reporting.selection import Selection, reach
from reporting.views.savings import require_savings_visible, selection_of


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the region with its ratios, and where what was bought outside the agreements opens."""

    label: str
    loyalty: Loyalty
    url: str = ""


@require_safe
def loyalty(request: PersonRequest) -> HttpResponse:
    """The ratios of a year through a day, of the categories that the person sees."""
    require_savings_visible(request.user)
    day = timezone.localdate()
    years = overview.years(request.user, today=day)
    selection = selection_of(request)
    ratios = loyalties(starts=selection.starts, ends=selection.ends, reach=reach(request.user, day))
    context = {
        "selection": selection,
        "years": overview.year_links(years, selection, ""),
        "whole": ratios.whole,
        "administrations": _administrations(ratios.administrations, selection),
        "categories": _categories(ratios.categories, selection),
    }
    return render(request, "reporting/loyalty.html", context)


def _administrations(parts: Iterable[Part], selection: Selection) -> list[Row]:
    codes = dict(Administration.objects.values_list("pk", "code"))
    return [
        Row(
            part.name or _("Förvaltningen är inte känd"),
            part.loyalty,
            _outside(selection, forvaltning=codes[part.id]) if part.id in codes else "",
        )
        for part in parts
    ]


def _categories(parts: Iterable[Part], selection: Selection) -> list[Row]:
    category_by_id = Category.objects.in_bulk()
    return [
        Row(
            str(category_by_id[part.id]),
            part.loyalty,
            _outside(selection, kategori=category_by_id[part.id].code),
        )
        if part.id in category_by_id
        else Row(_("Saknar kategori"), part.loyalty)
        for part in parts
    ]


def _outside(selection: Selection, **chosen: str) -> str:
    return reverse("reporting:outside_agreements") + selection.address(**chosen)
