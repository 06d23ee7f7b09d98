"""A supplier's no to what is left of a line that has come in part: it is evidence, and what is left is asked for elsewhere."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest

from agreements.models import Agreement, AgreementSupplier, CallOffMethod
from catalog.models import Price
from core.formatting import NBSP
from notices.models import Notice
from office.rules import breaches
from procurement.calling_off import refused_suppliers
from procurement.models import Allocation, AnswerOutcome, Deviation, PurchaseOrder, RequisitionLine
from procurement.operations import answers, orders
from procurement.operations.agreed_changes import LineHasCome
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.answers import AnswerFile
from procurement.rank_evidence import evidence_of
from procurement.states import AnswerStatus, LineStatus
from tests.cast import ALWAYS, Cast
from tests.pages import signed_in, text_of
from tests.procurement.answering import CHANGED, LATER, REFUSED, committed, say, sent, settle
from tests.procurement.test_answers import two_needs
from tests.procurement.test_reducing import first, receive, reduce

pytestmark = pytest.mark.django_db


def ranked(cast: Cast) -> PurchaseOrder:
    """Under an agreement that ranks another supplier next: needs of ten and five on one line of an order."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=CallOffMethod.RANKING)
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    Price.objects.create(
        item=cast.gloves, agreement=cast.agreement, supplier=cast.paper_supplier, unit_price=58, valid_during=ALWAYS
    )  # fmt: skip
    return two_needs(cast, 10, 5)


def refuses(cast: Cast, order: PurchaseOrder) -> None:
    """Four of the ten have come, and the supplier says that no more does."""
    receive(cast, first(order), 4)
    say(order, LineAnswer(1, REFUSED), by=cast.manager)


def offers_less_and_is_declined(cast: Cast, order: PurchaseOrder) -> None:
    """It offered eight, four came, and no more is wanted of it."""
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(8)), by=cast.manager)
    receive(cast, first(order), 4)
    settle(order, by=cast.manager, declined=(1,))


def offers_what_came_and_is_agreed_with(cast: Cast, order: PurchaseOrder) -> None:
    """It offered four, which came."""
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(4)), by=cast.manager)
    receive(cast, first(order), 4)
    settle(order, by=cast.manager, agreed=(1,))


WAYS = [refuses, offers_less_and_is_declined, offers_what_came_and_is_agreed_with]


@pytest.mark.parametrize("way", WAYS)
def test_the_need_of_which_nothing_came_goes_to_the_next_in_rank(
    cast: Cast, way: Callable[[Cast, PurchaseOrder], None]
) -> None:
    """Nobody has to write down that the first has said no: its answer says so."""
    order = ranked(cast)
    way(cast, order)
    ten, five = RequisitionLine.objects.exclude(status=LineStatus.SUPERSEDED).order_by("amount", "pk")[::-1]
    assert (ten.status, ten.released_quantity) == (LineStatus.RECEIVED, 6)
    assert (five.status, five.approved_supplier) == (LineStatus.APPROVED, cast.paper_supplier)
    assert order.lines.get().answer == AnswerStatus.CONFIRMED, "what has come stands"
    assert set(Allocation.objects.values_list("refused_at", flat=True)) == {LATER}
    assert committed(cast) == 9 * Decimal(58)
    (second,) = orders.consolidate(at=LATER, due_only=False)
    (evidence,) = evidence_of(second, [five])
    assert (evidence.order, evidence.supplier, evidence.day) == (order, cast.supplier.name, LATER.date())
    assert breaches(LATER) == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_left_of_a_need_is_refused_as_well(
    cast: Cast, way: Callable[[Cast, PurchaseOrder], None]
) -> None:
    order = ranked(cast)
    way(cast, order)
    ten = RequisitionLine.objects.get(status=LineStatus.RECEIVED)
    assert refused_suppliers([ten])[ten.requisition_id, ten.position] == {cast.supplier.pk}


def test_what_is_divided_is_refused_of_each(cast: Cast) -> None:
    order = ranked(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(12)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    both = list(Allocation.objects.order_by("pk"))
    assert [(each.closed_quantity, each.refused_at) for each in both] == [(2, LATER), (1, LATER)]


def test_what_is_let_go_of_is_nobodys_refusal(cast: Cast) -> None:
    """Fewer that are needed, and a shortage that whoever receives notes, are no answers."""
    order = sent(cast)
    reduce(order, {first(order).pk: Decimal(6)}, by=cast.manager)
    receive(cast, first(order), 4, Deviation.SHORT)
    assert (first(order).closed_quantity, first(order).refused_at) == (6, None)


def test_a_file_that_refuses_answers_the_order_as_it_was_sent(cast: Cast) -> None:
    order = ranked(cast)
    receive(cast, first(order), 4)
    answer = answers.take_in_answer(
        order=order, key=uuid4(), outcome=AnswerOutcome.REFUSED, lines=(), file=AnswerFile(b"<x/>", "a" * 64), at=LATER,
    )  # fmt: skip
    assert LineHasCome.code in answer.not_taken_reason
    assert sum(each.remaining for each in Allocation.objects.all()) == 11


def test_whoever_answers_is_told_of_all_that_one_answer_says(cast: Cast) -> None:
    """Of one line it does not deliver the rest, and of another nothing."""
    order = sent(cast, (cast.gloves, 10), (cast.gown, 2))
    receive(cast, first(order), 4)
    say(order, LineAnswer(1, REFUSED), LineAnswer(2, REFUSED), by=cast.head)
    notices = Notice.objects.filter(recipient=cast.manager, kind="supplier_answer")
    assert sorted(each.facts["how"] for each in notices) == ["refused", "rest_refused"]
    assert "resten kommer inte" in notices.get(facts__how="rest_refused").sentence.text


def test_a_change_is_told_beside_a_refusal(cast: Cast) -> None:
    order = sent(cast, (cast.gloves, 10), (cast.gown, 2))
    say(order, LineAnswer(1, REFUSED), LineAnswer(2, CHANGED, quantity=Decimal(1)), by=cast.head)
    notices = Notice.objects.filter(recipient=cast.manager, kind="supplier_answer")
    assert sorted(each.facts["how"] for each in notices) == ["changed", "refused"]


@pytest.mark.usefixtures("at_nine")
def test_the_next_order_says_what_the_first_refused(cast: Cast) -> None:
    order = ranked(cast)
    assert 'id="svar"' not in signed_in(cast.manager).get(f"/inkopsordrar/{order.number}/").content.decode()
    refuses(cast, order)
    (second,) = orders.consolidate(at=LATER, due_only=False)
    karin = signed_in(cast.manager)
    page = text_of(karin.get(f"/inkopsordrar/{second.number}/"))
    assert "Vem sa nej först?" in page
    assert cast.supplier.name in page
    assert 'id="svar"' in karin.get(f"/inkopsordrar/{order.number}/").content.decode()


def test_evidence_says_how_many_did_not_come(cast: Cast) -> None:
    """Of a need that was asked for again after a part of it had come."""
    order = ranked(cast)
    say(order, LineAnswer(1, CHANGED, quantity=Decimal(12)), by=cast.manager)
    settle(order, by=cast.manager, agreed=(1,))
    later = sent(cast)
    ten = Allocation.objects.select_related("line").earliest("pk").line
    (evidence,) = evidence_of(
        PurchaseOrder(agreement=later.agreement, supplier=cast.paper_supplier, created_at=LATER, pk=later.pk),
        [ten],
    )
    assert evidence.what.startswith(f"2{NBSP}")
