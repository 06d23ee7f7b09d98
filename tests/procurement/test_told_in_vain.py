"""What was told of complaints, suppliers, recalls and baskets, and waits for nobody since: it stays unread with nobody."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from notices.models import Notice
from organizations.models import Role, User
from procurement.models import (
    Complaint,
    Deviation,
    Expectation,
    Receipt,
    Requisition,
    Severity,
    SupplierProposal,
)
from procurement.operations import amendments, morning_notices, recalls, receipts, returning
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.moving_baskets import move_basket, tell_of_stranded_baskets
from procurement.operations.putting_away import put_away_all
from procurement.operations.receipts import ReceiptEntry
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership, person
from tests.procurement.answering import LATER, REFUSED, say, sent
from tests.procurement.proposing import accept, proposed
from tests.procurement.test_reducing import first

LATE = LATER + timedelta(days=30)


def unread(user: User, kind: str) -> bool:
    return Notice.objects.unread().filter(recipient=user, kind=kind).exists()


@pytest.fixture
def complained(cast: Cast) -> Receipt:
    """Ten that were damaged, told to be late."""
    entry = ReceiptEntry(
        first(sent(cast)).pk, Decimal(0), Deviation.DAMAGED, Decimal(10), "", Expectation.REPLACEMENT
    )
    receipt = receipts.receive(
        key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=LATER
    )
    for days in range(30):
        morning_notices.tell_morning(at=LATER + timedelta(days=days))
    assert unread(cast.colleague, "complaint_late")
    assert put_away_all(at=LATE) == 0
    return receipt


def test_a_late_complaint_about_a_receipt_that_was_a_mistake(cast: Cast, complained: Receipt) -> None:
    returning.take_back(key=uuid4(), receipt=complained, reason="Fel låda", by=cast.colleague, at=LATE)
    put_away_all(at=LATE)
    assert not Complaint.objects.open().exists()
    assert not unread(cast.colleague, "complaint_late")


def test_a_late_complaint_when_the_supplier_does_not_deliver(cast: Cast, complained: Receipt) -> None:
    order = complained.lines.get().allocation.order_line.order
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    assert not unread(cast.colleague, "complaint_late")


@pytest.mark.parametrize("how", ["examined", "withdrawn"])
def test_a_proposed_supplier_that_is_examined_no_more(cast: Cast, how: str) -> None:
    other = person("other.head", "Ada", "Annan")
    membership(other, Role.HEAD_OF_PROCUREMENT)
    line = proposed(cast)
    assert put_away_all(at=NOW) == 0
    assert unread(other, "supplier_proposed")
    if how == "examined":
        accept(SupplierProposal.objects.get(), by=cast.head)
    else:
        amendments.withdraw_line(line=line, by=cast.requester, at=NOW)
    put_away_all(at=NOW)
    assert not unread(other, "supplier_proposed")
    assert not unread(cast.head, "supplier_proposed")


def test_a_recall_that_is_lifted(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10))
    at = NOW + timedelta(hours=1)
    recalls.recall(
        item=cast.gloves, reason="Hål", severity=Severity.REMOVE, since_date=TODAY, by=cast.manager, at=at
    )
    assert put_away_all(at=at) == 0
    assert unread(cast.requester, "recall")
    recalls.lift(item=cast.gloves, by=cast.manager, at=at, reason="Kontrollerat")
    put_away_all(at=at)
    assert "begun" not in Notice.objects.unread().filter(kind="recall").values_list("facts__how", flat=True)


def test_a_basket_that_is_moved(cast: Cast) -> None:
    membership(cast.requester, Role.REQUESTER, cast.home)
    basket = worlds.basket(cast)
    cast.ward.closed_date = TODAY
    cast.ward.save()
    tell_of_stranded_baskets(at=NOW)
    assert put_away_all(at=NOW) == 0
    assert unread(cast.requester, "basket_stranded")
    move_basket(basket=Requisition.objects.get(pk=basket.pk), department=cast.home, by=cast.requester, at=NOW)
    assert not unread(cast.requester, "basket_stranded")
