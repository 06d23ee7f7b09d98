"""Under an agreement that ranks its suppliers an order to a lower one needs evidence that those before have refused (LOU 7:6)."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agreements.models import AgreementSupplier, Supplier
from audit.models import Entry
from catalog.models import Price
from core.errors import DomainError, NotPermitted
from procurement import permissions
from procurement.models import Allocation, RankRefusal, RequisitionLine
from procurement.next_in_rank import passed_over
from procurement.operations import decisions, orders, sending
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.rank_refusals import (
    NobodyToRefuse,
    RefusalHasNoReason,
    RefusalIsRegistered,
    register_rank_refusal,
)
from procurement.rank_evidence import evidence_of
from procurement.states import LineStatus, OrderStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.answering import LATER, REFUSED, live, say, sent
from tests.procurement.deciding import approve
from tests.procurement.events import ranked_behind
from tests.races import race


def behind(cast: Cast) -> RequisitionLine:
    """A waiting line from a supplier that another comes before."""
    line = worlds.line(cast, (cast.gloves, 10))
    ranked_behind(cast)
    return line


def refuse(cast: Cast, line: RequisitionLine, **changed: Any) -> RequisitionLine:
    defaults = {
        "supplier": cast.paper_supplier,
        "reason": "Slut hos dem, telefon 18 maj",
        "by": cast.manager,
        "at": NOW,
    }
    return register_rank_refusal(line=line, **{**defaults, **changed})


def approved(cast: Cast, line: RequisitionLine) -> RequisitionLine:
    approve(line, cast.manager)
    line.refresh_from_db()
    return line


def test_a_registered_refusal_lets_the_next_one_get_it(cast: Cast) -> None:
    line = behind(cast)
    with pytest.raises(DomainError, match="kommer före"):
        approve(line, cast.manager)
    refuse(cast, line)
    assert approved(cast, line).approved_supplier == cast.supplier
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert order.supplier == cast.supplier
    rank_refusal = RankRefusal.objects.get()
    assert (rank_refusal.supplier, rank_refusal.registered_by, rank_refusal.registered_at) == (
        cast.paper_supplier,
        cast.manager,
        NOW,
    )
    entry = Entry.objects.about(line).get(event="line.rank_refused")
    assert (entry.details["supplier"], entry.details["comment"]) == (
        cast.paper_supplier.name,
        rank_refusal.reason,
    )


def test_an_answer_that_refuses_is_evidence(cast: Cast) -> None:
    """What the first one refuses goes to the next, and passes the gate again when it is ordered."""
    ranked_behind(cast)
    order = sent(cast)
    assert order.supplier == cast.paper_supplier
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    passed = live(cast)
    assert (passed.status, passed.approved_supplier) == (LineStatus.APPROVED, cast.supplier)
    (second,) = orders.consolidate(at=LATER, due_only=False)
    assert second.supplier == cast.supplier


def test_a_refusal_counts_for_later_versions_of_the_line_alone(cast: Cast) -> None:
    line, other = worlds.line(cast, (cast.gloves, 10)), worlds.line(cast, (cast.gloves, 5))
    ranked_behind(cast)
    refuse(cast, line)
    approved(cast, line)
    with pytest.raises(DomainError, match="kommer före"):
        approve(other, cast.manager)


def test_one_that_is_blocked_is_not_asked(cast: Cast) -> None:
    line = behind(cast)
    Supplier.objects.filter(pk=cast.paper_supplier.pk).update(blocked_reason="Sanktioner")
    assert approved(cast, line).approved_supplier == cast.supplier


@pytest.mark.parametrize("who", ["requester", "budget_holder", "controller", "stranger", "auditor"])
def test_who_does_not_decide_the_line_registers_nothing(cast: Cast, who: str) -> None:
    line = behind(cast)
    with pytest.raises(NotPermitted):
        refuse(cast, line, by=getattr(cast, who))
    assert not RankRefusal.objects.exists()


def test_a_decided_line_is_past_asking(cast: Cast) -> None:
    line = approved(cast, worlds.line(cast, (cast.gloves, 10)))
    ranked_behind(cast)
    with pytest.raises(permissions.LineIsDecided):
        refuse(cast, line)


def test_what_cannot_be_registered(cast: Cast) -> None:
    line = behind(cast)
    outside = Supplier.objects.create(
        name="Utanför AB", org_number="556000-9999", order_email="order@utanfor.example"
    )
    with pytest.raises(NobodyToRefuse):
        refuse(cast, line, supplier=outside)
    with pytest.raises(RefusalHasNoReason):
        refuse(cast, line, reason="  ")
    type(cast.agreement).objects.filter(pk=cast.agreement.pk).update(call_off_method="single")
    with pytest.raises(NobodyToRefuse):
        refuse(cast, line)


def test_the_same_is_registered_once_and_stays(cast: Cast) -> None:
    line = behind(cast)
    refuse(cast, line)
    with pytest.raises(RefusalIsRegistered):
        refuse(cast, line)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        RankRefusal.objects.update(reason="Annat")


@pytest.mark.django_db(transaction=True)
def test_two_who_register_at_the_same_time_register_it_once(cast: Cast) -> None:
    with transaction.atomic():
        line = behind(cast)
    results = race(lambda: refuse(cast, line), lambda: refuse(cast, line, by=cast.head))
    assert sorted(type(each).__name__ for each in results) == ["RefusalIsRegistered", "RequisitionLine"]


def test_the_question_is_asked_once_however_many_lines(cast: Cast) -> None:
    groups = [[worlds.line(cast, (cast.gloves, 10)) for _line in range(count)] for count in (2, 1, 8)]
    ranked_behind(cast)
    counts = []
    for lines in groups:
        for line in lines:
            refuse(cast, line)
        with CaptureQueriesContext(connection) as captured:
            assert len(decisions.approve(lines=lines, by=cast.manager, at=NOW).done) == len(lines)
        counts.append(len(captured))
    assert counts[1] == counts[2]


def test_the_page_asks_and_the_line_links_to_it(cast: Cast) -> None:
    line = behind(cast)
    client = signed_in(cast.manager)
    assert f"/rader/{line.pk}/nekad/" in text_of(client.get(f"/rader/{line.pk}/"))
    answer = client.post(
        f"/rader/{line.pk}/nekad/", {"supplier": cast.paper_supplier.pk, "reason": "Slut"}, follow=True
    )
    assert "nej är registrerat" in text_of(answer)
    assert signed_in(cast.controller).get(f"/rader/{line.pk}/nekad/").status_code in (403, 404)


def rank_by_price(cast: Cast) -> None:
    """Both sell gloves, and the lowest price of the call-off comes first."""
    ranked_behind(cast)
    type(cast.agreement).objects.filter(pk=cast.agreement.pk).update(call_off_method="dynamic_ranking")


def let_paper_cost(cast: Cast, price: int) -> None:
    Price.objects.filter(item=cast.gloves, supplier=cast.paper_supplier).update(unit_price=price)


def test_under_dynamic_ranking_the_cheapest_comes_first_when_it_is_approved_and_when_it_leaves(
    cast: Cast,
) -> None:
    line = worlds.line(cast, (cast.gloves, 10))
    rank_by_price(cast)
    let_paper_cost(cast, 58)
    assert approved(cast, line).approved_supplier == cast.supplier, (
        "of two that take the same either may get it"
    )
    let_paper_cost(cast, 57)
    assert orders.consolidate(at=NOW, due_only=False) == []
    line.refresh_from_db()
    assert f"{cast.paper_supplier.name} kommer före" in line.taken_back_sentence.replace("\xa0", " ")
    with pytest.raises(DomainError, match="kommer före"):
        approve(line, cast.manager)
    refuse(cast, line)
    assert approved(cast, line).approved_supplier == cast.supplier
    (order,) = orders.consolidate(at=NOW, due_only=False)
    let_paper_cost(cast, 1)
    assert sending.send_order(order=order, at=NOW).status == OrderStatus.SENT, "it has said no"


def test_under_dynamic_ranking_one_that_sells_more_alone_is_not_passed_over(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 10))
    rank_by_price(cast)
    let_paper_cost(cast, 50)
    Price.objects.filter(item=cast.gloves, supplier=cast.paper_supplier).update(minimum_quantity=11)
    assert approved(cast, line).approved_supplier == cast.supplier


def test_under_dynamic_ranking_the_next_in_price_is_asked(cast: Cast) -> None:
    """Its place in the agreement is the first, and says nothing."""
    rank_by_price(cast)
    let_paper_cost(cast, 58)
    order = sent(cast)
    other = cast.paper_supplier if order.supplier == cast.supplier else cast.supplier
    say(order, LineAnswer(1, REFUSED), by=cast.manager)
    assert live(cast).approved_supplier == other
    (second,) = orders.consolidate(at=LATER, due_only=False)
    sending.send_order(order=second, at=LATER)
    say(second, LineAnswer(1, REFUSED), by=cast.manager)
    assert live(cast).status == LineStatus.AWAITING, "nobody is left who has not refused"


@pytest.mark.usefixtures("at_nine")
def test_the_order_says_who_said_no_before(cast: Cast) -> None:
    line = behind(cast)
    refuse(cast, line)
    approved(cast, line)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    page = text_of(signed_in(cast.manager).get(f"/inkopsordrar/{order.number}/"))
    assert "Vem sa nej först?" in page
    assert f"{cast.paper_supplier.name}" in page
    assert "Slut hos dem, telefon 18 maj" in page
    assert "Vem sa nej först?" in text_of(signed_in(cast.auditor).get(f"/inkopsordrar/{order.number}/"))


@pytest.mark.usefixtures("at_nine")
def test_the_order_says_that_an_answer_refused(cast: Cast) -> None:
    ranked_behind(cast)
    first = sent(cast)
    say(first, LineAnswer(1, REFUSED), by=cast.manager)
    (second,) = orders.consolidate(at=LATER, due_only=False)
    page = signed_in(cast.manager).get(f"/inkopsordrar/{second.number}/")
    assert "Vem sa nej först?" in text_of(page)
    assert f'href="/inkopsordrar/{first.number}/"' in page.content.decode()
    assert "Vem sa nej först?" not in text_of(signed_in(cast.manager).get(f"/inkopsordrar/{first.number}/"))


def test_an_orders_evidence_is_what_was_known_when_it_was_made(cast: Cast) -> None:
    """What the next in rank refuses later is no reason why the first was asked."""
    ranked_behind(cast)
    first = sent(cast)
    say(first, LineAnswer(1, REFUSED), by=cast.manager)
    (second,) = orders.consolidate(at=LATER, due_only=False)
    sending.send_order(order=second, at=LATER)
    say(second, LineAnswer(1, REFUSED), by=cast.manager)
    first_lines, second_lines = (
        [each.line for each in Allocation.objects.filter(order_line__order=order).select_related("line")]
        for order in (first, second)
    )
    assert evidence_of(first, first_lines) == []
    assert [each.order for each in evidence_of(second, second_lines)] == [first]


@pytest.mark.parametrize(
    ("supplier", "selling", "refused", "first"),
    [
        (1, {1, 2, 3}, (), None),
        (2, {1, 2, 3}, (), 1),
        (2, {2, 3}, (), None),
        (2, {1, 2}, {1}, None),
        (3, {1, 2, 3}, {1}, 2),
        (3, {1, 2, 3}, {1, 2}, None),
        (3, {1, 3, 4}, {1}, None),
        (9, {1, 9}, (), 1),
    ],
)
def test_who_is_passed_over(
    supplier: int, selling: Collection[int], refused: Collection[int], first: int | None
) -> None:
    """The fourth in rank is blocked, and comes before nobody."""
    parties = [
        AgreementSupplier(
            rank=rank, supplier=Supplier(pk=rank, blocked_reason="Sanktioner" if rank == 4 else "")
        )
        for rank in (4, 2, 1, 3)
    ]
    ranked_supplier = passed_over(
        parties, supplier_id=supplier, selling=dict.fromkeys(selling, Decimal(5)), refused=refused
    )
    assert (ranked_supplier.supplier_id if ranked_supplier else None) == first
