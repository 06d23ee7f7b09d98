"""What a person does about messages to suppliers that could not be sent: try again, or say that the supplier has it."""

from datetime import datetime

from audit import trail
from core.states import move
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import CancellationNotice, ChangeNotice, MessageKind, PurchaseOrder
from procurement.models.sending import Sendable
from procurement.operations.putting_away import put_away_for
from procurement.operations.send_status import SENT, locked_message, set_sent, wake_for
from procurement.states import ORDER_TRANSITIONS, OrderStatus

RETRIED = {
    MessageKind.ORDER: Event.ORDER_RETRIED,
    MessageKind.CANCELLATION: Event.CANCELLATION_RETRIED,
    MessageKind.CHANGE: Event.CHANGE_RETRIED,
}


@operation
def retry_sending(*, order: PurchaseOrder, by: User, at: datetime) -> PurchaseOrder:
    """
    Try again to send an order, its cancellation or an answer to a change that could not be sent.

    :raises NotPermitted: she is no manager of what is ordered.
    :raises WrongState: it is not one that could not be sent.
    """
    message, on_behalf_of = _unsent_message(order, by=by, at=at)
    order = message.purchase_order
    move(message, to=OrderStatus.READY, transitions=ORDER_TRANSITIONS)
    message.next_attempt_at, message.send_attempts = at, 0
    message.save(update_fields=["status", "next_attempt_at", "send_attempts"])
    trail.record(RETRIED[message.message_kind], subject=order, by=by, at=at, on_behalf_of=on_behalf_of)
    put_away_for([by.pk], at=at)
    wake_for(message)
    return order


@operation
def confirm_received_by_supplier(*, order: PurchaseOrder, by: User, at: datetime) -> PurchaseOrder:
    """
    Mark a message as sent because the supplier has it although no attempt is known to have arrived.

    :raises NotPermitted: she is no manager of what is ordered.
    :raises WrongState: it is not one that could not be sent.
    """
    message, on_behalf_of = _unsent_message(order, by=by, at=at)
    set_sent(message, at=at)
    trail.record(
        SENT[message.message_kind],
        subject=message.purchase_order,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of,
        rule="confirmed_by_supplier",
    )
    put_away_for([by.pk], at=at)
    return message.purchase_order


def _unsent_message(order: PurchaseOrder, *, by: User, at: datetime) -> tuple[Sendable, User | None]:
    """
    Lock the order, and the notice about it that could not be sent when the order itself was.

    :returns: the one of them that could not be sent, and in whose place the person sees to it.
    """
    message = locked_message(PurchaseOrder, order.pk)
    order = message.purchase_order
    require(permissions.can_retry_sending(by, order, at=at))
    capacity = permissions.cancelling_capacity(by, order, at=at)
    if message.status != OrderStatus.NOT_SENT:
        cancellation = CancellationNotice.objects.filter(order=order, status=OrderStatus.NOT_SENT)
        changes = ChangeNotice.objects.filter(order=order, status=OrderStatus.NOT_SENT).order_by("number")
        kind, key = next(
            (type(each), each.pk) for notices in (cancellation, changes) for each in notices.only("pk")
        )
        message = locked_message(kind, key)
    return message, capacity.on_behalf_of
