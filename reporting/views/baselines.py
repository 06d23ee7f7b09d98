"""Initiatives and their baselines: what waits for finance, what is behind a full-year effect, freezing, confirming."""

from collections.abc import Iterable
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, NotPermitted
from core.money import ZERO
from core.ordering import swedish
from core.views import let_in
from organizations.requests import PersonRequest
from reporting import permissions, tasks
from reporting.models import Baseline, SavingInitiative
from reporting.operations.baselines import confirm_baselines, freeze_baselines
from reporting.operations.savings import request_savings_run
from reporting.views.savings import require_savings_visible

BASELINES_PER_PAGE = 100


@require_safe
def baselines(request: PersonRequest) -> HttpResponse:
    """Initiatives: those that wait for finance first."""
    require_savings_visible(request.user)
    initiatives = (
        SavingInitiative.objects.visible_to(request.user)
        .select_related("category", "new_agreement__supplier")
        .annotate(
            items=Count("baselines"), waiting=Count("baselines", filter=Q(baselines__confirmed_at=None))
        )
    )
    waiting = list(initiatives.filter(waiting__gt=0).in_order())
    amounts = _full_year_effects(waiting)
    rows = [(initiative, amounts.get(initiative.pk, ZERO)) for initiative in waiting]
    others = initiatives.filter(waiting=0).order_by("-effective_date", "code", "pk")
    context = {
        "waiting": rows,
        "waiting_amount": sum(amounts.values(), ZERO),
        "can_confirm": permissions.is_finance(request.user, at=timezone.now()),
        "page_obj": Paginator(others, BASELINES_PER_PAGE).get_page(request.GET.get("sida")),
    }
    return render(request, "reporting/baselines.html", context)


def _full_year_effects(initiatives: Iterable[SavingInitiative]) -> dict[int, Decimal]:
    """Add the full-year effect of each initiative's waiting baselines, in one query."""
    sums: dict[int, Decimal] = {}
    for baseline in Baseline.objects.awaiting().filter(initiative__in=initiatives):
        sums[baseline.initiative_id] = sums.get(baseline.initiative_id, ZERO) + baseline.full_year_effect
    return sums


@require_safe
def initiative(request: PersonRequest, pk: int) -> HttpResponse:
    """One initiative with its baselines: what stands behind its full-year effect."""
    require_savings_visible(request.user)
    visible = SavingInitiative.objects.visible_to(request.user)
    this = get_object_or_404(
        visible.select_related("category", "old_agreement", "new_agreement__supplier"), pk=pk
    )
    at = timezone.now()
    found = list(
        this.baselines.select_related("item", "confirmed_by").order_by(swedish("item__name"), "item__number")
    )
    context = {
        "initiative": this,
        "page_obj": Paginator(found, BASELINES_PER_PAGE).get_page(request.GET.get("sida")),
        "count": len(found),
        "decrease": sum((b.planned_effect for b in found if b.full_year_effect >= 0), ZERO),
        "increase": sum((b.planned_effect for b in found if b.full_year_effect < 0), ZERO),
        "full_year": sum((b.planned_effect for b in found), ZERO),
        "first": found[0] if found else None,
        "waits": any(baseline.confirmed_at is None for baseline in found),
        "confirm_verdict": permissions.can_confirm_baselines(request.user, this, at=at),
        "can_freeze": not found and permissions.can_freeze_baselines(request.user, at=at),
        "is_finance": permissions.is_finance(request.user, at=at),
    }
    return render(request, "reporting/initiative.html", context)


@require_POST
def freeze(request: PersonRequest, pk: int) -> HttpResponse:
    """Freeze the baselines of an initiative."""
    this = get_object_or_404(SavingInitiative.objects.visible_to(request.user), pk=pk)
    try:
        frozen = freeze_baselines(initiative=this, at=timezone.now(), by=request.user)
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("%(count)s baslinje är fryst.", "%(count)s baslinjer är frysta.", frozen.count)
        if frozen.without_baseline:
            said += " " + ngettext(
                "%(without)s artikel saknar pris att jämföra med.",
                "%(without)s artiklar saknar pris att jämföra med.",
                frozen.without_baseline,
            )
        messages.success(request, said % {"count": frozen.count, "without": frozen.without_baseline})
    return redirect(this)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whether the baselines are right, and confirm them."""
    at = timezone.now()
    visible = SavingInitiative.objects.visible_to(request.user).select_related("category", "new_agreement")
    this = get_object_or_404(visible, pk=pk)
    let_in(permissions.can_confirm_baselines(request.user, this, at=at))
    if request.method == "POST":
        try:
            confirm_baselines(initiative=this, by=request.user, at=at)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            tasks.compute_savings.wake(run_id=request_savings_run(by=request.user, at=at).pk)
            messages.success(
                request, _("Baslinjerna för %(name)s är bekräftade och räknas med.") % {"name": this.name}
            )
        return redirect("reporting:baselines")
    waiting = list(
        this.baselines.awaiting().select_related("item").order_by(swedish("item__name"), "item__number")
    )
    context = {
        "initiative": this,
        "count": len(waiting),
        "decrease": sum((b.full_year_effect for b in waiting if b.full_year_effect >= 0), ZERO),
        "increase": sum((b.full_year_effect for b in waiting if b.full_year_effect < 0), ZERO),
        "full_year": sum((b.full_year_effect for b in waiting), ZERO),
    }
    return render(request, "reporting/baselines_confirm.html", context)
