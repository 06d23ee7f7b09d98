"""What the person has decided, latest first, with a way to take an approval back while it is possible."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.clock import start_of
from core.components import Link
from desk.response_times import answers_of, late_answers_of
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.models import AUTOMATIC, DecisionKind, LineDecision
from procurement.order_times import next_order_time
from procurement.states import LineStatus

DECISIONS_PER_PAGE = 50
LATELY, LATE = "30-dagar", "sena"
CHOICES = {"": _("Alla"), LATELY: _("Senaste 30 dagarna"), LATE: _("Efter svarsdagen")}


@require_safe
def decided(request: PersonRequest) -> HttpResponse:
    """
    Show the person's decisions; the newest on a line that is approved still and not ordered can be undone.

    All of them, or those of the last thirty days that somebody waited for, or the late ones of these.
    """
    at = timezone.now()
    chosen = request.GET.get("visa", "")
    day = timezone.localdate(at)
    later = LineDecision.objects.filter(line=models.OuterRef("line"), pk__gt=models.OuterRef("pk"))
    decisions = (
        _decisions(request.user, chosen, at)
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
        "chips": [
            Link(
                str(label),
                reverse("desk:decided") + (f"?visa={value}" if value else ""),
                is_current=value == (chosen if chosen in CHOICES else ""),
            )
            for value, label in CHOICES.items()
        ],
        "today_count": _own_decisions(request.user).filter(at__gte=start_of(day)).count(),
        "next_order_time": next_order_time(at),
    }
    return render(request, "desk/decided.html", context)


def _own_decisions(user: User) -> models.QuerySet[LineDecision]:
    return LineDecision.objects.filter(by=user).exclude(rule__in=AUTOMATIC)


def _decisions(user: User, chosen: str, at: datetime) -> models.QuerySet[LineDecision]:
    if chosen == LATE:
        return late_answers_of(user, at)
    return answers_of(user, at) if chosen == LATELY else _own_decisions(user)
