"""What is kept of loyalty, leakage and purchases is what the lines say, also when agreements, prices and substitutions change."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, AgreementSupplier
from agreements.states import AgreementStatus
from catalog.models import Item, Price, Substitution
from categories.models import CategoryPolicy
from history.index_changes import Period
from reporting.leakage_cost import leakage_costs
from reporting.loyalty import loyalties
from reporting.models import ChangedMonth, LeakedMonth, LoyalMonth
from reporting.months import LineSelection
from reporting.operations.months import sum_up_months
from reporting.price_volume_mix import Compared, by_category, items_bought
from tests.cast import Cast
from tests.database.world_cache import remembered
from tests.reporting import initiatives
from tests.reporting.test_months import buy
from tests.reporting.test_price_volume_mix import replaces

STARTS, ENDS = date(2020, 1, 1), date(2020, 12, 31)
SPRING, AUTUMN = Period(date(2020, 1, 15), date(2020, 5, 31)), Period(date(2020, 8, 1), date(2020, 12, 10))


def asked() -> list[object]:
    """What the pages ask."""
    return [
        loyalties(starts=STARTS, ends=ENDS),
        loyalties(starts=SPRING.starts, ends=SPRING.ends),
        leakage_costs(LineSelection(STARTS, ENDS)),
        by_category(Compared(SPRING, AUTUMN)),
        items_bought(starts=STARTS, ends=AUTUMN.ends),
    ]


def hold() -> None:
    """Asked of what is kept and of the lines of every month, it is the same."""
    expected = asked()
    with transaction.atomic():
        ChangedMonth.objects.bulk_create(ChangedMonth(month=date(2020, month, 1)) for month in range(1, 13))
        assert asked() == expected
        transaction.set_rollback(True)


def noted() -> set[date]:
    return set(ChangedMonth.objects.values_list("month", flat=True))


def price(cast: Cast) -> Price:
    return Price.objects.get(item=cast.gloves)


def dearer(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal("35.00"))


def another_price(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(date(2020, 1, 1), date(2020, 7, 1)))
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal("20.00"),
        valid_during=DateRange(date(2020, 7, 1), None),
    )


def price_away(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).delete()


def agreement_shorter(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2020, 4, 10), date(2020, 9, 1))
    )


def agreement_of_something_else(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(category=cast.office)


def agreement_not_signed(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(status=AgreementStatus.DRAFT)


def another_supplier(cast: Cast) -> None:
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)


def another_way(cast: Cast) -> None:
    replaces(cast.gloves, cast.chair)


def another_factor(cast: Cast) -> None:
    Substitution.objects.update(factor=2)


def way_away(cast: Cast) -> None:
    Substitution.objects.all().delete()


def another_pack(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(units_per_order_unit=25)


def approval_asked_for(cast: Cast) -> None:
    CategoryPolicy.objects.create(
        category=cast.office,
        set_by=cast.head,
        needs_clinical_approval=True,
        valid_during=DateRange(date(2020, 1, 1), None),
    )


ACTS: list[Callable[[Cast], None]] = [
    dearer,
    another_price,
    price_away,
    agreement_shorter,
    agreement_of_something_else,
    agreement_not_signed,
    another_supplier,
    another_way,
]
ACTS_ON_A_WAY: list[Callable[[Cast], None]] = [another_factor, another_pack, approval_asked_for, way_away]


@pytest.fixture
def bought(cast: Cast) -> Cast:
    """A year of purchases on the agreement and beside it, summed up."""
    a_year(cast)
    return cast


@remembered
def a_year(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2020, 1, 1), date(2024, 1, 1))
    )
    Price.objects.filter(agreement=cast.agreement).update(valid_during=DateRange(date(2020, 1, 1), None))
    draw = Random(4)
    buy(cast, draw, 30)
    for month in range(1, 13):
        day = date(2020, month, draw.randint(1, 28))
        initiatives.delivered(cast, day, "3", f"{draw.randint(10, 90)}.00", agreement=cast.agreement)
        initiatives.delivered(cast, day, "2", "40.00", supplier=cast.paper_supplier, item=cast.gown)
    sum_up_months()


def test_kept_months_answer(bought: Cast) -> None:
    hold()
    loyal = LoyalMonth.objects.filter(day=None).update(amount=1)
    leaked = LeakedMonth.objects.filter(day=None).update(amount=1)
    assert loyalties(starts=STARTS, ends=ENDS).whole.spend == loyal
    assert sum(each.amount for each in leakage_costs(LineSelection(STARTS, ENDS))) == leaked


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_changes_of_the_registers_is_seen(bought: Cast, act: Callable[[Cast], None]) -> None:
    before = asked()
    act(bought)
    hold()
    assert asked() != before, "the past looks otherwise"
    sum_up_months()
    hold()
    initiatives.delivered(bought, date(2020, 8, 17), "3", "40.00", agreement=bought.agreement)
    hold()
    sum_up_months()
    hold()


@pytest.mark.parametrize("act", ACTS_ON_A_WAY, ids=lambda act: act.__name__)
def test_what_changes_of_a_way_between_items_is_seen(bought: Cast, act: Callable[[Cast], None]) -> None:
    another_way(bought)
    sum_up_months()
    test_what_changes_of_the_registers_is_seen(bought, act)


def test_only_months_that_something_differs_in_are_noted(bought: Cast) -> None:
    Agreement.objects.filter(pk=bought.agreement.pk).update(committed_amount=5)
    Agreement.objects.filter(pk=bought.agreement.pk).update(status=AgreementStatus.TERMINATED)
    assert noted() == set(), "what is called off, and a notice, change nothing of the past"
    Price.objects.filter(item=bought.gloves).update(
        valid_during=DateRange(date(2020, 1, 1), date(2020, 11, 15))
    )
    assert min(noted()) == date(2020, 11, 1)
    sum_up_months()
    Item.objects.update(units_per_order_unit=7)
    assert noted() == set(), "a pack is compared with where one item replaces another only"
    Price.objects.filter(item=bought.gloves).update(
        valid_during=DateRange(date(2020, 1, 1), date(2020, 12, 15))
    )
    assert noted() == {date(2020, 11, 1), date(2020, 12, 1)}
    sum_up_months()
    Price.objects.filter(item=bought.gown).update(valid_during=DateRange(date(2020, 1, 1), date(2199, 1, 1)))
    assert noted() == set(), "there is nothing yet of days to come"
