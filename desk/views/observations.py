"""Questions about purchases that are made: what a period gives cause to ask, and the answers."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.views import let_in
from desk.forms.observations import ObservationAnswerForm, ObservedPeriodForm
from desk.observations import MOST_LINES, question_parts, rows_of
from desk.views.lines import refusal_sentence
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import ObservationOutcome
from procurement.observing.asking import AskedQuestion, question_called, questions_in
from procurement.observing.measures import measures_in
from procurement.observing.observation import ObservedPeriod
from procurement.operations.observations import answer_observation
from procurement.refusals import status_of
from procurement.separation_of_duties import people_involved
from procurement.wording import number_word_capitalised


@require_safe
def observations(request: PersonRequest) -> HttpResponse:
    """Show what a period gives cause to ask: the last twelve months unless asked otherwise."""
    at = timezone.now()
    let_in(permissions.can_read_observations(request.user, at=at))
    form = _period_form(request, timezone.localdate(at))
    context: dict[str, Any] = {"form": form, "parts": [], "heading": _("Frågor om inköp")}
    if form.is_valid():
        measures = measures_in(form.period)
        questions = questions_in(measures)
        waiting = sum(not each.is_answered for each in questions)
        context |= {
            "parts": question_parts(questions, measures),
            "heading": _heading(waiting),
            "period": form.period,
            "query": _query(form.period),
        }
    return render(request, "desk/observations.html", context, status=200 if form.is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def observation(request: PersonRequest, key: str) -> HttpResponse:
    """Show one question with its lines, and keep the answer."""
    at = timezone.now()
    let_in(permissions.can_read_observations(request.user, at=at))
    chosen = _period_form(request, timezone.localdate(at))
    if not chosen.is_valid():
        raise Http404
    period = chosen.period
    form, status = ObservationAnswerForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            outcome = ObservationOutcome(values.pop("outcome"))
            try:
                answer_observation(key=key, period=period, outcome=outcome, **values, by=request.user, at=at)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Svaret är sparat."))
                return redirect(f"{reverse('desk:observations')}?{_query(period)}")
    question = question_called(key, period)
    if question is None:
        raise Http404
    context = _context(request, question, form, at=at) | {"period": period, "query": _query(period)}
    return render(request, "desk/observation.html", context, status=status)


def _context(
    request: PersonRequest, question: AskedQuestion, form: ObservationAnswerForm, *, at: datetime
) -> dict[str, Any]:
    observed = question.observation
    may = permissions.can_answer_observation(request.user, people_involved(observed.lines), at=at)
    return {
        "asked": question,
        "observed": observed,
        "rows": rows_of(observed, request.user),
        "more_count": max(len(observed.lines) - MOST_LINES, 0),
        "form": form if may and not question.is_answered else None,
        "refusal": refusal_sentence(may),
    }


def _period_form(request: PersonRequest, day: date) -> ObservedPeriodForm:
    default = ObservedPeriod.until(day)
    query = request.GET.copy()
    query.setdefault("fran", default.first.isoformat())
    query.setdefault("till", default.last.isoformat())
    return ObservedPeriodForm(query)


def _query(period: ObservedPeriod) -> str:
    """The period in the address."""
    return urlencode({"fran": period.first.isoformat(), "till": period.last.isoformat()})


def _heading(waiting: int) -> str:
    if not waiting:
        return _("Ingen fråga om inköp väntar på svar")
    text = ngettext(
        "%(count)s fråga om inköp väntar på svar", "%(count)s frågor om inköp väntar på svar", waiting
    )
    return text % {"count": number_word_capitalised(waiting)}
