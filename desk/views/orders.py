"""Purchase orders: what goes to suppliers, when, and to whom it belongs; and ordering before the clock does."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.models import Supplier
from core.addresses import address_of
from core.components import Link
from core.counting import at_least, counts_of
from core.errors import DomainError
from core.money import ZERO, line_amount
from core.numbers import whole_number
from core.ordering import swedish
from core.paging import OnePage
from desk.forms.attests import CancellationForm
from desk.order_changes import changes_of
from desk.order_filters import TO_SEE_TO, Filter, deviations, latest
from desk.views.lines import refusal_sentence
from desk.wishes import wishes_of
from organizations.models import Department, User
from organizations.permissions import roles_on
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.documents.order import order_csv, order_facts, order_pdf
from procurement.documents.stored_files import files_as_sent
from procurement.models import (
    Allocation,
    MessageKind,
    NoticedDecision,
    NoticedLine,
    OrderLine,
    PurchaseOrder,
)
from procurement.models.grounds import grounds_of
from procurement.operations.orders import cancel_order, consolidate
from procurement.operations.resending import confirm_received_by_supplier, retry_sending
from procurement.order_times import next_order_time
from procurement.rank_evidence import evidence_of
from procurement.refusals import refuse
from procurement.shares import ORE, fair_shares
from procurement.states import AnswerStatus, OrderStatus
from procurement.visibility import order_numbered
from procurement.waiting import by_supplier, lines_to_order

ORDERS_PER_PAGE = 25
LAST_PAGE = 40
MOST_COUNTED = 100


@require_safe
def orders(request: PersonRequest) -> HttpResponse:
    """Show what waits to be ordered, by supplier, and the orders that have gone."""
    at = timezone.now()
    day = timezone.localdate(at)
    may_order = permissions.can_consolidate(request.user, at=at)
    filter_name = request.GET.get("visa", "")
    chosen = Filter(filter_name) if filter_name in Filter.values else Filter.ALL
    grounds = grounds_of(request.user, day)
    kinds, ids_of = tuple(grounds) if grounds is not None else None, grounds or {}
    counts = counts_of(
        {each: latest(each, kinds, MOST_COUNTED + 1).asking(day=day, **ids_of) for each in TO_SEE_TO},
        most=MOST_COUNTED,
    )
    number = min(max(whole_number(request.GET.get("sida", "")) or 1, 1), LAST_PAGE)
    id_rows = latest(chosen, kinds, number * ORDERS_PER_PAGE + 1)(day=day, **ids_of)
    ids = [each["pk"] for each in id_rows]
    page = OnePage(number, ids, per_page=ORDERS_PER_PAGE)
    rows = (
        PurchaseOrder.objects.filter(pk__in=page.shown)
        .select_related("supplier", "agreement", "delivery_place__department", "cancellation_notice")
        .with_totals()
        .latest()
    )
    context = {
        "orders": rows,
        "sees_awards": bool(permissions.can_see_direct_awards(request.user, at=at)),
        "older_url": page.older_url(request.GET),
        "newer_url": page.newer_url(request.GET),
        "chips": [
            Link(
                str(each.label),
                _address(each),
                count=at_least(counts[each], most=MOST_COUNTED) if each in counts else None,
                is_current=each == chosen,
            )
            for each in Filter
            if each == chosen or counts.get(each) != 0
        ],
        "waiting": by_supplier(lines_to_order(request.user, at)) if may_order else [],
        "next_order_time": next_order_time(at),
        "day": day,
    }
    return render(request, "desk/orders.html", context)


def _address(chosen: Filter) -> str:
    return reverse("desk:orders") + ("" if chosen == Filter.ALL else f"?visa={chosen.value}")


@require_safe
def order(request: PersonRequest, number: str) -> HttpResponse:
    """Show one order: its lines, whose they are, and where it has been sent."""
    at = timezone.now()
    purchase_order = shown_order(request.user, number)
    receipt_lines = (
        deviations()
        .select_related("receipt__received_by", "complaint__settlement")
        .order_by("receipt__received_at", "pk")
    )
    allocations = (
        Allocation.objects.select_related(
            "line__requisition__department", "line__requisition__requester", "line__charged_department"
        )
        .prefetch_related(models.Prefetch("receipt_lines", queryset=receipt_lines))
        .order_by(swedish("line__requisition__department__name"), "pk")
    )
    lines = list(
        OrderLine.objects.filter(order=purchase_order)
        .select_related("item")
        .prefetch_related(models.Prefetch("allocations", queryset=allocations))
        .order_by("position", "pk")
    )
    if purchase_order.version > 1:
        models.prefetch_related_objects(lines, _asked_days())
    day = timezone.localdate(at)
    may_cancel = permissions.can_cancel_order(request.user, purchase_order, at=at)
    attempts = list(purchase_order.attempts.in_order())
    has_come = any(each.received_quantity for line in lines for each in line.allocations.all())
    open_line_ids = {line.pk for line in lines if any(each.remaining for each in line.allocations.all())}
    context = {
        "order": purchase_order,
        "lines": lines,
        "amount": sum((line.amount for line in lines), purchase_order.freight_amount),
        "freight": freight_shares(purchase_order, lines),
        "expected_date": max((line.expected_date for line in lines), default=None),
        "is_late": purchase_order.status == OrderStatus.SENT and any(_is_late(line, day) for line in lines),
        "has_come": has_come,
        "may_cancel": bool(may_cancel) and not has_come,
        "cancel_refusal": refusal_sentence(may_cancel),
        "attempts": attempts,
        "sent_to": next((each.address for each in reversed(attempts) if each.kind == MessageKind.ORDER), "")
        or purchase_order.supplier.order_email,
        "evidence": evidence_of(
            purchase_order, (each.line for line in lines for each in line.allocations.all())
        ),
        "answers": purchase_order.answers.select_related("registered_by").latest()
        if purchase_order.sent_at
        else [],
        "changes": changes_of(purchase_order)
        if any(line.answer == AnswerStatus.CHANGED for line in lines)
        else [],
        "wishes": wishes_of(purchase_order)
        if purchase_order.status == OrderStatus.SENT and open_line_ids
        else [],
        "coming": open_line_ids if purchase_order.status == OrderStatus.SENT else set(),
        "may_answer": bool(may_cancel),
        "may_reduce": bool(may_cancel) and purchase_order.status == OrderStatus.SENT and bool(open_line_ids),
        "is_unanswered": bool(open_line_ids)
        and purchase_order.answered_at is None
        and purchase_order.answer_due_date is not None
        and purchase_order.answer_due_date < day,
        "may_retry": bool(permissions.can_retry_sending(request.user, purchase_order, at=at)),
        "sees_region": roles_on(request.user, day).sees_region,
    }
    return render(request, "desk/order.html", context)


def _asked_days() -> models.Prefetch[str]:
    """The other days that were asked for, and by whom, oldest first."""
    noticed_lines = NoticedLine.objects.filter(decision=NoticedDecision.DAY_ASKED)
    return models.Prefetch(
        "noticed_lines",
        queryset=noticed_lines.select_related("notice__requested_by").order_by("notice__number"),
        to_attr="days_asked",
    )


def _is_late(line: OrderLine, day: date) -> bool:
    has_remaining = any(each.remaining and each.line.status != "received" for each in line.allocations.all())
    return line.expected_date < day and has_remaining


def shown_order(user: User, number: str) -> PurchaseOrder:
    """The order of that number, if she may see it."""
    order = order_numbered(user, number, day=timezone.localdate())
    if order is None:
        raise Http404
    return order


def freight_shares(order: PurchaseOrder, lines: list[OrderLine]) -> list[tuple[Department, Decimal]]:
    """What each department that pays has of an order's freight: by what it has ordered, whole öre; nothing without freight."""
    if not order.freight_amount:
        return []
    amounts: dict[Department, Decimal] = {}
    for line in lines:
        for each in line.allocations.all():
            department = each.line.charged_department or each.line.requisition.department
            part = line_amount(line.unit_price, each.quantity)
            amounts[department] = amounts.get(department, ZERO) + part
    shares = fair_shares(order.freight_amount, list(amounts.values()), step=ORE)
    return list(zip(amounts, shares, strict=True))


FILES: dict[str, tuple[Callable[..., bytes], str]] = {
    "pdf": (order_pdf, "application/pdf"),
    "csv": (order_csv, "text/csv; charset=utf-8"),
}
CANCELLATION = "makulering.pdf"


@require_safe
def order_file(request: PersonRequest, number: str, kind: str) -> HttpResponse:
    """Give the order as the supplier got it, or will get it: PDF or CSV; or its cancellation as it was sent."""
    if kind == CANCELLATION:
        return _cancellation_file(shown_order(request.user, number))
    if kind not in FILES:
        raise Http404
    purchase_order = shown_order(request.user, number)
    write, content_type = FILES[kind]
    response = HttpResponse(write(order_facts(purchase_order)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="Inkopsorder-{purchase_order.number}.{kind}"'
    return response


def _cancellation_file(order: PurchaseOrder) -> HttpResponse:
    files = files_as_sent(order, MessageKind.CANCELLATION)
    if files is None:
        raise Http404
    response = HttpResponse(files.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="Makulering-{order.number}.pdf"'
    return response


@require_POST
def retry(request: PersonRequest, number: str) -> HttpResponse:
    """Have an order, or its cancellation, that could not be sent tried again."""
    purchase_order = shown_order(request.user, number)
    try:
        retry_sending(order=purchase_order, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(purchase_order))
    messages.success(request, _("Ett nytt försök görs nu."))
    return redirect(address_of(purchase_order))


@require_POST
def confirm_received(request: PersonRequest, number: str) -> HttpResponse:
    """Mark an order, or its cancellation, as sent because the supplier says that it has arrived."""
    purchase_order = shown_order(request.user, number)
    try:
        confirm_received_by_supplier(order=purchase_order, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(purchase_order))
    messages.success(request, _("Noterat att leverantören har fått det."))
    return redirect(address_of(purchase_order))


@require_http_methods(["GET", "HEAD", "POST"])
def order_now(request: PersonRequest) -> HttpResponse:
    """Ask, on a page of its own, whether approved lines shall be ordered before the clock does; and order them."""
    at = timezone.now()
    back_url = reverse("desk:orders")
    verdict = permissions.can_consolidate(request.user, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=back_url)
    chosen = whole_number(request.GET.get("leverantor", ""))
    supplier = None if chosen is None else get_object_or_404(Supplier, pk=chosen)
    if request.method == "POST":
        return _order_now(request, supplier, at)
    groups = by_supplier(lines_to_order(request.user, at))
    groups = [group for group in groups if supplier is None or group.supplier == supplier]
    if not groups:
        messages.warning(request, _("Inga godkända rader väntar på att beställas."))
        return redirect(back_url)
    context = {
        "groups": groups,
        "supplier": supplier,
        "line_count": sum(len(group.lines) for group in groups),
        "amount": sum((group.amount for group in groups), ZERO),
        "back": back_url,
    }
    return render(request, "desk/order_now.html", context)


def _order_now(request: PersonRequest, supplier: Supplier | None, at: datetime) -> HttpResponse:
    try:
        new_orders = consolidate(at=at, by=request.user, supplier=supplier, due_only=False)
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("desk:orders"))
    if new_orders:
        text = ngettext(
            "%(count)s inköpsorder skapades och skickas nu.",
            "%(count)s inköpsordrar skapades och skickas nu.",
            len(new_orders),
        )
        messages.success(request, text % {"count": len(new_orders)})
    else:
        messages.warning(request, _("Inga godkända rader väntade på att beställas."))
    return redirect(address_of(new_orders[0])) if len(new_orders) == 1 else redirect("desk:orders")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: PersonRequest, number: str) -> HttpResponse:
    """Ask for a reason, on a page of its own, and cancel an order of which nothing has come."""
    at = timezone.now()
    purchase_order = shown_order(request.user, number)
    verdict = permissions.can_cancel_order(request.user, purchase_order, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(purchase_order))
    form = CancellationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_order(order=purchase_order, reason=form.cleaned_data["reason"], by=request.user, at=at)
        except DomainError as refusal:
            return refuse(request, refusal, back=address_of(purchase_order))
        messages.success(
            request,
            _("Inköpsorder %(number)s är makulerad. Taket har fått tillbaka beloppet.")
            % {"number": purchase_order.number},
        )
        return redirect(address_of(purchase_order))
    return render(
        request,
        "desk/order_cancel.html",
        {"order": purchase_order, "form": form},
        status=422 if form.errors else 200,
    )
