"""
The process that reads one catalogue of Peppol BIS Catalogue 3, from its standard input to lines of JSON on its standard output.

It is started by `office.peppol.catalogues`, alone and without the rest of the program, and ends itself when it needs more memory or
time than it was given. The official rules are asked first, where the installation has them; what they call fatal ends the reading.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from math import ceil
from typing import Any

from lxml import etree

CATALOGUE = "urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"
NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
REPORT = "{http://purl.oclc.org/dsdl/svrl}"
STEP = 500
"""So many rows are handed over at a time."""
MOST_TOLD = 20
"""So many breaches of the rules are told."""

SCHEMES = {"TST": "unspsc", "MP": "unspsc", "STI": "cpv", "STO": "emdn"}
"""Which classification a list of UNCL 7143 is; MP is what the examples call UNSPSC."""
ORGANISATION, GLN, GTIN = "0007", "0088", "0160"
"""Identifiers by the code list of ISO 6523: a Swedish organisation number, and those of GS1."""
DAYS = {"DAY": Decimal(1), "WEE": Decimal(7), "MON": Decimal(30), "HUR": Decimal(1) / 24}
_STEP = re.compile(r"/\*:(\w+)\[namespace-uri\(\)='[^']*'\]\[(\d+)\]")

Row = dict[str, str | None]
"""Cells by their headings; None says nothing of the column, so that it is left as it is."""


class _Failure(Exception):
    """The catalogue is not read, and why."""


def main() -> None:
    """Read, and tell of whatever stops it."""
    memory, seconds = map(int, sys.argv[1:3])
    # The rules reserve tens of gigabytes of addresses that they never fill, so it is what is written that is limited.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _read(sys.stdin.buffer.read(), sys.argv[3] if len(sys.argv) > 3 else "")
    except _Failure as failure:
        _write_message({"failure": str(failure)})
    except MemoryError:
        _write_message({"failure": "large"})
    except (etree.LxmlError, ValueError, AttributeError):
        _write_message({"failure": "broken"})


def _read(content: bytes, rules: str) -> None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        is_short_of_memory = error.code == etree.ErrorTypes.ERR_NO_MEMORY
        raise _Failure("large" if is_short_of_memory else "broken") from None
    if root.getroottree().docinfo.doctype or any(True for _entity in root.iter(etree.Entity)):
        raise _Failure("entities")
    if root.tag != f"{{{CATALOGUE}}}Catalogue":
        raise _Failure("other")
    if rules:
        _check_rules(rules, root)
    else:
        _write_message({"note": "unchecked"})
    if _text(root, "cbc:ActionCode") == "Replace":
        _write_message({"note": "replaces"})
    step: list[Any] = []
    for row in _rows(root):
        step.append(row)
        if len(step) == STEP:
            _write_message(step)
            step = []
    _write_message(step)


def _check_rules(rules: str, root: Any) -> None:
    """
    Ask the official rules.

    :raises _Failure: they call something fatal; what that is has been told.
    """
    # Imported here since the library takes room and time, and not every installation has the rules.
    from saxonche import PySaxonApiError, PySaxonProcessor  # noqa: PLC0415

    processor = PySaxonProcessor(license=False)
    try:
        styles = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=rules)
        document = processor.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
        report = etree.fromstring(styles.transform_to_string(xdm_node=document).encode())
    except PySaxonApiError:
        raise _Failure("rules") from None
    broken: dict[str, list[Any]] = {"fatal": [], "warning": []}
    for finding in report.iter(f"{REPORT}failed-assert", f"{REPORT}successful-report"):
        sentence = " ".join("".join(finding.find(f"{REPORT}text").itertext()).split())
        rule = finding.get("id", "")
        sentence = sentence if rule in sentence else f"[{rule}]-{sentence}"
        breach = [sentence, *_location_of(root, finding.get("location", ""))]
        broken["warning" if finding.get("flag") == "warning" else "fatal"].append(breach)
    if broken["warning"]:
        _write_message({"warnings": broken["warning"][:MOST_TOLD]})
    if broken["fatal"]:
        _write_message({"breaches": broken["fatal"][:MOST_TOLD], "count": len(broken["fatal"])})
        raise _Failure("breaches")


def _location_of(root: Any, location: str) -> tuple[int, str]:
    """The line of the file and the element that a rule speaks of."""
    element, path = root, []
    for name, number in _STEP.findall(location)[1:]:
        same = [
            child for child in element if isinstance(child.tag, str) and etree.QName(child).localname == name
        ]
        if int(number) > len(same):
            break
        element = same[int(number) - 1]
        path.append(name if len(same) == 1 else f"{name}[{number}]")
    return element.sourceline or 0, "/".join(path)


def _rows(root: Any) -> Iterator[tuple[int, Row, dict[str, list[str]]]]:
    """The rows of each catalogue line: one for each of its prices, and for each item that it replaces."""
    whole = {
        "prices.agreement": _text(root, "cac:ReferencedContract/cbc:ID"),
        "prices.supplier": _supplier(root),
    }
    begins = _text(root, "cac:ValidityPeriod/cbc:StartDate") or _text(root, "cbc:IssueDate")
    action = _text(root, "cbc:ActionCode")
    for line in root.iterfind("cac:CatalogueLine", NAMESPACES):
        number = _text(line, "cac:Item/cac:SellersItemIdentification/cbc:ID") or _gtin(line) or ""
        line_cells: Row = {**whole, "items.number": number, "prices.item": number}
        starts = _text(line, "cac:LineValidityPeriod/cbc:StartDate") or begins
        if "Delete" in (action, _text(line, "cbc:ActionCode")):
            key_cells = {heading: text or None for heading, text in line_cells.items()}
            yield line.sourceline, key_cells | _end_of_price(starts), {}
            continue
        line_cells |= _item(line)
        prices = line.findall("cac:RequiredItemLocationQuantity", NAMESPACES) or [None]
        for price in prices:
            cells, refusals = _price(line, price, starts)
            yield line.sourceline, line_cells | cells, refusals
        for replaced in line.iterfind("cac:ReplacedRelatedItem/cbc:ID", NAMESPACES):
            pair = {"substitutions.from_item": (replaced.text or "").strip(), "substitutions.to_item": number}
            yield line.sourceline, line_cells | {"prices.unit_price": ""} | pair, {}


def _end_of_price(starts: str) -> Row:
    """What is deleted has no price, of whatever quantity, from the day when the catalogue begins; the item is left as it is."""
    try:
        last = (date.fromisoformat(starts) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        last = starts
    return {"prices.from_date": "", "prices.through_date": last}


def _item(line: Any) -> Row:
    item = line.find("cac:Item", NAMESPACES)
    order_unit = _text(line, "cbc:OrderableUnit") or _unit(
        line, "cac:RequiredItemLocationQuantity/cac:Price/cbc:BaseQuantity"
    )
    order_unit = _unit_name(order_unit or "C62")
    content = _text(line, "cbc:ContentUnitQuantity")
    about = [each.text or "" for each in item.iterfind("cbc:Description", NAMESPACES)]
    keywords = [each.text or "" for each in item.iterfind("cbc:Keyword", NAMESPACES)]
    texts = [*about, ", ".join(filter(None, keywords))]
    row: Row = {
        "items.name": " ".join(_text(item, "cbc:Name").split()),
        "items.description": "\n".join(filter(None, (" ".join(text.split()) for text in texts))),
        "items.base_unit": _unit_name(_unit(line, "cbc:ContentUnitQuantity")) or order_unit,
        "items.order_unit": order_unit,
        "items.units_per_order_unit": content or "1",
        "items.gtin": _gtin(line),
        "items.labels": ", ".join(
            filter(
                None,
                (each.text for each in item.iterfind("cac:Certificate/cbc:CertificateTypeCode", NAMESPACES)),
            )
        ),
    }
    for code in item.iterfind("cac:CommodityClassification/cbc:ItemClassificationCode", NAMESPACES):
        scheme = SCHEMES.get(code.get("listID", ""))
        if scheme is not None:
            row[f"items.{scheme}"] = (code.text or "").strip()
    return row


def _gtin(line: Any) -> str | None:
    """The article number of GS1; of those with fourteen digits the leading zero says nothing."""
    for each in line.iterfind("cac:Item/cac:StandardItemIdentification/cbc:ID", NAMESPACES):
        if each.get("schemeID") == GTIN:
            number = (each.text or "").strip()
            return number[1:] if len(number) == 14 and number.startswith("0") else number
    return None


def _price(line: Any, price: Any, starts: str) -> tuple[Row, dict[str, list[str]]]:
    """What one order unit costs, for how long, from how many, and in how many days; with why it is refused."""
    amount = None if price is None else price.find("cac:Price/cbc:PriceAmount", NAMESPACES)
    if price is None or amount is None:
        return {"prices.unit_price": ""}, {}
    refusals = {}
    unit_price, why = _per_order_unit(line, price, amount)
    if why:
        refusals["prices.unit_price"] = why
    lead = price.find("cbc:LeadTimeMeasure", NAMESPACES)
    days = _number(lead.text if lead is not None else None)
    if lead is not None and days is not None:
        days = Decimal(ceil(days * DAYS.get(lead.get("unitCode", ""), Decimal(1))))
    period = "cac:Price/cac:ValidityPeriod/cbc"
    return {
        "prices.unit_price": unit_price,
        "prices.minimum_quantity": _text(price, "cbc:MinimumQuantity")
        or _text(line, "cbc:MinimumOrderQuantity"),
        "prices.lead_days": None if days is None else str(max(days, Decimal(0))),
        "prices.from_date": _text(price, f"{period}:StartDate") or starts,
        "prices.through_date": _text(price, f"{period}:EndDate"),
    }, refusals


def _per_order_unit(line: Any, price: Any, amount: Any) -> tuple[str, list[str]]:
    """
    The price of one order unit, which is what an order counts; not rounded.

    It is the amount divided by the quantity that it is for, times the factor between that quantity's unit and the unit of orders; of a
    price per content unit the factor is how many there are in an order unit.
    """
    currency = amount.get("currencyID", "")
    text = (amount.text or "").strip()
    number = _number(text)
    if number is None:
        return text, []
    if currency != "SEK":
        return f"{text} {currency}", ["currency", currency]
    base = price.find("cac:Price/cbc:BaseQuantity", NAMESPACES)
    quantity = _number(base.text) if base is not None else Decimal(1)
    factor = _number(_text(price, "cac:Price/cbc:OrderableUnitFactorRate") or None)
    unit = base.get("unitCode", "") if base is not None else ""
    order_unit = _text(line, "cbc:OrderableUnit")
    if factor is None and unit and order_unit and unit != order_unit:
        content = line.find("cbc:ContentUnitQuantity", NAMESPACES)
        if content is None or content.get("unitCode") != unit:
            return text, ["unit", unit, order_unit]
        factor = _number(content.text)
    if not quantity or quantity < 0 or (factor is not None and factor <= 0):
        return text, ["unit", unit, order_unit]
    each = number / quantity * (1 if factor is None else factor)
    return f"{each:f}", []


def _supplier(root: Any) -> str:
    """The number by which the supplier is known: that of its organisation before its location's."""
    number_by_scheme: dict[str, str] = {}
    for party in ("cac:SellerSupplierParty/cac:Party", "cac:ProviderParty"):
        for path in (
            "cac:PartyLegalEntity/cbc:CompanyID",
            "cac:PartyIdentification/cbc:ID",
            "cbc:EndpointID",
        ):
            for each in root.iterfind(f"{party}/{path}", NAMESPACES):
                number_by_scheme.setdefault(each.get("schemeID", ""), (each.text or "").strip())
    number = number_by_scheme.get(ORGANISATION, "")
    if len(number) == 10 and number.isdecimal():
        return f"{number[:6]}-{number[6:]}"
    return number or number_by_scheme.get(GLN, "") or next(iter(number_by_scheme.values()), "")


def _unit_name(code: str) -> str:
    """One of something is a piece, unless the file says of what."""
    return "st" if code == "C62" else code


def _unit(element: Any, path: str) -> str:
    quantity = element.find(path, NAMESPACES)
    return "" if quantity is None else str(quantity.get("unitCode", ""))


def _text(element: Any, path: str) -> str:
    return (element.findtext(path, "", NAMESPACES) or "").strip()


def _number(text: str | None) -> Decimal | None:
    """A number as XML has it, of a size that can be reckoned with."""
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 20 else None


def _write_message(message: Any) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
