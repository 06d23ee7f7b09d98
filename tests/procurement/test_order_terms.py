"""What suppliers' terms make of orders: waiting for more, and freight."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agreements.models import Supplier
from core.money import ZERO
from office.rules import breaches
from organizations.models import User
from procurement.documents.facts import order_facts
from procurement.documents.order import order_csv
from procurement.models import PurchaseOrder, RequisitionLine
from procurement.operations import orders
from procurement.order_terms import freight_of, may_wait
from procurement.order_times import next_order_time
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast

DUE = next_order_time


def ordered_by_clock(at: object) -> list[PurchaseOrder]:
    return orders.consolidate(at=at)  # type: ignore[arg-type]


@pytest.fixture
def _smallest(cast: Cast) -> None:
    Supplier.objects.filter(pk=cast.supplier.pk).update(minimum_order_amount=Decimal(1000))


@pytest.mark.usefixtures("_smallest")
def test_a_small_order_waits_and_leaves_with_more(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10), needed_by_date=date(2021, 6, 18))
    first = DUE(NOW)
    assert ordered_by_clock(first) == []
    line = RequisitionLine.objects.get()
    assert (line.status, line.order_due_at) == (LineStatus.APPROVED, DUE(first))
    worlds.approved(cast, (cast.gown, 4), at=first, needed_by_date=date(2021, 6, 18))
    (order,) = ordered_by_clock(DUE(first))
    assert order.lines.count() == 2
    assert breaches(DUE(first)) == []


@pytest.mark.usefixtures("_smallest")
def test_nothing_waits_past_the_day_it_is_asked_for(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10), needed_by_date=(NOW + timedelta(days=3)).date())
    assert len(ordered_by_clock(DUE(NOW))) == 1


@pytest.mark.usefixtures("_smallest")
@pytest.mark.parametrize(("asked", "waits"), [(21, False), (22, False), (23, False), (24, True)])
def test_what_is_asked_for_by_a_closed_day_comes_before_it(cast: Cast, asked: int, waits: bool) -> None:
    """
    Gloves take three working days. What is ordered on Tuesday 18 May comes on Friday 21 May, what waits a day on Monday 24 May.

    By Saturday or Sunday is by Friday, so nothing that is asked for by then may wait.
    """
    worlds.approved(cast, (cast.gloves, 10), needed_by_date=date(2021, 5, asked))
    due = DUE(NOW)
    assert timezone.localdate(due) == date(2021, 5, 18)
    assert (ordered_by_clock(due) == []) is waits


@pytest.mark.usefixtures("_smallest")
def test_a_person_may_order_less(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10), needed_by_date=date(2021, 6, 18))
    manager = User.objects.get(pk=cast.manager.pk)
    assert len(orders.consolidate(at=NOW, by=manager, due_only=False)) == 1


@pytest.mark.parametrize(("cutoff", "expected"), [(None, 21), (time(15, 0), 21), (time(14, 59), 24)])
def test_after_the_suppliers_last_time_it_comes_a_working_day_later(
    cast: Cast, cutoff: time | None, expected: int
) -> None:
    Supplier.objects.filter(pk=cast.supplier.pk).update(order_cutoff=cutoff)
    worlds.approved(cast, (cast.gloves, 10), needed_by_date=date(2021, 5, 20))
    due = DUE(NOW)
    assert timezone.localtime(due).time() == time(15, 0)
    (order,) = ordered_by_clock(due)
    assert order.lines.get().expected_date == date(2021, 5, expected)


@pytest.mark.parametrize(("delay", "expected"), [(0, 21), (42, 21), (61, 21), (3600, 24)])
def test_what_the_clock_orders_is_of_its_order_time_whatever_second_the_clock_looks(
    cast: Cast, delay: int, expected: int
) -> None:
    """The supplier takes orders until 15.00, which is when the region orders: a clock that looks seconds later orders in time."""
    Supplier.objects.filter(pk=cast.supplier.pk).update(order_cutoff=time(15, 0))
    worlds.approved(cast, (cast.gloves, 10), needed_by_date=date(2021, 5, 20))
    (order,) = ordered_by_clock(DUE(NOW) + timedelta(seconds=delay))
    assert order.lines.get().expected_date == date(2021, 5, expected)


@pytest.mark.usefixtures("_smallest")
def test_nothing_waits_for_a_time_after_the_suppliers_last(cast: Cast) -> None:
    """The next time would be soon enough, but for the supplier's last time that day."""
    worlds.approved(cast, (cast.gloves, 10), needed_by_date=date(2021, 5, 24))
    Supplier.objects.filter(pk=cast.supplier.pk).update(order_cutoff=time(14, 0))
    assert len(ordered_by_clock(DUE(NOW))) == 1


def test_freight_is_a_cost_of_the_order_and_of_no_line(cast: Cast) -> None:
    Supplier.objects.filter(pk=cast.supplier.pk).update(
        freight_amount=Decimal(95), freight_free_amount=Decimal(1000)
    )
    (small,) = worlds.ordered(cast, (cast.gloves, 10))
    (large,) = worlds.ordered(cast, (cast.gloves, 20))
    assert (small.freight_amount, large.freight_amount) == (Decimal(95), ZERO)
    assert sum(line.amount for line in small.lines.all()) == Decimal("580.00")
    agreement = type(cast.agreement).objects.get(pk=cast.agreement.pk)
    assert agreement.committed_amount == Decimal("1740.00"), "no ceiling counts the freight"
    assert b";95" in order_csv(order_facts(small))


@pytest.mark.parametrize(
    ("amount", "minimum", "latest", "waits"),
    [
        (99, 100, [3], True),
        (100, 100, [3], False),
        (99, None, [3], False),
        (99, 100, [3, 1], False),
        (99, 100, [2], True),
    ],
)
def test_may_wait(amount: int, minimum: int | None, latest: list[int], waits: bool) -> None:
    result = may_wait(
        Decimal(amount),
        minimum=None if minimum is None else Decimal(minimum),
        latest_days=[date(2021, 5, day) for day in latest],
        next_day=date(2021, 5, 2),
    )
    assert result is waits


@pytest.mark.parametrize(
    ("amount", "fee", "free_from", "freight"),
    [(10, 95, None, 95), (10, 95, 500, 95), (500, 95, 500, 0), (10, None, None, 0)],
)
def test_freight(amount: int, fee: int | None, free_from: int | None, freight: int) -> None:
    def kronor(number: int | None) -> Decimal | None:
        return None if number is None else Decimal(number)

    assert freight_of(Decimal(amount), fee=kronor(fee), free_from=kronor(free_from)) == freight
