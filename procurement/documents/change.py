"""What the supplier is told of changes in an order that it has, as a document and as a table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from django.utils import timezone

from core import formatting
from core.pdf import typeset
from core.spreadsheets import csv_lines
from procurement.documents.facts import OrderFacts
from procurement.models import ChangeNotice, NoticedDecision, NoticedLine, OrderLine

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
    "Leveransdag förut",
)
DECISIONS = {
    NoticedDecision.AGREED: "Godtagen ändring",
    NoticedDecision.DECLINED: "Leverera inte",
    NoticedDecision.REDUCED: "Färre än beställt",
    NoticedDecision.DAY_ASKED: "Annan leveransdag önskas",
}
NO_MORE = "Leverera inte mer"
"""What is said of a line that is not to be delivered, of which something has come."""


class Purpose(StrEnum):
    """What a notice is about; all its lines are of one of them."""

    ANSWER = "answer"
    REDUCTION = "reduction"
    DAY = "day"


PURPOSES = {NoticedDecision.REDUCED: Purpose.REDUCTION, NoticedDecision.DAY_ASKED: Purpose.DAY}
"""Of the decisions that are not about what the supplier wanted to change."""


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """What holds of one line, in the supplier's words; ``quantity`` is all that is to come, with what has come already."""

    line: OrderLine
    decision: str
    quantity: Decimal
    unit_price: Decimal
    day: date
    day_before: date | None
    """The day that another is asked for instead of."""
    comes: bool
    """Whether anything more is to be delivered."""


def decided_lines(notice: ChangeNotice) -> list[ChangeOutcome]:
    """What was decided, line by line."""
    return [
        ChangeOutcome(
            each.order_line,
            _decision_text(each),
            each.quantity,
            each.unit_price,
            each.delivery_date,
            each.day_before,
            comes=each.quantity > 0 and each.decision != NoticedDecision.DECLINED,
        )
        for each in notice.lines.select_related("order_line__item").order_by("order_line__position")
    ]


def _decision_text(line: NoticedLine) -> str:
    if not line.quantity:
        return DECISIONS[NoticedDecision.DECLINED]
    return NO_MORE if line.decision == NoticedDecision.DECLINED else DECISIONS[NoticedDecision(line.decision)]


def purpose_of(notice: ChangeNotice) -> Purpose:
    """Whether it says that fewer are needed, asks for another day, or answers what the supplier wanted to change."""
    decision = notice.lines.order_by("pk").values_list("decision", flat=True)[0]
    return PURPOSES.get(NoticedDecision(decision), Purpose.ANSWER)


def change_pdf(facts: OrderFacts, notice: ChangeNotice) -> bytes:
    """Typeset the notice as PDF/UA-1; the same facts give the same bytes."""
    order, contact = facts.order, facts.contact
    return typeset(
        TEMPLATE,
        {
            "number": formatting.order_number(order.number),
            "purpose": purpose_of(notice),
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
                    "position": str(each.line.position),
                    "description": each.line.description,
                    "decision": each.decision,
                    "quantity": formatting.quantity(each.quantity),
                    "unit": each.line.unit,
                    "unit_price": formatting.unit_price(each.unit_price) if each.comes else "",
                    "day": formatting.long_day(each.day) if each.comes else "",
                    "day_before": formatting.long_day(each.day_before) if each.day_before else "",
                }
                for each in decided_lines(notice)
            ],
        },
        at=notice.requested_at,
    )


def change_csv(facts: OrderFacts, notice: ChangeNotice) -> bytes:
    """Write the notice as CSV, in columns of its own so that no system reads it in as an order."""
    rows = (
        (
            facts.order.number,
            each.line.position,
            each.line.item.number if each.line.item else "",
            each.line.description,
            each.decision,
            each.quantity,
            each.line.unit,
            each.unit_price,
            each.day if each.comes else "",
            each.day_before or "",
        )
        for each in decided_lines(notice)
    )
    return b"".join(csv_lines(CSV_HEADER, rows))
