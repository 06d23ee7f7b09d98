"""One amount of the register, explained down to the receipt: what a controller prints and an auditor asks for."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.addresses import address_of
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.models import PurchaseOrder
from reporting.explaining import Explained, explain
from reporting.models import Saving
from reporting.views.savings import require_savings_visible


@require_safe
def explained(request: PersonRequest, pk: int) -> HttpResponse:
    """How one amount came about."""
    require_savings_visible(request.user)
    try:
        this = explain(pk, request.user)
    except Saving.DoesNotExist:
        raise Http404 from None
    context = {"explained": this, "order_url": _order_url(this, request.user)}
    return render(request, "reporting/explained.html", context)


def _order_url(this: Explained, user: User) -> str:
    """The page of the order that the line came by, for those who see it."""
    line = this.saving.receipt_line
    if line is None:
        return ""
    order = line.allocation.order_line.order
    return address_of(order) if PurchaseOrder.objects.visible_to(user).filter(pk=order.pk).exists() else ""
