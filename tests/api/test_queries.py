"""How many statements each act and list sends, whatever the number of lines; BEGIN and savepoints apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from catalog.models import Item, Price
from procurement.models import PurchaseOrder, Requisition, RequisitionLine
from procurement.operations.receipts import ReceiptEntry, receive
from tests import cast as cast_module
from tests import worlds
from tests.api.clients import Counted, Program
from tests.cast import ALWAYS, NOW, Cast


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    """Seven items under the agreement."""
    all_items = [cast.gloves, cast.gown]
    for number in range(5):
        item = cast_module.item(f"10500{number}", f"Kompress {number}", cast.medical, unit="förp")
        Price.objects.create(
            item=item, agreement=cast.agreement, supplier=cast.supplier, unit_price=10, valid_during=ALWAYS
        )
        all_items.append(item)
    return all_items


@dataclass
class Expected:
    """Which person sends what, and how many statements that takes."""

    statements: int
    who: str
    act: Callable[[Cast, list[Item]], Callable[[Program], Any]]


def place(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    lines = [{"item": item.number, "quantity": "2"} for item in items]
    return lambda program: program.post(
        "requisitions/", key=str(uuid4()), department="2140", needed_by_date="2021-06-01", lines=lines
    )


def submit(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    basket = worlds.basket(cast, *((item, 2) for item in items))
    return lambda program: program.post(f"baskets/{basket.pk}/submit/")


def preview(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    basket = worlds.basket(cast, *((item, 2) for item in items))
    return lambda program: program.get(f"baskets/{basket.pk}/preview/")


def approve(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    lines = [line.pk for line in worlds.submitted(cast, *((item, 2) for item in items)).lines.all()]
    return lambda program: program.post("lines/approve/", lines=lines)


def reject(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    lines = [line.pk for line in worlds.submitted(cast, *((item, 2) for item in items)).lines.all()]
    return lambda program: program.post("lines/reject/", lines=lines, reason_code="in_stock")


def undo(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    lines = [line.pk for line in worlds.approved(cast, *((item, 2) for item in items)).lines.all()]
    return lambda program: program.post("lines/undo/", lines=lines)


def consolidate(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    worlds.approved(cast, *((item, 2) for item in items))
    return lambda program: program.post("orders/consolidate/")


def receive_all(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
    (order,) = worlds.ordered(cast, *((item, 2) for item in items))
    entries = [
        {"allocation": allocation.pk, "quantity": "2"}
        for line in order.lines.all()
        for allocation in line.allocations.all()
    ]
    return lambda program: program.post("receipts/", key=str(uuid4()), department="2140", entries=entries)


def ordered(cast: Cast, items: list[Item]) -> PurchaseOrder:
    return worlds.ordered(cast, *((item, 2) for item in items))[0]


def listed(address: str) -> Callable[[Cast, list[Item]], Callable[[Program], Any]]:
    def act(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
        order = ordered(cast, items)
        entries = [
            ReceiptEntry(allocation.pk, allocation.quantity / 2)
            for line in order.lines.all()
            for allocation in line.allocations.all()
        ]
        receive(key=uuid4(), department=cast.ward, entries=entries, by=cast.colleague, at=NOW)
        return lambda program: program.get(address)

    return act


def shown(model: Any, address: str) -> Callable[[Cast, list[Item]], Callable[[Program], Any]]:
    def act(cast: Cast, items: list[Item]) -> Callable[[Program], Any]:
        ordered(cast, items)
        row = model.objects.order_by("pk")[0]
        return lambda program: program.get(address.format(row.pk))

    return act


EXPECTED = {
    "place": Expected(12, "requester", place),
    "submit": Expected(17, "requester", submit),
    "preview": Expected(8, "requester", preview),
    "approve": Expected(13, "manager", approve),
    "reject": Expected(12, "manager", reject),
    "undo": Expected(15, "manager", undo),
    "consolidate": Expected(12, "manager", consolidate),
    "receive": Expected(12, "colleague", receive_all),
    "requisitions": Expected(3, "requester", listed("requisitions/")),
    "requisition": Expected(9, "requester", shown(Requisition, "requisitions/{}/")),
    "lines": Expected(2, "manager", listed("lines/")),
    "line": Expected(2, "manager", shown(RequisitionLine, "lines/{}/")),
    "orders": Expected(2, "manager", listed("orders/")),
    "order": Expected(6, "manager", shown(PurchaseOrder, "orders/{}/")),
    "deliveries": Expected(2, "colleague", listed("deliveries/")),
    "receipts": Expected(3, "colleague", listed("receipts/")),
    "items": Expected(3, "requester", listed("items/")),
    "search": Expected(5, "requester", listed("items/search/?q=kompress")),
    "agreements": Expected(4, "manager", listed("agreements/")),
    "categories": Expected(2, "requester", listed("categories/")),
    "departments": Expected(3, "requester", listed("departments/")),
    "delivered lines": Expected(2, "controller", listed("delivered-lines/")),
    "savings": Expected(2, "controller", listed("savings/")),
    "me": Expected(2, "requester", listed("me/")),
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("count", [1, 7])
def test_number_of_statements(cast: Cast, items: list[Item], name: str, count: int) -> None:
    expected = EXPECTED[name]
    send = expected.act(cast, items[:count])
    program = Program(getattr(cast, expected.who))
    with Counted() as counter:
        answer = send(program)
    assert answer.status_code < 300, answer.data
    assert len(counter.statements) == expected.statements, "\n".join(counter.statements)
