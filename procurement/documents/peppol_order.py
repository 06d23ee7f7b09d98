"""
The order as a message of Peppol BIS Order 3 (`urn:fdc:peppol.eu:poacc:trns:order:3`), in the profile that has a response.

Prices and amounts exclude VAT, and no VAT is reckoned: the invoice says it. The freight is a charge on the whole order. The
same facts give the same bytes.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from lxml import etree

from core.money import to_amount
from core.peppol import peppol_address
from core.units import unit_called
from procurement.documents.facts import LineFacts, OrderFacts

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:ordering:3"
ORDER_TYPE = "220"
CALL_OFF = "226"
"""Codes of UNCL 1001: an order, and a call-off under an agreement."""
FREIGHT = "FC"
"""The code of UNCL 7161 for what the freight costs."""
GTIN = "0160"
PIECE = "H87"
CURRENCY = "SEK"

ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


def order_xml(facts: OrderFacts) -> bytes:
    """Write the order as the supplier's system reads it; as it was sent, when it has been."""
    if facts.kept is not None and facts.kept.xml is not None:
        return facts.kept.xml
    order = facts.order
    root = etree.Element(f"{{{ORDER}}}Order", nsmap={None: ORDER, "cac": CAC, "cbc": CBC})
    _add_text(root, "CustomizationID", CUSTOMIZATION)
    _add_text(root, "ProfileID", PROFILE)
    _add_text(root, "ID", order.number)
    _add_text(root, "IssueDate", timezone.localdate(order.created_at).isoformat())
    _add_text(root, "OrderTypeCode", CALL_OFF if order.agreement else ORDER_TYPE)
    _add_text(root, "DocumentCurrencyCode", CURRENCY)
    _add_text(root, "CustomerReference", facts.reference)
    if order.agreement is not None:
        _add_text(_part(root, "Contract"), "ID", order.agreement.number)
    _buyer(root, facts)
    _seller(root, facts)
    _invoicing(root, facts)
    _delivery(root, facts)
    if order.freight_amount:
        charge = _part(root, "AllowanceCharge")
        _add_text(charge, "ChargeIndicator", "true")
        _add_text(charge, "AllowanceChargeReasonCode", FREIGHT)
        _add_text(charge, "AllowanceChargeReason", "Frakt")
        _amount(charge, "Amount", order.freight_amount)
    _total(root, facts)
    for line in facts.lines:
        _line(root, line, facts)
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return xml


def _buyer(root: Any, facts: OrderFacts) -> None:
    authority = facts.authority
    party = _party(root, "BuyerCustomerParty", authority.peppol_address, authority.name, authority.org_number)
    contact = facts.contact
    if contact is not None:
        contact_element = _part(party, "Contact")
        _add_text(contact_element, "Name", contact.full_name)
        _add_text(contact_element, "ElectronicMail", contact.email)


def _seller(root: Any, facts: OrderFacts) -> None:
    supplier = facts.order.supplier
    _party(root, "SellerSupplierParty", supplier.peppol_address, supplier.name, supplier.org_number)


def _party(root: Any, role: str, address: str, name: str, org_number: str) -> Any:
    party = _part(_part(root, role), "Party")
    _address(party, "EndpointID", address)
    _address(_part(party, "PartyIdentification"), "ID", peppol_address("", org_number))
    _add_text(_part(party, "PartyName"), "Name", name)
    _postal(_part(party, "PostalAddress"), "", "", "")
    _add_text(_part(party, "PartyLegalEntity"), "RegistrationName", name)
    return party


def _invoicing(root: Any, facts: OrderFacts) -> None:
    """Who is invoiced, and where the invoice goes."""
    authority = facts.authority
    party = _part(_part(root, "AccountingCustomerParty"), "Party")
    _address(party, "EndpointID", authority.peppol_address)
    _address(_part(party, "PartyIdentification"), "ID", peppol_address("", authority.org_number))
    _add_text(_part(party, "PartyName"), "Name", authority.invoice_name or authority.name)
    postal = _part(party, "PostalAddress")
    _postal(postal, authority.invoice_street, authority.invoice_city, authority.invoice_postcode)
    _add_text(_part(party, "PartyLegalEntity"), "RegistrationName", authority.name)


def _delivery(root: Any, facts: OrderFacts) -> None:
    place = facts.order.delivery_place
    delivery = _part(root, "Delivery")
    where = _part(_part(delivery, "DeliveryLocation"), "Address")
    _postal(where, place.street, place.city, place.postcode)
    _period(delivery, facts.requested_dates[-1] if facts.requested_dates else None)
    _add_text(
        _part(_part(delivery, "DeliveryParty"), "PartyName"),
        "Name",
        f"{place.department}, {place.name}"[:100],
    )


def _postal(element: Any, street: str, city: str, postcode: str) -> None:
    _add_text(element, "StreetName", street)
    _add_text(element, "CityName", city)
    _add_text(element, "PostalZone", postcode)
    _add_text(_part(element, "Country"), "IdentificationCode", "SE")


def _period(element: Any, last: date | None) -> None:
    if last is not None:
        _add_text(_part(element, "RequestedDeliveryPeriod"), "EndDate", last.isoformat())


def _total(root: Any, facts: OrderFacts) -> None:
    total, freight = _part(root, "AnticipatedMonetaryTotal"), facts.order.freight_amount
    _amount(total, "LineExtensionAmount", facts.total)
    _amount(total, "TaxExclusiveAmount", facts.total + freight)
    if freight:
        _amount(total, "ChargeTotalAmount", freight)
    _amount(total, "PayableAmount", facts.total + freight)


def _line(root: Any, line: LineFacts, facts: OrderFacts) -> None:
    unit = unit_called(line.unit)
    code = unit.code if unit else PIECE
    whole = _part(root, "OrderLine")
    _add_text(
        whole,
        "Note",
        "; ".join(filter(None, (line.specification, f"Märk: {line.marking}" if line.marking else ""))),
    )
    item = _part(whole, "LineItem")
    _add_text(item, "ID", str(line.position))
    _number(item, "Quantity", line.quantity, unitCode=code)
    _amount(item, "LineExtensionAmount", line.amount)
    _add_text(item, "AccountingCost", line.coding)
    _period(_part(item, "Delivery"), line.requested_date)
    _add_text(_part(_part(item, "OriginatorParty"), "PartyName"), "Name", line.department)
    price = _part(item, "Price")
    _number(price, "PriceAmount", line.unit_price, currencyID=CURRENCY)
    _number(price, "BaseQuantity", Decimal(1), unitCode=code)
    thing = _part(item, "Item")
    _add_text(thing, "Name", line.description)
    if line.item_number:
        _add_text(_part(thing, "SellersItemIdentification"), "ID", line.item_number)
    if line.gtin:
        _add_text(_part(thing, "StandardItemIdentification"), "ID", line.gtin, schemeID=GTIN)


def _part(element: Any, name: str) -> Any:
    return etree.SubElement(element, f"{{{CAC}}}{name}")


def _add_text(element: Any, name: str, text: str, **attributes: str) -> None:
    """Add what is said; a message of Peppol has no empty elements."""
    if text := "".join(sign for sign in text if sign >= " " or sign == "\n").strip():
        etree.SubElement(element, f"{{{CBC}}}{name}", attributes).text = text


def _address(element: Any, name: str, address: str) -> None:
    scheme, _colon, number = address.partition(":")
    _add_text(element, name, number, schemeID=scheme)


def _amount(element: Any, name: str, amount: Decimal) -> None:
    _add_text(element, name, str(to_amount(amount)), currencyID=CURRENCY)


def _number(element: Any, name: str, number: Decimal, **attributes: str) -> None:
    _add_text(element, name, f"{number.normalize():f}", **attributes)
