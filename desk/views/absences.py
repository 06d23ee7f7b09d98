"""A person's own absence, and the delegations that she has given and received."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib import messages
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from categories import permissions
from categories.delegations import has_something_to_delegate
from categories.models import CategoryAssignment
from categories.operations.delegations import (
    accept_delegation,
    decline_delegation,
    delegate,
    revoke_delegation,
)
from core import reader
from core.errors import DomainError
from core.periods import UNTIL_FURTHER_NOTICE, last_day
from desk.forms.absences import AbsenceForm, DelegationForm
from organizations.models import Absence, Delegation, User
from organizations.operations.absences import change_absence, report_absence, withdraw_absence
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which the person is away, and what her deputies have reported for the same days."""

    absence: Absence
    days: str
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """A delegation as one of its two people sees it."""

    delegation: Delegation
    days: str
    is_mine: bool
    """Whether she gave it; otherwise she is the one who acts, or is asked to."""
    may_accept: bool
    may_decline: bool
    may_revoke: bool

    @property
    def other(self) -> User:
        """The other of the two."""
        return self.delegation.delegate if self.is_mine else self.delegation.delegator


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
    status = 422
    if form.is_valid():
        try:
            made = report_absence(user=request.user, during=form.period, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            return _reported(request, made, _("Din frånvaro %(days)s är anmäld. Din ersättare går in."))
    return _page(request, form, DelegationForm(day=day, delegator=request.user), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Change the days of an absence, on a page of its own."""
    at = timezone.now()
    found = get_object_or_404(Absence.objects.visible_to(request.user), pk=pk)
    form = AbsenceForm(
        request.POST if request.method == "POST" else None, day=timezone.localdate(at), absence=found
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = change_absence(absence=found, during=form.period, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            return _reported(request, made, _("Din frånvaro är ändrad till %(days)s."))
    return render(request, "desk/absence_change.html", {"absence": found, "form": form}, status=status)


@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take an absence back."""
    found = get_object_or_404(Absence.objects.visible_to(request.user), pk=pk)
    days = _days(found.during)
    try:
        withdraw_absence(absence=found, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("desk:absence"))
    messages.success(request, _("Din frånvaro %(days)s är tillbakatagen.") % {"days": days})
    return redirect("desk:absence")


@require_POST
def give_delegation(request: PersonRequest) -> HttpResponse:
    """Ask another person to act in one's place for a while."""
    at = timezone.now()
    day = timezone.localdate(at)
    form = DelegationForm(request.POST, day=day, delegator=request.user)
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = delegate(
                delegator=request.user,
                delegate=given["delegate"],
                valid_during=form.period,
                reason=given["reason"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            facts = {"person": made.delegate.full_name, "days": _days(made.valid_during)}
            text = _("%(person)s är tillfrågad. Delegationen %(days)s gäller när den är godtagen.")
            messages.success(request, text % facts)
            return redirect("desk:absence")
    return _page(request, AbsenceForm(day=day), form, status=status)


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
    seen = Delegation.objects.visible_to(request.user).select_related("delegator", "delegate")
    try:
        done = act(delegation=get_object_or_404(seen, pk=pk), by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("desk:absence"))
    facts = {
        "delegator": done.delegator.full_name,
        "delegate": done.delegate.full_name,
        "days": _days(done.valid_during),
    }
    messages.success(request, sentence % facts)
    return redirect("desk:absence")


def _reported(request: PersonRequest, made: Absence, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"days": _days(made.during)})
    for warning in _deputies_away(request.user, [made])[made.pk]:
        messages.warning(request, warning)
    return redirect("desk:absence")


def _days(period: DateRange) -> str:
    """A period in words, both days included."""
    today, last = timezone.localdate(), last_day(period)
    first = reader.short_day(period.lower, today)
    if last == UNTIL_FURTHER_NOTICE:
        return _("%(day)s tills vidare") % {"day": first}
    return first if last == period.lower else f"{first}–{reader.short_day(last, today)}"


def _deputies_away(user: User, absences: list[Absence]) -> dict[int, list[str]]:
    """For each absence, a sentence about each deputy who is away on some of the same days."""
    posts = CategoryAssignment.objects.filter(manager=user, deputy__isnull=False)
    deputies = {post.deputy_id for post in posts if _overlaps_any(post.valid_during, absences)}
    others = list(
        Absence.objects.not_over(timezone.localdate()).filter(user__in=deputies).select_related("user")
    )
    return {
        each.pk: [
            _("%(deputy)s, som är din ersättare, är också borta %(days)s. Be inköpschefen utse någon annan.")
            % {"deputy": other.user.full_name, "days": _days(other.during)}
            for other in others
            if _overlaps(other.during, each.during)
        ]
        for each in absences
    }


def _overlaps_any(period: DateRange, absences: list[Absence]) -> bool:
    return any(_overlaps(period, each.during) for each in absences)


def _overlaps(one: DateRange, other: DateRange) -> bool:
    return (one.upper or date.max) > (other.lower or date.min) and (other.upper or date.max) > (
        one.lower or date.min
    )


def _page(
    request: PersonRequest, absence_form: AbsenceForm, delegation_form: DelegationForm, *, status: int = 200
) -> HttpResponse:
    at = timezone.now()
    day, user = timezone.localdate(at), request.user
    absences = list(Absence.objects.visible_to(user).not_over(day))
    warnings = _deputies_away(user, absences)
    delegations = (
        Delegation.objects.visible_to(user)
        .standing()
        .not_over(day)
        .select_related("delegator", "delegate")
        .order_by("valid_during", "pk")
    )
    context = {
        "absences": [Away(each, _days(each.during), warnings[each.pk]) for each in absences],
        "delegations": [_given(each, user, at=at) for each in delegations],
        "may_delegate": has_something_to_delegate(user, DateRange(day, None)),
        "absence_form": absence_form,
        "delegation_form": delegation_form,
        "posts": CategoryAssignment.objects.on(day)
        .filter(manager=user)
        .select_related("category", "deputy")
        .order_by("category__tree_code", "pk"),
        "is_away": any(day in each.during for each in absences),
        "day": day,
    }
    return render(request, "desk/absence.html", context, status=status)


def _given(delegation: Delegation, user: User, *, at: datetime) -> Given:
    return Given(
        delegation=delegation,
        days=_days(delegation.valid_during),
        is_mine=delegation.delegator_id == user.pk,
        may_accept=bool(permissions.can_accept(user, delegation, at=at)),
        may_decline=bool(permissions.can_decline(user, delegation, at=at)),
        may_revoke=delegation.delegator_id == user.pk
        and bool(permissions.can_revoke(user, delegation, at=at)),
    )
