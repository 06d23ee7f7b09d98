"""A recommendation of an audit: how it stands, its history, and what is done about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.components import Link
from core.verdicts import Verdict
from desk.forms import governance as shapes
from desk.views.governing import ActQuestion, ask
from governance import permissions
from governance.models import Recommendation, RecommendationStep
from governance.operations import recommendations as operations
from governance.states import RecommendationStatus as Status
from organizations.models import User
from organizations.requests import PersonRequest
from reporting.report.proof import proof_of


@dataclass(frozen=True, slots=True)
class RecommendationAct:
    """Something that is done about a recommendation, as its page asks about it."""

    label: Promise
    when: tuple[Status, ...]
    form: type[shapes.StepForm]
    operation: Callable[..., Recommendation]
    may: Callable[[User, Recommendation, datetime], Verdict]
    text: Promise
    done: Promise


def _may_answer(by: User, recommendation: Recommendation, at: datetime) -> Verdict:
    return permissions.can_answer_recommendation(by, at=at)


def _may_carry_out(by: User, recommendation: Recommendation, at: datetime) -> Verdict:
    return permissions.can_carry_out(by, recommendation, at=at)


def _may_verify(by: User, recommendation: Recommendation, at: datetime) -> Verdict:
    return permissions.can_verify(by, recommendation, at=at)


ACTS: Mapping[str, RecommendationAct] = {
    "svara": RecommendationAct(
        gettext_lazy("Svara revisionen"),
        (Status.RECEIVED,),
        shapes.StepForm,
        operations.answer_recommendation,
        _may_answer,
        gettext_lazy("Skriv det svar som regionen har lämnat till revisorerna."),
        gettext_lazy("Svaret är antecknat."),
    ),
    "planera": RecommendationAct(
        gettext_lazy("Planera en åtgärd"),
        (Status.ANSWERED,),
        shapes.PlanForm,
        operations.plan_recommendation,
        _may_answer,
        gettext_lazy("Skriv vad som ska göras. Den som ansvarar ser åtgärden på sin sida."),
        gettext_lazy("Åtgärden är planerad."),
    ),
    "genomford": RecommendationAct(
        gettext_lazy("Åtgärden är genomförd"),
        (Status.PLANNED,),
        shapes.CarriedOutForm,
        operations.carry_out_recommendation,
        _may_carry_out,
        gettext_lazy("Skriv vad som har gjorts och vad som visar det. Därefter bedömer revisorn."),
        gettext_lazy("Åtgärden är antecknad som genomförd. Revisorn bedömer den."),
    ),
    "verifiera": RecommendationAct(
        gettext_lazy("Verifiera"),
        (Status.CARRIED_OUT,),
        shapes.VerificationForm,
        operations.verify_recommendation,
        _may_verify,
        gettext_lazy("Skriv vad du har sett. Rekommendationen är därmed avslutad."),
        gettext_lazy("Rekommendationen är verifierad."),
    ),
    "racker-inte": RecommendationAct(
        gettext_lazy("Åtgärden räcker inte"),
        (Status.CARRIED_OUT,),
        shapes.StepForm,
        operations.send_back_recommendation,
        _may_verify,
        gettext_lazy("Skriv vad som saknas. Åtgärden är då planerad igen, med samma ansvariga."),
        gettext_lazy("Åtgärden är tillbaka hos den som ansvarar."),
    ),
    "ersatt": RecommendationAct(
        gettext_lazy("Löftet är ersatt av något annat"),
        (Status.RECEIVED, Status.ANSWERED, Status.PLANNED, Status.CARRIED_OUT),
        shapes.ReplacementForm,
        operations.replace_recommendation,
        _may_answer,
        gettext_lazy("Skriv vad som lovades, vad det blev i stället och varför. Rekommendationen avslutas."),
        gettext_lazy("Rekommendationen är antecknad som ersatt."),
    ),
}
"""What can be done, by how its address says it, in the order of a recommendation's life."""


@require_safe
def recommendation(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what was recommended, how it stands, and every step."""
    at = timezone.now()
    instance = _visible_or_404(request, pk)
    acts = _acts(request.user, instance, at)
    context: dict[str, Any] = {
        "recommendation": instance,
        "steps": _steps(instance),
        "acts": acts,
        "day": timezone.localdate(at),
        "waits_for": _next_actor_text(instance) if not acts else "",
        "proof": proof_of(instance.indicator, request.user),
    }
    return render(request, "desk/recommendation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_act(request: PersonRequest, pk: int, act: str) -> HttpResponse:
    """Ask about one step, and take it."""
    if act not in ACTS:
        raise Http404
    instance, chosen = _visible_or_404(request, pk), ACTS[act]
    return ask(
        request,
        ActQuestion(
            question=f"{instance}: {chosen.label}",
            button=str(chosen.label),
            text=str(chosen.text),
            done=str(chosen.done),
            form=chosen.form,
            act=partial(chosen.operation, recommendation=instance),
        ),
        chosen.may(request.user, instance, timezone.now()),
        back=reverse("desk:recommendation", args=[pk]),
        back_label=_("Tillbaka till rekommendationen"),
    )


def _steps(instance: Recommendation) -> list[tuple[RecommendationStep, bool]]:
    """Every step, the latest first, and whether it sent back what had been carried out."""
    steps = list(instance.steps.select_related("by").order_by("date", "pk"))
    before = [None, *steps]
    rows = [
        (step, earlier is not None and (earlier.status, step.status) == (Status.CARRIED_OUT, Status.PLANNED))
        for earlier, step in zip(before, steps, strict=False)
    ]
    return rows[::-1]


def _visible_or_404(request: PersonRequest, pk: int) -> Recommendation:
    recommendations = Recommendation.objects.visible_to(request.user, timezone.localdate()).for_display()
    return get_object_or_404(recommendations, pk=pk)


def _acts(by: User, instance: Recommendation, at: datetime) -> Sequence[Link]:
    """What she may do with it as it stands."""
    return [
        Link(str(each.label), reverse("desk:recommendation_act", args=[instance.pk, name]))
        for name, each in ACTS.items()
        if instance.status in each.when and each.may(by, instance, at)
    ]


def _next_actor_text(instance: Recommendation) -> str:
    """Who is to act, when the reader is not."""
    if instance.status == Status.CARRIED_OUT:
        return _("Åtgärden väntar på att en revisor bedömer den.")
    if instance.status == Status.PLANNED and instance.responsible:
        return _("Åtgärden är hos %(name)s.") % {"name": instance.responsible.full_name}
    if instance.status in (Status.RECEIVED, Status.ANSWERED):
        return _("Rekommendationen är hos inköpschefen.")
    return ""
