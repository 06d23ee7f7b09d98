"""The roles and the things of docs/permissions.md as they are in the cast's region, each by the real operations."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.test import Client

from office.rights import things
from organizations.models import Absence, AccountingCode, Dimension, Role, User
from procurement.models import (
    Allocation,
    AnswerOutcome,
    BudgetAttest,
    Complaint,
    Deviation,
    Expectation,
    PurchaseOrder,
    Receipt,
    RejectionReason,
    RequisitionLine,
    SettlementOutcome,
)
from procurement.operations import (
    amendments,
    answers,
    attests,
    complaints,
    decisions,
    orders,
    receipts,
    returning,
)
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.receipts import ReceiptEntry
from procurement.permissions.receipts import TAKEN_BACK_WITHIN
from tests import worlds
from tests.api import door_worlds, receipt_cases
from tests.api.clients import Program
from tests.cast import ALWAYS, NOW, Cast, delegation, membership, person
from tests.office import governing_worlds
from tests.pages import signed_in
from tests.procurement import proposing
from tests.procurement.answering import LATER, REFUSED, say, sent


@dataclass
class People:
    """Who plays each role, with her browser and her program at hand."""

    users: dict[str, User]
    browsers: dict[int, Client] = field(default_factory=dict)
    programs: dict[int, Program] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        user = self.users[who]
        if user.pk not in self.browsers:
            self.browsers[user.pk] = signed_in(user)
        return self.browsers[user.pk]

    def program(self, who: str) -> Program:
        user = self.users[who]
        if user.pk not in self.programs:
            self.programs[user.pk] = Program(user)
        return self.programs[user.pk]


def people_of(cast: Cast) -> People:
    """Let somebody play each role and no other."""
    deputy, delegate, attest_delegate, second_head, goods_receiver, nobody = (
        person(name, name, name)
        for name in ("deputy", "delegate", "attest.delegate", "second.head", "goods.receiver", "nobody")
    )
    cast.medical.assignments.update(deputy=deputy)
    delegation(cast.manager, delegate)
    delegation(cast.budget_holder, attest_delegate)
    membership(second_head, Role.HEAD_OF_PROCUREMENT)
    membership(cast.requester, Role.BUDGET_HOLDER, cast.home, "1")  # without it she has nothing to delegate
    delegation(cast.requester, second_head)
    membership(goods_receiver, Role.GOODS_RECEIVER, cast.ward)
    users = {
        "deputy": deputy,
        "stand_in": deputy,
        "other_manager": cast.deputy,
        "delegate": delegate,
        "attest_delegate": attest_delegate,
        "requesters_stand_in": second_head,
        "goods_receiver": goods_receiver,
        "nobody": nobody,
    }
    others = ("requester", "colleague", "stranger", "budget_holder", "manager", "head", "controller", "auditor", "administrator")  # fmt: skip
    people = People(users | {name: getattr(cast, name) for name in others})
    for who in people.users:
        people.browser(who), people.program(who)
    return people


def take_part(cast: Cast, who: str) -> None:
    """What must be so while somebody acts in the role."""
    if who == "stand_in":
        Absence.objects.create(user=cast.manager, during=ALWAYS)


def _approved(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    decisions.approve(lines=[line], by=User.objects.get(pk=cast.head.pk), at=NOW).only()
    return line


def _ordered(cast: Cast) -> RequisitionLine:
    line = _approved(cast)
    orders.consolidate(at=NOW, due_only=False)
    return line


def _receive(cast: Cast, line: RequisitionLine, quantity: int) -> RequisitionLine:
    entry = receipts.ReceiptEntry(line.allocations.get().pk, Decimal(quantity))
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    return line


def _rejected(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    decisions.reject(lines=[line], reason_code=RejectionReason.IN_STOCK, comment="", by=cast.manager, at=NOW)
    return line


def _superseded(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    amendments.revise_line(line=line, quantity=Decimal(4), specification="", by=cast.requester, at=NOW)
    return line


def _cancelled(cast: Cast) -> RequisitionLine:
    line = _ordered(cast)
    orders.cancel_order(order=PurchaseOrder.objects.get(), reason="Fel", by=cast.head, at=NOW)
    return line


def _refused_attest(cast: Cast) -> BudgetAttest:
    return attests.refuse_attest(
        attest=door_worlds.costly(cast), by=cast.budget_holder, at=NOW, comment="Dyrt"
    )


def _superseded_attest(cast: Cast) -> BudgetAttest:
    attest = door_worlds.costly(cast)
    line = RequisitionLine.objects.get()
    amendments.revise_line(line=line, quantity=Decimal(6), specification="", by=cast.requester, at=NOW)
    return attest


def _closed_attest(cast: Cast) -> BudgetAttest:
    attest = door_worlds.costly(cast)
    amendments.withdraw_line(line=RequisitionLine.objects.get(), by=cast.requester, at=NOW)
    return attest


def _changed_order(cast: Cast) -> PurchaseOrder:
    """A sent order, with something to settle."""
    door_worlds.changed_order(cast)
    return PurchaseOrder.objects.get()


def _refused_order(cast: Cast) -> PurchaseOrder:
    order, line_answers = door_worlds.sent_order(cast), [LineAnswer(1, AnswerOutcome.REFUSED)]
    answers.register_answer(order=order, key=uuid4(), version=1, lines=line_answers, by=cast.manager, at=NOW)
    return PurchaseOrder.objects.get()


def _sent_back(cast: Cast) -> Receipt:
    receipt = worlds.received(cast)
    returning.send_back(
        key=uuid4(), receipt=receipt, quantities={receipt.lines.get().pk: Decimal(10)},
        expects=Expectation.NOTHING, reason="Passar inte", by=cast.colleague, at=NOW,
    )  # fmt: skip
    return receipt


def _taken_back(cast: Cast) -> Receipt:
    receipt = worlds.received(cast)
    returning.take_back(key=uuid4(), receipt=receipt, reason="Fel order", by=cast.colleague, at=NOW)
    return receipt


def _ended(cast: Cast) -> Complaint:
    return complaints.settle_complaint(
        complaint=receipt_cases.damaged(cast),
        outcome=SettlementOutcome.DONE,
        reference="K 17",
        by=cast.colleague,
        at=NOW,
    )


def _withdrawn(cast: Cast) -> RequisitionLine:
    return amendments.withdraw_line(line=worlds.line(cast), by=cast.requester, at=NOW)


def _line_ended(cast: Cast) -> Receipt:
    """All that came was damaged, and the supplier does not deliver the rest."""
    order = sent(cast)
    entry = ReceiptEntry(
        Allocation.objects.get().pk, Decimal(0), Deviation.DAMAGED, Decimal(2), "", Expectation.NOTHING
    )
    receipt = receipts.receive(
        key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=LATER
    )
    say(order, LineAnswer(1, REFUSED), by=cast.head)
    return receipt


Make = Callable[[Cast], Model | None]

BASKETS: dict[str, Make] = {"basket": worlds.basket, "submitted": worlds.submitted}
LINES: dict[str, Make] = {
    "draft": lambda cast: door_worlds.line_of(worlds.basket(cast)),
    "awaiting": worlds.line,
    "returned": door_worlds.returned,
    "approved": _approved,
    "ordered": _ordered,
    "partly_received": lambda cast: _receive(cast, _ordered(cast), 4),
    "received": lambda cast: _receive(cast, _ordered(cast), 10),
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "superseded": _superseded,
    "cancelled": _cancelled,
}
ASKED: dict[str, Make] = {things.ASKED[0]: door_worlds.unaccepted, things.ASKED[1]: worlds.line}
ATTESTS: dict[str, Make] = {
    "pending": door_worlds.costly,
    "attested": door_worlds.attested,
    "refused": _refused_attest,
    "superseded": _superseded_attest,
    "closed": _closed_attest,
}
PROPOSED: dict[str, Make] = {
    "not examined": proposing.proposal,
    "examined": lambda cast: proposing.refuse(proposing.proposal(cast), by=cast.head),
    "in the register": lambda cast: proposing.proposal(
        cast, replace(proposing.SAID, name=cast.supplier.name)
    ),
}
ORDERS: dict[str, Make] = {
    "ready": door_worlds.order,
    "sent": _changed_order,
    "not_sent": worlds.unsent,
    "cancelled": door_worlds.cancelled_order,
    "refused": _refused_order,
}
RECEIVED: dict[str, Make] = {
    "received": worlds.received,
    "complaint settled": lambda cast: _ended(cast).receipt_line.receipt,
    "sent back": _sent_back,
    "taken back": _taken_back,
    "line ended": _line_ended,
    "received long ago": lambda cast: worlds.received(cast, at=NOW - TAKEN_BACK_WITHIN - timedelta(days=1)),
}
COMPLAINTS: dict[str, Make] = {things.COMPLAINTS[0]: receipt_cases.damaged, things.COMPLAINTS[1]: _ended}
ALWAYS_SO: dict[str, Make] = {"always": _approved}

WORLDS: dict[tuple[str, ...], dict[str, Make]] = {
    things.BASKETS: BASKETS,
    things.LINES: LINES,
    things.ALLOCATED: LINES,
    things.ASKED: ASKED,
    things.ATTESTS: ATTESTS,
    things.ORDERS: ORDERS,
    things.RECEIVED: RECEIVED,
    things.COMPLAINTS: COMPLAINTS,
    things.PROPOSED: PROPOSED,
    things.ALWAYS: ALWAYS_SO,
    **governing_worlds.WORLDS,
}
"""How a thing comes into each state, by the states that a table has."""


def another_account() -> AccountingCode:
    """An open konto that nothing is booked on yet."""
    code, _made = AccountingCode.objects.get_or_create(dimension=Dimension.ACCOUNT, code="4611", name="Annat")
    return code


def allocation_of(line: Any) -> int:
    """The part of an order that a line stands on."""
    return Allocation.objects.get(line=line.pk).pk
