"""The savings page: the three measures, and what they were by category, administration, supplier and month."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.components import Link
from core.errors import NotPermitted
from core.views import let_in
from organizations.models import User
from organizations.requests import PersonRequest
from reporting import overview, permissions, tasks
from reporting.costs import cost_so_far
from reporting.effects import awaiting_confirmation, effects, months
from reporting.models import SavingsRun
from reporting.months import total
from reporting.operations.savings import request_savings_run
from reporting.pace import pace
from reporting.saved_months import saved_total
from reporting.selection import Selection, UnknownSelection, reach

SPLITS = ("kategori", "forvaltning", "leverantor", "manad")


def require_savings_visible(user: User) -> None:
    """
    Let those in who see savings.

    :raises PermissionDenied: with the reason.
    """
    let_in(permissions.can_see_savings(user, at=timezone.now()))


def selection_of(request: PersonRequest) -> Selection:
    """
    Read which lines the address is about.

    :raises Http404: it names what does not exist.
    """
    try:
        return Selection.of(request.GET, today=timezone.localdate())
    except UnknownSelection as error:
        raise Http404(str(error)) from None


@require_safe
def savings(request: PersonRequest) -> HttpResponse:
    """What the agreements gave in a year."""
    require_savings_visible(request.user)
    at = timezone.now()
    years = overview.years(request.user, today=timezone.localdate(at))
    selection = selection_of(request)
    split = request.GET.get("per", SPLITS[0])
    if split not in SPLITS:
        raise Http404
    within = selection.categories(request.user, timezone.localdate(at))
    year_effects = effects(year=selection.year, through=selection.through, categories=within)
    year = months(year=selection.year, through=selection.through, categories=within)
    month_columns, unit = overview.columns(year)
    context = {
        "selection": selection,
        "is_today": selection.through == timezone.localdate(at),
        "chips": [Link(str(selection.category), selection.address(kategori="", per=split), is_removable=True)]
        if selection.category
        else [],
        "years": overview.year_links(years, selection, request.GET.get("per", "")),
        "tabs": _tabs(selection, split),
        "split": split,
        "found": year_effects,
        "apart": overview.separate_effects(year_effects, selection),
        "measures": overview.ladder(year_effects),
        "months": month_columns,
        "pace": overview.pace_words(
            pace(year, year_of=selection.year, through=selection.through), selection.year
        ),
        "unit": unit,
        "files": reverse("reporting:savings_xlsx") + selection.address(),
        "uncounted": total(selection.uncounted_months(request.user)),
        **_table(request, selection, split, year_effects, year),
        **_side_context(request.user, selection),
    }
    return render(request, "reporting/savings.html", context)


def _tabs(selection: Selection, split: str) -> list[Link]:
    """The ways of splitting the year."""
    labels = (_("Kategori"), _("Förvaltning"), _("Leverantör"), _("Månad"))
    return [
        Link(label, selection.address(per=code), is_current=code == split)
        for code, label in zip(SPLITS, labels, strict=True)
    ]


def _table(
    request: PersonRequest, selection: Selection, split: str, year_effects: Any, year: Any
) -> dict[str, Any]:
    """Build the one table that the page shows, and count the lines that are in it."""
    open_code = request.GET.get("oppna", "")
    match split:
        case "forvaltning":
            parts = overview.by_administration(request.user, selection, opened=open_code)
        case "leverantor":
            parts = overview.by_supplier(request.user, selection)
        case "manad":
            planned = year_effects.net.plan_to_date
            parts = overview.by_month(request.user, selection, year, plan_to_date=planned)
        case _:
            return {
                "table": overview.table(year_effects, selection, opened=open_code),
                "line_count": saved_total(selection.choice(request.user)).count,
            }
    return {"parts": parts, "line_count": sum(part.sum.count for part in parts if not part.is_drilled)}


def _side_context(user: User, selection: Selection) -> dict[str, Any]:
    """What stands beside the figures: what waits, what they were made of, and what the organisation cost."""
    at = timezone.now()
    sees_all = reach(user, timezone.localdate(at)) is None
    run = SavingsRun.objects.latest_first().select_related("requested_by").first()
    return {
        "waiting": awaiting_confirmation() if sees_all else None,
        "can_confirm": sees_all and permissions.is_finance(user, at=at),
        "can_compute": permissions.can_compute_savings(user, at=at),
        "run": run,
        "cost": cost_so_far(through=selection.through) if sees_all else None,
        "sees_all": sees_all,
        "can_take_accruals": permissions.can_take_accruals(user, at=at),
    }


@require_POST
def compute(request: PersonRequest) -> HttpResponse:
    """Ask for the register to be brought up to date."""
    try:
        run = request_savings_run(by=request.user, at=timezone.now())
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from None
    tasks.compute_savings.wake(run_id=run.pk)
    return redirect("reporting:savings")


@require_safe
def run_progress(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the part of the page that moves while the register is computed."""
    require_savings_visible(request.user)
    run = get_object_or_404(SavingsRun, pk=pk)
    response = render(request, "reporting/_savings_run.html", {"run": run})
    if run.is_finished:
        response["HX-Refresh"] = "true"
    return response
