"""Orders by e-mail: the document for people, and the table for systems."""

from agreements.models import Supplier
from core.delivery import Failure, deliver
from procurement import notifications
from procurement.documents.stored_files import OrderFiles
from procurement.models import SendAttempt


class Mail:
    """E-mail to the supplier's address for orders."""

    def address_of(self, supplier: Supplier) -> str:
        """Its address for orders."""
        address: str = supplier.order_email
        return address

    def send(self, attempt: SendAttempt, files: OrderFiles) -> Failure | None:
        """Hand the message to the mail server; the same Message-ID each time, so that a second one is known for the first."""
        return deliver(notifications.message(attempt, files))
