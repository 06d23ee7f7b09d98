"""How a supplier delivers: each number from rows that can be opened, mistakes left out; savings follow what is taken back."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.models import Price
from procurement.models import Allocation, Deviation, Expectation, PurchaseOrder, Receipt
from procurement.operations import receipts
from procurement.operations.returning import send_back, take_back
from procurement.states import OrderStatus
from reporting.models import DeliveredLine
from reporting.supplier_facts import Aspect, rows_behind, supplier_facts
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of

SINCE = TODAY - timedelta(days=365)
LATER = NOW + timedelta(days=30)
LAST = LATER.date()


def received(
    cast: Cast, quantity: int, deviation: Deviation = Deviation.NONE, *, late: bool = False
) -> Receipt:
    """Ten are ordered, and so many come."""
    worlds.ordered(cast)
    allocation = Allocation.objects.latest("pk")
    wrong = Decimal(10 - quantity) if deviation != Deviation.SHORT else Decimal(0)
    entry = receipts.ReceiptEntry(allocation.pk, Decimal(quantity), deviation, wrong)
    at = LATER if late else NOW
    return receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=at)


def told(cast: Cast, through: date = LAST) -> dict[str, object]:
    facts = supplier_facts(cast.supplier.pk, since=SINCE, through=through)
    return {
        "rows": facts.rows,
        "late": facts.late,
        "whole": (facts.whole, facts.first),
        "dearer": (facts.dearer, facts.priced),
        "wrong": dict(facts.deviations),
        "still late": facts.still_late,
    }


def test_facts_of_a_period(cast: Cast) -> None:
    received(cast, 10)
    received(cast, 10, late=True)
    received(cast, 8, Deviation.DAMAGED)
    received(cast, 7, Deviation.SHORT)
    worlds.ordered(cast)
    PurchaseOrder.objects.update(status=OrderStatus.SENT, sent_at=NOW)
    assert told(cast) == {
        "rows": 4,
        "late": 1,
        "whole": (2, 4),
        "dearer": (0, 4),
        "wrong": {"damaged": 1, "short": 1},
        "still late": 2,
    }
    facts = supplier_facts(cast.supplier.pk, since=SINCE, through=LATER.date())
    assert (facts.on_time_percent, facts.whole_percent, facts.price_percent) == (50, 50, 100)
    assert told(cast, through=TODAY)["rows"] == 3
    other = supplier_facts(cast.paper_supplier.pk, since=SINCE, through=TODAY)
    assert (other.rows, other.on_time_percent) == (0, None)


def test_price_above_the_agreement_of_that_day_is_seen(cast: Cast) -> None:
    received(cast, 10)
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(50))
    assert told(cast)["dearer"] == (1, 1)
    assert len(rows_behind(cast.supplier.pk, Aspect.DEARER, since=SINCE, through=TODAY, most=9)) == 1


@pytest.mark.parametrize(
    ("aspect", "count"),
    [(Aspect.ALL, 3), (Aspect.LATE, 1), (Aspect.INCOMPLETE, 1), (Aspect.DEVIATING, 1), (Aspect.DEARER, 0)],
)
def test_rows_behind_each_number(cast: Cast, aspect: Aspect, count: int) -> None:
    received(cast, 10)
    received(cast, 10, late=True)
    received(cast, 8, Deviation.WRONG)
    rows = rows_behind(cast.supplier.pk, aspect, since=SINCE, through=LATER.date(), most=9)
    assert len(rows) == count


def test_a_mistake_is_no_fact(cast: Cast) -> None:
    receipt = received(cast, 8, Deviation.DAMAGED)
    take_back(key=uuid4(), receipt=receipt, reason="Fel", by=cast.colleague, at=NOW)
    assert told(cast, through=TODAY)["rows"] == 0


def test_what_is_delivered_sums_to_what_was_kept(cast: Cast) -> None:
    first, second = received(cast, 10), received(cast, 10)
    take_back(key=uuid4(), receipt=first, reason="Fel", by=cast.colleague, at=LATER)
    (row,) = second.lines.all()
    send_back(
        key=uuid4(), receipt=second, quantities={row.pk: Decimal(3)}, expects=Expectation.CREDIT,
        reason="Läcker", by=cast.colleague, at=LATER,
    )  # fmt: skip
    lines = DeliveredLine.objects.all()
    assert sum(each.quantity for each in lines) == 7
    assert sum(each.amount for each in lines) == 7 * Decimal("58.00")
    assert {each.delivered_date for each in lines} == {TODAY}, "each of the day of what it counts away"


def test_page_shows_the_numbers_with_their_rows(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED)
    address = f"/leverantorer/{cast.supplier.pk}/"
    page_text = text_of(signed_in(cast.manager).get(address, {"till": LATER.date().isoformat()}))
    for text in ("Hur levererar Nordmedica AB?", "I tid", "Skadad"):
        assert text in page_text
    client = signed_in(cast.manager)
    assert "Hur levererar" in text_of(client.get(f"/avtal/{cast.agreement.pk}/"))
    assert signed_in(cast.requester).get(address).status_code == 403
    assert client.get(address, {"till": "x"}).status_code == 422
