"""Each event in the world between two steps × each step: what was true when it was checked is checked again."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from catalog.models import Price
from core.errors import DomainError
from core.formatting import NBSP
from organizations.models import User
from procurement import gates
from procurement.gates import Coding, Facts, Terms, gate
from procurement.models import DecisionKind, DecisionRule, OrderLine, PurchaseOrder, RequisitionLine
from procurement.operations import decisions, orders, sending
from procurement.states import LineStatus, OrderStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, many_items
from tests.procurement.deciding import approve, committed
from tests.procurement.events import EVENTS, accept_prices
from tests.procurement.gate_table import ACTS, ATTESTED, STEPS, TABLE, WAITS, waiting


def test_every_event_meets_every_step() -> None:
    silent = sorted(EVENTS.keys() - TABLE.keys())
    assert not silent, f"Say in tests/procurement/gate_table.py what each step says to {silent}."
    assert TABLE.keys() - EVENTS.keys() == set()
    short = sorted(event for event, row in TABLE.items() if len(row) != len(STEPS))
    assert not short, f"{short} has not a cell for each of {STEPS}."
    assert {*ACTS, "order"} == set(STEPS), (
        "A step in the table has no function that takes it, or the other way."
    )


UNMET = {
    "price_rose": "prices that rose are accepted first; tests/procurement/test_waiting_prices.py",
    "price_fell": "no refusal: why an order is made anew",
    "unit_not_divisible": "of a quantity, not of the world; below",
    "account_missing": "of a need without category; tests/procurement/test_coding.py",
}
"""Reasons that no event makes true, and where each is met."""


def is_reason(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, DomainError) and thing.__module__ == gates.__name__


def test_every_refusal_of_the_gate_is_met() -> None:
    """A new reason of the gate needs an event that makes it true."""
    reasons = {each.code for each in vars(gates).values() if is_reason(each)}
    codes = {cell for row in TABLE.values() for cell in row}
    unmet = sorted(reasons - codes - UNMET.keys())
    assert not unmet, f"No event of tests/procurement/events.py makes the gate say {unmet}."


def cells(*steps: str) -> list[Any]:
    """The cells of some columns: step, event, and what is expected."""
    return [
        pytest.param(step, event, row[STEPS.index(step)], id=f"{step}-{event}")
        for step in steps
        for event, row in TABLE.items()
    ]


@pytest.mark.parametrize(("step", "event", "expected"), cells(*ACTS))
def test_event_before_a_step(cast: Cast, step: str, event: str, expected: str) -> None:
    if expected not in (WAITS, ATTESTED) and not expected.isdecimal():
        with pytest.raises(DomainError) as refusal:
            ACTS[step](cast, EVENTS[event])
        assert refusal.value.code == expected, str(refusal.value)
        assert not RequisitionLine.objects.filter(status=LineStatus.APPROVED).exists()
        return
    line = ACTS[step](cast, EVENTS[event])
    line.refresh_from_db()
    if expected in (WAITS, ATTESTED):
        assert line.status == LineStatus.AWAITING
        attests = list(line.requisition.attests.values_list("status", flat=True))
        assert attests == (["attested"] if expected == ATTESTED else [])
        return
    is_undecided = step in ("submit", "revise")
    assert line.status == (LineStatus.AWAITING if is_undecided else LineStatus.APPROVED)
    price = line.unit_price if is_undecided else line.approved_unit_price
    assert price == Decimal(expected)
    amount = line.amount if is_undecided else line.approved_amount
    assert amount == Decimal(expected) * 10


@pytest.mark.parametrize(("step", "event", "expected"), cells("order"))
def test_event_between_approval_and_order(cast: Cast, step: str, event: str, expected: str) -> None:
    line = waiting(cast, (cast.gloves, 10))
    approve(line, cast.manager)
    EVENTS[event](cast)
    before = committed(cast)
    new_orders = orders.consolidate(at=NOW, due_only=False)
    line.refresh_from_db()
    if expected.isdecimal():
        assert line.status == LineStatus.ORDERED
        assert OrderLine.objects.get().unit_price == Decimal(expected)
        assert OrderLine.objects.get().amount == line.approved_amount == Decimal(expected) * 10
        assert committed(cast) == before - (580 - Decimal(expected) * 10)
        return
    assert new_orders == []
    assert not PurchaseOrder.objects.exists()
    assert expected in line.taken_back_sentence.replace(NBSP, " ")
    assert (line.status, line.approved_amount, line.decided_by) == (LineStatus.AWAITING, None, None)
    assert committed(cast) == before - 580
    last = line.decisions.order_by("pk").last()
    assert last is not None
    assert (last.kind, last.by, last.rule) == (DecisionKind.UNDONE, cast.manager, DecisionRule.TERMS)
    assert last.comment == line.taken_back_reason
    entry = Entry.objects.about(line).get(event="line.approval_undone")
    assert (entry.rule, entry.details["comment"]) == ("terms", line.taken_back_reason)


@pytest.mark.parametrize(("step", "event", "expected"), cells("order"))
def test_event_between_order_and_sending(
    cast: Cast, mailoutbox: list[Any], step: str, event: str, expected: str
) -> None:
    """What keeps a line from being ordered keeps its order from leaving; at a lower price another order is made."""
    line = waiting(cast, (cast.gloves, 10))
    approve(line, cast.manager)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    EVENTS[event](cast)
    before = committed(cast)
    order = sending.send_order(order=order, at=NOW)
    line.refresh_from_db()
    if expected == "58":
        assert (order.status, line.status, len(mailoutbox)) == (OrderStatus.SENT, LineStatus.ORDERED, 1)
        return
    assert (order.status, mailoutbox, order.attempts.count()) == (OrderStatus.CANCELLED, [], 0)
    if expected.isdecimal():
        assert line.status == LineStatus.APPROVED
        (again,) = orders.consolidate(at=NOW, due_only=False)
        assert again.lines.get().unit_price == Decimal(expected)
        return
    assert expected in line.taken_back_sentence.replace(NBSP, " ")
    assert (line.status, line.approved_amount) == (LineStatus.AWAITING, None)
    assert committed(cast) == before - 580


def test_what_holds_is_ordered_beside_what_does_not(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10), (cast.gown, 10))
    EVENTS["item_recalled"](cast)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert [row.item for row in order.lines.all()] == [cast.gown]
    assert RequisitionLine.objects.get(item=cast.gloves).status == LineStatus.AWAITING


def test_a_line_that_came_back_is_approved_again_at_the_new_price(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 10))
    approve(line, cast.manager)
    EVENTS["price_rose"](cast)
    orders.consolidate(at=NOW, due_only=False)
    accept_prices(cast)
    line.refresh_from_db()
    decisions.approve(lines=[line], by=cast.manager, at=NOW, unit_price=Decimal(66)).only()
    orders.consolidate(at=NOW, due_only=False)
    line.refresh_from_db()
    assert (line.status, line.approved_unit_price, line.taken_back_reason) == (
        LineStatus.ORDERED,
        Decimal(66),
        "",
    )
    assert committed(cast) == Decimal(660)


def test_a_lower_price_is_an_approval_of_its_own_with_its_own_words(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 20))
    decisions.adjust(line=line, quantity=Decimal(10), by=cast.manager, at=NOW, comment="Räcker")
    EVENTS["price_fell"](cast)
    orders.consolidate(at=NOW, due_only=False)
    line.refresh_from_db()
    rows = line.decisions.order_by("pk").values_list("kind", "rule", "unit_price", "comment")
    assert list(rows) == [
        ("adjusted", "manager", Decimal(58), "Räcker"),
        ("undone", "terms", None, ""),
        ("adjusted", "terms", Decimal(50), "Räcker"),
    ]
    assert (line.decided_by, line.approved_amount) == (cast.manager, Decimal(500))


def test_minimum_quantity_is_asked_of_what_leaves_together(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    worlds.approved(cast, (cast.gloves, 10))
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=20)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert order.lines.get().quantity == 20


@pytest.mark.parametrize(("event", "new"), [("manager_changed", "office_deputy"), ("manager_left", "deputy")])
def test_what_comes_back_is_with_who_answers_today(cast: Cast, event: str, new: str) -> None:
    """Neither what the gate takes back nor what is undone waits for who had it when it was approved."""
    taken_back, undone = worlds.line(cast), worlds.line(cast, (cast.gown, 1))
    decisions.approve(lines=[taken_back, undone], by=cast.manager, at=NOW)
    EVENTS[event](cast)
    result = decisions.undo(lines=[undone], by=cast.head, at=NOW).only()
    assert result.responsible == getattr(cast, new)
    EVENTS["item_recalled"](cast)
    orders.consolidate(at=NOW, due_only=False)
    for line in (taken_back, undone):
        line.refresh_from_db()
        assert (line.status, line.responsible) == (LineStatus.AWAITING, getattr(cast, new))


def queries_of_order(cast: Cast, count: int, happen: Callable[[], None] | None = None) -> int:
    """Count the queries of ordering so many approved lines."""
    worlds.approved(cast, *((each, 1) for each in many_items(cast, count)))
    if happen:
        happen()
    head = User.objects.get(pk=cast.head.pk)
    with CaptureQueriesContext(connection) as captured:
        orders.consolidate(at=NOW, by=head, due_only=False)
    return len(captured)


def test_ordering_uses_the_same_queries_for_one_line_and_for_forty(cast: Cast) -> None:
    few, many = queries_of_order(cast, 1), queries_of_order(cast, 40)
    assert few == many
    assert many <= 16


def test_taking_back_uses_the_same_queries_for_one_line_and_for_forty(cast: Cast) -> None:
    def rise() -> None:
        Price.objects.update(unit_price=2)

    few = queries_of_order(cast, 1, rise)
    many = queries_of_order(cast, 40, rise)
    assert few == many


def test_taking_lower_prices_uses_the_same_queries_for_one_line_and_for_forty(cast: Cast) -> None:
    def fall() -> None:
        Price.objects.update(unit_price="0.5")

    assert queries_of_order(cast, 1, fall) == queries_of_order(cast, 40, fall)


@pytest.mark.parametrize(
    ("unit", "quantity", "code"), [("ask", "2.5", "unit_not_divisible"), ("ask", "2", ""), ("kg", "2.5", "")]
)
def test_the_gate_itself_refuses_half_of_what_comes_whole(
    cast: Cast, unit: str, quantity: str, code: str
) -> None:
    """Whoever lets a quantity in has asked before; what is kept from then is not trusted for ever."""
    terms = Terms(
        item=cast.gloves, quantity=Decimal(quantity), unit=unit, unit_price=Decimal(58), amount=Decimal(58),
        agreement=None, supplier=cast.supplier,
    )  # fmt: skip
    price = Price.objects.get(item=cast.gloves)
    facts = Facts(
        day=TODAY, department_id=cast.ward.pk, coding=Coding(line="x", account=cast.account), price=price
    )
    assert [refusal.code for refusal in gate(terms, facts)] == ([code] if code else [])
