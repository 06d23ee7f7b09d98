"""The order to a supplier as a document and as a table."""

from datetime import date
from pathlib import Path

from django.utils import timezone

from core import formatting
from core.pdf import typeset
from core.spreadsheets import csv_lines
from procurement.documents.facts import LineFacts, OrderFacts, order_facts

__all__ = ["order_csv", "order_facts", "order_pdf"]

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
    "Er referens",
    "Fakturaadress",
    "Peppol-adress för e-faktura",
    "Frakt för ordern exkl. moms",
)


def order_pdf(facts: OrderFacts) -> bytes:
    """The order as PDF/UA-1: as it was sent, or typeset from what it says now; the same facts give the same bytes."""
    if facts.kept is not None:
        return facts.kept.pdf
    order, contact = facts.order, facts.contact
    place, authority = order.delivery_place, facts.authority
    return typeset(
        TEMPLATE,
        {
            "number": formatting.order_number(order.number),
            "ordered": timezone.localdate(order.created_at).isoformat(),
            "requested": requested_words(facts.requested_dates),
            "sender": {
                "name": authority.name,
                "org_number": authority.org_number,
                "department": place.department.administration.name,
            },
            "supplier": {
                "name": order.supplier.name,
                "org_number": order.supplier.org_number,
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
            "invoice": {
                "lines": authority.invoice_lines,
                "peppol": authority.peppol_address,
                "reference": facts.reference,
            },
            "lines": [_line_texts(line) for line in facts.lines],
            "freight": formatting.number(order.freight_amount, 2) if order.freight_amount else "",
            "total": formatting.kr(facts.total + order.freight_amount),
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
        "requested": formatting.long_day(line.requested_date),
    }


def requested_words(days: list[date]) -> str:
    """Say by when the lines are asked for: one day, or the first and the last with a reference to each line."""
    if len(days) > 1:
        return (
            f"olika dagar, se varje rad ({formatting.long_day(days[0])} till {formatting.long_day(days[-1])})"
        )
    return formatting.long_day(days[0]) if days else ""


def order_csv(facts: OrderFacts) -> bytes:
    """The order as CSV: as it was sent, or from what it says now. Each row stands alone, header values repeated."""
    if facts.kept is not None:
        return facts.kept.csv
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
            line.requested_date,
            agreement,
            place.name,
            place.street,
            place.postcode,
            place.city,
            line.marking,
            facts.reference,
            ", ".join(facts.authority.invoice_lines),
            facts.authority.peppol_address,
            order.freight_amount,
        )
        for line in facts.lines
    )
    return b"".join(csv_lines(CSV_HEADER, rows))
