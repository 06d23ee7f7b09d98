"""A department is merged into another: nothing is left with somebody who cannot act, and history stays."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from office.readiness import holes_on
from organizations.models import BudgetFrame, DeliveryPlace, Department, GroupRule, Membership, Role, User
from organizations.operations.directories import Arrival, arrive
from organizations.permissions import OrganisationIsForTheAdministrator, Roles, roles_on
from procurement.models import Requisition, RequisitionLine
from procurement.operations.baskets import add_item, open_basket
from procurement.operations.departments import MergedIntoItself, OneIsClosed, merge_departments, merging_of
from procurement.operations.requisitions import submit
from procurement.permissions import BasketHasMoved, DepartmentIsClosed
from tests.cast import NOW, TODAY, Cast
from tests.worlds import basket, ordered, submitted


def merged(cast: Cast) -> Department:
    return merge_departments(department=cast.ward, into=cast.home, by=cast.administrator, at=NOW)


def test_merge_closes_the_department_and_says_so(cast: Cast) -> None:
    merged(cast)
    cast.ward.refresh_from_db()
    assert (cast.ward.closed_date, cast.ward.merged_into) == (TODAY, cast.home)
    entry = Entry.objects.about(cast.ward).get()
    assert (entry.event, entry.by_name) == ("department.merged", cast.administrator.full_name)
    assert entry.details["to"] == cast.home.name


def test_merge_lets_everybody_go_on_in_both(cast: Cast) -> None:
    merged(cast)
    for person, limit in ((cast.requester, 10000), (cast.stranger, 10000)):
        person.remembered.clear()
        assert roles_on(person, TODAY).orders_for == {cast.ward.pk: limit, cast.home.pk: limit}
    assert Membership.objects.filter(user=cast.budget_holder, department=cast.home).exists()


def test_a_role_that_ends_there_goes_on_for_as_long_as_it_would_have_here(cast: Cast) -> None:
    soon, later = TODAY + timedelta(days=7), TODAY + timedelta(days=30)
    Membership.objects.filter(user=cast.requester).update(valid_during=(TODAY, later))
    Membership.objects.create(
        user=cast.requester,
        role=Role.REQUESTER,
        department=cast.home,
        amount_limit=50,
        valid_during=(TODAY, soon),
    )
    merged(cast)
    days = (TODAY, soon - timedelta(days=1), soon, later - timedelta(days=1), later)
    limits = [
        roles_on(User.objects.get(pk=cast.requester.pk), day).orders_for.get(cast.home.pk) for day in days
    ]
    assert limits == [50, 50, 10000, 10000, None]


def test_a_place_goes_along_though_one_of_its_name_is_closed(cast: Cast) -> None:
    name = cast.place.name
    DeliveryPlace.objects.filter(department=cast.home).update(name=name, closed_date=TODAY)
    merged(cast)
    (place,) = DeliveryPlace.objects.open(TODAY).filter(department=cast.home)
    assert place.name == f"{name}, {cast.ward.name}"
    assert place.street == cast.place.street


def test_merge_moves_baskets_and_joins_those_of_one_person(cast: Cast) -> None:
    Membership.objects.create(
        user=cast.requester,
        role=Role.REQUESTER,
        department=cast.home,
        valid_during=cast.requester.memberships.get().valid_during,
    )
    home_basket = open_basket(department=cast.home, by=cast.requester, at=NOW)
    add_item(basket=home_basket, item=cast.gown, quantity=Decimal(1), by=cast.requester, at=NOW)
    ward_basket = basket(cast, (cast.gloves, 2))
    colleague_basket = basket(cast, (cast.gloves, 3), by=cast.colleague)
    merged(cast)
    assert not Requisition.objects.filter(pk=ward_basket.pk).exists()
    assert [line.item for line in home_basket.lines.order_by("position")] == [cast.gown, cast.gloves]
    colleague_basket.refresh_from_db()
    assert (colleague_basket.department, colleague_basket.charged_department) == (cast.home, cast.home)
    assert colleague_basket.delivery_place == cast.home_place


def test_a_basket_that_went_into_another_says_so(cast: Cast) -> None:
    home_basket = basket(cast, (cast.gown, 1))
    Requisition.objects.filter(pk=home_basket.pk).update(department=cast.home)
    ward_basket = basket(cast, (cast.gloves, 2))
    merged(cast)
    with pytest.raises(BasketHasMoved):
        submit(basket=ward_basket, by=cast.requester, at=NOW)
    with pytest.raises(BasketHasMoved):
        add_item(basket=ward_basket, item=cast.gown, quantity=Decimal(1), by=cast.requester, at=NOW)


def test_nothing_new_is_ordered_for_a_closed_department(cast: Cast) -> None:
    merged(cast)
    cast.requester.remembered.clear()
    with pytest.raises(DepartmentIsClosed):
        open_basket(department=Department.objects.get(pk=cast.ward.pk), by=cast.requester, at=NOW)


def test_what_is_under_way_keeps_its_department(cast: Cast) -> None:
    requisition = submitted(cast, (cast.gloves, 2))
    merged(cast)
    requisition.refresh_from_db()
    assert (requisition.department, requisition.delivery_place) == (cast.ward, cast.place)
    assert cast.home.delivery_places.filter(name=cast.place.name).exists()


def test_the_page_can_say_what_moves(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 2))
    basket(cast, (cast.gloves, 3), by=cast.colleague)
    ordered(cast, (cast.gown, 1))
    moving = merging_of(cast.ward, day=TODAY)
    assert (moving.people, moving.baskets, moving.places, moving.waiting) == (3, 1, 1, 1)
    assert moving.on_the_way == 1


def test_money_that_is_left_is_told_of_until_finance_has_moved_it(cast: Cast) -> None:
    """What is taken stays where it is; a frame that all is taken of, or that has ended, has nothing to move."""
    ordered(cast, (cast.gown, 1))
    (spent,) = RequisitionLine.objects.values_list("amount", flat=True)
    year = DateRange(TODAY.replace(month=1, day=1), TODAY.replace(year=TODAY.year + 1, month=1, day=1))
    frame = BudgetFrame.objects.create(department=cast.ward, valid_during=year, amount=spent + 1)
    assert merging_of(cast.ward, day=TODAY).frames == 1
    assert "frame_of_merged_department" not in {hole.code for hole in holes_on(TODAY)}
    merged(cast)
    (hole,) = (hole for hole in holes_on(TODAY) if hole.code == "frame_of_merged_department")
    assert [faulty.row.pk for faulty in hole.rows] == [frame.pk]
    BudgetFrame.objects.update(amount=spent)
    assert "frame_of_merged_department" not in {hole.code for hole in holes_on(TODAY)}


def arrive_as(cast: Cast, groups: list[str], *, days: int) -> Roles:
    """The colleague signs in through the region's directory, and has these roles then."""
    at = NOW + timedelta(days=days)
    facts = (cast.colleague.email, cast.colleague.first_name, cast.colleague.last_name, groups)
    arrive(arrival=Arrival("entra", "17", *facts), may_create=False, at=at)
    cast.colleague.remembered.clear()
    return roles_on(cast.colleague, at.date())


def test_a_directory_gives_and_takes_in_the_department_that_goes_on(cast: Cast) -> None:
    cast.colleague.memberships.all().delete()
    GroupRule.objects.create(directory="entra", group="ward", role=Role.REQUESTER, department=cast.ward)
    assert set(arrive_as(cast, ["ward"], days=-1).orders_for) == {cast.ward.pk}
    merged(cast)
    assert set(arrive_as(cast, ["ward"], days=1).orders_for) == {cast.ward.pk, cast.home.pk}
    assert arrive_as(cast, [], days=2).orders_for == {}


def test_a_basket_elsewhere_that_the_department_pays_is_paid_by_the_one_that_goes_on(cast: Cast) -> None:
    elsewhere = open_basket(department=cast.home, by=cast.stranger, at=NOW)
    Requisition.objects.filter(pk=elsewhere.pk).update(charged_department=cast.ward)
    merged(cast)
    elsewhere.refresh_from_db()
    assert elsewhere.charged_department == cast.home


def test_merge_is_for_the_administrator(cast: Cast) -> None:
    for person in (cast.head, cast.manager, cast.requester, cast.controller):
        with pytest.raises(OrganisationIsForTheAdministrator):
            merge_departments(department=cast.ward, into=cast.home, by=person, at=NOW)


def test_merge_into_itself_or_a_closed_one_is_refused(cast: Cast) -> None:
    with pytest.raises(MergedIntoItself):
        merge_departments(department=cast.ward, into=cast.ward, by=cast.administrator, at=NOW)
    merged(cast)
    with pytest.raises(OneIsClosed):
        merged(cast)
    with pytest.raises(OneIsClosed):
        merge_departments(
            department=cast.home, into=cast.ward, by=cast.administrator, at=NOW + timedelta(days=1)
        )
