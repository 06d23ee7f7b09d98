"""Limits are judged on what is really asked for, and attests follow the amounts, up and down."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from audit.models import Entry
from catalog.models import Item
from categories.models import CategoryPolicy
from organizations.models import Department, Membership, Role
from procurement import splitting
from procurement.models import (
    Allocation,
    BudgetAttest,
    RejectionReason,
    Requisition,
    RequisitionLine,
)
from procurement.operations import amendments, attests, decisions, orders, requisitions
from procurement.operations.baskets import Details
from procurement.operations.filling import Wish
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.cast import NOW, Cast, membership
from tests.procurement.deciding import approve
from tests.procurement.test_reducing import reduce


def place(
    cast: Cast,
    *wanted: tuple[Item, int],
    charged: Department | None = None,
    at: datetime = NOW,
) -> Requisition:
    """Order in one call, on the ward's or another department's money."""
    return requisitions.place(
        key=uuid4(),
        department=cast.ward,
        wanted=[Wish(item, Decimal(quantity)) for item, quantity in wanted],
        details=Details(cast.place, charged or cast.ward, cast.activity, (at + timedelta(days=7)).date()),
        by=cast.requester,
        at=at,
    ).requisition


def stand_approved(limit: str) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(limit))


def statuses(*placed: Requisition) -> list[str]:
    lines = RequisitionLine.objects.filter(requisition__in=placed)
    return list(lines.order_by("pk").values_list("status", flat=True))


def test_lines_of_one_item_in_one_order_are_judged_together(cast: Cast) -> None:
    stand_approved("2000")
    assert statuses(place(cast, (cast.gloves, 15), (cast.gloves, 15), (cast.gloves, 15))) == ["awaiting"] * 3


def test_other_items_of_the_order_are_judged_by_themselves(cast: Cast) -> None:
    stand_approved("2000")
    assert statuses(place(cast, (cast.gloves, 15), (cast.gloves, 20), (cast.gown, 5))) == [
        LineStatus.AWAITING,
        LineStatus.AWAITING,
        LineStatus.APPROVED,
    ]


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "awaiting"), (6, "awaiting"), (7, "approved"), (30, "approved")]
)
def test_orders_of_one_item_are_judged_over_the_week(cast: Cast, days: int, expected: str) -> None:
    stand_approved("2000")
    first = place(cast, (cast.gloves, 20))
    second = place(cast, (cast.gloves, 20), at=NOW + timedelta(days=days))
    assert statuses(first, second) == [LineStatus.APPROVED, expected]


def test_what_was_withdrawn_is_not_judged(cast: Cast) -> None:
    stand_approved("2000")
    first = place(cast, (cast.gloves, 20))
    amendments.withdraw_line(line=first.lines.get(), by=cast.requester, at=NOW)
    assert statuses(place(cast, (cast.gloves, 20))) == [LineStatus.APPROVED]


def test_orders_in_a_row_are_seen_by_a_budget_holder(cast: Cast) -> None:
    """The limit is 10 000: the third order of 3 480 kr in a week makes 10 440."""
    placed = [place(cast, (cast.chair, 1)) for _number in range(4)]
    third = placed[2].attests.get()
    assert [each.attests.exists() for each in placed] == [False, False, True, True]
    assert (third.amount, third.earlier_amount, third.limit) == (3480, 6960, 10000)


def test_what_a_budget_holder_has_seen_is_not_judged_again(cast: Cast) -> None:
    placed = place(cast, (cast.chair, 3))
    attests.attest(attest=placed.attests.get(), by=cast.budget_holder, at=NOW)
    assert not place(cast, (cast.chair, 1)).attests.exists()


def test_needs_in_free_text_are_judged_by_their_category(cast: Cast) -> None:
    earlier = {
        splitting.thing_of(None, 7): splitting.RecentRequests(Decimal(500), Decimal(300)),
        splitting.thing_of(7, 7): splitting.RecentRequests(Decimal(90), Decimal(80)),
    }
    thing = splitting.thing_of(None, 7)
    ordered = splitting.sums_of([(thing, Decimal(10)), (thing, Decimal(20)), (("item", 7), Decimal(1))])
    assert splitting.judged_amount(thing, ordered, earlier) == 530
    assert splitting.unseen_amount([thing, thing], earlier) == 300


def test_another_departments_money_is_attested_from_the_first_krona(cast: Cast) -> None:
    attest = place(cast, (cast.gloves, 1), charged=cast.home).attests.get()
    assert (attest.amount, attest.limit) == (58, 0)
    assert attest.responsible == cast.budget_holder  # of the same administration; the home has none


def test_the_other_departments_own_budget_holder_is_asked(cast: Cast) -> None:
    membership(cast.stranger, Role.BUDGET_HOLDER, cast.home, "1000")
    assert place(cast, (cast.gloves, 1), charged=cast.home).attests.get().responsible == cast.stranger


def test_who_has_the_least_limit_that_suffices_is_asked(cast: Cast) -> None:
    Membership.objects.filter(user=cast.budget_holder, role=Role.BUDGET_HOLDER).update(amount_limit=100_000)
    membership(cast.auditor, Role.BUDGET_HOLDER, cast.ward, "9000")
    membership(cast.stranger, Role.BUDGET_HOLDER, cast.ward, "20000")
    assert place(cast, (cast.chair, 3)).attests.get().responsible == cast.stranger
    assert place(cast, (cast.chair, 6)).attests.get().responsible == cast.budget_holder


def test_who_orders_for_both_departments_has_the_lower_limit(cast: Cast) -> None:
    membership(cast.requester, Role.REQUESTER, cast.home, "3480")
    assert not place(cast, (cast.chair, 1), charged=cast.home).attests.exists()
    assert place(cast, (cast.chair, 2), charged=cast.home).attests.get().limit == 3480


def chairs(cast: Cast) -> tuple[Requisition, BudgetAttest]:
    """Chairs for 10 440 kr and gloves for 580 in one requisition, and its attest."""
    requisition = worlds.submitted(cast, (cast.chair, 3), (cast.gloves, 10))
    return requisition, requisition.attests.get()


def test_an_attest_of_nothing_is_closed(cast: Cast) -> None:
    requisition, _attest = chairs(cast)
    for line in requisition.lines.all():
        amendments.withdraw_line(line=line, by=cast.requester, at=NOW)
    assert not BudgetAttest.objects.awaiting(cast.budget_holder).exists()
    last = requisition.attests.order_by("pk").last()
    assert last is not None
    assert last.status == AttestStatus.CLOSED
    assert Entry.objects.about(requisition).filter(event="attest.closed").count() == 1


def test_an_attest_of_rejected_lines_is_closed(cast: Cast) -> None:
    requisition, attest = chairs(cast)
    decisions.reject(
        lines=list(requisition.lines.all()),
        reason_code=RejectionReason.IN_STOCK,
        comment="",
        by=cast.head,
        at=NOW,
    )
    attest.refresh_from_db()
    assert attest.status == AttestStatus.CLOSED


def test_a_waiting_attest_follows_the_amount_down(cast: Cast) -> None:
    requisition, attest = chairs(cast)
    amendments.withdraw_line(line=requisition.lines.get(item=cast.gloves), by=cast.requester, at=NOW)
    attest.refresh_from_db()
    assert attest.status == AttestStatus.SUPERSEDED
    assert BudgetAttest.objects.awaiting(cast.budget_holder).get().amount == 10440


def test_a_waiting_attest_that_is_no_longer_needed_is_closed(cast: Cast) -> None:
    requisition, attest = chairs(cast)
    line = requisition.lines.get(item=cast.chair)
    amendments.revise_line(line=line, quantity=Decimal(2), specification="", by=cast.requester, at=NOW)
    attest.refresh_from_db()
    assert attest.status == AttestStatus.CLOSED
    assert RequisitionLine.objects.orderable().count() == 0
    approve(requisition.lines.get(item=cast.gloves), cast.manager)
    assert RequisitionLine.objects.orderable().count() == 1


def test_a_given_attest_stays_when_the_amount_shrinks(cast: Cast) -> None:
    requisition, attest = chairs(cast)
    attests.attest(attest=attest, by=cast.budget_holder, at=NOW)
    amendments.withdraw_line(line=requisition.lines.get(item=cast.gloves), by=cast.requester, at=NOW)
    attest.refresh_from_db()
    assert attest.status == AttestStatus.ATTESTED


def test_a_raised_amount_is_attested_before_it_is_ordered(cast: Cast) -> None:
    line = worlds.free_text(cast, "Golvmopp", category=cast.office)
    requisition = line.requisition
    assert not requisition.attests.exists()
    decisions.approve(
        lines=[line], by=cast.deputy, at=NOW, supplier=cast.paper_supplier, unit_price=Decimal("13187")
    ).only()
    assert requisition.attests.get().amount == Decimal(26374) + 580
    assert not RequisitionLine.objects.orderable().exists()


def test_an_attested_amount_that_is_raised_is_attested_again(cast: Cast) -> None:
    requisition, attest = chairs(cast)
    attests.attest(attest=attest, by=cast.budget_holder, at=NOW)
    line = requisition.lines.get(item=cast.gloves)
    decisions.substitute(
        line=line, item=cast.gown, quantity=Decimal(10), by=cast.manager, at=NOW, comment="Finns"
    ).only()
    attest.refresh_from_db()
    assert attest.status == AttestStatus.SUPERSEDED
    assert requisition.attests.current().get().amount == 10440 + 1490


def test_undoing_a_raised_amount_takes_the_attest_down_again(cast: Cast) -> None:
    line = worlds.free_text(cast, "Golvmopp", category=cast.office)
    approved = decisions.approve(
        lines=[line], by=cast.deputy, at=NOW, supplier=cast.paper_supplier, unit_price=Decimal("13187")
    ).only()
    decisions.undo(lines=[approved], by=cast.deputy, at=NOW)
    assert line.requisition.attests.get().status == AttestStatus.CLOSED


DAY = timedelta(days=1)


def raised(requisition: Requisition, quantity: int, cast: Cast, *, at: datetime) -> RequisitionLine:
    return amendments.revise_line(
        line=requisition.lines.get(), quantity=Decimal(quantity), specification="", by=cast.requester, at=at
    )


def test_what_is_raised_afterwards_is_judged_with_what_was_asked_for_in_between(cast: Cast) -> None:
    """A box, thirty more in an order of their own, and then the first is made thirty: no way round the limit."""
    stand_approved("2000")
    first = place(cast, (cast.gloves, 1))
    place(cast, (cast.gloves, 30), at=NOW + DAY)
    assert raised(first, 30, cast, at=NOW + 2 * DAY).status == LineStatus.AWAITING


def test_what_is_raised_long_afterwards_is_judged_with_the_week_before_that(cast: Cast) -> None:
    stand_approved("2000")
    first = place(cast, (cast.gloves, 1))
    place(cast, (cast.gloves, 30), at=NOW + 20 * DAY)
    assert raised(first, 30, cast, at=NOW + 21 * DAY).status == LineStatus.AWAITING


def test_what_is_raised_alone_stands_approved(cast: Cast) -> None:
    stand_approved("2000")
    first = place(cast, (cast.gloves, 1))
    assert raised(first, 30, cast, at=NOW + DAY).status == LineStatus.APPROVED


def test_the_requesters_limit_is_judged_with_what_was_asked_for_in_between(cast: Cast) -> None:
    first = place(cast, (cast.gloves, 1))
    second = place(cast, (cast.gloves, 150), at=NOW + DAY)
    raised(first, 150, cast, at=NOW + 2 * DAY)
    assert not second.attests.exists()
    attest = first.attests.get()
    assert (attest.amount, attest.earlier_amount) == (8700, 8700)


def test_an_adjustment_is_not_judged_with_what_was_asked_for_afterwards(cast: Cast) -> None:
    first = place(cast, (cast.gloves, 90))
    place(cast, (cast.gloves, 80), at=NOW + DAY)
    decisions.adjust(
        line=first.lines.get(), quantity=Decimal(80), by=cast.manager, at=NOW + DAY, comment="Räcker"
    ).only()
    assert not BudgetAttest.objects.exists()


def test_what_will_not_come_is_not_judged(cast: Cast) -> None:
    """Twice twenty boxes are above the limit, and two and twenty are not."""
    stand_approved("2000")
    place(cast, (cast.gloves, 20))
    (order,) = orders.consolidate(at=NOW, due_only=False)
    reduce(orders.send_order(order=order, at=NOW), {Allocation.objects.get().pk: Decimal(2)}, by=cast.manager)
    assert statuses(place(cast, (cast.gloves, 20), at=NOW + DAY)) == [LineStatus.APPROVED]
