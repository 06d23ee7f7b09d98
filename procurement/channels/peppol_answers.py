"""
What a supplier answers through Peppol: an Order Response of BIS Ordering 3, read from its file (pure).

The file is hostile until it is parsed: no entities are resolved, nothing is fetched, a document type is refused, and what is larger
than an answer can be is not read.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from core.errors import InvalidInput
from core.peppol import ORGANISATION
from procurement.models import AnswerOutcome

SIZE_LIMIT = 2_000_000
"""The largest answer that is read, bytes."""
MOST_LINES = 5_000
LARGEST = 1_000_000_000
"""What no quantity and no price in kronor comes to."""

RESPONSE = "urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2"
NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}

OUTCOMES = {
    "AB": AnswerOutcome.ACKNOWLEDGED,
    "AP": AnswerOutcome.CONFIRMED,
    "CA": AnswerOutcome.CHANGED,
    "RE": AnswerOutcome.REFUSED,
}
"""Response codes of UNCL 4343."""
LINE_OUTCOMES = {
    "3": AnswerOutcome.CHANGED,
    "5": AnswerOutcome.CONFIRMED,
    "7": AnswerOutcome.REFUSED,
    "42": AnswerOutcome.CONFIRMED,
}
"""Line status codes of UNCL 1229; what was delivered already was accepted."""
ADDED = "1"


class AnswerTooLarge(InvalidInput):
    """The file is larger than an answer can be."""

    code = "answer_too_large"
    sentence = _("Svarsfilen är för stor.")


class AnswerUnreadable(InvalidInput):
    """The file is no Order Response that can be read."""

    code = "answer_unreadable"
    sentence = _("Filen går inte att läsa som ett ordersvar i Peppol (Order Response).")


class AnswerSaysNothingKnown(InvalidInput):
    """The answer has a code, or a value, that it cannot have."""

    code = "answer_says_nothing_known"
    sentence = _("Ordersvaret innehåller ”%(value)s”, som inte går att tolka.")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What the answer says of one line, in the unit and currency that it names."""

    position: int
    outcome: AnswerOutcome
    quantity: Decimal | None
    unit_code: str
    unit_price: Decimal | None
    currency: str
    delivery_date: date | None
    comment: str


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An Order Response: of which order, from whom, and what it says."""

    order_number: str
    sellers: frozenset[str]
    """What the seller is known by, each a scheme, a colon and a number."""
    outcome: AnswerOutcome
    reference: str
    note: str
    lines: list[ReadLine]


def read_answer(content: bytes) -> ReadAnswer:
    """
    Read an Order Response.

    :raises AnswerTooLarge: it is larger than an answer can be.
    :raises AnswerUnreadable: it is damaged, hostile, or another document.
    :raises AnswerSaysNothingKnown: a code or a value has no meaning.
    """
    root = _root(content)
    code = _text(root, "cbc:OrderResponseCode")
    if code not in OUTCOMES:
        raise AnswerSaysNothingKnown(value=code[:20])
    lines = root.findall("cac:OrderLine", NAMESPACES)
    if len(lines) > MOST_LINES:
        raise AnswerTooLarge
    day = _day(root, "cac:Delivery/cac:PromisedDeliveryPeriod")
    return ReadAnswer(
        order_number=_text(root, "cac:OrderReference/cbc:ID"),
        sellers=_seller_numbers(root),
        outcome=OUTCOMES[code],
        reference=_text(root, "cbc:SalesOrderID") or _text(root, "cbc:ID"),
        note=" ".join(each.text or "" for each in root.iterfind("cbc:Note", NAMESPACES)).strip()[:2000],
        lines=[_line(line, day) for line in lines if _status(line) != ADDED],
    )


def _root(content: bytes) -> Any:
    if len(content) > SIZE_LIMIT:
        raise AnswerTooLarge
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise AnswerUnreadable from None
    if root.getroottree().docinfo.doctype or root.tag != f"{{{RESPONSE}}}OrderResponse":
        raise AnswerUnreadable
    return root


def _seller_numbers(root: Any) -> frozenset[str]:
    """By which numbers the seller is known; organisation numbers as they stand in Peppol."""
    party = "cac:SellerSupplierParty/cac:Party"
    numbers = set()
    for path in ("cbc:EndpointID", "cac:PartyIdentification/cbc:ID", "cac:PartyLegalEntity/cbc:CompanyID"):
        for each in root.iterfind(f"{party}/{path}", NAMESPACES):
            number = (each.text or "").strip()
            scheme = each.get("schemeID", "")
            if number:
                numbers.add(f"{scheme}:{number.replace('-', '') if scheme == ORGANISATION else number}")
    return frozenset(numbers)


def _status(line: Any) -> str:
    return _text(line, "cac:LineItem/cbc:LineStatusCode")


def _line(line: Any, whole_day: date | None) -> ReadLine:
    status = _status(line)
    if status not in LINE_OUTCOMES:
        raise AnswerSaysNothingKnown(value=status[:20])
    item = line.find("cac:LineItem", NAMESPACES)
    position = _text(line, "cac:OrderLineReference/cbc:LineID") or _text(item, "cbc:ID")
    if not position.isascii() or not position.isdecimal() or len(position) > 5:
        raise AnswerSaysNothingKnown(value=position[:20])
    outcome = LINE_OUTCOMES[status]
    note = _text(item, "cbc:Note")
    other = _text(line, "cac:SellerSubstitutedLineItem/cac:Item/cbc:Name")
    if other:
        # Another article is for whoever answers for the line to choose; what was ordered does not come.
        number = _text(line, "cac:SellerSubstitutedLineItem/cac:Item/cac:SellersItemIdentification/cbc:ID")
        outcome, note = AnswerOutcome.REFUSED, f"Föreslår i stället: {other} {number}. {note}".strip()
    price = item.find("cac:Price/cbc:PriceAmount", NAMESPACES)
    quantity = item.find("cbc:Quantity", NAMESPACES)
    return ReadLine(
        position=int(position),
        outcome=outcome,
        quantity=_number(item, "cbc:Quantity"),
        unit_code="" if quantity is None else quantity.get("unitCode", ""),
        unit_price=_unit_price(item),
        currency="" if price is None else price.get("currencyID", ""),
        delivery_date=_day(item, "cac:Delivery/cac:PromisedDeliveryPeriod") or whole_day,
        comment=note[:200],
    )


def _day(element: Any, period: str) -> date | None:
    """The last day of a period, or its first when no last is said."""
    text = _text(element, f"{period}/cbc:EndDate") or _text(element, f"{period}/cbc:StartDate")
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise AnswerSaysNothingKnown(value=text[:20]) from None


def _unit_price(item: Any) -> Decimal | None:
    """The price of one, where the file says what so many cost."""
    amount = _number(item, "cac:Price/cbc:PriceAmount")
    base = _number(item, "cac:Price/cbc:BaseQuantity") or Decimal(1)
    if amount is None:
        return None
    if amount >= LARGEST * base:
        raise AnswerSaysNothingKnown(value=f"{amount} / {base}"[:20])
    return amount / base


def _number(element: Any, path: str) -> Decimal | None:
    text = _text(element, path)
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise AnswerSaysNothingKnown(value=text[:20]) from None
    if not number.is_finite() or not 0 <= number < LARGEST:
        raise AnswerSaysNothingKnown(value=text[:20])
    return number


def _text(element: Any, path: str) -> str:
    return (element.findtext(path, "", NAMESPACES) or "").strip()
