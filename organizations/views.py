"""A person's own absence, the delegations that she has given and received, and her API keys."""

from datetime import date, timedelta

from django.contrib import messages
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from categories.operations.delegations import delegate
from core import formatting
from core.errors import DomainError
from core.languages import current_language
from organizations.forms import AbsenceForm, ApiTokenForm, DelegationForm, PeriodForm
from organizations.models import Absence, ApiToken, Delegation
from organizations.operations.absences import report_absence
from organizations.operations.api_tokens import create_token, revoke_token
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


@require_http_methods(["GET", "HEAD", "POST"])
def api_tokens(request: PersonRequest) -> HttpResponse:
    """Show the person's keys, and make one; its text is shown this once."""
    at = timezone.now()
    form, text = ApiTokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, text = create_token(user=request.user, **form.cleaned_data, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    tokens = ApiToken.objects.visible_to(request.user).latest_first()
    context = {
        "form": ApiTokenForm() if text else form,
        "text": text,
        "tokens": [(token, not token.works_for(request.user, at=at)) for token in tokens],
    }
    return render(request, "organizations/api_tokens.html", context, status=422 if form.errors else 200)


@require_POST
def api_token_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a key worthless at once."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    revoke_token(token=token, by=request.user, at=timezone.now())
    messages.success(
        request, _("Nyckeln %(name)s är indragen och gäller inte längre.") % {"name": token.name}
    )
    return redirect("organizations:api_tokens")


def _days(form: PeriodForm) -> str:
    day, language = timezone.localdate(), current_language()
    first = formatting.short_day(form.cleaned_data["first_date"], day, language=language)
    last = formatting.short_day(form.cleaned_data["last_date"], day, language=language)
    return first if first == last else f"{first}–{last}"


def _last_day(period: DateRange) -> date | None:
    """The last day of a period, which a range leaves out; None when it has no end."""
    upper: date | None = period.upper
    return upper - timedelta(days=1) if upper is not None else None


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
        "absences": [(each.during.lower, _last_day(each.during)) for each in absences],
        "delegations": [(each, _last_day(each.valid_during)) for each in delegations],
        "absence_form": absence_form,
        "delegation_form": delegation_form,
        "posts": request.user.managed_assignments.filter(valid_during__contains=day)
        .select_related("category", "deputy")
        .order_by("category__tree_code", "pk"),
        "is_away": Absence.objects.filter(user=request.user, during__contains=day).exists(),
        "day": day,
    }
    return render(request, "organizations/absence.html", context, status=status)
