"""Hand in the purchases that were made outside Rauk: the history, and those of the last years in the system used before."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain

from demo.history import HistoryLine, OutsideLine, history_lines, outside_lines, present_lines
from demo.operations.files import Row
from demo.operations.region import Registers, hand_in

HISTORY, PRESENT = "inköpshistorik", "tidigare system"
"""Sources, as the lines name them."""


def hand_in_purchases(registers: Registers, *, today: date, at: datetime) -> None:
    """Hand in all delivered lines, a file from each system."""
    hand_in("purchases", _rows(registers, history_lines()), source=HISTORY, at=at)
    present = chain(_rows(registers, present_lines(today)), _outside_rows(outside_lines(today)))
    hand_in("purchases", present, source=PRESENT, at=at)


def _rows(registers: Registers, lines: Iterator[HistoryLine]) -> Iterator[Row]:
    for line in lines:
        item = registers.items[line.item]
        yield {
            "external_id": line.external_id,
            "delivered_date": line.delivered_date,
            "cost_center": line.cost_center,
            "category_code": line.category,
            "supplier_number": line.supplier_org_number,
            "supplier_name": "",
            "agreement_number": registers.agreements[line.agreement].number if line.agreement else "",
            "item_number": line.item,
            "description": f"{item.name}, {item.size}" if item.size else item.name,
            "quantity": line.quantity,
            "unit": item.order_unit,
            "unit_price": line.unit_price,
            "amount": line.amount,
        }


def _outside_rows(lines: Iterator[OutsideLine]) -> Iterator[Row]:
    """Purchases from shops: no agreement, no number in the assortment, no supplier in the register."""
    for line in lines:
        purchase = line.purchase
        yield {
            "external_id": line.external_id,
            "delivered_date": line.delivered_date,
            "cost_center": purchase.cost_center,
            "category_code": purchase.category,
            "supplier_name": purchase.supplier,
            "description": purchase.description,
            "quantity": line.quantity,
            "unit": purchase.unit,
            "unit_price": purchase.unit_price,
            "amount": line.amount,
        }
