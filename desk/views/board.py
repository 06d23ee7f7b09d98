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
from desk.views.governing import ActQuestion, ask
from governance import permissions
from governance.models import BoardAssignment, Guideline, ImplementationPlan, Recommendation
from governance.operations import assignments as operations
from governance.states import CLOSED_RECOMMENDATIONS, AssignmentStatus
from organizations.requests import PersonRequest
from procurement.wording import number_word_capitalised


@require_safe
def governance(request: PersonRequest) -> HttpResponse:
    """Show what is asked for and how far it has come: what is open first."""
    at = timezone.now()
    let_in(permissions.can_follow_up(request.user, at=at))
    day = timezone.localdate(at)
    assignments = list(BoardAssignment.objects.visible_to(request.user, day).for_display().in_order())
    recommendations = list(Recommendation.objects.visible_to(request.user, day).for_display().in_order())
    open_count = sum(each.status == AssignmentStatus.OPEN for each in assignments)
    open_recommendations = [each for each in recommendations if each.status not in CLOSED_RECOMMENDATIONS]
    context = {
        "heading": _heading(open_count, len(open_recommendations)),
        "assignments": sorted(assignments, key=lambda each: each.status != AssignmentStatus.OPEN),
        "recommendations": recommendations,
        "left_count": len(open_recommendations),
        "guideline": Guideline.objects.in_force(day).first(),
        "plans": ImplementationPlan.objects.order_by("-during", "pk"),
        "day": day,
    }
    return render(request, "desk/governance.html", context)


def _heading(assignments: int, recommendations: int) -> str:
    if not assignments and not recommendations:
        return _("Inget som styrelsen eller revisionen har bett om återstår")
    assignments_text = ngettext("Ett uppdrag", "%(count)s uppdrag", assignments)
    advice_text = ngettext("%(count)s rekommendation", "%(count)s rekommendationer", recommendations)
    facts = {
        "assignments": assignments_text % {"count": number_word_capitalised(assignments)},
        "recommendations": advice_text % {"count": number_word_capitalised(recommendations)},
    }
    if not assignments:
        return _("%(recommendations)s återstår") % facts
    if not recommendations:
        return _("%(assignments)s återstår") % facts
    facts["recommendations"] = facts["recommendations"][:1].lower() + facts["recommendations"][1:]
    return _("%(assignments)s och %(recommendations)s återstår") % facts


@require_safe
def board_assignment(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what the board asked for, when it is due, and by what it is answered."""
    at = timezone.now()
    assignment = _visible_or_404(request, pk)
    context = {
        "assignment": assignment,
        "day": timezone.localdate(at),
        "reminders": assignment.reminders.order_by("told_at", "pk"),
        "may_report": assignment.status == AssignmentStatus.OPEN
        and bool(permissions.can_report_assignment(request.user, assignment, at=at)),
        "may_close": assignment.status == AssignmentStatus.REPORTED
        and bool(permissions.can_close_assignment(request.user, at=at)),
    }
    return render(request, "desk/board_assignment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask by which report the assignment is answered."""
    assignment = _visible_or_404(request, pk)
    return ask(
        request,
        ActQuestion(
            question=_("Vilken återrapport svarar på uppdraget i %(paragraph)s?")
            % {"paragraph": assignment.paragraph},
            button=_("Anteckna återrapporten"),
            text=_("Påminnelserna slutar. Uppdraget är kvar tills styrelsen har godkänt återrapporten."),
            done=_("Uppdraget är antecknat som återrapporterat."),
            form=ReportedForm,
            act=partial(operations.report_assignment, assignment=assignment),
        ),
        permissions.can_report_assignment(request.user, assignment, at=timezone.now()),
        back=address_of(assignment),
        back_label=_("Tillbaka till uppdraget"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask by which paragraph the board found the assignment answered."""
    assignment = _visible_or_404(request, pk)
    return ask(
        request,
        ActQuestion(
            question=_("Har styrelsen godkänt återrapporten?"),
            button=_("Avsluta uppdraget"),
            text=_("Ange paragrafen i det protokoll där styrelsen godkände den."),
            done=_("Uppdraget är avslutat."),
            form=ClosedForm,
            act=partial(operations.close_assignment, assignment=assignment),
        ),
        permissions.can_close_assignment(request.user, at=timezone.now()),
        back=address_of(assignment),
        back_label=_("Tillbaka till uppdraget"),
    )


def _visible_or_404(request: PersonRequest, pk: int) -> BoardAssignment:
    assignments = BoardAssignment.objects.visible_to(request.user, timezone.localdate()).for_display()
    return get_object_or_404(assignments, pk=pk)
