"""The implementation plan: its activities and milestones, and how far each administration has come in."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.views import let_in
from desk.forms.governance import DoneForm
from desk.views.governing import ActQuestion, ask
from governance import permissions
from governance.models import ImplementationPlan, Onboarding, PlannedActivity
from governance.operations import plans as operations
from organizations.requests import PersonRequest
from procurement.wording import number_word_capitalised
from reporting.periods import a_year_before
from spend.permissions import can_see_spend
from spend.spans import spans
from spend.through_system import through_system


@require_safe
def implementation_plan(request: PersonRequest, code: str) -> HttpResponse:
    """Show how far the plan has come: what is late first said, and what flows through the system."""
    at = timezone.now()
    let_in(permissions.can_follow_up(request.user, at=at))
    day = timezone.localdate(at)
    plan = get_object_or_404(ImplementationPlan, code=code)
    activities = list(plan.activities.as_of(day).for_display().in_order())
    onboardings = list(plan.onboardings.as_of(day).for_display().in_order())
    since = a_year_before(day)
    flow = through_system(since=since, through=day)
    context = {
        "plan": plan,
        "heading": _heading(activities),
        "activities": activities,
        "onboardings": [(each, flow.shares.get(each.administration_id)) for each in onboardings],
        "flow": flow,
        "missing": spans(flow.missing_months),
        "can_see_spend": can_see_spend(request.user, at),
        "since": since,
        "day": day,
        "may_finish": {
            each.pk for each in activities if permissions.can_finish_activity(request.user, each, at=at)
        },
        "may_take_in": bool(permissions.can_finish_onboarding(request.user, at=at)),
    }
    return render(request, "desk/implementation_plan.html", context)


def _heading(activities: list[PlannedActivity]) -> str:
    undone = sum(each.done_date is None for each in activities)
    if not undone:
        return _("Hela planen är genomförd")
    text = ngettext(
        "%(count)s aktivitet i planen återstår", "%(count)s aktiviteter i planen återstår", undone
    )
    return text % {"count": number_word_capitalised(undone)}


@require_http_methods(["GET", "HEAD", "POST"])
def finish_activity(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask since when an activity is done."""
    let_in(permissions.can_follow_up(request.user, at=timezone.now()))
    activity = get_object_or_404(PlannedActivity.objects.for_display(), pk=pk)
    return ask(
        request,
        ActQuestion(
            question=_("Är aktivitet %(number)s klar?") % {"number": activity.number},
            button=_("Anteckna att den är klar"),
            text=activity.text,
            done=_("Aktiviteten är antecknad som klar."),
            form=DoneForm,
            act=partial(operations.finish_activity, activity=activity),
        ),
        permissions.can_finish_activity(request.user, activity, at=timezone.now()),
        back=_address(activity.plan),
        back_label=_("Tillbaka till planen"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def finish_onboarding(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask since when an administration is in."""
    let_in(permissions.can_follow_up(request.user, at=timezone.now()))
    onboarding = get_object_or_404(Onboarding.objects.for_display(), pk=pk)
    return ask(
        request,
        ActQuestion(
            question=_("Är %(administration)s inne?") % {"administration": onboarding.administration.name},
            button=_("Anteckna att förvaltningen är inne"),
            text=_("Förvaltningen gör alla sina inköp genom inköpsorganisationen."),
            done=_("Förvaltningen är antecknad som inne."),
            form=DoneForm,
            act=partial(operations.finish_onboarding, onboarding=onboarding),
        ),
        permissions.can_finish_onboarding(request.user, at=timezone.now()),
        back=_address(onboarding.plan),
        back_label=_("Tillbaka till planen"),
    )


def _address(plan: ImplementationPlan) -> str:
    return reverse("desk:implementation_plan", args=[plan.code])
