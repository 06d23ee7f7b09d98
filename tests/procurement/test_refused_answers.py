"""What a supplier refuses goes back, or to the next in rank, and its ceiling is released."""

from decimal import Decimal

import pytest

from agreements.models import Agreement, AgreementSupplier, CallOffMethod
from catalog.models import Price
from notices.models import Notice
from office.rules import breaches
from procurement.models import (
    LineDecision,
    RequisitionLine,
)
from procurement.operations import decisions, orders
from procurement.operations.answered_lines import LineAnswer
from procurement.states import LineStatus, OrderStatus
from tests.cast import ALWAYS, Cast
from tests.procurement.answering import CONFIRMED, LATER, REFUSED, committed, live, say, sent
from tests.procurement.messages import fresh


def test_a_refusal_gives_the_line_back_and_releases_the_ceiling(cast: Cast) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 2))
    say(order, LineAnswer(1, REFUSED, comment="Slut"), LineAnswer(2, CONFIRMED), by=cast.manager)
    lines = {line.item_id: line for line in RequisitionLine.objects.exclude(status=LineStatus.SUPERSEDED)}
    again = lines[cast.gloves.pk]
    old = again.replaces
    assert old is not None
    assert (old.status, again.version) == (LineStatus.SUPERSEDED, 2)
    assert (again.status, again.responsible, again.quantity) == (
        LineStatus.AWAITING,
        cast.manager,
        Decimal(10),
    )
    assert order.number in again.taken_back_sentence
    assert lines[cast.gown.pk].status == LineStatus.ORDERED
    assert committed(cast) == Decimal("298.00")
    assert Notice.objects.filter(kind="taken_back").exists()
    assert fresh(order).status == OrderStatus.SENT
    assert breaches(LATER) == []


def test_what_is_refused_can_be_approved_and_ordered_again(cast: Cast) -> None:
    order = sent(cast)
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    assert fresh(order).status == OrderStatus.REFUSED
    from_decisions = live(cast)
    decisions.approve(lines=[from_decisions], by=cast.head, at=LATER).only()
    (second,) = orders.consolidate(at=LATER, due_only=False)
    assert second != order
    assert committed(cast) == Decimal("580.00")
    assert breaches(LATER) == []


@pytest.fixture
def _next_in_rank(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=CallOffMethod.RANKING)
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)


def price_of_next(cast: Cast, unit_price: str) -> None:
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.paper_supplier,
        unit_price=Decimal(unit_price),
        valid_during=ALWAYS,
    )


@pytest.mark.usefixtures("_next_in_rank")
def test_a_refusal_goes_to_the_next_in_rank_at_no_higher_price(cast: Cast) -> None:
    price_of_next(cast, "57.00")
    order = sent(cast)
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    passed = live(cast)
    assert (passed.status, passed.approved_supplier) == (LineStatus.APPROVED, cast.paper_supplier)
    assert committed(cast) == Decimal("570.00")
    decision = LineDecision.objects.filter(line=passed).latest("pk")
    assert (decision.rule, decision.by) == ("terms", passed.decided_by)
    (second,) = orders.consolidate(at=LATER, due_only=False)
    assert second.supplier == cast.paper_supplier
    assert breaches(LATER) == []


@pytest.mark.usefixtures("_next_in_rank")
def test_a_dearer_one_in_rank_waits_for_whoever_answers(cast: Cast) -> None:
    price_of_next(cast, "61.00")
    order = sent(cast)
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    waiting = live(cast)
    assert (waiting.status, waiting.supplier) == (LineStatus.AWAITING, cast.paper_supplier)
    assert committed(cast) == Decimal("0.00")
    assert breaches(LATER) == []
