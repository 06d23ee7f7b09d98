"""What the supplier is told of the changes that it wanted, as a document and as a table."""

from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from core import formatting
from core.pdf import typeset
from core.spreadsheets import csv_lines
from procurement.documents.facts import OrderFacts
from procurement.models import ChangeNotice, NoticedLine

TEMPLATE = Path(__file__).with_name("change.typ")

CSV_HEADER = (
    "Besked om inköpsorder",
    "Rad",
    "Artikelnummer",
    "Benämning",
    "Besked",
    "Antal",
    "Enhet",
    "Pris per enhet exkl. moms",
    "Leveransdag",
)
AGREED, DECLINED = "Godtagen ändring", "Leverera inte"


def noticed_lines(notice: ChangeNotice) -> list[NoticedLine]:
    """What was decided, line by line."""
    return list(notice.lines.select_related("order_line__item").order_by("order_line__position"))


def change_pdf(facts: OrderFacts, notice: ChangeNotice) -> bytes:
    """Typeset the answer as PDF/UA-1; the same facts give the same bytes."""
    order, contact = facts.order, facts.contact
    return typeset(
        TEMPLATE,
        {
            "number": formatting.order_number(order.number),
            "decided": timezone.localdate(notice.requested_at).isoformat(),
            "sender": {
                "name": facts.authority.name,
                "org_number": facts.authority.org_number,
                "department": order.delivery_place.department.administration.name,
            },
            "supplier": {"name": order.supplier.name, "org_number": order.supplier.org_number},
            "contact": {"name": contact.full_name, "email": contact.email} if contact else None,
            "lines": [
                {
                    "position": str(each.order_line.position),
                    "description": each.order_line.description,
                    "decision": AGREED if each.is_agreed else DECLINED,
                    "quantity": formatting.quantity(each.quantity) if each.is_agreed else "0",
                    "unit": each.order_line.unit,
                    "unit_price": formatting.unit_price(each.unit_price) if each.is_agreed else "",
                    "day": formatting.long_day(each.delivery_date) if each.is_agreed else "",
                }
                for each in noticed_lines(notice)
            ],
        },
        at=notice.requested_at,
    )


def change_csv(facts: OrderFacts, notice: ChangeNotice) -> bytes:
    """Write the answer as CSV, in columns of its own so that no system reads it in as an order."""
    rows = (
        (
            facts.order.number,
            each.order_line.position,
            each.order_line.item.number if each.order_line.item else "",
            each.order_line.description,
            AGREED if each.is_agreed else DECLINED,
            each.quantity if each.is_agreed else Decimal(0),
            each.order_line.unit,
            each.unit_price,
            each.delivery_date if each.is_agreed else "",
        )
        for each in noticed_lines(notice)
    )
    return b"".join(csv_lines(CSV_HEADER, rows))
