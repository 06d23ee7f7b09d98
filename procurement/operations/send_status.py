"""What becomes of a message to a supplier: the parts that sending it, and seeing to what could not be sent, share."""

from datetime import datetime

from django.utils import timezone

from core.states import move
from core.wakeups import wake
from core.working_days import add_working_days
from procurement.events import Event
from procurement.models import ChangeNotice, MessageKind, NoticedDecision, PurchaseOrder
from procurement.models.sending import Sendable
from procurement.states import ORDER_TRANSITIONS, OrderStatus

SENT = {
    MessageKind.ORDER: Event.ORDER_SENT,
    MessageKind.CANCELLATION: Event.CANCELLATION_SENT,
    MessageKind.CHANGE: Event.CHANGE_SENT,
}
NOT_SENT = {
    MessageKind.ORDER: Event.ORDER_NOT_SENT,
    MessageKind.CANCELLATION: Event.CANCELLATION_NOT_SENT,
    MessageKind.CHANGE: Event.CHANGE_NOT_SENT,
}


def locked_message(kind: type[Sendable], key: int) -> Sendable:
    """Lock one message; its supplier comes with it."""
    locked = kind._default_manager.select_for_update(of=("self",), no_key=True)
    return locked.select_related(kind.supplier_path).get(pk=key)


def set_sent(message: Sendable, *, at: datetime) -> None:
    """
    Write that a locked message has reached its supplier; from then on the supplier has its days to answer what it asks.

    One that was cancelled meanwhile stays cancelled, and was sent all the same.
    """
    fields = ["status", "sent_at", "send_error"]
    if message.status != OrderStatus.CANCELLED:
        move(message, to=OrderStatus.SENT, transitions=ORDER_TRANSITIONS)
    message.sent_at, message.send_error = at, ""
    answer_days = message.purchase_order.supplier.answer_days
    if answer_days is not None and isinstance(message, PurchaseOrder | ChangeNotice) and _asks(message):
        message.answer_due_date = add_working_days(timezone.localdate(at), answer_days)
        fields.append("answer_due_date")
    message.save(update_fields=fields)


def _asks(message: PurchaseOrder | ChangeNotice) -> bool:
    """Whether it waits for an answer: an order does, and a notice that asks for another day."""
    if isinstance(message, PurchaseOrder):
        return True
    return message.lines.filter(decision=NoticedDecision.DAY_ASKED).exists()


def wake_for(message: Sendable) -> None:
    """Wake whoever sends this message."""
    if isinstance(message, PurchaseOrder):
        wake("procurement.send_order", order_id=message.pk)
    else:
        wake(f"procurement.send_{message.message_kind}", notice_id=message.pk)
