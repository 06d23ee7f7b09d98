"""Outbound messages of procurement."""

from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from core import formatting
from procurement.documents.order import OrderFacts, order_csv, order_facts, order_pdf
from procurement.models import PurchaseOrder


def order_message(order: PurchaseOrder) -> EmailMessage:
    """
    Compose the e-mail that carries an order to its supplier, with PDF and CSV.

    Message-ID comes from the order number alone, so that a message sent twice is recognised as one.
    """
    facts = order_facts(order)
    order = facts.order
    name = f"Inkopsorder-{order.number}"
    message = EmailMessage(
        subject=f"Inköpsorder {order.number} från {_sender(facts)}",
        body=_body(facts),
        to=[order.supplier.order_email],
        reply_to=[facts.contact.email] if facts.contact else None,
        headers={"Message-ID": order_message_id(order), "X-Rauk-Order": order.number},
    )
    message.attach(_file(f"{name}.pdf", order_pdf(facts), "application/pdf"))
    message.attach(_file(f"{name}.csv", order_csv(facts), "text/csv"))
    return message


def _file(name: str, content: bytes, mime_type: str) -> MIMEBase:
    """Attach bytes as they are; Django would re-code a text file and its line ends."""
    part = MIMEBase(*mime_type.split("/"))
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def order_message_id(order: PurchaseOrder) -> str:
    """Give the same Message-ID each time an order is sent: ``<2021-00417@inkop.example>``."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return f"<{order.number}@{address.rpartition('@')[2] or 'localhost'}>"


def _sender(facts: OrderFacts) -> str:
    return facts.order.delivery_place.department.administration.authority.name


def _body(facts: OrderFacts) -> str:
    """Write the order's essence as plain text, for whoever cannot open the files."""
    order, place = facts.order, facts.order.delivery_place
    agreement = f" enligt avtal {order.agreement.number}" if order.agreement else ""
    intro = (
        f"Här kommer inköpsorder {order.number} från {_sender(facts)}{agreement}. "
        f"Ordern har {_lines(len(facts.lines))} och summan är {formatting.kr(facts.total)} exklusive moms."
    )
    delivery = (
        f"Leverera till {place.department}, {place.name}, {place.address}, "
        f"senast {formatting.long_day(facts.expected_date)}."
    )
    files = (
        "Hela ordern finns bifogad som PDF, och som CSV för den som läser in den i ett system. "
        "Får ni samma ordernummer igen är det samma order, inte en ny."
    )
    marking = f"Märk leveransen och fakturan med ordernummer {order.number}."
    paragraphs = ["Hej,", intro, delivery, marking, files]
    if facts.contact:
        paragraphs.append(f"Frågor besvaras av {facts.contact.full_name}, {facts.contact.email}.")
    paragraphs.append(f"Vänliga hälsningar\n{_sender(facts)}")
    return "\n\n".join(paragraphs) + "\n"


def _lines(count: int) -> str:
    return "en rad" if count == 1 else f"{count} rader"
