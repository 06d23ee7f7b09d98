"""An attest for each department that pays and each delivery; what needs none does not wait."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from core.errors import DomainError
from organizations.models import DeliveryPlace, Membership, Role, User
from procurement.models import BudgetAttest, PurchaseOrder, Requisition, RequisitionLine
from procurement.operations import amendments, attests, decisions, line_deliveries, orders, requisitions
from procurement.operations.accounts import LineNotInBasket
from procurement.operations.line_deliveries import AS_THE_REST, Delivery
from procurement.permissions import NotYourAttest
from tests import worlds
from tests.cast import NOW, Cast, membership
from tests.procurement.deciding import approve
from tests.procurement.part_deliveries import IN_A_WEEK, IN_JUNE, line_with, placed


@pytest.fixture
def home_holder(cast: Cast) -> User:
    """The home's budget holder."""
    membership(cast.controller, Role.BUDGET_HOLDER, cast.home, limit="200000")
    return cast.controller


def asked(requisition: Requisition) -> list[tuple[str, Decimal]]:
    rows = BudgetAttest.objects.filter(requisition=requisition).order_by("pk")
    return list(rows.values_list("department__name", "amount"))


def test_another_departments_line_is_attested_there_from_the_first_krona(
    cast: Cast, home_holder: User
) -> None:
    requisition = placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gown, 1, Delivery(cast.home)))
    assert asked(requisition) == [(cast.home.name, Decimal(149))]
    assert requisition.attests.get().responsible == home_holder


def test_lines_that_need_no_attest_are_ordered_while_others_wait(cast: Cast, home_holder: User) -> None:
    requisition = placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gown, 1, Delivery(cast.home)))
    decisions.approve(lines=list(requisition.lines.all()), by=cast.manager, at=NOW)
    orders.consolidate(at=NOW, due_only=False)
    assert line_with(requisition, cast.gloves).status == "ordered"
    assert line_with(requisition, cast.gown).status == "approved"
    attests.attest(attest=requisition.attests.get(), by=home_holder, at=NOW)
    orders.consolidate(at=NOW, due_only=False)
    assert line_with(requisition, cast.gown).status == "ordered"


def test_each_delivery_is_attested_by_itself(cast: Cast) -> None:
    later = Delivery(needed_by_date=IN_JUNE)
    requisition = placed(cast, (cast.gloves, 100, AS_THE_REST), (cast.gown, 60, later))
    assert asked(requisition) == [(cast.ward.name, Decimal(5800)), (cast.ward.name, Decimal(8940))]
    first = requisition.attests.get(needed_by_date=IN_A_WEEK)
    attests.refuse_attest(attest=first, by=cast.budget_holder, at=NOW, comment="Inte nu")
    assert line_with(requisition, cast.gloves).status == "cancelled"
    assert line_with(requisition, cast.gown).status == "awaiting"


def test_parting_does_not_get_round_an_attesters_limit(cast: Cast) -> None:
    Membership.objects.filter(user=cast.budget_holder).update(amount_limit=Decimal(9000))
    later = Delivery(needed_by_date=IN_JUNE)
    requisition = placed(cast, (cast.gloves, 100, AS_THE_REST), (cast.gown, 60, later))
    assert {each.responsible for each in requisition.attests.all()} == {cast.head}
    assert {each.judged_amount for each in requisition.attests.all()} == {Decimal(14740)}
    with pytest.raises(NotYourAttest):
        attests.attest(attest=requisition.attests.all()[0], by=cast.budget_holder, at=NOW)


def test_parting_does_not_get_round_the_requesters_limit(cast: Cast) -> None:
    later = Delivery(needed_by_date=IN_JUNE)
    requisition = placed(cast, (cast.gloves, 90, AS_THE_REST), (cast.gown, 40, later))
    assert len(asked(requisition)) == 2


def test_an_attest_of_one_part_follows_that_part_alone(cast: Cast) -> None:
    later = Delivery(needed_by_date=IN_JUNE)
    requisition = placed(cast, (cast.gloves, 100, AS_THE_REST), (cast.gown, 60, later))
    attests.attest(attest=requisition.attests.get(needed_by_date=IN_JUNE), by=cast.budget_holder, at=NOW)
    amendments.withdraw_line(line=line_with(requisition, cast.gloves), by=cast.requester, at=NOW)
    of_parts = dict(requisition.attests.values_list("needed_by_date", "status"))
    assert of_parts == {IN_A_WEEK: "closed", IN_JUNE: "attested"}


def test_a_revision_stays_in_its_part(cast: Cast, home_holder: User) -> None:
    requisition = placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gown, 1, Delivery(cast.home)))
    gown = line_with(requisition, cast.gown)
    new = amendments.revise_line(line=gown, quantity=Decimal(2), specification="", by=cast.requester, at=NOW)
    assert new.part == gown.part
    assert asked(requisition) == [(cast.home.name, Decimal(149)), (cast.home.name, Decimal(298))]


def test_lines_to_other_days_and_places_are_other_order_lines(cast: Cast) -> None:
    later = Delivery(needed_by_date=IN_JUNE)
    requisition = placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gloves, 5, later))
    decisions.approve(lines=list(requisition.lines.all()), by=cast.manager, at=NOW)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert [(line.quantity, line.requested_date) for line in order.lines.order_by("requested_date")] == [
        (10, IN_A_WEEK),
        (5, IN_JUNE),
    ]


def test_another_place_is_another_order(cast: Cast) -> None:
    store = DeliveryPlace.objects.create(
        department=cast.ward, name="Förrådet", street="Lasarettsgatan 2", postcode="621 55", city="Visby"
    )
    requisition = placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gown, 5, Delivery(delivery_place=store)))
    decisions.approve(lines=list(requisition.lines.all()), by=cast.manager, at=NOW)
    new_orders = orders.consolidate(at=NOW, due_only=False)
    assert {order.delivery_place for order in new_orders} == {cast.place, store}


def test_set_deliveries_says_it_line_by_line(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 10), (cast.gown, 1))
    gown = basket.lines.get(item=cast.gown)
    line_deliveries.set_deliveries(
        basket=basket, deliveries={gown.pk: Delivery(cast.home, None, IN_JUNE)}, by=cast.requester, at=NOW
    )
    gown.refresh_from_db()
    assert (gown.charged_department, gown.delivery_place, gown.needed_by_date) == (cast.home, None, IN_JUNE)
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    gloves, gown = basket.lines.order_by("position")
    assert (gloves.charged_department, gloves.delivery_place) == (cast.ward, cast.place)
    assert (gown.charged_department, gown.delivery_place) == (cast.home, cast.place)


def test_set_deliveries_refuses_what_cannot_be(cast: Cast) -> None:
    basket = worlds.basket(cast)
    line = basket.lines.get()
    for delivery in (
        Delivery(delivery_place=cast.home_place),
        Delivery(needed_by_date=NOW.date().replace(year=2020)),
    ):
        with pytest.raises(DomainError):
            line_deliveries.set_deliveries(
                basket=basket, deliveries={line.pk: delivery}, by=cast.requester, at=NOW
            )
    with pytest.raises(LineNotInBasket):
        line_deliveries.set_deliveries(basket=basket, deliveries={0: AS_THE_REST}, by=cast.requester, at=NOW)
    with pytest.raises(DomainError):
        line_deliveries.set_deliveries(
            basket=basket, deliveries={line.pk: AS_THE_REST}, by=cast.colleague, at=NOW
        )


def test_what_another_department_pays_is_not_ordered_when_that_has_closed(
    cast: Cast, home_holder: User
) -> None:
    requisition = placed(cast, (cast.gown, 1, Delivery(cast.home)))
    line = line_with(requisition, cast.gown)
    approve(line, cast.manager)
    attests.attest(attest=requisition.attests.get(), by=home_holder, at=NOW)
    cast.home.closed_date = NOW.date()
    cast.home.save()
    assert orders.consolidate(at=NOW, due_only=False) == []
    line.refresh_from_db()
    assert line.status == "awaiting"
    assert cast.home.cost_center in line.taken_back_sentence
    outcome = decisions.approve(lines=[line], by=cast.manager, at=NOW)
    assert [refusal.code for _line, refusal in outcome.refused] == ["ansvar_closed"]


def test_those_who_pay_see_their_line_and_not_the_others(cast: Cast) -> None:
    requisition = placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gown, 1, Delivery(cast.home)))
    lines = RequisitionLine.objects.visible_to(cast.stranger).filter(requisition=requisition)
    assert [line.item for line in lines] == [cast.gown]


def test_a_part_has_one_current_attest(cast: Cast) -> None:
    requisition = placed(cast, (cast.gloves, 200, AS_THE_REST))
    attest = requisition.attests.get()
    attest.pk, attest._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        attest.save()


def test_the_trail_says_whose_money_it_is(cast: Cast, home_holder: User) -> None:
    placed(cast, (cast.gown, 1, Delivery(cast.home)))
    entry = Entry.objects.get(event="attest.requested")
    assert entry.details["charged"] == cast.home.cost_center
    assert not PurchaseOrder.objects.exists()


def test_a_substitute_attests_when_the_ordinary_one_cannot(cast: Cast) -> None:
    membership(cast.controller, Role.BUDGET_HOLDER, cast.ward, limit="20000")
    Membership.objects.filter(user=cast.controller, role="budget_holder").update(is_substitute=True)
    assert placed(cast, (cast.gloves, 200, AS_THE_REST)).attests.get().responsible == cast.budget_holder
    cast.budget_holder.is_active = False
    cast.budget_holder.save()
    assert placed(cast, (cast.gloves, 201, AS_THE_REST)).attests.get().responsible == cast.controller
