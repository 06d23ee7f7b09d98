"""What each step of a committed line gives back, of the agreement's ceiling and of the item's own."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import pytest

from agreements.models import Supplier
from catalog.models import ItemCeiling, Price
from procurement.models import (
    Allocation,
    Deviation,
    Expectation,
    PurchaseOrder,
    Receipt,
    ReceiptKind,
    RequisitionLine,
)
from procurement.operations import amendments, attests, decisions, orders, receipts, returning, sending
from procurement.operations.receipts import ReceiptEntry
from procurement.states import COMMITTED, LINE_TRANSITIONS, RELEASES, LineStatus, Release
from tests import worlds
from tests.cast import NOW, Cast

PRICE = Decimal("58.00")
WANTED = Decimal(20)


def line_of(cast: Cast) -> RequisitionLine:
    return RequisitionLine.objects.exclude(item=cast.chair).latest("pk")


def received(cast: Cast, quantity: int, deviation: Deviation = Deviation.NONE, missing: int = 0) -> None:
    allocation = Allocation.objects.get(line=line_of(cast))
    entry = ReceiptEntry(allocation.pk, Decimal(quantity), deviation, Decimal(missing))
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)


def undone(cast: Cast) -> None:
    decisions.undo(lines=[line_of(cast)], by=cast.manager, at=NOW).only()


def withdrawn(cast: Cast) -> None:
    amendments.withdraw_line(line=line_of(cast), by=cast.requester, at=NOW)


def refused(cast: Cast) -> None:
    (attest,) = line_of(cast).requisition.attests.current()
    attests.refuse_attest(attest=attest, by=cast.budget_holder, at=NOW, comment="Nej")


def ordered(cast: Cast) -> None:
    orders.consolidate(at=NOW, due_only=False)


def cancelled(cast: Cast) -> None:
    orders.cancel_order(order=PurchaseOrder.objects.get(), reason="Fel vara", by=cast.manager, at=NOW)


def lapsed(cast: Cast) -> None:
    Supplier.objects.update(blocked_reason="Sanktioner")
    sending.send_order(order=PurchaseOrder.objects.get(), at=NOW)


def cheaper(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(50))
    sending.send_order(order=PurchaseOrder.objects.get(), at=NOW)


def part(cast: Cast) -> None:
    received(cast, 12)


def short(cast: Cast) -> None:
    received(cast, 12, Deviation.SHORT, 8)


def nothing_came(cast: Cast) -> None:
    received(cast, 0, Deviation.SHORT, 20)


def everything(cast: Cast) -> None:
    received(cast, 20)


def rest(cast: Cast) -> None:
    received(cast, 8)


def credited(cast: Cast) -> None:
    allocation = Allocation.objects.get(line=line_of(cast))
    entry = ReceiptEntry(
        allocation.pk, Decimal(12), Deviation.DAMAGED, Decimal(3), expects=Expectation.CREDIT
    )
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)


def taken_back(cast: Cast) -> None:
    latest = Receipt.objects.filter(kind=ReceiptKind.DELIVERY).latest("pk")
    returning.take_back(key=uuid4(), receipt=latest, reason="Fel order", by=cast.colleague, at=NOW)


def sent_back(cast: Cast, expects: Expectation) -> None:
    (row,) = Receipt.objects.latest("pk").lines.all()
    returning.send_back(
        key=uuid4(),
        receipt=row.receipt,
        quantities={row.pk: Decimal(2)},
        expects=expects,
        reason="Går sönder",
        by=cast.colleague,
        at=NOW,
    )


@dataclass(frozen=True)
class Step:
    """The steps to a status, the step from there, and how much is still committed afterwards."""

    before: list[Callable[[Cast], None]]
    act: Callable[[Cast], None]
    ends: LineStatus
    left: int


STEPS = {
    "undo": Step([], undone, LineStatus.AWAITING, 0),
    "order": Step([], ordered, LineStatus.ORDERED, 20),
    "withdraw": Step([], withdrawn, LineStatus.WITHDRAWN, 0),
    "refuse attest": Step([], refused, LineStatus.CANCELLED, 0),
    "receive part": Step([ordered], part, LineStatus.PARTLY_RECEIVED, 20),
    "receive all": Step([ordered], everything, LineStatus.RECEIVED, 20),
    "receive too few": Step([ordered], short, LineStatus.RECEIVED, 12),
    "nothing will come": Step([ordered], nothing_came, LineStatus.RECEIVED, 0),
    "the rest will not come": Step(
        [ordered, part], lambda cast: received(cast, 0, Deviation.SHORT, 8), LineStatus.RECEIVED, 12
    ),
    "some more and then no more": Step(
        [ordered, part], lambda cast: received(cast, 3, Deviation.SHORT, 5), LineStatus.RECEIVED, 15
    ),
    "receive some, others are credited": Step([ordered], credited, LineStatus.PARTLY_RECEIVED, 17),
    "take back what was credited": Step([ordered, credited], taken_back, LineStatus.ORDERED, 20),
    "take back part": Step([ordered, part], taken_back, LineStatus.ORDERED, 20),
    "take back the rest": Step([ordered, part, rest], taken_back, LineStatus.PARTLY_RECEIVED, 20),
    "take back all": Step([ordered, everything], taken_back, LineStatus.ORDERED, 20),
    "take back too few": Step([ordered, short], taken_back, LineStatus.ORDERED, 20),
    "send back for money": Step(
        [ordered, everything], lambda cast: sent_back(cast, Expectation.CREDIT), LineStatus.RECEIVED, 18
    ),
    "send back for new ones": Step(
        [ordered, everything],
        lambda cast: sent_back(cast, Expectation.REPLACEMENT),
        LineStatus.PARTLY_RECEIVED,
        20,
    ),
    "more of it": Step([ordered, part], lambda cast: received(cast, 2), LineStatus.PARTLY_RECEIVED, 20),
    "the rest": Step([ordered, part], lambda cast: received(cast, 8), LineStatus.RECEIVED, 20),
    "lapse before it leaves": Step([ordered], lapsed, LineStatus.AWAITING, 0),
    "stand apart before it leaves": Step([ordered], cheaper, LineStatus.APPROVED, 20),
    "cancel": Step([ordered], cancelled, LineStatus.CANCELLED, 0),
}


def approved_and_attested(cast: Cast, *, needs_attest: bool) -> None:
    wishes = [(cast.gloves, 20), *([(cast.chair, 3)] if needs_attest else [])]
    requisition = worlds.submitted(cast, *wishes)
    decisions.approve(lines=[requisition.lines.get(item=cast.gloves)], by=cast.manager, at=NOW).only()


@pytest.mark.parametrize("name", STEPS)
def test_step_releases_what_it_should(cast: Cast, name: str) -> None:
    step = STEPS[name]
    ceiling = ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=100)
    approved_and_attested(cast, needs_attest=step.act is refused)
    for act in step.before:
        act(cast)
    before = line_of(cast).status
    step.act(cast)
    line = line_of(cast)
    cast.agreement.refresh_from_db()
    ceiling.refresh_from_db()
    assert line.status == step.ends
    assert (cast.agreement.committed_amount, ceiling.committed_quantity) == (step.left * PRICE, step.left)
    released = {
        Release.NOTHING: Decimal(0),
        Release.ALL: WANTED,
        Release.WHAT_WILL_NOT_COME: sum(each.closed_quantity for each in line.allocations.all()),
    }[Release.WHAT_WILL_NOT_COME if before == step.ends else RELEASES[LineStatus(before), step.ends]]
    assert WANTED - step.left == released


def stands(step: Step) -> LineStatus:
    """Where the line is before the step."""
    if not step.before:
        return LineStatus.APPROVED
    if step.before[-1] in (everything, rest, short):
        return LineStatus.RECEIVED
    return LineStatus.PARTLY_RECEIVED if step.before[-1] in (part, credited) else LineStatus.ORDERED


def test_every_step_of_a_committed_line_says_what_it_releases() -> None:
    steps = {(before, after) for before in COMMITTED for after in LINE_TRANSITIONS[before]}
    assert set(RELEASES) == steps
    covered_steps = {(stands(step), step.ends) for step in STEPS.values()}
    covered_steps = {(before, after) for before, after in covered_steps if before != after}
    # A change of what is approved is tried in test_versions.py, and what a supplier does not deliver in test_answers.py.
    superseded = {(before, LineStatus.SUPERSEDED) for before in (LineStatus.APPROVED, LineStatus.ORDERED)}
    assert steps - covered_steps == superseded


def test_what_will_not_come_fits_under_the_ceiling_again(cast: Cast) -> None:
    cast.agreement.ceiling_amount = Decimal(2000)
    cast.agreement.save()
    worlds.ordered(cast, (cast.gloves, 20))
    short(cast)
    line = worlds.line(cast, (cast.gloves, 20))
    assert decisions.approve(lines=[line], by=cast.manager, at=NOW).only().approved_amount == Decimal(
        "1160.00"
    )


def test_released_is_kept_on_the_line(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    short(cast)
    line = line_of(cast)
    assert (line.released_quantity, line.released_amount) == (Decimal(8), Decimal("464.00"))
    assert (line.approved_quantity, line.approved_amount) == (Decimal(20), Decimal("1160.00"))
