"""Receive what has come, and accept services."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import units
from core.errors import DomainError
from core.keys import KeyHasOtherContent
from core.languages import current_language
from core.numbers import whole_number
from core.verdicts import Verdict
from organizations.models import Department
from organizations.permissions import roles_on
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    Complaint,
    Deviation,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
)
from procurement.operations.receipts import ReceiptEntry, receive
from procurement.refusals import refuse, status_of
from procurement.separation_of_duties import deciders_of
from procurement.states import DELIVERABLE
from shop.forms.receipts import ReceiptRowForm
from shop.scans import scanned_quantities
from shop.views.acts import return_address

MOST_ROWS = 500
PER_PAGE = 15
MOST_COMPLAINTS = 10


@dataclass(slots=True)
class Row:
    """What is left of one allocation, with its form or the reason why there is none."""

    allocation: Allocation
    form: ReceiptRowForm
    verdict: Verdict
    scanned: Decimal


@dataclass(slots=True)
class Delivery:
    """One order's rows to one department."""

    order: PurchaseOrder
    department: Department
    key: UUID
    rows: list[Row] = field(default_factory=list)

    @property
    def open_rows(self) -> list[Row]:
        """Those that this person may receive."""
        return [row for row in self.rows if row.verdict]

    @property
    def expected_date(self) -> date:
        """When the first of it is expected, so that what is late is not hidden by what comes later."""
        return min(row.allocation.order_line.expected_date for row in self.rows)

    @property
    def is_service(self) -> bool:
        """Whether hours are accepted rather than things received."""
        return all(row.allocation.line.is_service for row in self.rows)

    @property
    def has_errors(self) -> bool:
        """Whether a row was filled in wrongly."""
        return any(row.form.errors for row in self.rows)


def new_key() -> UUID:
    """A key to be put in the form, so that pressing twice gives one receipt."""
    return uuid4()


@require_safe
def deliveries(request: PersonRequest) -> HttpResponse:
    """Everything that is on its way to the person's departments, by order, soonest first."""
    return render(request, "shop/receive.html", _context(request, at=timezone.now()))


@require_POST
def receive_delivery(request: PersonRequest) -> HttpResponse:
    """Receive the rows of one delivery."""
    at = timezone.now()
    return_url = return_address(request, reverse("shop:receive"))
    key = _key(request.POST.get("key", ""))
    numbers = map(whole_number, request.POST.getlist("allocation")[:MOST_ROWS])
    ids = [pk for pk in numbers if pk is not None]
    allocations = list(allocations_of(request).filter(pk__in=ids))
    earlier = Receipt.objects.filter(key=key, received_by=request.user).first() if key else None
    if earlier is not None:
        return _repeat_receipt(request, earlier, ids, back=return_url, at=at)
    if not key or not ids or len(allocations) != len(set(ids)):
        return _refuse_gone(request, ids, return_url)
    forms = {each.pk: ReceiptRowForm(request.POST, allocation=each) for each in allocations}
    are_valid = [form.is_valid() for form in forms.values()]
    if not all(are_valid):
        return render(request, "shop/receive.html", _context(request, at=at, bound=forms), status=422)
    entries = [form.entry() for form in forms.values()]
    department = allocations[0].line.requisition.department
    try:
        receive(key=key, department=department, entries=entries, by=request.user, at=at)
    except DomainError as refusal:
        next(iter(forms.values())).add_error(None, str(refusal))
        context = _context(request, at=at, bound=forms)
        return render(request, "shop/receive.html", context, status=status_of(refusal))
    messages.success(request, _receipt_message(allocations, entries))
    return redirect(return_url)


def _repeat_receipt(
    request: PersonRequest, earlier: Receipt, ids: list[int], *, back: str, at: datetime
) -> HttpResponse:
    """Take the same form twice as once; with other numbers it is refused, since those are not what was received."""
    rows = Allocation.objects.filter(pk__in=ids, line__requisition__department=earlier.department_id)
    forms = [ReceiptRowForm(request.POST, allocation=each) for each in rows.order_by("pk")]
    if not all(form.is_valid() for form in forms):
        return refuse(request, KeyHasOtherContent(), back=back)
    entries = [form.entry() for form in forms]
    try:
        receive(key=earlier.key, department=earlier.department, entries=entries, by=request.user, at=at)
    except DomainError as refusal:
        return refuse(request, refusal, back=back)
    return redirect(back)


def _refuse_gone(request: PersonRequest, ids: list[int], return_url: str) -> HttpResponse:
    """Rows that are not the person's to see are not there; hers may have been received meanwhile."""
    visible_count = Allocation.objects.filter(
        pk__in=ids, line__requisition__department__in=departments_of(request)
    ).count()
    if not ids or visible_count != len(set(ids)):
        raise Http404
    return refuse(request, _("Leveransen är redan mottagen."), back=return_url, status=409)


def departments_of(request: PersonRequest) -> list[int]:
    """Ids of the departments that the person orders for, or receives goods for."""
    roles = roles_on(request.user, timezone.localdate())
    return [*roles.orders_for, *roles.receives_for.difference(roles.orders_for)]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def allocations_of(request: PersonRequest) -> QuerySet[Allocation]:
    """What is still to come to the departments that the person orders for, or receives goods for."""
    return (
        Allocation.objects.filter(
            STILL_TO_COME,
            line__status__in=DELIVERABLE,
            line__requisition__department__in=departments_of(request),
        )
        .select_related(
            "order_line__item",
            "order_line__order__supplier",
            "order_line__order__delivery_place",
            "line__item",
            "line__requisition__department",
        )
        .order_by("order_line__expected_date", "order_line__order_id", "pk")
    )


def _context(
    request: PersonRequest, *, at: datetime, bound: dict[int, ReceiptRowForm] | None = None
) -> dict[str, object]:
    """What the page of deliveries needs."""
    order_number, item, marked = (request.GET.get(name, "") for name in ("order", "artikel", "bestallning"))
    allocations = allocations_of(request)
    if order_number:
        allocations = allocations.filter(order_line__order__number=order_number)
    if item:
        allocations = allocations.filter(
            order_line__order__in=PurchaseOrder.objects.filter(lines__item__number=item)
        )
    if marked:
        allocations = allocations.filter(line__requisition__number=marked)
    page = Paginator(_ids_by_delivery(allocations, bound or {}), PER_PAGE).get_page(request.GET.get("sida"))
    scanned = Counter(request.GET.getlist("skannat")[:MOST_ROWS])
    deliveries = _deliveries(request, allocations, list(page), at=at, bound=bound or {}, scanned=scanned)
    latest = Receipt.objects.filter(department__in=departments_of(request)).select_related(
        "received_by", "department"
    )
    receipt_lines = ReceiptLine.objects.select_related(
        "allocation__order_line__order__supplier", "allocation__order_line__item"
    )
    complaints = Complaint.objects.open().filter(
        receipt_line__allocation__line__requisition__department__in=departments_of(request)
    )
    return {
        "page": page,
        "deliveries": deliveries,
        "complaints": complaints.for_display()[:MOST_COMPLAINTS],
        "scanned": scanned.elements(),
        "is_narrowed": bool(order_number or item or marked),
        "bound": list((bound or {}).values()),
        "latest": latest.prefetch_related(Prefetch("lines", receipt_lines)).order_by("-received_at", "-pk")[
            :5
        ],
        "wanted": order_number,
        "has_several": len(departments_of(request)) > 1,
        "deviations": Deviation.choices,
        "today": timezone.localdate(at),
    }


def _ids_by_delivery(allocations: QuerySet[Allocation], bound: dict[int, ReceiptRowForm]) -> list[list[int]]:
    """The ids of each delivery's rows, one order to one department; those that were filled in wrongly first."""
    deliveries: dict[tuple[int, int], list[int]] = defaultdict(list)
    for pk, order, department in allocations.values_list(
        "pk", "order_line__order", "line__requisition__department"
    ):
        deliveries[order, department].append(pk)
    wrong = {pk for pk, form in bound.items() if form.errors}
    return sorted(deliveries.values(), key=wrong.isdisjoint)


def _deliveries(
    request: PersonRequest,
    open_allocations: QuerySet[Allocation],
    page_ids: list[list[int]],
    *,
    at: datetime,
    bound: dict[int, ReceiptRowForm],
    scanned: Counter[str],
) -> list[Delivery]:
    """The deliveries of the page, read in full; what has been scanned is filled in, and the rest is not."""
    allocation_by_id = {
        each.pk: each for each in open_allocations.filter(pk__in=[pk for ids in page_ids for pk in ids])
    }
    deciders = deciders_of(each.line_id for each in allocation_by_id.values())
    counts = scanned_quantities(list(allocation_by_id.values()), scanned) if scanned else {}
    delivery_list = []
    for ids in page_ids:
        allocations = [allocation_by_id[pk] for pk in ids if pk in allocation_by_id]
        if allocations:
            first = allocations[0]
            rows = [
                _row(request, each, bound.get(each.pk), deciders, at=at, scanned=counts.get(each.pk))
                for each in allocations
            ]
            delivery_list.append(
                Delivery(first.order_line.order, first.line.requisition.department, new_key(), rows)
            )
    return delivery_list


def _row(
    request: PersonRequest,
    allocation: Allocation,
    form: ReceiptRowForm | None,
    deciders: dict[int, frozenset[int]],
    *,
    at: datetime,
    scanned: Decimal | None,
) -> Row:
    verdict = permissions.can_receive(request.user, allocation.line, deciders=deciders, at=at)
    form = form or ReceiptRowForm(allocation=allocation, scanned=scanned)
    return Row(allocation, form, verdict, scanned or Decimal(0))


def _receipt_message(allocations: list[Allocation], entries: list[ReceiptEntry]) -> str:
    """Say what was received."""
    supplier = allocations[0].order_line.order.supplier.name
    received = [(each, entry) for each, entry in zip(allocations, entries, strict=True) if entry.quantity]
    if len(received) == 1:
        allocation, entry = received[0]
        count = units.quantity_text(entry.quantity, allocation.order_line.unit, language=current_language())
        text = (
            _("Du godkände %(count)s från %(supplier)s.")
            if allocation.line.is_service
            else _("Du tog emot %(count)s från %(supplier)s.")
        )
        message = text % {"count": count, "supplier": supplier}
    elif received:
        message = ngettext(
            "Du tog emot %(count)s rad från %(supplier)s.",
            "Du tog emot %(count)s rader från %(supplier)s.",
            len(received),
        ) % {"count": len(received), "supplier": supplier}
    else:
        message = _("Inget är mottaget från %(supplier)s.") % {"supplier": supplier}
    if any(entry.deviation != Deviation.NONE for entry in entries):
        message += " " + _("Det som var fel står på ordern, där inköp ser det.")
    return message
