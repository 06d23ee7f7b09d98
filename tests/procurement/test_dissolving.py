"""What is asked a last time before an order leaves: each event in the world, and what becomes of the order."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, Supplier
from audit.models import Entry
from catalog.models import Item, Price
from catalog.states import ItemStatus
from organizations.models import AccountingCode
from procurement.models import Allocation, Deviation, PurchaseOrder, RequisitionLine
from procurement.operations import orders, receipts, sending
from procurement.operations.receipts import ReceiptEntry
from procurement.states import LineStatus, OrderStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.procurement.deciding import committed


def supplier_is_blocked(cast: Cast) -> None:
    Supplier.objects.update(blocked_reason="Sanktioner")


def item_is_recalled(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad")


def agreement_ended(cast: Cast) -> None:
    period = DateRange(TODAY - timedelta(days=400), TODAY)
    Agreement.objects.filter(pk=cast.agreement.pk).update(valid_during=period)


def price_rose(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(70))


def account_closed(cast: Cast) -> None:
    AccountingCode.objects.filter(pk=cast.account.pk).update(closed_date=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    "event", [supplier_is_blocked, item_is_recalled, agreement_ended, price_rose, account_closed]
)
def test_an_order_that_no_longer_holds_does_not_leave(cast: Cast, event: Callable[[Cast], None]) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    event(cast)
    sending.send_order(order=order, at=NOW)
    order.refresh_from_db()
    line = RequisitionLine.objects.get()
    assert mail.outbox == []
    assert order.status == OrderStatus.CANCELLED
    assert (line.status, bool(line.taken_back_reason)) == (LineStatus.AWAITING, True)
    assert committed(cast) == 0
    assert not Allocation.objects.exists()
    assert Entry.objects.filter(event="order.cancelled", rule="recheck").exists()


def test_what_still_holds_leaves_with_the_next_order(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10), (cast.gown, 2))
    item_is_recalled(cast)
    sending.send_order(order=order, at=NOW)
    assert dict(RequisitionLine.objects.values_list("item", "status")) == {
        cast.gloves.pk: LineStatus.AWAITING,
        cast.gown.pk: LineStatus.APPROVED,
    }
    (another,) = orders.consolidate(at=NOW, due_only=False)
    sending.send_order(order=another, at=NOW)
    assert len(mail.outbox) == 1
    assert PurchaseOrder.objects.get(pk=another.pk).status == OrderStatus.SENT


def test_a_price_that_has_fallen_is_what_the_order_says(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(50))
    sending.send_order(order=order, at=NOW)
    assert mail.outbox == []
    (another,) = orders.consolidate(at=NOW, due_only=False)
    sending.send_order(order=another, at=NOW)
    assert len(mail.outbox) == 1
    assert another.lines.get().unit_price == Decimal("50.0000")
    assert committed(cast) == Decimal("500.00")


def test_an_order_that_holds_leaves_once(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    sending.send_order(order=order, at=NOW)
    supplier_is_blocked(cast)
    sending.send_order(order=order, at=NOW)
    order.refresh_from_db()
    assert (order.status, len(mail.outbox)) == (OrderStatus.SENT, 1)


@pytest.mark.parametrize(
    ("came", "deviation"), [("3", Deviation.NONE), ("0", Deviation.DAMAGED)], ids=["some", "all of it broken"]
)
def test_an_order_of_which_something_has_come_is_not_taken_apart(
    cast: Cast, came: str, deviation: Deviation
) -> None:
    """It was read out on the telephone and delivered before its message could leave."""
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    broken = Decimal(0) if deviation == Deviation.NONE else Decimal(1)
    entry = ReceiptEntry(Allocation.objects.get().pk, Decimal(came), deviation, broken)
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    item_is_recalled(cast)
    sending.send_order(order=order, at=NOW)
    order.refresh_from_db()
    assert order.status == OrderStatus.SENT
    assert RequisitionLine.objects.get().status in {LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED}
    assert committed(cast) == Decimal("580.00")


def test_an_order_that_may_have_left_is_not_taken_apart(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    assert sending._claim(PurchaseOrder, order.pk, NOW) is not None
    item_is_recalled(cast)
    sending.send_order(order=order, at=NOW + sending.LEASE)
    order.refresh_from_db()
    assert order.status == OrderStatus.SENT
    assert RequisitionLine.objects.get().status == LineStatus.ORDERED
