"""The lines behind the sums: of the register, and of what the register does not count."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.components import Link
from organizations.requests import PersonRequest
from reporting.models import EffectPart
from reporting.months import total
from reporting.paging import PagesByMonth
from reporting.saved_months import saved_total
from reporting.selection import Selection
from reporting.views.savings import require_savings_visible, selection_of

LINES_PER_PAGE = 50


@require_safe
def saving_lines(request: PersonRequest) -> HttpResponse:
    """The lines of the register behind a sum."""
    require_savings_visible(request.user)
    selection = selection_of(request)
    lines = selection.savings(request.user)
    sums = saved_total(selection.choice(request.user))
    paginator = Paginator(lines.for_display().latest_first(), LINES_PER_PAGE)
    paginator.count = sums.count
    context = {
        "selection": selection,
        "sums": sums,
        "chips": chips_of(selection),
        "signs": _sign_links(selection),
        "price_labels": (_("Annars"), _("Före"))
        if selection.part is EffectPart.AVOIDED
        else (_("Baslinje"), _("Betalt")),
        "page_obj": paginator.get_page(request.GET.get("sida")),
        "is_today": selection.ends == timezone.localdate(),
    }
    return render(request, "reporting/saving_lines.html", context)


@require_safe
def uncounted_lines(request: PersonRequest) -> HttpResponse:
    """Delivered lines that no confirmed baseline speaks of."""
    require_savings_visible(request.user)
    selection = selection_of(request)
    months = selection.uncounted_months(request.user)
    lines = selection.uncounted(request.user).for_display().latest_first()
    context = {
        "selection": selection,
        "sums": total(months),
        "chips": chips_of(selection),
        "page_obj": PagesByMonth(lines, months, per_page=LINES_PER_PAGE).get_page(request.GET.get("sida")),
    }
    return render(request, "reporting/uncounted_lines.html", context)


def chips_of(selection: Selection) -> list[Link]:
    """What the lines have in common, each to be taken away."""
    return [
        Link(label, selection.address(**{name: ""}), is_removable=True)
        for name, label in selection.labels().items()
    ]


def _sign_links(selection: Selection) -> list[Link]:
    """All lines, those that became cheaper, those that became dearer."""
    choices = (("", _("Alla"), None), ("0", _("Minskningar"), False), ("1", _("Kostnadsökningar"), True))
    return [
        Link(label, selection.address(okning=code), is_current=selection.increases is value)
        for code, label, value in choices
    ]
