"""The decisions that a category's response time is counted from."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from categories.models import Category
from categories.permissions import can_see_responsibility
from core.numbers import whole_number
from organizations.requests import PersonRequest
from procurement.models import RequisitionLine
from procurement.refusals import refuse
from procurement.response import decisions_counted, response_of

ROWS_PER_PAGE = 50


@require_safe
def response_times(request: PersonRequest, code: str) -> HttpResponse:
    """Show the figures of a category, and the decisions behind them that the person may open, the slowest first."""
    at = timezone.now()
    day = timezone.localdate(at)
    verdict = can_see_responsibility(request.user, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=reverse("desk:absence"))
    category = get_object_or_404(Category, code=code)
    decisions = (
        decisions_counted([category.pk], day)
        .filter(line__in=RequisitionLine.objects.opened_to(request.user).values("pk"))
        .select_related("line__item", "line__requisition__department", "by")
        .order_by("-response_days", "-at", "-pk")
    )
    page = Paginator(decisions, ROWS_PER_PAGE).get_page(whole_number(request.GET.get("sida", "1")) or 1)
    context = {"category": category, "response": response_of([category.pk], day), "page": page}
    return render(request, "desk/response_times.html", context)
