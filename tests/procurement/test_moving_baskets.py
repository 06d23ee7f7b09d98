"""A basket whose department has closed is told of, once, and goes to another that its owner orders for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from notices.models import Notice
from organizations.models import Department, Membership, Role, User
from procurement.models import Requisition
from procurement.operations import baskets
from procurement.operations.moving_baskets import move_basket, tell_of_stranded_baskets
from procurement.permissions import (
    AlreadySubmitted,
    BasketHasMoved,
    DepartmentIsClosed,
    NotYourDepartment,
    NotYourRequisition,
)
from registers.operations.rows import change_row
from registers.register import REGISTERS
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership
from tests.pages import signed_in, text_of


@pytest.fixture
def hers(cast: Cast) -> Requisition:
    """Two lines in Elin's basket for the ward; she orders for the home too."""
    membership(cast.requester, Role.REQUESTER, cast.home)
    return worlds.basket(cast, (cast.gloves, 3), (cast.gown, 1))


def close(cast: Cast, days: int = 0) -> None:
    change_row(
        register=REGISTERS["departments"],
        row_id=cast.ward.pk,
        cells={"closed_date": TODAY + timedelta(days)},
        by=cast.administrator,
        at=NOW,
    )


def told(user: User) -> int:
    return Notice.objects.filter(recipient=user, kind="basket_stranded").count()


def test_owners_are_told_when_it_closes_at_once(cast: Cast, hers: Requisition) -> None:
    close(cast)
    assert told(cast.requester) == 1
    assert tell_of_stranded_baskets(at=NOW) == 0


def test_owners_are_told_on_the_day_once(cast: Cast, hers: Requisition) -> None:
    close(cast, days=9)
    at = NOW + timedelta(days=9)
    assert tell_of_stranded_baskets(at=at - timedelta(days=1)) == 0
    assert [tell_of_stranded_baskets(at=at) for _time in range(2)] == [1, 0]
    # Opened again and closed anew, it is told of anew.
    Department.objects.filter(pk=cast.ward.pk).update(closed_date=TODAY + timedelta(days=19))
    assert tell_of_stranded_baskets(at=NOW + timedelta(days=19)) == 1
    assert told(cast.requester) == 2


def test_the_lines_go_along_to_what_she_has_there(cast: Cast, hers: Requisition) -> None:
    close(cast)
    home_basket = baskets.open_basket(department=cast.home, by=cast.requester, at=NOW)
    baskets.add_item(basket=home_basket, item=cast.chair, quantity=Decimal(1), by=cast.requester, at=NOW)
    moved = move_basket(basket=hers, department=cast.home, by=cast.requester, at=NOW)
    assert moved == home_basket
    assert [line.item for line in moved.lines.order_by("position")] == [cast.chair, cast.gloves, cast.gown]
    assert not Requisition.objects.filter(pk=hers.pk).exists()
    with pytest.raises(BasketHasMoved), transaction.atomic():
        move_basket(basket=hers, department=cast.home, by=cast.requester, at=NOW)


def test_the_page_offers_it_and_the_basket_can_be_sent(cast: Cast, hers: Requisition, at_nine: None) -> None:
    close(cast)
    client = signed_in(cast.requester)
    page = text_of(client.get("/korg/"))
    assert f"{cast.ward} är stängd, och 2 rader i din korg där går inte att skicka." in page
    answer = client.post(f"/korg/flytta/{hers.pk}/", follow=True)
    assert f"Raderna ligger nu i korgen för {cast.home}." in text_of(answer)
    hers.refresh_from_db()
    assert hers.department == hers.charged_department == cast.home
    assert hers.delivery_place in cast.home.delivery_places.all()
    assert "är stängd" not in text_of(client.get("/korg/"))
    assert signed_in(cast.colleague).post(f"/korg/flytta/{hers.pk}/").status_code == 404


def test_who_may_not_and_what_cannot_be(cast: Cast, hers: Requisition) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 1), by=cast.colleague)
    for refusal, basket, department, by in (
        (NotYourRequisition, hers, cast.home, cast.colleague),
        (
            NotYourDepartment,
            worlds.basket(cast, (cast.gown, 1), by=cast.colleague),
            cast.home,
            cast.colleague,
        ),
        (AlreadySubmitted, requisition, cast.ward, cast.colleague),
    ):
        with pytest.raises(refusal), transaction.atomic():
            move_basket(basket=basket, department=department, by=by, at=NOW)
    close(cast)
    with pytest.raises(DepartmentIsClosed), transaction.atomic():
        move_basket(basket=hers, department=cast.ward, by=cast.requester, at=timezone.now())


def test_who_has_moved_takes_her_basket_along(cast: Cast, hers: Requisition, at_nine: None) -> None:
    Membership.objects.filter(user=cast.requester, department=cast.ward).delete()
    client = signed_in(cast.requester)
    text = f"Du beställer inte längre för {cast.ward}, så 2 rader i din korg där går inte att skicka."
    assert text in text_of(client.get("/korg/"))
    answer = client.post(f"/korg/flytta/{hers.pk}/", follow=True)
    assert f"Raderna ligger nu i korgen för {cast.home}." in text_of(answer)
    assert "beställer inte längre" not in text_of(client.get("/korg/"))


@pytest.fixture
def payer(cast: Cast, hers: Requisition) -> Department:
    """Another department, which pays the whole of Elin's basket."""
    department = Department.objects.create(
        administration=cast.administration, cost_center="4400", name="Akuten", activity=cast.activity
    )
    Requisition.objects.filter(pk=hers.pk).update(charged_department=department, account=cast.account)
    return department


def test_who_pays_and_the_konto_go_along_with_the_lines(
    cast: Cast, hers: Requisition, payer: Department
) -> None:
    home_basket = baskets.open_basket(department=cast.home, by=cast.requester, at=NOW)
    baskets.add_item(basket=home_basket, item=cast.chair, quantity=Decimal(1), by=cast.requester, at=NOW)
    moved = move_basket(basket=hers, department=cast.home, by=cast.requester, at=NOW)
    lines = moved.lines.order_by("position")
    assert [(line.charged_department, line.account) for line in lines] == [
        (None, None),
        (payer, cast.account),
        (payer, cast.account),
    ]


def test_who_pays_goes_along_with_the_basket(cast: Cast, hers: Requisition, payer: Department) -> None:
    moved = move_basket(basket=hers, department=cast.home, by=cast.requester, at=NOW)
    assert (moved.department, moved.charged_department) == (cast.home, payer)


def move(cast: Cast, *, to: Department | None) -> None:
    """Elin orders for the ward no longer, but for another department, or for none."""
    Membership.objects.filter(user=cast.requester).delete()
    if to is not None:
        membership(cast.requester, Role.REQUESTER, to)


def test_who_orders_for_another_department_now_is_told_once_and_takes_her_basket_along(
    cast: Cast, at_nine: None
) -> None:
    basket = worlds.basket(cast, (cast.gloves, 3))
    assert tell_of_stranded_baskets(at=NOW) == 0
    move(cast, to=cast.home)
    assert [tell_of_stranded_baskets(at=NOW) for _time in range(2)] == [1, 0]
    assert told(cast.requester) == 1
    client = signed_in(cast.requester)
    assert "Du beställer inte längre för enheten." in text_of(client.get("/notiser/"))
    page = text_of(client.get("/korg/"))
    assert f"Du beställer inte längre för {cast.ward}, så 1 rad i din korg där går inte att skicka." in page
    client.post(f"/korg/flytta/{basket.pk}/")
    basket.refresh_from_db()
    assert basket.department == cast.home
    assert "inte längre" not in text_of(client.get("/korg/"))
    assert not Notice.objects.unread().filter(recipient=cast.requester, kind="basket_stranded").exists()


def test_the_basket_of_who_orders_for_nobody_goes_to_a_colleague(cast: Cast, at_nine: None) -> None:
    basket = worlds.basket(cast, (cast.gloves, 3))
    move(cast, to=None)
    assert [tell_of_stranded_baskets(at=NOW) for _time in range(2)] == [1, 0]
    basket.refresh_from_db()
    assert basket.requester == cast.colleague
    notices = text_of(signed_in(cast.colleague).get("/notiser/"))
    assert "Elin Bergvall, som hade den, beställer inte längre." in notices


def test_a_role_that_goes_on_in_a_new_period_strands_nothing(cast: Cast) -> None:
    worlds.basket(cast, (cast.gloves, 3))
    role = Membership.objects.get(user=cast.requester)
    Membership.objects.filter(pk=role.pk).update(valid_during=DateRange(None, TODAY))
    Membership.objects.create(
        user=cast.requester,
        role=Role.REQUESTER,
        department=cast.ward,
        valid_during=DateRange(TODAY, None),
    )
    assert tell_of_stranded_baskets(at=NOW) == 0
