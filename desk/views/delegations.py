"""Delegations: give, accept, decline, take back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from categories.operations.delegations import (
    accept_delegation,
    decline_delegation,
    delegate,
    revoke_delegation,
)
from core.errors import DomainError
from desk.absences import days_in_words
from desk.forms.absences import AbsenceForm, DelegationForm
from desk.views.absences import own_page
from organizations.models import Delegation, DelegationScope
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of


@require_POST
def give(request: PersonRequest) -> HttpResponse:
    """Ask another person to act in one's place for a while."""
    at = timezone.now()
    day = timezone.localdate(at)
    form = DelegationForm(request.POST, day=day, delegator=request.user)
    status = 422
    if form.is_valid():
        values = form.cleaned_data
        try:
            delegation = delegate(
                delegator=request.user,
                delegate=values["delegate"],
                scope=DelegationScope(values["scope"]),
                valid_during=form.period,
                reason=values["reason"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            facts = {"person": delegation.delegate.full_name, "days": days_in_words(delegation.valid_during)}
            text = _("%(person)s är tillfrågad. Delegationen %(days)s gäller när den är godtagen.")
            messages.success(request, text % facts)
            return redirect("desk:absence")
    return own_page(request, AbsenceForm(day=day), form, status=status)


@require_POST
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept to act for somebody."""
    return _act(request, pk, accept_delegation, _("Du går in för %(delegator)s, %(days)s."))


@require_POST
def decline(request: PersonRequest, pk: int) -> HttpResponse:
    """Decline to act for somebody, or give back what was accepted."""
    return _act(request, pk, decline_delegation, _("Du går inte in för %(delegator)s."))


@require_POST
def revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a delegation back."""
    return _act(request, pk, revoke_delegation, _("%(delegate)s går inte längre in för dig."))


def _act(request: PersonRequest, pk: int, act: Callable[..., Delegation], sentence: str) -> HttpResponse:
    delegations = Delegation.objects.visible_to(request.user).select_related("delegator", "delegate")
    try:
        delegation = act(delegation=get_object_or_404(delegations, pk=pk), by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("desk:absence"))
    facts = {
        "delegator": delegation.delegator.full_name,
        "delegate": delegation.delegate.full_name,
        "days": days_in_words(delegation.valid_during),
    }
    messages.success(request, sentence % facts)
    return redirect("desk:absence")
