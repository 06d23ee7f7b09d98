"""
How an order leaves: one small interface, and a channel for each way.

A channel is chosen per supplier in the register. It knows where it takes a message for the supplier, and hands one message over
without waiting for anything that the database holds. What became of it is a `core.delivery.Failure`, or nothing when it has left:
sending again, giving up and telling a person are the same whatever the channel (`procurement/operations/sending.py`). A channel
that is away holds up no other.
"""

from collections.abc import Mapping
from typing import Protocol

from agreements.models import OrderChannel, Supplier
from core.delivery import Failure
from procurement.channels.mail import Mail
from procurement.channels.peppol import Peppol
from procurement.documents.stored_files import OrderFiles
from procurement.models import MessageKind, SendAttempt


class Channel(Protocol):
    """One way for messages to reach suppliers."""

    def address_of(self, supplier: Supplier) -> str:
        """Where the supplier gets them."""
        ...

    def send(self, attempt: SendAttempt, files: OrderFiles) -> Failure | None:
        """Hand one message over; None when it has left, else why not. Waits with no lock held."""
        ...


CHANNELS: Mapping[OrderChannel, Channel] = {OrderChannel.EMAIL: Mail(), OrderChannel.PEPPOL: Peppol()}


def channel_for(kind: MessageKind, chosen: str) -> OrderChannel:
    """
    The channel that a kind of message takes to a supplier that has chosen one for its orders.

    Peppol BIS Ordering 3 has an order and its response; cancellations and answers to changes are no messages of it, so they go
    by e-mail to every supplier.
    """
    return OrderChannel(chosen) if kind == MessageKind.ORDER else OrderChannel.EMAIL
