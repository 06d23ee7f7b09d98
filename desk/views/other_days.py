"""Needing what a supplier has on another day, and declining a day that is wished for, on pages of their own."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.addresses import address_of
from core.errors import DomainError
from core.verdicts import refused
from desk.forms.other_days import DeclinedDayForm, OtherDayForm, OtherDaysForm, days
from desk.views.lines import visible_line
from desk.views.orders import shown_order
from desk.wishes import wished_day_by_line, wishes_of
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import STILL_TO_COME, Allocation, DayWish, PurchaseOrder, RequisitionLine
from procurement.operations.day_wishes import NothingWished, decline_day
from procurement.operations.other_days import ask_for_other_days
from procurement.operations.telling_of_days import waiting_for
from procurement.refusals import refuse, status_of
from procurement.states import OrderStatus


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest, number: str) -> HttpResponse:
    """Ask on which day what is left of each line is needed, and why; and ask the supplier for it."""
    at = timezone.now()
    order = shown_order(request.user, number)
    verdict = permissions.can_ask_for_other_days(request.user, order, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(order))
    data = request.POST or None
    form = OtherDaysForm(data, initial={"version": order.version})
    wishes = wishes_of(order)
    rows, waiting = _rows(order, data, wishes)
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
    allocations_by_line = {row.line.pk: list[tuple[Allocation, DayWish | None]]() for row in rows}
    wished = {each.line_id: each for each in wishes}
    for each in waiting:
        allocations_by_line[each.order_line_id].append((each, wished.get(each.line_id)))
    context = {
        "order": order,
        "form": form,
        "rows": [(row, allocations_by_line[row.line.pk]) for row in rows],
    }
    return render(request, "desk/order_other_days.html", context, status=status)


def _rows(
    order: PurchaseOrder, data: object, wishes: Sequence[DayWish]
) -> tuple[list[OtherDayForm], list[Allocation]]:
    """A field for each line of which something is left to come, with the day that is wished for; and what is left."""
    has_remaining = Exists(Allocation.objects.filter(STILL_TO_COME, order_line=OuterRef("pk")))
    lines = list(order.lines.filter(has_remaining).select_related("item").order_by("position"))
    waiting = waiting_for(lines)
    wished = wished_day_by_line(wishes, waiting)
    return [OtherDayForm(data, line=line, wished=wished.get(line.pk)) for line in lines], waiting


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask why, and say no to the day that is wished for of a line."""
    at, line = timezone.now(), visible_line(request.user, pk)
    wish = DayWish.objects.unsettled().filter(line=line).select_related("message__by").first()
    verdict = permissions.can_decline_day(request.user, line, at=at)
    if verdict and wish is None:
        verdict = refused(NothingWished())
    back_url = _back(line)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=back_url)
    form, status = DeclinedDayForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                decline_day(line=line, reason=form.cleaned_data["reason"], by=request.user, at=at)
            except DomainError as refusal:
                return refuse(request, refusal, back=back_url)
            messages.success(request, _("Den som önskade dagen får veta att leveransdagen står fast."))
            return redirect(back_url)
    context = {"line": line, "wish": wish, "form": form, "back": back_url}
    return render(request, "desk/decline_day.html", context, status=status)


def _back(line: RequisitionLine) -> str:
    """The order that the line is to come with; the line's own page when nothing is to come."""
    order = PurchaseOrder.objects.filter(
        status=OrderStatus.SENT,
        lines__in=Allocation.objects.filter(STILL_TO_COME, line=line).values("order_line"),
    ).first()
    return address_of(order or line)
