"""The files of an order or of its cancellation as they were sent."""

from dataclasses import dataclass

from procurement.models import MessageKind, OrderDocument, PurchaseOrder


@dataclass(frozen=True, slots=True)
class OrderFiles:
    """A document for people and a table for systems."""

    pdf: bytes
    csv: bytes


def kept_files(order: PurchaseOrder, kind: MessageKind) -> OrderFiles | None:
    """Read the files that were sent; None before the first attempt."""
    kept = OrderDocument.objects.filter(order=order, kind=kind).first()
    return OrderFiles(bytes(kept.pdf), bytes(kept.csv)) if kept else None
