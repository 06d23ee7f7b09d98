"""The cancellation of an order as a document and as a table. Neither can be taken for an order."""

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from core import formatting
from core.pdf import typeset
from core.spreadsheets import csv_lines
from procurement.documents.facts import OrderFacts

TEMPLATE = Path(__file__).with_name("cancellation.typ")

CSV_HEADER = ("Makulerad inköpsorder", "Rad", "Artikelnummer", "Benämning", "Makulerat antal", "Enhet")


def cancellation_pdf(facts: OrderFacts, *, cancelled_at: datetime) -> bytes:
    """Typeset the cancellation as PDF/UA-1; the same facts give the same bytes."""
    order, contact = facts.order, facts.contact
    authority = order.delivery_place.department.administration.authority
    return typeset(
        TEMPLATE,
        {
            "number": formatting.order_number(order.number),
            "ordered": timezone.localdate(order.created_at).isoformat(),
            "cancelled": timezone.localdate(cancelled_at).isoformat(),
            "sender": {
                "name": authority.name,
                "org_number": authority.org_number,
                "department": order.delivery_place.department.administration.name,
            },
            "supplier": {"name": order.supplier.name, "org_number": order.supplier.org_number},
            "contact": {"name": contact.full_name, "email": contact.email} if contact else None,
            "lines": [
                {
                    "position": str(line.position),
                    "item_number": line.item_number,
                    "description": line.description,
                    "quantity": formatting.quantity(line.quantity),
                    "unit": line.unit,
                }
                for line in facts.lines
            ],
        },
        at=cancelled_at,
    )


def cancellation_csv(facts: OrderFacts) -> bytes:
    """Write the cancelled lines as CSV, in columns of its own so that no system reads them in as an order."""
    rows = (
        (
            facts.order.number,
            line.position,
            line.item_number,
            line.description,
            line.quantity,
            line.unit,
        )
        for line in facts.lines
    )
    return b"".join(csv_lines(CSV_HEADER, rows))
