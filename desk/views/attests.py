"""The budget holder's attests: what her unit wants to spend above somebody's own limit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import formatting
from core.errors import DomainError
from core.languages import current_language
from core.money import ZERO
from desk.forms.attests import RefusalForm
from organizations.models import User
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.frames import FrameState, frames_of_lines
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.operations.attests import attest as give_attest
from procurement.operations.attests import refuse_attest
from procurement.orderers import recipients_in_words
from procurement.refusals import refuse as answer_refusal
from procurement.separation_of_duties import deciders_in
from procurement.states import CLOSED
from procurement.waiting import attests_to_give
from procurement.wording import number_word_capitalised

DECIDED_SHOWN = 20


def attests_of(user: User) -> models.QuerySet[BudgetAttest]:
    """Attests of requisitions that the person may see; what she is asked to attest is among them."""
    requisitions = Requisition.objects.visible_to(user).values("pk")
    return BudgetAttest.objects.filter(requisition__in=requisitions).select_related(
        "responsible",
        "decided_by",
        "department",
        "requisition__requester",
        "requisition__department",
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attest that waits, with the lines of its part and the frames that they take from."""

    attest: BudgetAttest
    lines: Sequence[RequisitionLine]
    frames: Sequence[FrameState]
    is_part: bool
    """Whether the requisition has other parts."""


def _waiting(attests: Sequence[BudgetAttest]) -> list[Waiting]:
    """Put to each attest what it is of: two queries, and none when nothing waits."""
    lines_of = {attest.pk: attest.requisition.live_lines for attest in attests}  # type: ignore[attr-defined]
    frames = frames_of_lines([line for lines in lines_of.values() for line in lines])
    waiting = []
    for attest in attests:
        whole = lines_of[attest.pk]
        lines = [line for line in whole if line.part == attest.part]
        states = {id(frames[line.pk]): frames[line.pk] for line in lines if line.pk in frames}
        waiting.append(Waiting(attest, lines, list(states.values()), is_part=len(lines) < len(whole)))
    return waiting


@require_safe
def attests(request: PersonRequest) -> HttpResponse:
    """Show what waits for attest, each requisition with its lines, and what the person has decided lately."""
    at = timezone.now()
    live = (
        RequisitionLine.objects.exclude(status__in=CLOSED)
        .select_related("category", "responsible", "item")
        .order_by("position", "pk")
    )
    pending_attests = list(
        attests_to_give(request.user, timezone.localdate(at))
        .select_related(
            "responsible",
            "department",
            "delivery_place",
            "escalated_from",
            "requisition__requester",
            "requisition__department",
            "requisition__project",
        )
        .prefetch_related(models.Prefetch("requisition__lines", queryset=live, to_attr="live_lines"))
    )
    decided = (
        attests_of(request.user)
        .filter(decided_by=request.user)
        .order_by("-decided_at", "-pk")[:DECIDED_SHOWN]
    )
    waiting = _waiting(pending_attests)
    context = {
        "waiting": waiting,
        "count_word": number_word_capitalised(len(waiting)),
        "amount": sum((each.amount for each in pending_attests), ZERO),
        "decided": decided,
        "at": at,
    }
    return render(request, "desk/attests.html", context)


@require_POST
def attest(request: PersonRequest, pk: int) -> HttpResponse:
    """Attest one requisition."""
    budget_attest = get_object_or_404(attests_of(request.user), pk=pk)
    try:
        give_attest(attest=budget_attest, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return answer_refusal(request, refusal, back=reverse("desk:attests"))
    facts = {
        "number": formatting.order_number(budget_attest.requisition.number),
        "amount": formatting.kr(budget_attest.amount, language=current_language()),
    }
    messages.success(request, _("Du attesterade beställning %(number)s på %(amount)s.") % facts)
    return redirect("desk:attests")


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for a reason, on a page of its own, and refuse to attest."""
    at = timezone.now()
    budget_attest = get_object_or_404(attests_of(request.user), pk=pk)
    verdict = permissions.can_attest(
        request.user, budget_attest, deciders=deciders_in(budget_attest.requisition_id), at=at
    )
    if verdict.refusal is not None:
        return answer_refusal(request, verdict.refusal, back=reverse("desk:attests"))
    (recipient,) = recipients_in_words([budget_attest.requisition], timezone.localdate(at))
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_attest(attest=budget_attest, by=request.user, at=at, comment=form.cleaned_data["comment"])
        except DomainError as refusal:
            return answer_refusal(request, refusal, back=reverse("desk:attests"))
        facts = {
            "number": formatting.order_number(budget_attest.requisition.number),
            "person": recipient,
        }
        messages.success(
            request, _("Du nekade beställning %(number)s. %(person)s har fått ditt skäl.") % facts
        )
        return redirect("desk:attests")
    context = {"attest": budget_attest, "form": form, "told": recipient}
    return render(request, "desk/attest_refuse.html", context, status=422 if form.errors else 200)
