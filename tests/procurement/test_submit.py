"""submit(): success in full, each denied actor, each wrong state, atomicity, audit, second call, queries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from catalog.models import Item, Price
from catalog.permissions import ItemNotOrderable
from catalog.states import ItemStatus
from categories.models import CategoryAssignment, CategoryPolicy
from core.working_days import add_working_days
from organizations.models import Absence, Membership, Role
from procurement.models import DecisionRule, Requisition, RequisitionLine, RoutingRule
from procurement.operations import baskets, requisitions, submitting
from procurement.operations.submitting import PricesHaveRisen
from procurement.permissions import AlreadySubmitted, NotYourDepartment, NotYourRequisition
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, category, delegation, many_items, membership


def test_submit_freezes_routes_and_records(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 20), (cast.chair, 2))
    gloves, chair = requisition.lines.order_by("position")
    assert requisition.number is not None
    assert requisition.number.startswith("2021-")
    assert requisition.submitted_at == NOW
    assert (gloves.unit_price, gloves.amount, gloves.agreement) == (
        Decimal("58.0000"),
        Decimal("1160.00"),
        cast.agreement,
    )
    assert (gloves.responsible, gloves.routing_rule) == (cast.manager, RoutingRule.MANAGER_ABOVE)
    assert gloves.routing_facts["category"] == "Sjukvårdsmaterial"
    assert (chair.responsible, chair.routing_rule, chair.agreement) == (
        cast.deputy,
        RoutingRule.MANAGER,
        None,
    )
    assert chair.is_price_estimated
    assert gloves.response_due_date == date(2021, 5, 20)
    assert gloves.account == cast.account
    assert {line.status for line in (gloves, chair)} == {LineStatus.AWAITING}
    events = list(Entry.objects.about(requisition, gloves, chair).values_list("event", flat=True))
    assert events == ["requisition.submitted", "line.routed", "line.routed"]


def test_submit_twice_is_refused(cast: Cast) -> None:
    basket = worlds.basket(cast)
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    with pytest.raises(AlreadySubmitted):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    assert RequisitionLine.objects.count() == 1


@pytest.mark.parametrize(
    "actor", ["colleague", "stranger", "budget_holder", "manager", "head", "auditor", "administrator"]
)
def test_submit_by_another_is_refused(cast: Cast, actor: str) -> None:
    with pytest.raises(NotYourRequisition):
        requisitions.submit(basket=worlds.basket(cast), by=getattr(cast, actor), at=NOW)


def test_submit_after_leaving_the_department_is_refused(cast: Cast) -> None:
    basket = worlds.basket(cast)
    Membership.objects.filter(user=cast.requester).update(valid_during=DateRange(date(2018, 1, 1), TODAY))
    cast.requester.remembered.clear()
    with pytest.raises(NotYourDepartment):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)


def test_submit_of_an_empty_basket_is_refused(cast: Cast) -> None:
    basket = worlds.basket(cast)
    baskets.set_quantity(line=basket.lines.get(), quantity=Decimal(0), by=cast.requester, at=NOW)
    with pytest.raises(submitting.BasketIsEmpty):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)


def test_submit_without_details_is_refused(cast: Cast) -> None:
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    baskets.add_item(basket=basket, item=cast.gloves, quantity=Decimal(1), by=cast.requester, at=NOW)
    with pytest.raises(submitting.DetailsMissing):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)


def test_submit_for_yesterday_is_refused(cast: Cast) -> None:
    basket = worlds.basket(cast, at=NOW)
    with pytest.raises(submitting.NeededInThePast):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW + timedelta(days=8))


def test_submit_of_an_item_retired_meanwhile_changes_nothing(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 5), (cast.gown, 5))
    cast.gown.status = ItemStatus.RETIRED
    cast.gown.save()
    with pytest.raises(ItemNotOrderable):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    basket.refresh_from_db()
    assert not basket.is_submitted
    assert set(basket.lines.values_list("status", flat=True)) == {LineStatus.DRAFT}
    assert not Entry.objects.exists()


def test_submit_takes_the_price_of_the_day_unless_it_is_higher_than_the_basket_said(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 10))
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal("60.00"))
    with pytest.raises(PricesHaveRisen):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal("50.00"))
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    assert basket.lines.get().amount == Decimal("500.00")


def test_submit_routes_to_the_deputy_while_the_manager_is_away(cast: Cast) -> None:
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, date(2021, 5, 25)))
    line = worlds.line(cast)
    assert (line.responsible, line.routing_rule) == (cast.deputy, RoutingRule.DEPUTY_AWAY)
    assert line.routing_facts["until"] == "2021-05-24"


def test_submit_routes_to_the_deputy_when_the_manager_orders(cast: Cast) -> None:
    membership(cast.manager, Role.REQUESTER, cast.ward, "10000")
    line = worlds.line(cast, by=cast.manager)
    assert (line.responsible, line.routing_rule) == (cast.deputy, RoutingRule.DEPUTY_CONFLICT)


def test_submit_routes_past_the_requesters_delegate(cast: Cast) -> None:
    membership(cast.requester, Role.BUDGET_HOLDER, cast.home, "1000")
    delegation(cast.requester, cast.manager)
    assert worlds.line(cast).responsible == cast.deputy


def test_submit_routes_to_the_nearest_post_up_the_tree(cast: Cast) -> None:
    """Sterile gloves lie under gloves, which lie under medical supplies; the nearest that has a manager is asked."""
    sterile = category("10.1.1", "Sterila handskar", account=cast.account, parent=cast.gloves_category)
    Item.objects.filter(pk=cast.gloves.pk).update(category=sterile)
    cast.gloves.refresh_from_db()
    assert worlds.line(cast).responsible == cast.manager
    middle = CategoryAssignment.objects.create(
        category=cast.gloves_category, manager=cast.office_deputy, valid_during=ALWAYS
    )
    line = worlds.line(cast)
    assert (line.responsible, line.routing_rule) == (cast.office_deputy, "manager_above")
    nearest = CategoryAssignment.objects.create(category=sterile, manager=cast.auditor, valid_during=ALWAYS)
    line = worlds.line(cast)
    assert (line.responsible, line.routing_rule) == (cast.auditor, "manager")
    until_today = DateRange(date(2020, 1, 1), TODAY)
    CategoryAssignment.objects.filter(pk__in=[middle.pk, nearest.pk]).update(valid_during=until_today)
    assert worlds.line(cast).responsible == cast.manager


def test_submit_follows_the_nearest_policy_up_the_tree(cast: Cast) -> None:
    medical = worlds.line(cast)
    CategoryPolicy.objects.create(
        category=cast.gloves_category, response_days=5, set_by=cast.manager, valid_during=ALWAYS
    )
    gloves = worlds.line(cast)
    assert medical.response_due_date == add_working_days(TODAY, 2)
    assert gloves.response_due_date == add_working_days(TODAY, 5)


def test_submit_routes_to_the_head_when_nobody_is_left(cast: Cast) -> None:
    CategoryAssignment.objects.all().delete()
    line = worlds.line(cast)
    assert (line.responsible, line.routing_rule) == (cast.head, RoutingRule.HEAD)


def test_submit_of_the_heads_own_request_that_nobody_else_can_decide_is_refused(cast: Cast) -> None:
    CategoryAssignment.objects.all().delete()
    membership(cast.head, Role.REQUESTER, cast.ward, "10000")
    with pytest.raises(submitting.NobodyCanDecide):
        worlds.submitted(cast, by=cast.head)


def test_submit_of_free_text_goes_to_the_chosen_category(cast: Cast) -> None:
    assert worlds.free_text(cast, "Tvättvagn", category=cast.office).responsible == cast.deputy


def test_submit_of_free_text_goes_where_similar_items_go(cast: Cast) -> None:
    line = worlds.free_text(cast, "Undersökningshandske extra lång")
    assert line.category == cast.gloves_category
    assert line.routing_facts["item"] == cast.gloves.name


def test_submit_of_free_text_like_nothing_goes_to_triage(cast: Cast) -> None:
    line = worlds.free_text(cast, "Xylofon till väntrummet")
    assert (line.category, line.responsible, line.routing_rule) == (None, cast.head, RoutingRule.TRIAGE)


def stand_approved(cast: Cast, limit: str) -> None:
    """Let the manager approve small standard lines in advance."""
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(limit))


def test_submit_approves_at_once_by_standing_approval(cast: Cast) -> None:
    stand_approved(cast, "2000")
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 20))
    small, large = requisition.lines.order_by("position")
    assert (small.status, small.decided_by) == (LineStatus.APPROVED, cast.manager)
    assert small.decisions.get().rule == DecisionRule.POLICY
    assert large.status == LineStatus.AWAITING
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == Decimal("580.00")


def test_submit_at_the_standing_approvals_limit_waits(cast: Cast) -> None:
    stand_approved(cast, "580.00")
    assert worlds.line(cast, (cast.gloves, 10)).status == LineStatus.AWAITING


def test_submit_by_the_policys_own_author_waits(cast: Cast) -> None:
    stand_approved(cast, "2000")
    membership(cast.manager, Role.REQUESTER, cast.ward, "10000")
    assert worlds.line(cast, by=cast.manager).status == LineStatus.AWAITING


def test_submit_that_would_pass_the_ceiling_waits_in_the_queue(cast: Cast) -> None:
    stand_approved(cast, "2000")
    cast.agreement.committed_amount = Decimal("99700")
    cast.agreement.save()
    assert worlds.line(cast, (cast.gloves, 10)).status == LineStatus.AWAITING


def test_submit_above_the_limit_asks_for_attest(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.chair, 3))
    attest = requisition.attests.get()
    assert (attest.responsible, attest.amount, attest.limit) == (
        cast.budget_holder,
        Decimal("10440"),
        Decimal("10000"),
    )
    assert attest.status == AttestStatus.PENDING


def test_submit_at_the_limit_needs_no_attest(cast: Cast) -> None:
    Membership.objects.filter(user=cast.requester).update(amount_limit=Decimal("10440.00"))
    assert not worlds.submitted(cast, (cast.chair, 3)).attests.exists()


def test_submit_above_everybodys_limit_goes_to_the_head(cast: Cast) -> None:
    assert worlds.submitted(cast, (cast.chair, 60)).attests.get().responsible == cast.head


def queries_of_submit(cast: Cast, lines: int) -> int:
    """Submit a basket with so many lines, and count the queries."""
    basket = worlds.basket(cast, *((each, 1) for each in many_items(cast, lines)))
    with CaptureQueriesContext(connection) as captured:
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    return len(captured)


def test_submit_uses_the_same_queries_for_one_line_and_for_forty(cast: Cast) -> None:
    stand_approved(cast, "2000")
    few, many = queries_of_submit(cast, 1), queries_of_submit(cast, 40)
    assert few >= many
    assert many <= 22


def test_submit_of_some_lines_leaves_the_others_in_the_basket(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 5), (cast.chair, 4))
    gloves, chair = basket.lines.order_by("position")
    requisition = requisitions.submit(basket=basket, lines=[gloves.pk], by=cast.requester, at=NOW)
    assert [line.status for line in requisition.lines.all()] == [LineStatus.AWAITING]
    assert not requisition.attests.exists()  # four chairs would have needed one
    remainder = Requisition.objects.baskets().get()
    assert [line.pk for line in remainder.lines.all()] == [chair.pk]
    assert (remainder.requester, remainder.department, remainder.charged_department) == (
        cast.requester,
        basket.department,
        basket.charged_department,
    )
    assert (remainder.activity, remainder.delivery_place, remainder.needed_by_date) == (
        basket.activity,
        basket.delivery_place,
        None,
    )
    baskets.save_details(
        basket=remainder,
        delivery_place=cast.place,
        charged_department=cast.ward,
        activity=cast.activity,
        account=None,
        project=None,
        needed_by_date=TODAY + timedelta(days=21),
        reason="",
        by=cast.requester,
        at=NOW,
    )
    rest = requisitions.submit(basket=remainder, by=cast.requester, at=NOW)
    assert rest.attests.count() == 1


def test_submit_of_lines_that_are_not_in_the_basket_is_refused(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 5))
    with pytest.raises(submitting.BasketIsEmpty):
        requisitions.submit(basket=basket, lines=[0], by=cast.requester, at=NOW)
    assert Requisition.objects.baskets().get().lines.count() == 1
