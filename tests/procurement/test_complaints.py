"""What is expected of a supplier when something was wrong: said at the receipt, open until it is settled."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from audit.models import Entry
from core.errors import DomainError
from notices.models import Notice
from organizations.models import Role, User
from procurement.models import (
    Allocation,
    Complaint,
    ComplaintSettlement,
    Deviation,
    Expectation,
    ReceiptLine,
    RequisitionLine,
    SettlementOutcome,
)
from procurement.operations import receipts
from procurement.operations.complaints import settle_complaint
from procurement.operations.morning_notices import tell_morning
from procurement.operations.receipts import ReceiptEntry
from procurement.operations.returning import take_back
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership
from tests.races import race

PRICE = Decimal("58.00")


def received(
    cast: Cast,
    quantity: int,
    deviation: Deviation,
    wrong: int,
    expects: Expectation | None = None,
    expected_by: date | None = None,
) -> ReceiptLine:
    """Of ten boxes of gloves."""
    if not Allocation.objects.exists():
        worlds.ordered(cast)
    entry = ReceiptEntry(
        Allocation.objects.get().pk, Decimal(quantity), deviation, Decimal(wrong), "", expects, expected_by
    )
    receipt = receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    return receipt.lines.get()


def settled(cast: Cast, outcome: SettlementOutcome, reference: str = "", by: User | None = None) -> Complaint:
    return settle_complaint(
        complaint=Complaint.objects.get(),
        outcome=outcome,
        reference=reference,
        by=by or cast.requester,
        at=NOW,
    )


def committed(cast: Cast) -> Decimal:
    cast.agreement.refresh_from_db()
    return Decimal(cast.agreement.committed_amount)


def told(kind: str) -> list[tuple[str, str]]:
    """Who has been told what, by first name."""
    rows = Notice.objects.filter(kind=kind).select_related("recipient").order_by("pk")
    return [(each.recipient.first_name, each.sentence.title) for each in rows]


def test_whoever_reported_and_whoever_answers_hear_how_it_ended(cast: Cast) -> None:
    received(cast, 10, Deviation.DAMAGED, 2, Expectation.CREDIT)
    settled(cast, SettlementOutcome.DONE, "K 4417")
    title = f"Reklamationen till {cast.supplier.name} är klar"
    assert sorted(told("complaint_settled")) == sorted(
        [(cast.colleague.first_name, title), (cast.manager.first_name, title)]
    )
    text = Notice.objects.filter(kind="complaint_settled")[0].sentence.text
    assert "2 askar" in text.replace("\xa0", " ")
    assert f"{cast.requester.full_name} avslutade den. ”K 4417”" in text


def test_whoever_ends_it_is_not_told(cast: Cast) -> None:
    received(cast, 10, Deviation.DAMAGED, 2, Expectation.CREDIT)
    settled(cast, SettlementOutcome.NOT_COMING, "De nekar", by=cast.colleague)
    assert told("complaint_settled") == [
        (cast.manager.first_name, f"Det blir inget av reklamationen till {cast.supplier.name}")
    ]


def test_a_day_that_passes_is_told_once(cast: Cast) -> None:
    received(cast, 10, Deviation.DAMAGED, 2, Expectation.CREDIT, TODAY + timedelta(days=1))
    for days in (1, 2, 3, 6):
        tell_morning(at=NOW + timedelta(days=days))
        assert len(told("complaint_late")) == (0 if days == 1 else 2)
    assert {name for name, _title in told("complaint_late")} == {
        cast.colleague.first_name, cast.manager.first_name,
    }  # fmt: skip
    text = Notice.objects.filter(kind="complaint_late")[0].sentence.text
    assert "skulle ha krediterats senast ons" in text
    settled(cast, SettlementOutcome.DONE, "K 4417")
    assert not Notice.objects.unread().filter(kind="complaint_late").exists()


@pytest.mark.parametrize(
    ("deviation", "wrong", "expects", "complaint", "closed", "status"),
    [
        (Deviation.DAMAGED, 2, None, (Expectation.REPLACEMENT, 2), 0, LineStatus.PARTLY_RECEIVED),
        (Deviation.WRONG, 2, None, (Expectation.REPLACEMENT, 2), 0, LineStatus.PARTLY_RECEIVED),
        (Deviation.DAMAGED, 2, Expectation.CREDIT, (Expectation.CREDIT, 2), 2, LineStatus.RECEIVED),
        (Deviation.DAMAGED, 1, Expectation.CREDIT, (Expectation.CREDIT, 1), 1, LineStatus.PARTLY_RECEIVED),
        (Deviation.DAMAGED, 2, Expectation.NOTHING, None, 2, LineStatus.RECEIVED),
        (Deviation.DAMAGED, 5, None, None, 0, LineStatus.PARTLY_RECEIVED),
        (Deviation.SHORT, 0, None, None, 2, LineStatus.RECEIVED),
        (Deviation.SHORT, 0, Expectation.CREDIT, (Expectation.CREDIT, 2), 2, LineStatus.RECEIVED),
        (
            Deviation.OVER,
            3,
            Expectation.COLLECTION,
            (Expectation.COLLECTION, 3),
            0,
            LineStatus.PARTLY_RECEIVED,
        ),
        (Deviation.NOT_ORDERED, 1, None, None, 0, LineStatus.PARTLY_RECEIVED),
    ],
)
def test_eight_of_ten_came_and(
    cast: Cast,
    deviation: Deviation,
    wrong: int,
    expects: Expectation | None,
    complaint: tuple[Expectation, int] | None,
    closed: int,
    status: LineStatus,
) -> None:
    row = received(cast, 8, deviation, wrong, expects)
    complaints = [(each.expects, each.quantity) for each in Complaint.objects.all()]
    assert complaints == ([complaint] if complaint else [])
    assert (row.closed_quantity, Allocation.objects.get().closed_quantity) == (closed, closed)
    assert RequisitionLine.objects.get().status == status
    assert committed(cast) == (10 - closed) * PRICE


@pytest.mark.parametrize(
    ("quantity", "deviation", "expects", "day", "code"),
    [
        (10, Deviation.DAMAGED, Expectation.REPLACEMENT, None, "no_room_for_replacement"),
        (8, Deviation.DAMAGED, Expectation.COLLECTION, None, "expectation_not_possible"),
        (8, Deviation.NONE, Expectation.CREDIT, None, "expectation_not_possible"),
        (8, Deviation.DAMAGED, None, TODAY - timedelta(days=1), "expected_in_the_past"),
    ],
)
def test_what_cannot_be_expected_is_refused(
    cast: Cast, quantity: int, deviation: Deviation, expects: Expectation | None, day: date | None, code: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        received(cast, quantity, deviation, 2, expects, day)
    assert refusal.value.code == code
    assert not Complaint.objects.exists()
    assert Allocation.objects.get().received_quantity == 0


def test_replacement_is_there_when_the_rest_has_come_and_not_when_that_was_a_mistake(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2)
    rest = received(cast, 2, Deviation.NONE, 0)
    assert not Complaint.objects.open().exists()
    take_back(key=uuid4(), receipt=rest.receipt, reason="Fel", by=cast.colleague, at=NOW)
    assert Complaint.objects.open().exists()


def by_a_colleague(cast: Cast, quantity: int, deviation: Deviation = Deviation.NONE) -> None:
    """The rest comes, and is received by somebody else than whoever complained."""
    if not cast.stranger.memberships.filter(role=Role.GOODS_RECEIVER).exists():
        membership(cast.stranger, Role.GOODS_RECEIVER, cast.ward)
    entry = ReceiptEntry(Allocation.objects.get().pk, Decimal(quantity), deviation)
    receipts.receive(
        key=uuid4(), department=cast.ward, entries=[entry], by=cast.stranger, at=NOW + timedelta(days=30)
    )


def test_whoever_complained_hears_that_the_replacement_has_come(cast: Cast) -> None:
    received(cast, 6, Deviation.DAMAGED, 2)
    day = NOW
    while not told("complaint_late"):
        day += timedelta(days=1)
        tell_morning(at=day)
    by_a_colleague(cast, 3)
    assert told("complaint_settled") == []
    by_a_colleague(cast, 1)
    assert sorted(told("complaint_settled")) == sorted(
        (person.first_name, "Det nya från Nordmedica AB har kommit")
        for person in (cast.colleague, cast.manager)
    )
    text = Notice.objects.filter(kind="complaint_settled")[0].sentence.text
    assert text.endswith(f"{cast.stranger.full_name} tog emot det som var kvar.")
    assert not Notice.objects.unread().filter(kind="complaint_late").exists()


def test_whoever_receives_the_replacement_herself_is_told_nothing(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2)
    received(cast, 2, Deviation.NONE, 0)
    assert [name for name, _title in told("complaint_settled")] == [cast.manager.first_name]


def test_a_replacement_that_is_received_as_missing_does_not_come(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2)
    by_a_colleague(cast, 0, Deviation.SHORT)
    assert {title for _name, title in told("complaint_settled")} == {
        "Det blir inget av reklamationen till Nordmedica AB"
    }


def test_what_was_settled_or_credited_is_not_told_again(cast: Cast) -> None:
    received(cast, 6, Deviation.DAMAGED, 2, Expectation.CREDIT)
    by_a_colleague(cast, 2)
    assert told("complaint_settled") == []


def test_complaint_goes_with_the_receipt_that_was_a_mistake(cast: Cast) -> None:
    row = received(cast, 8, Deviation.DAMAGED, 2, Expectation.CREDIT)
    take_back(key=uuid4(), receipt=row.receipt, reason="Fel", by=cast.colleague, at=NOW)
    assert not Complaint.objects.open().exists()
    assert (Allocation.objects.get().remaining, committed(cast)) == (Decimal(10), 10 * PRICE)


def test_replacement_that_does_not_come_is_released(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2)
    settled(cast, SettlementOutcome.NOT_COMING, "Utgången hos leverantören")
    assert (Allocation.objects.get().closed_quantity, committed(cast)) == (2, 8 * PRICE)
    assert RequisitionLine.objects.get().status == LineStatus.RECEIVED
    entry = Entry.objects.get(event="complaint.settled")
    assert entry.details["comment"] == "Utgången hos leverantören"


def test_credit_is_settled_by_its_number_and_changes_no_quantity(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2, Expectation.CREDIT)
    settled(cast, SettlementOutcome.DONE, "K 1701")
    assert not Complaint.objects.open().exists()
    assert committed(cast) == 8 * PRICE


def test_settling_without_a_reason_is_refused(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2)
    for outcome in SettlementOutcome:
        with pytest.raises(DomainError) as refusal:
            settled(cast, outcome, " ")
        assert refusal.value.code == "settlement_reason_missing"


def test_settling_twice_is_refused(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2, Expectation.CREDIT)
    settled(cast, SettlementOutcome.DONE)
    with pytest.raises(DomainError) as refusal:
        settled(cast, SettlementOutcome.NOT_COMING, "Nej")
    assert refusal.value.code == "complaint_is_settled"
    assert ComplaintSettlement.objects.count() == 1


@pytest.mark.parametrize("actor", ["stranger", "manager", "head", "auditor", "administrator"])
def test_settling_by_others_is_refused(cast: Cast, actor: str) -> None:
    received(cast, 8, Deviation.DAMAGED, 2, Expectation.CREDIT)
    with pytest.raises(DomainError) as refusal:
        settled(cast, SettlementOutcome.DONE, by=getattr(cast, actor))
    assert refusal.value.code == "not_your_department"


def test_settling_by_whoever_decided_is_refused(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2, Expectation.CREDIT)
    membership(cast.head, Role.REQUESTER, cast.ward, "10000")
    with pytest.raises(DomainError) as refusal:
        settled(cast, SettlementOutcome.DONE, by=User.objects.get(pk=cast.head.pk))
    assert refusal.value.code == "receiver_has_decided"


@pytest.mark.django_db(transaction=True)
def test_the_replacement_comes_while_somebody_gives_it_up(cast: Cast) -> None:
    received(cast, 8, Deviation.DAMAGED, 2)
    results = race(
        lambda: received(cast, 2, Deviation.NONE, 0),
        lambda: settled(cast, SettlementOutcome.NOT_COMING, "Slut"),
    )
    (error,) = [each for each in results if isinstance(each, Exception)]
    assert isinstance(error, DomainError), error
    assert error.code in ("line_not_deliverable", "complaint_is_settled")
    assert Allocation.objects.get().remaining == 0
