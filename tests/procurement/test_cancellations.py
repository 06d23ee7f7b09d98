"""The supplier is told that an order is cancelled, once, when it was told of the order."""

from datetime import timedelta

from django.core import mail

from agreements.models import Supplier
from audit.models import Entry
from procurement.models import (
    CancellationNotice,
    MessageKind,
    PurchaseOrder,
)
from procurement.operations import orders, resending, sending
from procurement.states import OrderStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.faults.mail import MailServer, Mood
from tests.procurement.messages import LATER, attempts, fresh, try_until_it_ends


def test_cancelling_what_was_sent_tells_the_supplier(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Intern orsak", by=cast.manager, at=NOW)
    sending.send_due(at=NOW + timedelta(minutes=1))
    placed, cancelled = mail.outbox
    assert cancelled.subject == f"Makulering av inköpsorder {order.number} från Region Gotland"
    assert cancelled.extra_headers["In-Reply-To"] == placed.extra_headers["Message-ID"]
    assert cancelled.extra_headers["Message-ID"] != placed.extra_headers["Message-ID"]
    assert "Intern orsak" not in str(cancelled.message())
    notice = CancellationNotice.objects.get()
    assert (notice.status, fresh(order).status) == (OrderStatus.SENT, OrderStatus.CANCELLED)
    assert Entry.objects.about(order).filter(event="cancellation.sent").count() == 1
    assert sending.send_due(at=NOW + LATER) == 0


def test_a_supplier_that_is_blocked_is_told_that_its_order_is_cancelled(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    Supplier.objects.filter(pk=cast.supplier.pk).update(blocked_reason="Sanktioner")
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    sending.send_due(at=NOW + timedelta(minutes=1))
    assert CancellationNotice.objects.get().status == OrderStatus.SENT
    assert len(mail.outbox) == 2


def test_cancelling_what_never_left_tells_nobody(cast: Cast, server: MailServer) -> None:
    (order,) = worlds.ordered(cast)
    server.mood = Mood.GREYLISTING
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    assert not CancellationNotice.objects.exists()
    assert try_until_it_ends(order) == 0


def test_cancelling_while_it_is_being_sent_waits_for_nothing_and_tells_afterwards(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    claim = sending._claim(PurchaseOrder, order.pk, NOW)
    assert claim is not None
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    assert sending.send_due(at=NOW + timedelta(seconds=1)) == 0, "the order may still be on its way"
    sending._mark(PurchaseOrder, order.pk, claim, None, at=NOW + timedelta(seconds=2))
    cancelled = fresh(order)
    assert (cancelled.status, cancelled.sent_at) == (OrderStatus.CANCELLED, NOW + timedelta(seconds=2))
    assert Entry.objects.about(order).filter(event="order.sent").count() == 1
    assert sending.send_due(at=NOW + timedelta(seconds=3)) == 1
    assert CancellationNotice.objects.get().status == OrderStatus.SENT


def test_a_cancellation_that_cannot_be_sent_can_be_tried_again(cast: Cast, server: MailServer) -> None:
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    server.mood = Mood.NO_SUCH_RECIPIENT
    sending.send_due(at=NOW + timedelta(minutes=1))
    assert CancellationNotice.objects.get().status == OrderStatus.NOT_SENT
    assert list(PurchaseOrder.objects.not_sent()) == [order]
    server.mood = Mood.HELPFUL
    resending.retry_sending(order=order, by=cast.head, at=NOW + LATER)
    sending.send_due(at=NOW + LATER)
    assert CancellationNotice.objects.get().status == OrderStatus.SENT
    assert [attempt.kind for attempt in attempts(order)] == [MessageKind.CANCELLATION] * 2 + [
        MessageKind.ORDER
    ]
