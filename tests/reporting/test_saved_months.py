"""What is kept of whole months of the register is what its lines say, after corrections and returns too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Q, Sum
from django.test.utils import CaptureQueriesContext

from reporting.effects import effects, months
from reporting.models import ChangedMonth, EffectPart, SavedInitiativeMonth, SavedMonth, Saving
from reporting.models.savings import DEARER
from reporting.operations.months import sum_up_months
from reporting.saved_months import (
    By,
    Choice,
    SavedSum,
    counted_years,
    first_saved,
    saved_by,
    saved_by_month,
    saved_total,
)
from tests.cast import Cast
from tests.long import LONG
from tests.reporting import initiatives
from tests.reporting.test_months import PERIODS, buy, buy_at_the_turn_of_each_month

YEAR = Choice(date(2020, 1, 1), date(2020, 12, 31), EffectPart.BUDGET)


def choices(cast: Cast) -> Iterator[Choice]:
    """Of every period, part and thing in common."""
    same: list[dict[str, Any]] = [
        {},
        {"reach": [cast.gloves_category.pk]},
        {"category": cast.medical.pk},
        {"item": cast.gloves.pk},
        {"department": cast.home.pk, "is_increase": True},
        {"supplier": cast.supplier.pk, "is_increase": False},
        {"administration": cast.ward.administration_id},
    ]
    for starts, ends in PERIODS:
        for part in EffectPart:
            yield from (Choice(starts, ends, part, **each) for each in same)


def by_lines(choice: Choice) -> SavedSum:
    """The same sum, of the lines themselves."""
    lines = (
        Saving.objects.current()
        .of_part(choice.part)
        .filter(delivered_date__range=(choice.starts, choice.ends))
    )
    same = {name: getattr(choice, name) for name in ("item", "administration", "department", "supplier")}
    lines = lines.filter(**{name: value for name, value in same.items() if value is not None})
    if choice.reach is not None:
        lines = lines.filter(category__in=choice.reach)
    if choice.category is not None:
        lines = lines.filter(category_lineage__contains=[choice.category])
    if choice.is_increase is not None:
        lines = lines.filter(DEARER if choice.is_increase else ~DEARER)
    nothing = Decimal("0.00")
    return SavedSum(
        **lines.aggregate(
            count=Count("pk"),
            decrease=Sum("amount", filter=~Q(DEARER), default=nothing),
            increase=Sum("amount", filter=DEARER, default=nothing),
        )
    )


def hold(cast: Cast, draw: Random) -> None:
    """Some of all the choices, others each time."""
    for choice in draw.sample(list(choices(cast)), 25):
        whole = by_lines(choice)
        assert saved_total(choice) == whole, choice
        for by in By:
            parts = [each.sum for each in saved_by(by, choice)]
            assert sum((each.net for each in parts), Decimal(0)) == whole.net, (choice, by)
            assert sum(each.count for each in parts) == whole.count, (choice, by)


@pytest.mark.parametrize("seed", range(1, 9) if LONG else [1])
def test_sums_are_those_of_the_lines(cast: Cast, seed: int) -> None:
    draw = Random(seed)
    initiatives.example_b(cast)
    steps = [
        lambda: buy_at_the_turn_of_each_month(cast),
        lambda: buy(cast, draw, 15),
        lambda: initiatives.delivered(cast, date(2020, 11, 3), "4", "90.00", department=cast.home),
        lambda: initiatives.delivered(cast, date(2020, 11, 4), "-1", "90.00", department=cast.home),
        initiatives.computed,
        sum_up_months,
        lambda: buy(cast, draw, 10),
        initiatives.computed,
        lambda: initiatives.confirmed(cast, effective=date(2020, 10, 15)),
        initiatives.computed,
        sum_up_months,
    ]
    for step in steps:
        step()
        hold(cast, draw)
    assert not ChangedMonth.objects.exists()
    assert SavedMonth.objects.filter(is_increase=True).exists()
    assert Saving.objects.exclude(corrections=None).exists(), "lines were corrected on the way"


def test_year_is_its_months(cast: Cast) -> None:
    initiatives.example_b(cast)
    for _time in ("asked of the lines", "kept"):
        assert sum(each.net for each in saved_by_month(YEAR).values()) == Decimal("7800.00")
        assert sorted(saved_by_month(YEAR)) == sorted(
            {line.delivered_date.month for line in Saving.objects.all()}
        )
        assert counted_years(None) == {2020, 2021}, "the plan goes on into the year after"
        assert first_saved() == min(line.delivered_date for line in Saving.objects.all())
        sum_up_months()


def test_whole_months_are_not_asked_of_their_lines(cast: Cast) -> None:
    initiatives.example_b(cast)
    sum_up_months()
    whole = SavedInitiativeMonth.objects.filter(day=None)
    count = whole.update(amount=1)
    with CaptureQueriesContext(connection) as queries:
        assert saved_total(YEAR).net == count
        assert effects(year=2020, through=date(2020, 12, 31)).net.realised == count
        year = months(year=2020, through=date(2020, 12, 31))
        assert sum(month.realised or 0 for month in year) == count
    assert len(queries) == 5
    assert saved_total(replace(YEAR, item=cast.gloves.pk)).net == Decimal("7800.00"), (
        "an item is asked of its lines"
    )
