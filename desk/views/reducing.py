"""Needing less of an order that the supplier has, on a page of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.addresses import address_of
from core.errors import DomainError
from core.ordering import swedish
from desk.forms.reducing import ReducedRowForm, ReductionForm, quantities_to_come
from desk.views.orders import shown_order
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import STILL_TO_COME, Allocation
from procurement.operations.reducing import reduce_order
from procurement.refusals import refuse, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def reduce(request: PersonRequest, number: str) -> HttpResponse:
    """Ask how many are still to come of each row, and why; and let no more come."""
    at = timezone.now()
    order = shown_order(request.user, number)
    verdict = permissions.can_reduce_order(request.user, order, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(order))
    data = request.POST or None
    form = ReductionForm(data, initial={"version": order.version})
    rows = [
        ReducedRowForm(data, allocation=each)
        for each in Allocation.objects.filter(STILL_TO_COME, order_line__order=order)
        .select_related("order_line__item", "line__requisition__department", "line__requisition__requester")
        .order_by("order_line__position", swedish("line__requisition__department__name"), "pk")
    ]
    status = 200
    if request.method == "POST":
        status, are_valid = 422, [each.is_valid() for each in (form, *rows)]
        if all(are_valid):
            try:
                reduce_order(
                    order=order,
                    version=form.cleaned_data["version"],
                    coming=quantities_to_come(rows),
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=at,
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(
                    request, _("Leverantören får besked nu, och de som har beställt får veta det.")
                )
                return redirect(address_of(order))
    return render(
        request, "desk/order_reduce.html", {"order": order, "form": form, "rows": rows}, status=status
    )
