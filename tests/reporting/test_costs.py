"""Registering what the purchasing organisation costs."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from core.errors import NotPermitted
from organizations.models import User
from reporting.costs import Hole, cost, cost_so_far
from reporting.models import OrganisationCost
from reporting.operations import costs
from tests.cast import NOW, Cast
from tests.races import race


def register(by: User, starts: date = date(2020, 1, 1), ends: date = date(2020, 12, 31)) -> OrganisationCost:
    return costs.register_cost(
        starts=starts, ends=ends, persons=Decimal(4), amount=Decimal("2640000.00"), note="", by=by, at=NOW
    )


def test_register_cost_keeps_the_days_and_records(cast: Cast) -> None:
    cost = register(cast.controller)
    cost.refresh_from_db()
    assert (cost.during.lower, cost.during.upper) == (date(2020, 1, 1), date(2021, 1, 1))
    assert Entry.objects.about(cost).get().details == {"amount": "2640000.00"}


@pytest.mark.parametrize("who", ["requester", "manager", "head", "auditor", "administrator"])
def test_register_cost_is_for_finance(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        register(getattr(cast, who))


def test_register_cost_refuses_overlap_and_backwards(cast: Cast) -> None:
    register(cast.controller)
    with pytest.raises(costs.CostOverlaps):
        register(cast.controller, starts=date(2020, 12, 31), ends=date(2021, 1, 31))
    with pytest.raises(costs.PeriodBackwards):
        register(cast.controller, starts=date(2021, 2, 1), ends=date(2021, 1, 31))
    assert OrganisationCost.objects.count() == 1


def test_cost_is_cut_by_day_and_names_the_days_that_have_none(cast: Cast) -> None:
    OrganisationCost.objects.create(
        during=DateRange(date(2020, 1, 1), date(2021, 1, 1)), persons=4, amount=Decimal("366000.00")
    )
    whole = cost(starts=date(2020, 1, 1), ends=date(2020, 12, 31))
    assert (whole.of.amount, whole.is_complete, whole.holes) == (Decimal("366000.00"), True, ())
    part = cost(starts=date(2019, 12, 1), ends=date(2020, 1, 31))
    assert (part.of.amount, part.covered_days, part.is_complete) == (Decimal("31000.00"), 31, False)
    assert part.holes == (Hole(date(2019, 12, 1), date(2019, 12, 31)),)


def test_cost_so_far_names_a_month_without_a_row_and_drops_nothing_before_it(cast: Cast) -> None:
    for starts, ends, amount in (
        (date(2018, 11, 1), date(2020, 12, 1), "5500000.00"),
        (date(2021, 1, 1), date(2021, 7, 1), "1358586.00"),
    ):
        OrganisationCost.objects.create(during=DateRange(starts, ends), persons=4, amount=Decimal(amount))
    result = cost_so_far(through=date(2021, 6, 30))
    assert result is not None
    assert (result.of.amount, result.of.starts, result.of.ends) == (
        Decimal("6858586.00"),
        date(2018, 11, 1),
        date(2021, 6, 30),
    )
    assert result.holes == (Hole(date(2020, 12, 1), date(2020, 12, 31)),)
    later = cost_so_far(through=date(2021, 7, 2))
    assert later is not None
    assert later.holes[-1] == Hole(date(2021, 7, 1), date(2021, 7, 2))
    one_day = cost_so_far(through=date(2021, 7, 1))
    assert one_day is not None
    assert one_day.holes[-1] == Hole(date(2021, 7, 1), date(2021, 7, 1))


def test_cost_so_far_begins_with_the_first_registered_day(cast: Cast) -> None:
    OrganisationCost.objects.create(
        during=DateRange(date(2020, 1, 1), date(2020, 1, 11)), persons=4, amount=Decimal("1000.00")
    )
    assert cost_so_far(through=date(2019, 12, 31)) is None
    result = cost_so_far(through=date(2020, 1, 1))
    assert result is not None
    assert (result.of.amount, result.is_complete) == (Decimal("100.00"), True)


def test_cost_of_nothing(db: None) -> None:
    assert cost_so_far(through=date(2020, 1, 2)) is None
    nothing = cost(starts=date(2020, 1, 1), ends=date(2020, 1, 2))
    assert nothing.of.amount == 0
    assert nothing.holes == (Hole(date(2020, 1, 1), date(2020, 1, 2)),)


@pytest.mark.django_db(transaction=True)
def test_register_cost_twice_at_once_keeps_one(cast: Cast) -> None:
    results = race(*[lambda: register(User.objects.get(pk=cast.controller.pk))] * 2)
    assert sum(isinstance(result, costs.CostOverlaps) for result in results) == 1
    assert OrganisationCost.objects.count() == 1
