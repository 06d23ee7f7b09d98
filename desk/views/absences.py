"""Absence: a person's own, and that of those whose absence she sees to."""

from datetime import datetime

from django.contrib import messages
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from categories.absences import absences_arranged_by, managers_of
from categories.delegations import has_something_to_delegate
from categories.models import CategoryAssignment
from categories.operations.absences import change_absence, report_absence, withdraw_absence
from categories.permissions import can_arrange_absence_of
from core.errors import DomainError
from core.ordering import swedish
from core.views import let_in
from desk.absences import days_away, days_in_words, given
from desk.forms.absences import AbsenceForm, DelegationForm
from organizations.models import Absence, Delegation, User
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of


@require_safe
def absence(request: PersonRequest) -> HttpResponse:
    """Show when the person is away, who acts for her, and for whom she acts."""
    day = timezone.localdate()
    return own_page(request, AbsenceForm(day=day), DelegationForm(day=day, delegator=request.user))


@require_POST
def report(request: PersonRequest) -> HttpResponse:
    """Report one's own days away."""
    at = timezone.now()
    day = timezone.localdate(at)
    form = AbsenceForm(request.POST, day=day)
    made, status = _report(request, form, request.user, at=at)
    if made is not None:
        return _done(request, made, _("Din frånvaro %(days)s är anmäld. Din ersättare går in."))
    return own_page(request, form, DelegationForm(day=day, delegator=request.user), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def absence_of(request: PersonRequest, pk: int) -> HttpResponse:
    """Show when somebody is away whose absence the person sees to, and report more days."""
    at = timezone.now()
    day = timezone.localdate(at)
    person = get_object_or_404(User, pk=pk, is_active=True)
    let_in(can_arrange_absence_of(request.user, person, at=at))
    form, status = AbsenceForm(request.POST if request.method == "POST" else None, day=day), 200
    if form.is_bound:
        made, status = _report(request, form, person, at=at)
        if made is not None:
            text = _("%(name)s är anmäld borta %(days)s, och får veta det. Ersättaren går in.")
            return _done(request, made, text)
    context = {
        "person": person,
        "absences": days_away(person, list(person.absences.not_over(day)), reader=request.user),
        "absence_form": form,
        "posts": _posts(person, at),
    }
    return render(request, "desk/absence_of.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Change the days of an absence, on a page of its own."""
    at = timezone.now()
    day = timezone.localdate(at)
    found = _found(request, pk, at)
    form = AbsenceForm(request.POST if request.method == "POST" else None, day=day, absence=found)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = change_absence(absence=found, during=form.period, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            own, others = _("Din frånvaro är ändrad till %(days)s."), _("Frånvaron är ändrad till %(days)s.")
            return _done(request, made, own if made.user_id == request.user.pk else others)
    context = {"person": found.user, "back": _page_of(request, found.user), "form": form}
    return render(request, "desk/absence_change.html", context, status=status)


@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take an absence back."""
    at = timezone.now()
    found = _found(request, pk, at)
    days, back = days_in_words(found.during), _page_of(request, found.user)
    try:
        withdraw_absence(absence=found, by=request.user, at=at)
    except DomainError as refusal:
        return refuse(request, refusal, back=back)
    own, others = _("Din frånvaro %(days)s är tillbakatagen."), _("Frånvaron %(days)s är tillbakatagen.")
    messages.success(request, (own if found.user_id == request.user.pk else others) % {"days": days})
    return redirect(back)


def _found(request: PersonRequest, pk: int, at: datetime) -> Absence:
    """The absence, if the person sees to it."""
    hers = absences_arranged_by(request.user, timezone.localdate(at)).select_related("user")
    return get_object_or_404(hers, pk=pk)


def _report(
    request: PersonRequest, form: AbsenceForm, person: User, *, at: datetime
) -> tuple[Absence | None, int]:
    """Report the days of the form; what came of it, and how a page that shows the form again answers."""
    if not form.is_valid():
        return None, 422
    try:
        return report_absence(user=person, during=form.period, by=request.user, at=at), 200
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None, status_of(refusal)


def _done(request: PersonRequest, made: Absence, sentence: str) -> HttpResponse:
    """Say what was done, and which deputies are away too."""
    (away,) = days_away(made.user, [made], reader=request.user)
    messages.success(request, sentence % {"days": away.days, "name": made.user.full_name})
    for warning in away.warnings:
        messages.warning(request, warning)
    return redirect(_page_of(request, made.user))


def _page_of(request: PersonRequest, person: User) -> str:
    """The page with a person's absence: one's own, or hers."""
    return (
        reverse("desk:absence")
        if person.pk == request.user.pk
        else reverse("desk:absence_of", args=[person.pk])
    )


def _posts(person: User, at: datetime) -> QuerySet[CategoryAssignment]:
    """What she answers for today, with her deputies."""
    posts = CategoryAssignment.objects.on(timezone.localdate(at)).filter(manager=person)
    return posts.select_related("category", "deputy").order_by("category__tree_code", "pk")


def own_page(
    request: PersonRequest, absence_form: AbsenceForm, delegation_form: DelegationForm, *, status: int = 200
) -> HttpResponse:
    """The person's own page, with its two forms as they are."""
    at = timezone.now()
    day, user = timezone.localdate(at), request.user
    absences = list(Absence.objects.visible_to(user).not_over(day))
    delegations = (
        Delegation.objects.visible_to(user)
        .standing()
        .not_over(day)
        .select_related("delegator", "delegate")
        .order_by("valid_during", "pk")
    )
    context = {
        "absences": days_away(user, absences, reader=user),
        "delegations": [given(each, user, at=at) for each in delegations],
        "may_delegate": has_something_to_delegate(user, DateRange(day, None)),
        "absence_form": absence_form,
        "delegation_form": delegation_form,
        "posts": _posts(user, at),
        "managers": managers_of(user, day).order_by(swedish("last_name"), swedish("first_name"), "pk"),
        "is_away": any(day in each.during for each in absences),
    }
    return render(request, "desk/absence.html", context, status=status)
