"""The files of a message to a supplier as they were sent."""

from dataclasses import dataclass

from agreements.models import OrderChannel
from procurement.models import MessageKind, OrderDocument, PurchaseOrder


@dataclass(frozen=True, slots=True)
class OrderFiles:
    """A document for people, a table for systems, and what goes through Peppol when that is how it is sent."""

    pdf: bytes
    csv: bytes
    xml: bytes | None = None


def files_as_sent(
    order: PurchaseOrder, kind: MessageKind, *, serial: int = 1, channel: OrderChannel | None = None
) -> OrderFiles | None:
    """
    Read the files that were sent; None before the first attempt.

    :param channel: through this channel; through the last one tried when nothing is said.
    """
    documents = OrderDocument.objects.filter(order=order, kind=kind, serial=serial)
    if channel is not None:
        documents = documents.filter(channel=channel)
    document = documents.order_by("-pk").first()
    if document is None:
        return None
    return OrderFiles(
        bytes(document.pdf), bytes(document.csv), None if document.xml is None else bytes(document.xml)
    )
