"""
Ask the requester when an item has become dearer while her line waits, so that nobody pays more than she was shown.

``asked_unit_price`` on the line is the question. It is there as long as the list is above what she was shown or has said
yes to, and goes by itself when the price falls back. Used by the clock, by whoever tries to approve, and by what is taken
back at ordering; the answers are in ``operations/amendments.py``.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from audit import trail
from catalog.pricing import PriceLists
from core.bulk import update_rows
from core.transactions import operation
from procurement.calling_off import ask_of_winners
from procurement.events import Event
from procurement.market import prices_on
from procurement.models import LineKind, RequisitionLine
from procurement.operations.locks import lock_requisitions
from procurement.operations.telling import tell_of_risen_prices


def risen_price(line: RequisitionLine, prices: PriceLists) -> Decimal | None:
    """
    What one unit costs now of so many as were asked for, when that is more than the requester was shown.

    :param line: asked of whoever has won it, where it was competed for (`procurement.calling_off.ask_of_winners`).
    """
    price = prices.of(
        line.item_id, line.agreement_id, line.supplier_id, quantity=line.quantity, unit=line.unit
    )
    return price.unit_price if price is not None and price.unit_price > line.shown_unit_price else None


def ask_of(lines: Iterable[RequisitionLine], prices: PriceLists, *, at: datetime) -> None:
    """Ask about the prices of waiting lines that have risen, and let go of what need not be asked any longer."""
    risen_lines, changed = [], []
    for line in lines:
        price = risen_price(line, prices)
        if price == line.asked_unit_price:
            continue
        line.asked_unit_price = price
        changed.append(line)
        if price is not None:
            risen_lines.append(line)
    update_rows(changed, ["asked_unit_price"])
    trail.record_entries(
        trail.entry(
            Event.PRICE_ASKED,
            subject=line,
            by=None,
            at=at,
            unit_price=str(line.asked_unit_price),
            price_before=str(line.shown_unit_price),
        )
        for line in risen_lines
    )
    tell_of_risen_prices(risen_lines, at=at)


@operation
def ask_about_prices(*, at: datetime) -> int:
    """Ask the requesters of all waiting lines whose prices have risen; how many lines have got or lost a question."""
    waiting = RequisitionLine.objects.undecided().filter(kind=LineKind.ITEM)
    lines = list(waiting.select_related("agreement").only(*ASKED_FIELDS))
    day = timezone.localdate(at)
    ask_of_winners(lines, day=day)
    prices = prices_on(day, [line.item_id for line in lines])
    differing = [line for line in lines if risen_price(line, prices) != line.asked_unit_price]
    if not differing:
        return 0
    requisitions = {
        each.pk: each for each in lock_requisitions(list({line.requisition_id for line in differing}))
    }
    fresh = list(
        waiting.filter(pk__in=[line.pk for line in differing]).select_related("agreement").order_by("pk")
    )
    ask_of_winners(fresh, day=day)
    for line in fresh:
        line.requisition = requisitions[line.requisition_id]
    ask_of(fresh, prices_on(day, [line.item_id for line in fresh]), at=at)
    return len(fresh)


ASKED_FIELDS = (
    "requisition", "item", "agreement__call_off_method", "supplier", "quantity", "unit", "unit_price", "accepted_unit_price",
    "asked_unit_price", "status",
)  # fmt: skip
"""What is read of a line to know whether its price has risen."""
