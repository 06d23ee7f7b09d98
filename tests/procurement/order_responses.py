"""An Order Response of Peppol, as a supplier would write it."""

from procurement.models import PurchaseOrder

NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def response(order: PurchaseOrder, code: str, inside: str = "", *, seller: str = "") -> bytes:
    """An answer to an order, with what it says of the lines inside."""
    number = seller or order.supplier.org_number.replace("-", "")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OrderResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2"
  xmlns:cac="{NAMES["cac"]}" xmlns:cbc="{NAMES["cbc"]}">
  <cbc:ID>101</cbc:ID><cbc:OrderResponseCode>{code}</cbc:OrderResponseCode>
  <cac:OrderReference><cbc:ID>{order.number}</cbc:ID></cac:OrderReference>
  <cac:SellerSupplierParty><cac:Party><cbc:EndpointID schemeID="0007">{number}</cbc:EndpointID></cac:Party></cac:SellerSupplierParty>
  {inside}</OrderResponse>""".encode()
