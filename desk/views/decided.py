"""What the person has decided, latest first, with a way to take an approval back while it is possible."""

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.clock import start_of
from organizations.requests import PersonRequest
from procurement.models import AUTOMATIC, DecisionKind, LineDecision
from procurement.order_times import next_order_time
from procurement.states import LineStatus

DECISIONS_PER_PAGE = 50


@require_safe
def decided(request: PersonRequest) -> HttpResponse:
    """Show the person's decisions; the newest on a line that is approved still and not ordered can be undone."""
    at = timezone.now()
    day = timezone.localdate(at)
    later = LineDecision.objects.filter(line=models.OuterRef("line"), pk__gt=models.OuterRef("pk"))
    decisions = (
        LineDecision.objects.filter(by=request.user)
        .exclude(rule__in=AUTOMATIC)
        .select_related(
            "line__requisition__department", "line__requisition__requester", "item", "on_behalf_of"
        )
        .annotate(
            can_be_undone=models.Case(
                models.When(
                    ~models.Exists(later)
                    & models.Q(line__status=LineStatus.APPROVED)
                    & ~models.Q(kind=DecisionKind.UNDONE),
                    then=True,
                ),
                default=False,
                output_field=models.BooleanField(),
            )
        )
        .order_by("-at", "-pk")
    )
    context = {
        "page": Paginator(decisions, DECISIONS_PER_PAGE).get_page(request.GET.get("sida")),
        "today_count": decisions.filter(at__gte=start_of(day)).count(),
        "next_order_time": next_order_time(at),
    }
    return render(request, "desk/decided.html", context)
