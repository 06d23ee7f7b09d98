"""What is kept of whole months is what the lines say, whenever they came and whenever they were summed up."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext

from reporting.models import ChangedMonth, DeliveredCategoryMonth, DeliveredLine, DeliveredMonth
from reporting.months import LineSelection, Total, by_month, groups, total
from reporting.operations import months as operations
from reporting.operations.months import sum_up_months
from reporting.operations.savings import compute_savings, request_savings_run
from tests import worlds
from tests.cast import NOW, Cast
from tests.long import LONG
from tests.races import open_transaction, race
from tests.reporting import initiatives

PERIODS = [
    (date(2020, 1, 1), date(2020, 12, 31)),
    (date(2020, 3, 1), date(2020, 3, 31)),
    (date(2020, 2, 10), date(2020, 5, 17)),
    (date(2020, 4, 3), date(2020, 4, 3)),
    (date(2019, 12, 31), date(2021, 6, 30)),
]


def by_lines(chosen: LineSelection) -> Total:
    """The same sum, of the lines themselves."""
    lines = DeliveredLine.objects.filter(
        delivered_date__range=(chosen.starts, chosen.ends), currency="SEK"
    ).within(chosen.within)
    if chosen.is_outside:
        lines = lines.outside_agreements()
    if chosen.is_counted is False:
        lines = lines.uncounted()
    if chosen.reach is not None:
        lines = lines.filter(category__in=chosen.reach)
    if chosen.department is not None:
        lines = lines.filter(department=chosen.department)
    if chosen.administration is not None:
        lines = lines.filter(administration=chosen.administration)
    sums = lines.aggregate(count=Count("key"), amount=Sum("amount"))
    return Total(sums["count"], sums["amount"] or Decimal(0))


def every(cast: Cast) -> list[LineSelection]:
    choices: list[dict[str, Any]] = [
        {},
        {"is_outside": True},
        {"is_counted": False},
        {"within": [cast.medical.pk]},
        {"is_outside": True, "reach": [cast.office.pk]},
        {"department": cast.ward.pk},
        {"administration": cast.ward.administration_id, "is_counted": False},
    ]
    return [LineSelection(*period, **each) for period in PERIODS for each in choices]


def buy_at_the_turn_of_each_month(cast: Cast) -> None:
    """On the first day and the last of each, and something in another currency."""
    for month in range(1, 13):
        first = date(2020, month, 1)
        initiatives.delivered(cast, first, "1", "10.00")
        initiatives.delivered(cast, first - timedelta(days=1), "2", "10.00", item=cast.chair)
        initiatives.delivered(cast, first, "3", "10.00", currency="USD")


def buy(cast: Cast, draw: Random, count: int) -> None:
    for _time in range(count):
        day = date(2020, draw.randint(1, 12), draw.randint(1, 28))
        item = draw.choice([cast.gloves, cast.gown, cast.chair])
        initiatives.delivered(cast, day, str(draw.randint(1, 9)), f"{draw.randint(10, 90)}.50", item=item)


def hold(cast: Cast) -> None:
    for chosen in every(cast):
        assert total(by_month(chosen)) == by_lines(chosen), chosen
        assert sum((row.amount for row in groups(chosen)), Decimal(0)) == by_lines(chosen).amount


@pytest.mark.parametrize("seed", range(1, 9) if LONG else [1])
def test_sums_are_those_of_the_lines(cast: Cast, seed: int) -> None:
    draw = Random(seed)
    initiatives.example_b(cast)
    worlds.received(cast, (cast.gown, 4), (cast.chair, 1))
    steps: list[Callable[[], object]] = [
        lambda: buy_at_the_turn_of_each_month(cast),
        lambda: buy(cast, draw, 15),
        sum_up_months,
        lambda: buy(cast, draw, 5),
        lambda: compute_savings(run=request_savings_run(by=None, at=NOW), at=NOW),
        sum_up_months,
        sum_up_months,
    ]
    for step in steps:
        step()
        hold(cast)
    assert not ChangedMonth.objects.exists()
    assert DeliveredMonth.objects.exists()


def test_whole_months_are_not_asked_of_their_lines(cast: Cast) -> None:
    buy(cast, Random(3), 10)
    sum_up_months()
    for model in (DeliveredMonth, DeliveredCategoryMonth):
        model.objects.filter(day=None).update(amount=1)
    year = LineSelection(date(2020, 1, 1), date(2020, 12, 31))
    assert total(by_month(year)).amount == DeliveredCategoryMonth.objects.filter(day=None).count()
    assert sum(row.amount for row in groups(year)) == DeliveredMonth.objects.filter(day=None).count()
    with CaptureQueriesContext(connection) as queries:
        total(by_month(year))
    assert len(queries) == 1


def test_a_part_of_a_month_is_asked_of_its_days(cast: Cast) -> None:
    buy_at_the_turn_of_each_month(cast)
    sum_up_months()
    DeliveredCategoryMonth.objects.filter(day__isnull=False).update(amount=1)
    assert total(by_month(LineSelection(date(2020, 3, 2), date(2020, 3, 31)))).amount == 1, "the last day"
    assert total(by_month(LineSelection(date(2020, 3, 1), date(2020, 3, 31)))).amount == 30, (
        "the month, as it is kept"
    )


def test_only_the_day_that_changed_is_asked_of_its_lines(cast: Cast) -> None:
    day, march = date(2020, 3, 31), LineSelection(date(2020, 3, 1), date(2020, 3, 31))
    buy_at_the_turn_of_each_month(cast)
    sum_up_months()
    DeliveredCategoryMonth.objects.update(amount=1000)
    initiatives.delivered(cast, day, "5", "10.00")
    assert [each.day for each in ChangedMonth.objects.all()] == [day]
    assert total(by_month(march)).amount == 1000 + 20 + 50, (
        "the first day as it is kept, and the lines of the last"
    )
    sum_up_months()
    assert total(by_month(march)).amount == 1000 + 20 + 50, "and the month is made of both"


def test_what_differs_of_a_month_without_a_day_is_asked_of_all_its_lines(cast: Cast) -> None:
    march = LineSelection(date(2020, 3, 1), date(2020, 3, 31))
    buy_at_the_turn_of_each_month(cast)
    sum_up_months()
    DeliveredCategoryMonth.objects.update(amount=1000)
    ChangedMonth.objects.create(month=date(2020, 3, 1))
    for _time in ("asked of the lines", "kept"):
        assert total(by_month(march)).amount == 30
        sum_up_months()


def test_one_month_that_is_summed_up_takes_no_note_of_another(cast: Cast) -> None:
    sum_up_months()
    initiatives.delivered(cast, date(2020, 3, 5), "1", "10.00")
    initiatives.delivered(cast, date(2020, 4, 5), "2", "10.00")
    operations._sum_up(date(2020, 3, 1))
    assert [each.month for each in ChangedMonth.objects.all()] == [date(2020, 4, 1)]
    assert total(by_month(LineSelection(date(2020, 1, 1), date(2020, 12, 31)))) == Total(2, Decimal(30))


def test_groups_come_with_the_largest_first(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 3, 5), "1", "10.00")
    initiatives.delivered(cast, date(2020, 4, 5), "9", "10.00", department=cast.home)
    initiatives.delivered(cast, date(2020, 4, 6), "5", "10.00", item=cast.chair)
    rows = groups(LineSelection(date(2020, 1, 1), date(2020, 12, 31)))
    assert [row.amount for row in rows] == [90, 50, 10]
    assert [row.department for row in rows] == [cast.home.pk, cast.ward.pk, cast.ward.pk]


@pytest.mark.django_db(transaction=True)
def test_line_that_comes_while_its_month_is_summed_up_is_not_lost(cast: Cast) -> None:
    day, year = date(2020, 3, 5), LineSelection(date(2020, 1, 1), date(2020, 12, 31))
    sum_up_months()
    initiatives.delivered(cast, day, "1", "10.00")
    with open_transaction(lambda: initiatives.delivered(cast, day, "2", "10.00")):
        assert sum_up_months() == 1
        assert total(by_month(year)) == Total(1, Decimal(10))
    assert ChangedMonth.objects.count() == 1, "the note came with the line, and is still there"
    assert total(by_month(year)) == Total(2, Decimal(30))
    sum_up_months()
    assert total(by_month(year)) == Total(2, Decimal(30))


@pytest.mark.django_db(transaction=True)
def test_two_that_sum_up_at_once_keep_one_sum(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 3, 5), "1", "10.00")
    race(sum_up_months, sum_up_months)
    assert DeliveredMonth.objects.filter(day=None).count() == 1
    assert DeliveredMonth.objects.filter(day__isnull=False).count() == 1


def test_note_is_given_up_with_the_line(cast: Cast) -> None:
    sum_up_months()
    with transaction.atomic():
        initiatives.delivered(cast, date(2020, 3, 5), "1", "10.00")
        transaction.set_rollback(True)
    assert not ChangedMonth.objects.exists()
