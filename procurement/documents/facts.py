"""The facts of one order: what its documents and messages say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from core.compiled import compiled_once
from organizations.models import Authority, User
from procurement.documents.stored_files import OrderFiles, files_as_sent
from procurement.models import Allocation, MessageKind, OrderLine, PurchaseOrder, RequisitionLine


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line as the supplier reads it. Price and amount in SEK excluding VAT."""

    position: int
    item_number: str
    gtin: str
    description: str
    specification: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    requested_date: date
    marking: str
    department: str
    """Who asked for it; the first when several did."""
    coding: str
    """What it is booked on, account first; empty when it is divided between several."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """
    Everything that an order says, loaded with a number of queries that does not grow with its lines.

    ``kept`` are its files as they were sent; an order that has been sent is read from them.
    """

    order: PurchaseOrder
    lines: list[LineFacts]
    contact: User | None
    kept: OrderFiles | None

    reference: str
    """What the invoice says beside the order's number, so that it finds its way: the codes of those who pay."""

    @property
    def authority(self) -> Authority:
        """Whose order it is, and who is invoiced."""
        authority: Authority = self.order.delivery_place.department.administration.authority
        return authority

    @property
    def total(self) -> Decimal:
        """Sum of the lines, SEK excluding VAT."""
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def requested_dates(self) -> list[date]:
        """The days by which the lines are asked for, each once, earliest first."""
        return sorted({line.requested_date for line in self.lines})


def order_facts(order: PurchaseOrder) -> OrderFacts:
    """Load an order with what its documents need."""
    (order,) = _orders(order.pk)
    allocations: dict[int, list[Allocation]] = {}
    for allocation in _allocations(order):
        allocations.setdefault(allocation.order_line_id, []).append(allocation)
    return OrderFacts(
        order=order,
        lines=[_line(line, allocations.get(line.pk, [])) for line in _order_lines(order)],
        contact=_contact(order, allocations),
        kept=files_as_sent(order, MessageKind.ORDER),
        reference=", ".join(sorted({_payer(each.line) for group in allocations.values() for each in group})),
    )


@compiled_once
def _orders(key: int) -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.select_related(
        "supplier", "agreement", "created_by", "delivery_place__department__administration__authority"
    ).filter(pk=key)


@compiled_once
def _allocations(order: PurchaseOrder) -> QuerySet[Allocation]:
    return (
        Allocation.objects.filter(order_line__order=order)
        .select_related(
            "line__requisition__department",
            "line__charged_department",
            "line__requisition__activity",
            "line__requisition__project",
            "line__requisition__requester",
            "line__account",
            "line__responsible",
        )
        .order_by("order_line__position", "pk")
    )


@compiled_once
def _order_lines(order: PurchaseOrder) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order=order).select_related("item").order_by("position")


def _payer(line: RequisitionLine) -> str:
    """The ansvar that pays; a submitted line has one."""
    return line.charged_department.cost_center if line.charged_department else ""


def _coding(line: RequisitionLine) -> str:
    """Account, ansvar, activity and project, as far as each is said."""
    codes = (line.account, line.requisition.activity, line.requisition.project)
    account, activity, project = (code.code if code else "" for code in codes)
    return "-".join(filter(None, (account, _payer(line), activity, project)))


def _contact(order: PurchaseOrder, allocations: dict[int, list[Allocation]]) -> User | None:
    """Whom the supplier asks: who placed the order, else who answers for its first line."""
    if order.created_by is not None:
        return order.created_by
    return next((each.line.responsible for group in allocations.values() for each in group), None)


def _line(line: OrderLine, allocations: list[Allocation]) -> LineFacts:
    item = line.item
    markings = (f"{each.line.requisition.number} {each.line.requisition.department}" for each in allocations)
    needs = [each.line for each in allocations]
    codings = {_coding(need) for need in needs}
    specifications = (text for need in needs for text in (_service(need), need.specification) if text)
    return LineFacts(
        position=line.position,
        item_number=item.number if item else "",
        gtin=(item.gtin or "") if item else "",
        description=line.description,
        specification="; ".join(dict.fromkeys(specifications)),
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        amount=line.amount,
        requested_date=line.requested_date,
        marking="; ".join(dict.fromkeys(markings)),
        department=next((str(need.requisition.department) for need in needs), ""),
        coding=codings.pop() if len(codings) == 1 else "",
    )


def _service(line: RequisitionLine) -> str:
    """Where and when a service is to be done; nothing for goods."""
    first, last = line.service_start_date, line.service_end_date
    if first is None:
        return ""
    days = f"{first.isoformat()} till {last.isoformat()}" if last and last != first else first.isoformat()
    return f"Utförs: {line.service_place}, {days}" if line.service_place else f"Utförs: {days}"
