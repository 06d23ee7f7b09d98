"""What is recalled of what a department has received: what to do, and that it is done."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.permissions import can_manage_item
from catalog.replacements import replacements_of
from core.addresses import address_of, place
from core.errors import DomainError
from organizations.requests import PersonRequest
from procurement.models import Recall, RecallUnit
from procurement.operations.recalls import acknowledge, can_acknowledge
from procurement.recalled import receipts_of, received_by
from procurement.refusals import refuse


@require_safe
def recall(request: PersonRequest, pk: int) -> HttpResponse:
    """Show a recall to those whose department has received it: why, what to do, and how much came and when."""
    at = timezone.now()
    visible_units = RecallUnit.objects.visible_to(request.user).filter(recall=OuterRef("pk"))
    received = Q(receipt__received_by=request.user)
    item_recall = get_object_or_404(Recall.objects.select_related("item__category", "ended_by"), pk=pk)
    manages = bool(can_manage_item(request.user, item_recall.item, at=at))
    is_open_to_her = (
        manages
        or Recall.objects.filter(Exists(visible_units), pk=pk).exists()
        or receipts_of(item_recall).filter(received).exists()
    )
    if not is_open_to_her:
        raise Http404
    amounts = received_by(item_recall)
    units = item_recall.units.filter(pk__in=RecallUnit.objects.visible_to(request.user).values("pk"))
    ordered_units = units.select_related("department", "acknowledged_by").order_by("acknowledged_at", "pk")
    replacement = replacements_of([item_recall.item], day=timezone.localdate(at)).get(item_recall.item_id)
    context = {
        "recall": item_recall,
        "units": [
            (
                unit,
                amounts.get(unit.department_id),
                bool(can_acknowledge(request.user, unit.department, at=at)),
            )
            for unit in ordered_units
        ],
        "replacement": replacement,
        "manage_url": place("item_life_cycle", item_recall.item.number) if manages else "",
    }
    return render(request, "shop/recall.html", context)


@require_POST
def acknowledge_recall(request: PersonRequest, pk: int) -> HttpResponse:
    """Say that the department has taken away what it had."""
    units = RecallUnit.objects.visible_to(request.user).select_related("recall")
    unit = get_object_or_404(units, pk=pk)
    answer = request.POST.get("answer", "")[:200]
    try:
        acknowledge(unit=unit, by=request.user, at=timezone.now(), answer=answer)
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(unit.recall))
    messages.success(request, _("Tack. Den som ansvarar för artikeln ser att ni har svarat."))
    return redirect(address_of(unit.recall))
