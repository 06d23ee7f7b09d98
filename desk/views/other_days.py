"""Needing what a supplier has on another day, on a page of its own."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.addresses import address_of
from core.errors import DomainError
from desk.forms.other_days import OtherDayForm, OtherDaysForm, days
from desk.views.orders import shown_order
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import STILL_TO_COME, Allocation, PurchaseOrder
from procurement.operations.other_days import ask_for_other_days
from procurement.operations.telling_of_days import waiting_for
from procurement.refusals import refuse, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest, number: str) -> HttpResponse:
    """Ask on which day what is left of each line is needed, and why; and ask the supplier for it."""
    at = timezone.now()
    order = shown_order(request.user, number)
    verdict = permissions.can_ask_for_other_days(request.user, order, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(order))
    given = request.POST or None
    form = OtherDaysForm(given, initial={"version": order.version})
    rows = _rows(order, given)
    status = 200
    if request.method == "POST":
        status, are_valid = 422, [each.is_valid() for each in (form, *rows)]
        if all(are_valid):
            try:
                ask_for_other_days(
                    order=order,
                    version=form.cleaned_data["version"],
                    days=days(rows),
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=at,
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(
                    request,
                    _("Leverantören får frågan nu. Dagen gäller när du har skrivit in att svaret är ja."),
                )
                return redirect(address_of(order))
    waiting: dict[int, list[Allocation]] = {row.line.pk: [] for row in rows}
    for each in waiting_for(row.line for row in rows):
        waiting[each.order_line_id].append(each)
    context = {"order": order, "form": form, "rows": [(row, waiting[row.line.pk]) for row in rows]}
    return render(request, "desk/order_other_days.html", context, status=status)


def _rows(order: PurchaseOrder, given: object) -> list[OtherDayForm]:
    """A field for each line of which something is left to come."""
    left = Exists(Allocation.objects.filter(STILL_TO_COME, order_line=OuterRef("pk")))
    lines = order.lines.filter(left).select_related("item").order_by("position")
    return [OtherDayForm(given, line=line) for line in lines]
