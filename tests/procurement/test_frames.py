"""What departments may spend: judged when an order takes of it, told or attested, and given back."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from core.errors import DomainError
from core.money import ZERO
from notices.models import Notice
from organizations.models import BudgetFrame, Department, Role
from procurement.frames import FrameState, frames_of_lines
from procurement.models import Allocation, Deviation, RejectionReason, RequisitionLine
from procurement.operations import amendments, attests, decisions, orders, receipts, reducing, requisitions
from procurement.operations.line_deliveries import AS_THE_REST, Delivery
from procurement.spending import PARTS, Spending, spending_of_frames, with_spending
from tests import worlds
from tests.cast import NOW, Cast, membership
from tests.procurement.answering import sent
from tests.procurement.deciding import approve
from tests.procurement.part_deliveries import frame, line_with, placed
from tests.races import race


def spent(made: BudgetFrame) -> Spending:
    return spending_of_frames([made.pk]).get(made.pk, Spending())


def test_what_fits_asks_for_nothing(cast: Cast) -> None:
    budget_frame = frame(cast.ward, 580)
    requisition = worlds.submitted(cast, (cast.gloves, 10))
    assert not requisition.attests.exists()
    assert not Entry.objects.filter(event="frame.exceeded").exists()
    assert spent(budget_frame).requested == Decimal(580)


def test_what_does_not_fit_is_routed_to_the_budget_holder(cast: Cast) -> None:
    frame(cast.ward, 500)
    attest = worlds.submitted(cast, (cast.gloves, 10)).attests.get()
    assert (attest.responsible, attest.over_frame_amount) == (cast.budget_holder, Decimal(80))
    (entry,) = Entry.objects.filter(event="frame.exceeded")
    assert entry.details["over"] == "80.00"


def test_routing_asks_for_attest_though_she_orders_for_any_amount(cast: Cast) -> None:
    cast.requester.memberships.update(amount_limit=None)
    frame(cast.ward, 500)
    attest = worlds.submitted(cast, (cast.gloves, 10)).attests.get()
    assert attest.limit is None


def test_warning_lets_it_through_and_tells_the_budget_holder(cast: Cast) -> None:
    frame(cast.ward, 500, "warn")
    requisition = worlds.submitted(cast, (cast.gloves, 10))
    assert not requisition.attests.exists()
    assert Entry.objects.filter(event="frame.exceeded").count() == 1
    (notice,) = Notice.objects.filter(kind="budget_frame")
    assert notice.recipient == cast.budget_holder
    assert "80" in notice.sentence.text.replace("\xa0", " ")


def test_a_day_outside_every_frame_has_nothing_to_take_from(cast: Cast) -> None:
    frame(cast.ward, 100_000, during=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    attest = worlds.submitted(cast, (cast.gloves, 10)).attests.get()
    assert attest.over_frame_amount == Decimal(580)


def test_a_department_without_frames_is_not_followed(cast: Cast) -> None:
    frame(cast.home, 0)
    assert not worlds.submitted(cast, (cast.gloves, 10)).attests.exists()


def test_each_line_takes_of_the_frame_of_its_own_department_and_day(cast: Cast) -> None:
    ward, home = frame(cast.ward, 10_000), frame(cast.home, 10_000)
    next_year = frame(cast.ward, 10_000, during=DateRange(date(2022, 1, 1), date(2023, 1, 1)))
    membership(cast.controller, Role.BUDGET_HOLDER, cast.home)
    placed(
        cast,
        (cast.gloves, 10, AS_THE_REST),
        (cast.gown, 1, Delivery(cast.home)),
        (cast.gown, 2, Delivery(needed_by_date=date(2022, 2, 1))),
    )
    assert [spent(each).requested for each in (ward, home, next_year)] == [580, 149, 298]


def test_parts_of_one_order_are_judged_together(cast: Cast) -> None:
    frame(cast.ward, 700)
    later = Delivery(needed_by_date=date(2021, 6, 1))
    requisition = placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gown, 1, later))
    assert {each.over_frame_amount for each in requisition.attests.all()} == {Decimal(29)}


def test_a_dearer_substitute_is_judged_again(cast: Cast) -> None:
    frame(cast.ward, 1000)
    line = worlds.line(cast, (cast.gloves, 10))
    decisions.substitute(
        line=line, item=cast.gown, quantity=Decimal(10), by=cast.manager, at=NOW, comment="Slut"
    ).only()
    assert line.requisition.attests.get().over_frame_amount == Decimal(490)


def test_a_larger_revision_is_judged_again(cast: Cast) -> None:
    frame(cast.ward, 600)
    line = worlds.line(cast, (cast.gloves, 10))
    amendments.revise_line(line=line, quantity=Decimal(12), specification="", by=cast.requester, at=NOW)
    assert line.requisition.attests.get().over_frame_amount == Decimal(96)


def test_an_attest_is_closed_when_what_is_left_fits(cast: Cast) -> None:
    frame(cast.ward, 600)
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 1))
    amendments.withdraw_line(line=line_with(requisition, cast.gown), by=cast.requester, at=NOW)
    assert requisition.attests.get().status == "closed"


def test_refused_for_want_of_money_gives_back(cast: Cast) -> None:
    budget_frame = frame(cast.ward, 500)
    requisition = worlds.submitted(cast, (cast.gloves, 10))
    attests.refuse_attest(
        attest=requisition.attests.get(), by=cast.budget_holder, at=NOW, comment="Inga pengar"
    )
    assert spent(budget_frame) == Spending(released=Decimal(580))


def test_the_four_parts_follow_a_line_to_its_end(cast: Cast) -> None:
    budget_frame = frame(cast.ward, 10_000)
    line = worlds.line(cast, (cast.gloves, 10))
    assert spent(budget_frame) == Spending(requested=Decimal(580))
    approve(line, cast.manager)
    assert spent(budget_frame) == Spending(requested=Decimal(580))
    orders.consolidate(at=NOW, due_only=False)
    assert spent(budget_frame) == Spending(ordered=Decimal(580))
    receive(cast, line, 4)
    assert spent(budget_frame) == Spending(ordered=Decimal(348), received=Decimal(232))
    receive(cast, line, 3, Deviation.SHORT)
    assert spent(budget_frame) == Spending(received=Decimal(406), released=Decimal(174))


def test_a_cancelled_order_gives_back(cast: Cast) -> None:
    budget_frame = frame(cast.ward, 10_000)
    (order,) = worlds.ordered(cast, (cast.gloves, 10))
    orders.cancel_order(order=order, reason="Fel", by=cast.head, at=NOW)
    assert spent(budget_frame) == Spending(released=Decimal(580))


@pytest.mark.parametrize(("came", "left"), [(0, "348.00"), (4, "116.00")])
def test_what_is_needed_no_longer_is_free_before_the_rest_has_come(cast: Cast, came: int, left: str) -> None:
    budget_frame = frame(cast.ward, 10_000)
    order = sent(cast, (cast.gloves, 10))
    line = RequisitionLine.objects.get()
    if came:
        receive(cast, line, came)
    reducing.reduce_order(
        order=order,
        version=order.version,
        coming={Allocation.objects.get().pk: Decimal(6 - came)},
        reason="Räcker",
        by=cast.manager,
        at=NOW,
    )
    assert spent(budget_frame) == Spending(
        ordered=Decimal(left), received=Decimal(58 * came), released=Decimal("232.00")
    )


def receive(cast: Cast, line: RequisitionLine, quantity: int, deviation: Deviation = Deviation.NONE) -> None:
    allocation = Allocation.objects.get(line=line)
    entry = receipts.ReceiptEntry(allocation.pk, Decimal(quantity), deviation)
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)


ACTS = (
    "approve",
    "adjust",
    "substitute",
    "reject",
    "withdraw",
    "order",
    "receive",
    "short",
    "undo",
    "revise",
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 9)), max_size=6))
def test_the_four_parts_add_up_whatever_happens(cast: Cast, acts: list[tuple[str, int]]) -> None:
    sid = transaction.savepoint()
    budget_frame = frame(cast.ward, 100_000)
    line = worlds.line(cast, (cast.gloves, 10))
    for act, number in acts:
        with suppress(DomainError, Allocation.DoesNotExist), transaction.atomic():
            line = _act(act, number, line, cast)
        rows = with_spending(RequisitionLine.objects.all())
        sums = rows.aggregate(**{f"sum_{part}": Sum(part) for part in (*PARTS, "asked")})
        assert sum(sums[f"sum_{part}"] for part in PARTS) == sums["sum_asked"]
        assert all(getattr(row, part) >= ZERO for row in rows for part in PARTS)
        assert spent(budget_frame).taken <= Decimal(100_000)
    transaction.savepoint_rollback(sid)


def _act(act: str, number: int, line: RequisitionLine, cast: Cast) -> RequisitionLine:
    at, boss = NOW, cast.manager
    line = RequisitionLine.objects.get(pk=line.pk)
    if act == "approve":
        decisions.approve(lines=[line], by=boss, at=at)
    elif act == "adjust":
        decisions.adjust(line=line, quantity=Decimal(number), by=boss, at=at, comment="Räcker")
    elif act == "substitute":
        decisions.substitute(
            line=line, item=cast.gown, quantity=Decimal(number), by=boss, at=at, comment="Slut"
        )
    elif act == "reject":
        decisions.reject(lines=[line], reason_code=RejectionReason.IN_STOCK, comment="", by=boss, at=at)
    elif act == "undo":
        decisions.undo(lines=[line], by=boss, at=at)
    elif act == "withdraw":
        amendments.withdraw_line(line=line, by=cast.requester, at=at)
    elif act == "revise":
        return amendments.revise_line(
            line=line, quantity=Decimal(number), specification="", by=cast.requester, at=at
        )
    elif act == "order":
        orders.consolidate(at=at, due_only=False)
    else:
        receive(cast, line, number, Deviation.SHORT if act == "short" else Deviation.NONE)
    return line


def test_states_of_lines_are_two_queries(cast: Cast, django_assert_num_queries: object) -> None:
    frame(cast.ward, 1000)
    worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 1))
    lines = list(RequisitionLine.objects.all())
    with django_assert_num_queries(2):  # type: ignore[operator]
        states = frames_of_lines(lines)
    assert {state.left for state in states.values()} == {Decimal(271)}


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_do_not_both_fit(cast: Cast) -> None:
    frame(cast.ward, 1000)
    baskets = [worlds.basket(cast, (cast.gloves, 10), by=by) for by in (cast.requester, cast.colleague)]
    results = race(
        *[
            lambda basket=basket: requisitions.submit(basket=basket, by=basket.requester, at=NOW)
            for basket in baskets
        ]
    )
    assert not [result for result in results if isinstance(result, Exception)], results
    assert sorted(basket.attests.count() for basket in baskets) == [0, 1]


def test_a_frame_has_its_ends_and_does_not_overlap(cast: Cast) -> None:
    frame(cast.ward, 1000)
    for during in (DateRange(date(2021, 12, 1), date(2022, 12, 1)), DateRange(date(2022, 1, 1), None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            frame(cast.ward, 1000, during=during)


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_over_is_never_more_than_what_is_asked(amount: Decimal, taken: Decimal, asked: Decimal) -> None:
    budget_frame = BudgetFrame(amount=amount)
    state = FrameState(Department(), budget_frame, "route", Spending(requested=taken), asked)  # type: ignore[arg-type]
    assert state.left == amount - taken - asked
    assert state.is_over == (state.left < 0)
    assert state.over >= ZERO
    assert not asked or state.over <= asked
