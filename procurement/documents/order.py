"""The facts of one order, and its two files."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from core import formatting
from core.pdf import typeset
from core.spreadsheets import csv_lines
from organizations.models import User
from procurement.models import Allocation, OrderLine, PurchaseOrder, RequisitionLine

TEMPLATE = Path(__file__).with_name("order.typ")

CSV_HEADER = (
    "Ordernummer",
    "Rad",
    "Artikelnummer",
    "GTIN",
    "Benämning",
    "Specifikation",
    "Antal",
    "Enhet",
    "Pris per enhet exkl. moms",
    "Belopp exkl. moms",
    "Valuta",
    "Leverans senast",
    "Avtalsnummer",
    "Leveransplats",
    "Gatuadress",
    "Postnummer",
    "Ort",
    "Märkning",
)


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
    expected_date: date
    marking: str


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Everything that an order says, loaded with a number of queries that does not grow with its lines."""

    order: PurchaseOrder
    lines: list[LineFacts]
    contact: User | None

    @property
    def total(self) -> Decimal:
        """Sum of the lines, SEK excluding VAT."""
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def expected_date(self) -> date | None:
        """The day when the last line is expected."""
        return max((line.expected_date for line in self.lines), default=None)


def order_facts(order: PurchaseOrder) -> OrderFacts:
    """Load an order with what its documents need."""
    order = PurchaseOrder.objects.select_related(
        "supplier", "agreement", "created_by", "delivery_place__department__administration__authority"
    ).get(pk=order.pk)
    allocations: dict[int, list[Allocation]] = {}
    for allocation in (
        Allocation.objects.filter(order_line__order=order)
        .select_related("line__requisition__department", "line__requisition__requester", "line__responsible")
        .order_by("order_line__position", "pk")
    ):
        allocations.setdefault(allocation.order_line_id, []).append(allocation)
    lines = order.lines.select_related("item").order_by("position")
    return OrderFacts(
        order=order,
        lines=[_line(line, allocations.get(line.pk, [])) for line in lines],
        contact=_contact(order, allocations),
    )


def _contact(order: PurchaseOrder, allocations: dict[int, list[Allocation]]) -> User | None:
    """Whom the supplier asks: who placed the order, else who answers for its first line."""
    if order.created_by is not None:
        return order.created_by
    return next((each.line.responsible for group in allocations.values() for each in group), None)


def _line(line: OrderLine, allocations: list[Allocation]) -> LineFacts:
    item = line.item
    markings = (f"{each.line.requisition.number} {each.line.requisition.department}" for each in allocations)
    needs = [each.line for each in allocations]
    specifications = (said for need in needs for said in (_service(need), need.specification) if said)
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
        expected_date=line.expected_date,
        marking="; ".join(dict.fromkeys(markings)),
    )


def _service(line: RequisitionLine) -> str:
    """Where and when a service is to be done; nothing for goods."""
    first, last = line.service_start_date, line.service_end_date
    if first is None:
        return ""
    days = f"{first.isoformat()} till {last.isoformat()}" if last and last != first else first.isoformat()
    return f"Utförs: {line.service_place}, {days}" if line.service_place else f"Utförs: {days}"


def order_pdf(facts: OrderFacts) -> bytes:
    """Typeset the order as PDF/UA-1; the same order gives the same bytes."""
    order, contact = facts.order, facts.contact
    place, authority = order.delivery_place, order.delivery_place.department.administration.authority
    return typeset(
        TEMPLATE,
        {
            "number": formatting.order_number(order.number),
            "ordered": timezone.localdate(order.created_at).isoformat(),
            "expected": formatting.long_day(facts.expected_date),
            "sender": {
                "name": authority.name,
                "org_number": authority.org_number,
                "department": place.department.administration.name,
            },
            "supplier": {
                "name": order.supplier.name,
                "org_number": order.supplier.org_number,
                "email": order.supplier.order_email,
            },
            "place": {
                "name": place.name,
                "department": place.department.name,
                "street": place.street,
                "town": f"{place.postcode} {place.city}",
            },
            "agreement": {
                "number": order.agreement.number,
                "title": order.agreement.title,
                "diary_number": order.agreement.diary_number,
            }
            if order.agreement
            else None,
            "contact": {"name": contact.full_name, "title": contact.title, "email": contact.email}
            if contact
            else None,
            "lines": [_line_texts(line) for line in facts.lines],
            "total": formatting.kr(facts.total),
        },
        at=order.created_at,
    )


def _line_texts(line: LineFacts) -> dict[str, str]:
    return {
        "position": str(line.position),
        "item_number": line.item_number,
        "description": line.description,
        "specification": line.specification,
        "quantity": formatting.quantity(line.quantity),
        "unit": line.unit,
        "unit_price": formatting.unit_price(line.unit_price),
        "amount": formatting.number(line.amount, 2),
        "marking": line.marking,
    }


def order_csv(facts: OrderFacts) -> bytes:
    """Write the order as CSV: one row per line, header values repeated so that each row stands alone."""
    order, place = facts.order, facts.order.delivery_place
    agreement = order.agreement.number if order.agreement else ""
    rows = (
        (
            order.number,
            line.position,
            line.item_number,
            line.gtin,
            line.description,
            line.specification,
            line.quantity,
            line.unit,
            line.unit_price,
            line.amount,
            "SEK",
            line.expected_date,
            agreement,
            place.name,
            place.street,
            place.postcode,
            place.city,
            line.marking,
        )
        for line in facts.lines
    )
    return b"".join(csv_lines(CSV_HEADER, rows))
