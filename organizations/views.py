"""A person's own absence and the delegations that she has given and received."""

from datetime import timedelta

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import formatting
from core.errors import DomainError
from organizations.forms import AbsenceForm, DelegationForm, PeriodForm
from organizations.models import Absence, Delegation
from organizations.operations.absences import report_absence
from organizations.operations.delegations import delegate
from organizations.requests import PersonRequest


@require_safe
def absence(request: PersonRequest) -> HttpResponse:
    """Show when the person is away, who acts for her, and for whom she acts."""
    day = timezone.localdate()
    return _page(request, AbsenceForm(day=day), DelegationForm(day=day, delegator=request.user))


@require_POST
def report(request: PersonRequest) -> HttpResponse:
    """Report days away."""
    at = timezone.now()
    day = timezone.localdate(at)
    form = AbsenceForm(request.POST, day=day)
    if form.is_valid():
        try:
            report_absence(user=request.user, during=form.period, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Din frånvaro %(days)s är anmäld. Din ersättare går in.") % {"days": _days(form)}
            )
            return redirect("organizations:absence")
    return _page(request, form, DelegationForm(day=day, delegator=request.user), status=422)


@require_POST
def give_delegation(request: PersonRequest) -> HttpResponse:
    """Let another person act in one's place for a while."""
    at = timezone.now()
    day = timezone.localdate(at)
    form = DelegationForm(request.POST, day=day, delegator=request.user)
    if form.is_valid():
        given = form.cleaned_data
        try:
            delegate(
                delegator=request.user,
                delegate=given["delegate"],
                valid_during=form.period,
                reason=given["reason"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            facts = {"person": given["delegate"].full_name, "days": _days(form)}
            messages.success(request, _("%(person)s kan göra det du får göra, %(days)s.") % facts)
            return redirect("organizations:absence")
    return _page(request, AbsenceForm(day=day), form, status=422)


def _days(form: PeriodForm) -> str:
    day, language = timezone.localdate(), get_language() or "sv"
    first = formatting.short_day(form.cleaned_data["first_date"], day, language=language)
    last = formatting.short_day(form.cleaned_data["last_date"], day, language=language)
    return first if first == last else f"{first}–{last}"


def _page(
    request: PersonRequest, absence_form: AbsenceForm, delegation_form: DelegationForm, *, status: int = 200
) -> HttpResponse:
    day = timezone.localdate()
    delegations = (
        Delegation.objects.filter(models.Q(delegator=request.user) | models.Q(delegate=request.user))
        .filter(valid_during__endswith__gt=day)
        .select_related("delegator", "delegate")
        .order_by("valid_during", "pk")
    )
    absences = Absence.objects.filter(user=request.user, during__endswith__gt=day).order_by("during", "pk")
    context = {
        "absences": [(each.during.lower, each.during.upper - timedelta(days=1)) for each in absences],
        "delegations": [(each, each.valid_during.upper - timedelta(days=1)) for each in delegations],
        "absence_form": absence_form,
        "delegation_form": delegation_form,
        "posts": request.user.managed_assignments.filter(valid_during__contains=day)
        .select_related("category", "deputy")
        .order_by("category__tree_code", "pk"),
        "is_away": Absence.objects.filter(user=request.user, during__contains=day).exists(),
        "day": day,
    }
    return render(request, "organizations/absence.html", context, status=status)
