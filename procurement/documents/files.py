"""The files of a message to a supplier."""

from agreements.models import OrderChannel
from procurement.documents.cancellation import cancellation_csv, cancellation_pdf
from procurement.documents.change import change_csv, change_pdf
from procurement.documents.facts import order_facts
from procurement.documents.order import order_csv, order_pdf
from procurement.documents.peppol_order import order_xml
from procurement.documents.stored_files import OrderFiles
from procurement.models import MessageKind, PurchaseOrder


def made_files(
    order: PurchaseOrder,
    kind: MessageKind,
    *,
    serial: int = 1,
    channel: OrderChannel = OrderChannel.EMAIL,
) -> OrderFiles:
    """Make the files of an order, of its cancellation or of an answer to a change, from what it says now."""
    facts = order_facts(order)
    if kind is MessageKind.CHANGE:
        notice = order.change_notices.get(number=serial)
        return OrderFiles(change_pdf(facts, notice), change_csv(facts, notice))
    if kind is MessageKind.CANCELLATION:
        cancelled_at = order.cancellation_notice.requested_at
        return OrderFiles(cancellation_pdf(facts, cancelled_at=cancelled_at), cancellation_csv(facts))
    xml = order_xml(facts) if channel is OrderChannel.PEPPOL else None
    return OrderFiles(order_pdf(facts), order_csv(facts), xml)
