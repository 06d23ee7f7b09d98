"""Outbound messages of procurement."""

from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from core import formatting
from procurement.documents.change import Purpose, decided_lines, purpose_of
from procurement.documents.facts import OrderFacts, order_facts
from procurement.documents.order import requested_words
from procurement.documents.stored_files import OrderFiles
from procurement.models import ChangeNotice, MessageKind, PurchaseOrder, SendAttempt


def message(attempt: SendAttempt, files: OrderFiles) -> EmailMessage:
    """Compose what this attempt sends: an order, or the cancellation of one."""
    facts = order_facts(attempt.order)
    if attempt.kind == MessageKind.CHANGE:
        notice = attempt.order.change_notices.get(number=attempt.serial)
        return change_message(facts, notice, files, to=attempt.address)
    compose = order_message if attempt.kind == MessageKind.ORDER else cancellation_message
    return compose(facts, files, to=attempt.address)


def order_message(facts: OrderFacts, files: OrderFiles, *, to: str) -> EmailMessage:
    """
    Compose the e-mail that carries an order to its supplier, with PDF and CSV.

    Message-ID comes from the order number alone, so that a message sent twice is recognised as one.
    """
    number = facts.order.number
    message = EmailMessage(
        subject=f"Inköpsorder {number} från {_sender(facts)}",
        body=_body(facts),
        to=[to],
        reply_to=[facts.contact.email] if facts.contact else None,
        headers={"Message-ID": order_message_id(facts.order), "X-Rauk-Order": number},
    )
    _attach(message, f"Inkopsorder-{number}", files)
    return message


def cancellation_message(facts: OrderFacts, files: OrderFiles, *, to: str) -> EmailMessage:
    """
    Compose the e-mail that tells a supplier that an order is cancelled, as a reply to the order itself.

    Its Message-ID too is the same each time.
    """
    number, order_id = facts.order.number, order_message_id(facts.order)
    message = EmailMessage(
        subject=f"Makulering av inköpsorder {number} från {_sender(facts)}",
        body=_cancellation_body(facts),
        to=[to],
        reply_to=[facts.contact.email] if facts.contact else None,
        headers={
            "Message-ID": order_id.replace("@", ".makulering@", 1),
            "In-Reply-To": order_id,
            "References": order_id,
            "X-Rauk-Cancelled-Order": number,
        },
    )
    _attach(message, f"Makulering-{number}", files)
    return message


def change_message(facts: OrderFacts, notice: ChangeNotice, files: OrderFiles, *, to: str) -> EmailMessage:
    """
    Compose the e-mail that tells a supplier what holds of an order that is changed, as a reply to the order.

    Its Message-ID too is the same each time; each notice about an order has its own.
    """
    number, order_id = facts.order.number, order_message_id(facts.order)
    message = EmailMessage(
        subject=f"Besked om ändring av inköpsorder {number} från {_sender(facts)}",
        body=_change_body(facts, notice),
        to=[to],
        reply_to=[facts.contact.email] if facts.contact else None,
        headers={
            "Message-ID": order_id.replace("@", f".besked-{notice.number}@", 1),
            "In-Reply-To": order_id,
            "References": order_id,
            "X-Rauk-Changed-Order": number,
        },
    )
    _attach(message, f"Besked-{number}-{notice.number}", files)
    return message


def _attach(message: EmailMessage, name: str, files: OrderFiles) -> None:
    message.attach(_file(f"{name}.pdf", files.pdf, "application/pdf"))
    message.attach(_file(f"{name}.csv", files.csv, "text/csv"))


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
    return facts.authority.name


def _body(facts: OrderFacts) -> str:
    """Write the order's essence as plain text, for whoever cannot open the files."""
    order, place = facts.order, facts.order.delivery_place
    agreement = f" enligt avtal {order.agreement.number}" if order.agreement else ""
    intro = (
        f"Här kommer inköpsorder {order.number} från {_sender(facts)}{agreement}. "
        f"Ordern har {_lines(len(facts.lines))} och summan är {formatting.kr(facts.total + order.freight_amount)}"
        f" exklusive moms{', varav frakt ' + formatting.kr(order.freight_amount) if order.freight_amount else ''}."
    )
    delivery = (
        f"Leverera till {place.department}, {place.name}, {place.address}, "
        f"senast {requested_words(facts.requested_dates)}."
    )
    files = (
        "Hela ordern finns bifogad som PDF, och som CSV för den som läser in den i ett system. "
        "Får ni samma ordernummer igen är det samma order, inte en ny."
    )
    marking = f"Märk leveransen med ordernummer {order.number}."
    paragraphs = ["Hej,", intro, delivery, marking, _invoicing(facts), files]
    if facts.contact:
        paragraphs.append(f"Frågor besvaras av {facts.contact.full_name}, {facts.contact.email}.")
    paragraphs.append(f"Vänliga hälsningar\n{_sender(facts)}")
    return "\n\n".join(paragraphs) + "\n"


def _invoicing(facts: OrderFacts) -> str:
    """Where the invoice goes, and what it says so that it finds its way."""
    address = ", ".join(facts.authority.invoice_lines)
    on_paper = f", eller på papper till {address}" if address else ""
    return (
        f"Fakturera med e-faktura till Peppol-adress {facts.authority.peppol_address}{on_paper}. "
        f"Skriv ordernummer {facts.order.number} och er referens {facts.reference} på fakturan."
    )


def _cancellation_body(facts: OrderFacts) -> str:
    """Write the cancellation's essence as plain text, for whoever cannot open the files."""
    number = facts.order.number
    paragraphs = [
        "Hej,",
        f"Inköpsorder {number} från {_sender(facts)} är makulerad i sin helhet. Leverera inte.",
        "Har ni inte fått ordern behöver ni inte göra något. Har något redan levererats, hör av er.",
        "Makuleringen finns bifogad som PDF, och som CSV för den som läser in den i ett system.",
    ]
    if facts.contact:
        paragraphs.append(f"Frågor besvaras av {facts.contact.full_name}, {facts.contact.email}.")
    paragraphs.append(f"Vänliga hälsningar\n{_sender(facts)}")
    return "\n\n".join(paragraphs) + "\n"


def _change_body(facts: OrderFacts, notice: ChangeNotice) -> str:
    """Write what holds as plain text, for whoever cannot open the files."""
    rows = []
    for each in decided_lines(notice):
        terms = (
            f": {formatting.quantity(each.quantity)} {each.line.unit} à {formatting.unit_price(each.unit_price)},"
            f" leverans {formatting.long_day(each.day)}"
        )
        if each.day_before:
            terms += f" i stället för {formatting.long_day(each.day_before)}"
        text = each.decision + (terms if each.comes else "")
        rows.append(f"Rad {each.line.position}, {each.line.description}. {text}.")
    order = f"inköpsorder {facts.order.number} från {_sender(facts)}"
    intros = {
        Purpose.REDUCTION: f"Vi behöver färre än vi har beställt i {order}. Antalet är allt som ska levereras, med det som redan"
        " har kommit.",
        Purpose.DAY: f"Vi behöver det som är kvar att leverera en annan dag än vi har kommit överens om i {order}. Svara om ni kan"
        " leverera den dagen. Till dess gäller den dag som gällde förut.",
        Purpose.ANSWER: f"Ni har velat ändra i {order}. Så här gäller de raderna.",
    }
    paragraphs = ["Hej,", f"{intros[purpose_of(notice)]} Övriga rader gäller som beställt.", "\n".join(rows)]
    if facts.contact:
        paragraphs.append(f"Frågor besvaras av {facts.contact.full_name}, {facts.contact.email}.")
    paragraphs.append(f"Vänliga hälsningar\n{_sender(facts)}")
    return "\n\n".join(paragraphs) + "\n"


def _lines(count: int) -> str:
    return "en rad" if count == 1 else f"{count} rader"
