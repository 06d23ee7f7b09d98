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
from desk.absences import absence_rows, days_in_words, delegation_row
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
    new_absence, status = _report(request, form, request.user, at=at)
    if new_absence is not None:
        return _confirm_days(
            request, new_absence, _("Din frånvaro %(days)s är anmäld. Din ersättare går in.")
        )
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
        new_absence, status = _report(request, form, person, at=at)
        if new_absence is not None:
            text = _("%(name)s är anmäld borta %(days)s, och får veta det. Ersättaren går in.")
            return _confirm_days(request, new_absence, text)
    context = {
        "person": person,
        "absences": absence_rows(person, list(person.absences.not_over(day)), reader=request.user),
        "absence_form": form,
        "posts": _posts(person, at),
    }
    return render(request, "desk/absence_of.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Change the days of an absence, on a page of its own."""
    at = timezone.now()
    day = timezone.localdate(at)
    instance = _absence(request, pk, at)
    form = AbsenceForm(request.POST if request.method == "POST" else None, day=day, absence=instance)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            new_absence = change_absence(absence=instance, during=form.period, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            own_text, others_text = (
                _("Din frånvaro är ändrad till %(days)s."),
                _("Frånvaron är ändrad till %(days)s."),
            )
            return _confirm_days(
                request, new_absence, own_text if new_absence.user_id == request.user.pk else others_text
            )
    context = {"person": instance.user, "back": _page_of(request, instance.user), "form": form}
    return render(request, "desk/absence_change.html", context, status=status)


@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take an absence back."""
    at = timezone.now()
    instance = _absence(request, pk, at)
    days, back_url = days_in_words(instance.during), _page_of(request, instance.user)
    try:
        withdraw_absence(absence=instance, by=request.user, at=at)
    except DomainError as refusal:
        return refuse(request, refusal, back=back_url)
    own_text, others_text = (
        _("Din frånvaro %(days)s är tillbakatagen."),
        _("Frånvaron %(days)s är tillbakatagen."),
    )
    messages.success(
        request, (own_text if instance.user_id == request.user.pk else others_text) % {"days": days}
    )
    return redirect(back_url)


def _absence(request: PersonRequest, pk: int, at: datetime) -> Absence:
    """The absence, if the person sees to it."""
    absences = absences_arranged_by(request.user, timezone.localdate(at)).select_related("user")
    return get_object_or_404(absences, pk=pk)


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


def _confirm_days(request: PersonRequest, instance: Absence, sentence: str) -> HttpResponse:
    """Say what was done, and which deputies are away too."""
    (row,) = absence_rows(instance.user, [instance], reader=request.user)
    messages.success(request, sentence % {"days": row.days, "name": instance.user.full_name})
    for warning in row.warnings:
        messages.warning(request, warning)
    return redirect(_page_of(request, instance.user))


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
        "absences": absence_rows(user, absences, reader=user),
        "delegations": [delegation_row(each, user, at=at) for each in delegations],
        "may_delegate": has_something_to_delegate(user, DateRange(day, None)),
        "absence_form": absence_form,
        "delegation_form": delegation_form,
        "posts": _posts(user, at),
        "managers": managers_of(user, day).order_by(swedish("last_name"), swedish("first_name"), "pk"),
        "is_away": any(day in each.during for each in absences),
    }
    return render(request, "desk/absence.html", context, status=status)
