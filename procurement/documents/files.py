"""The two files of a message to a supplier."""

from procurement.documents.cancellation import cancellation_csv, cancellation_pdf
from procurement.documents.facts import order_facts
from procurement.documents.kept import OrderFiles
from procurement.documents.order import order_csv, order_pdf
from procurement.models import MessageKind, PurchaseOrder


def made_files(order: PurchaseOrder, kind: MessageKind) -> OrderFiles:
    """Make the files of an order, or of its cancellation, from what it says now."""
    facts = order_facts(order)
    if kind is MessageKind.ORDER:
        return OrderFiles(order_pdf(facts), order_csv(facts))
    cancelled_at = order.cancellation_notice.requested_at
    return OrderFiles(cancellation_pdf(facts, cancelled_at=cancelled_at), cancellation_csv(facts))
