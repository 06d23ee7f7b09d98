"""Registering what the purchasing organisation costs."""

from datetime import date
from decimal import Decimal

import pytest

from audit.models import Entry
from core.errors import NotPermitted
from organizations.models import User
from reporting.models import OrganisationCost
from reporting.operations import costs
from tests import cast as cast_module
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


@pytest.mark.django_db(transaction=True)
def test_register_cost_twice_at_once_keeps_one() -> None:
    cast = cast_module.build()
    results = race(*[lambda: register(User.objects.get(pk=cast.controller.pk))] * 2)
    assert sum(isinstance(result, costs.CostOverlaps) for result in results) == 1
    assert OrganisationCost.objects.count() == 1
