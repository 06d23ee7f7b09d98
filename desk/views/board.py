"""What the board, the audit and the director have asked for, on one page; and an assignment of the board."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.addresses import address_of
from core.views import let_in
from desk.forms.governance import ClosedForm, ReportedForm
from desk.views.governing import Asked, ask
from governance import permissions
from governance.models import BoardAssignment, Guideline, ImplementationPlan, Recommendation
from governance.operations import assignments as operations
from governance.states import CLOSED_RECOMMENDATIONS, AssignmentStatus
from organizations.requests import PersonRequest
from procurement.wording import spelled_first


@require_safe
def governance(request: PersonRequest) -> HttpResponse:
    """Show what is asked for and how far it has come: what is open first."""
    at = timezone.now()
    let_in(permissions.can_follow_up(request.user, at=at))
    day = timezone.localdate(at)
    assignments = list(BoardAssignment.objects.visible_to(request.user, day).for_display().in_order())
    recommendations = list(Recommendation.objects.visible_to(request.user, day).for_display().in_order())
    open_count = sum(each.status == AssignmentStatus.OPEN for each in assignments)
    left = [each for each in recommendations if each.status not in CLOSED_RECOMMENDATIONS]
    context = {
        "heading": _heading(open_count, len(left)),
        "assignments": sorted(assignments, key=lambda each: each.status != AssignmentStatus.OPEN),
        "recommendations": recommendations,
        "left_count": len(left),
        "guideline": Guideline.objects.in_force(day).first(),
        "plans": ImplementationPlan.objects.order_by("-during", "pk"),
        "day": day,
    }
    return render(request, "desk/governance.html", context)


def _heading(assignments: int, recommendations: int) -> str:
    if not assignments and not recommendations:
        return _("Inget som styrelsen eller revisionen har bett om återstår")
    asked = ngettext("Ett uppdrag", "%(count)s uppdrag", assignments)
    advised = ngettext("%(count)s rekommendation", "%(count)s rekommendationer", recommendations)
    named = {
        "assignments": asked % {"count": spelled_first(assignments)},
        "recommendations": advised % {"count": spelled_first(recommendations)},
    }
    if not assignments:
        return _("%(recommendations)s återstår") % named
    if not recommendations:
        return _("%(assignments)s återstår") % named
    named["recommendations"] = named["recommendations"][:1].lower() + named["recommendations"][1:]
    return _("%(assignments)s och %(recommendations)s återstår") % named


@require_safe
def board_assignment(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what the board asked for, when it is due, and by what it is answered."""
    at = timezone.now()
    found = _seen(request, pk)
    context = {
        "assignment": found,
        "day": timezone.localdate(at),
        "reminders": found.reminders.order_by("told_at", "pk"),
        "may_report": found.status == AssignmentStatus.OPEN
        and bool(permissions.can_report_assignment(request.user, found, at=at)),
        "may_close": found.status == AssignmentStatus.REPORTED
        and bool(permissions.can_close_assignment(request.user, at=at)),
    }
    return render(request, "desk/board_assignment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask by which report the assignment is answered."""
    found = _seen(request, pk)
    return ask(
        request,
        Asked(
            question=_("Vilken återrapport svarar på uppdraget i %(paragraph)s?")
            % {"paragraph": found.paragraph},
            button=_("Anteckna återrapporten"),
            text=_("Påminnelserna slutar. Uppdraget är kvar tills styrelsen har godkänt återrapporten."),
            done=_("Uppdraget är antecknat som återrapporterat."),
            form=ReportedForm,
            act=partial(operations.report_assignment, assignment=found),
        ),
        permissions.can_report_assignment(request.user, found, at=timezone.now()),
        back=address_of(found),
        back_label=_("Tillbaka till uppdraget"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask by which paragraph the board found the assignment answered."""
    found = _seen(request, pk)
    return ask(
        request,
        Asked(
            question=_("Har styrelsen godkänt återrapporten?"),
            button=_("Avsluta uppdraget"),
            text=_("Ange paragrafen i det protokoll där styrelsen godkände den."),
            done=_("Uppdraget är avslutat."),
            form=ClosedForm,
            act=partial(operations.close_assignment, assignment=found),
        ),
        permissions.can_close_assignment(request.user, at=timezone.now()),
        back=address_of(found),
        back_label=_("Tillbaka till uppdraget"),
    )


def _seen(request: PersonRequest, pk: int) -> BoardAssignment:
    seen = BoardAssignment.objects.visible_to(request.user, timezone.localdate()).for_display()
    return get_object_or_404(seen, pk=pk)
