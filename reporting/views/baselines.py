"""Initiatives and their baselines: what waits for finance, what is behind a full-year effect, freezing, confirming."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, InvalidInput, NotPermitted
from core.money import ZERO
from core.numbers import whole_number
from core.ordering import swedish
from core.periods import first_day
from core.views import let_in
from organizations.requests import PersonRequest
from reporting import permissions, tasks
from reporting.baseline_versions import Version, planned_sums, versions_of
from reporting.forms.baselines import RevisionForm
from reporting.models import InitiativeStage, InitiativeStatus, SavingInitiative
from reporting.operations.baselines import (
    Frozen,
    FrozenAgainSince,
    confirm_baselines,
    freeze_baselines,
    revise_baselines,
)
from reporting.operations.savings import request_savings_run
from reporting.pipeline import WEIGHTS, frozen_effects, pipeline
from reporting.views.savings import require_savings_visible

BASELINES_PER_PAGE = 100


@require_safe
def baselines(request: PersonRequest) -> HttpResponse:
    """Initiatives: those that wait for finance first."""
    require_savings_visible(request.user)
    day = timezone.localdate()
    is_current = Q(baselines__superseded_at=None)
    initiatives = (
        SavingInitiative.objects.visible_to(request.user)
        .with_status(day)
        .with_frozen()
        .select_related("category", "new_agreement__supplier")
        .annotate(
            items=Count("baselines", filter=is_current),
            waiting=Count("baselines", filter=is_current & Q(baselines__confirmed_at=None)),
        )
    )
    waiting = list(initiatives.filter(waiting__gt=0).in_order())
    amounts = frozen_effects(waiting)
    rows = [(initiative, amounts.get(initiative.pk, ZERO)) for initiative in waiting]
    others = initiatives.at_status(set(InitiativeStatus) - set(WEIGHTS)).filter(waiting=0)
    context = {
        "pipeline": pipeline(request.user, day=day),
        "waiting": rows,
        "waiting_amount": sum(amounts.values(), ZERO),
        "can_confirm": permissions.is_finance(request.user, at=timezone.now()),
        "page_obj": Paginator(others.order_by("-effective_date", "code", "pk"), BASELINES_PER_PAGE).get_page(
            request.GET.get("sida")
        ),
    }
    return render(request, "reporting/baselines.html", context)


@require_safe
def initiative(request: PersonRequest, pk: int) -> HttpResponse:
    """One initiative with its baselines, of the last version or an earlier one: what stands behind its full-year effect."""
    require_savings_visible(request.user)
    at = timezone.now()
    visible = SavingInitiative.objects.visible_to(request.user).with_status(timezone.localdate(at))
    this = get_object_or_404(
        visible.select_related("category", "old_agreement", "new_agreement__supplier"), pk=pk
    )
    versions = versions_of(this)
    version = _version_numbered(versions, request.GET.get("version", ""))
    rows = list(
        this.baselines.filter(version=version.number if version else 0)
        .select_related("item", "confirmed_by")
        .order_by(swedish("item__name"), "item__number")
    )
    is_last = bool(versions) and version == versions[0]
    may_freeze = this.stage == InitiativeStage.DECIDED and permissions.can_freeze_baselines(
        request.user, at=at
    )
    context = {
        "initiative": this,
        "status": InitiativeStatus(this.status),
        "versions": versions,
        "shown": version,
        "is_last": is_last,
        "page_obj": Paginator(rows, BASELINES_PER_PAGE).get_page(request.GET.get("sida")),
        "planned": planned_sums(rows),
        "avoids": any(b.counterfactual_price is not None for b in rows),
        "first": rows[0] if rows else None,
        "compared_by": rows[0].get_method_display() if rows else this.get_method_display(),
        "begins": first_day(rows[0].counts_during) if rows else this.effective_date,
        "waits": bool(version and is_last and version.is_waiting),
        "is_withdrawn": bool(version and version.is_withdrawn),
        "confirm_verdict": permissions.can_confirm_baselines(request.user, this, at=at),
        "can_freeze": not rows and may_freeze,
        "can_revise": is_last and may_freeze,
        "is_finance": permissions.is_finance(request.user, at=at),
    }
    return render(request, "reporting/initiative.html", context)


def _version_numbered(versions: list[Version], number: str) -> Version | None:
    """
    The version that the address asks for, or the last.

    :raises Http404: there is no such version.
    """
    if not number:
        return versions[0] if versions else None
    match = next((version for version in versions if str(version.number) == number), None)
    if match is None:
        raise Http404
    return match


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
        messages.success(request, _message(frozen))
    return redirect(this)


def _message(frozen: Frozen) -> str:
    """Say how many baselines were frozen, and how many items have no price to be compared with."""
    message = ngettext("%(count)s baslinje är fryst.", "%(count)s baslinjer är frysta.", frozen.count)
    if frozen.without_baseline:
        message += " " + ngettext(
            "%(without)s artikel saknar pris att jämföra med.",
            "%(without)s artiklar saknar pris att jämföra med.",
            frozen.without_baseline,
        )
    return message % {"count": frozen.count, "without": frozen.without_baseline}


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask why the baselines are to be frozen again, and do so."""
    at = timezone.now()
    this = get_object_or_404(SavingInitiative.objects.visible_to(request.user), pk=pk)
    let_in(permissions.can_freeze_baselines(request.user, at=at))
    latest = this.baselines.aggregate(latest=Max("version"))["latest"]
    form = RevisionForm(request.POST if request.method == "POST" else None, initial={"version": latest})
    if form.is_valid():
        try:
            frozen = revise_baselines(initiative=this, at=at, by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            form.add_error("reason", str(error))
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(this)
        else:
            messages.success(request, _message(frozen))
            return redirect(this)
    context = {"initiative": this, "form": form}
    return render(request, "reporting/baselines_revise.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whether the baselines are right, and confirm them."""
    at = timezone.now()
    visible = SavingInitiative.objects.visible_to(request.user).select_related("category", "new_agreement")
    this = get_object_or_404(visible, pk=pk)
    let_in(permissions.can_confirm_baselines(request.user, this, at=at))
    if request.method == "POST":
        try:
            version = whole_number(request.POST.get("version", ""))
            confirm_baselines(initiative=this, by=request.user, at=at, version=version)
        except FrozenAgainSince as error:
            messages.error(request, str(error))
            return redirect(this)
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
        "version": waiting[0].version if waiting else None,
        "compared_by": waiting[0].get_method_display() if waiting else "",
        "planned": planned_sums(waiting),
    }
    return render(request, "reporting/baselines_confirm.html", context)
