"""Which days a baseline counts, whatever is frozen again, and in whatever order initiatives are confirmed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Price
from reporting.effects import effects
from reporting.models import BaselineMethod, Saving, SavingInitiative
from reporting.operations import baselines
from tests.cast import NOW, Cast
from tests.reporting import initiatives
from tests.reporting.test_packs import successor

FIRST, SECOND, MOVED = date(2020, 3, 1), date(2020, 8, 1), date(2020, 10, 1)


def two_initiatives(cast: Cast) -> tuple[SavingInitiative, SavingInitiative]:
    """62.00 becomes 58.00 in March and is measured anew from August; ten boxes come in April, July, September and November."""
    initiatives.delivered(cast, date(2019, 9, 1), "100", "62.00")
    first = initiatives.confirmed(cast, effective=FIRST)
    for month in (4, 7, 9, 11):
        initiatives.delivered(cast, date(2020, month, 10), "10", "58.00")
    second = initiatives.confirmed(cast, effective=SECOND)
    initiatives.computed()
    assert first.baselines.get().counts_during == DateRange(FIRST, SECOND)
    return first, second


def frozen_again(cast: Cast, made: SavingInitiative, **facts: object) -> None:
    """The initiative with something changed in its register, frozen again and confirmed."""
    SavingInitiative.objects.filter(pk=made.pk).update(**facts)
    baselines.revise_baselines(initiative=made, version=1, reason="Fel i registret", by=cast.head, at=NOW)
    baselines.confirm_baselines(initiative=made, version=2, by=cast.controller, at=NOW)
    initiatives.computed()


def counted() -> dict[date, tuple[str, Decimal]]:
    """What the register says of each delivery day now."""
    lines = Saving.objects.current().select_related("baseline__initiative").exclude(amount=0)
    return {line.delivered_date: (line.baseline.initiative.code, line.amount) for line in lines}


def test_days_that_a_later_start_leaves_are_the_earlier_initiatives_again(cast: Cast) -> None:
    first, second = two_initiatives(cast)
    assert counted()[date(2020, 9, 10)][0] == second.code
    frozen_again(cast, second, effective_date=MOVED)
    assert first.baselines.get().counts_during == DateRange(FIRST, MOVED)
    assert counted()[date(2020, 9, 10)] == (first.code, Decimal("40.00"))
    net = effects(year=2020, through=date(2020, 12, 31)).net
    assert net.full_year + net.carried_in == net.in_year + net.overhang


def test_what_a_new_version_counts_nothing_of_is_the_earlier_initiatives_again(cast: Cast) -> None:
    first, second = two_initiatives(cast)
    frozen_again(cast, second, method=BaselineMethod.NONE)
    assert first.baselines.get().counts_during == DateRange(FIRST, date(2021, 3, 1))
    assert {day: code for day, (code, _amount) in counted().items()} == dict.fromkeys(
        [date(2020, 4, 10), date(2020, 7, 10), date(2020, 9, 10), date(2020, 11, 10)], first.code
    )


def test_days_are_given_back_no_further_than_to_the_next_initiative(cast: Cast) -> None:
    first, second = two_initiatives(cast)
    third = initiatives.confirmed(cast, effective=date(2020, 12, 1))
    frozen_again(cast, second, method=BaselineMethod.NONE)
    assert first.baselines.get().counts_during == DateRange(FIRST, date(2020, 12, 1))
    assert third.baselines.get().counts_during == DateRange(date(2020, 12, 1), date(2021, 12, 1))


def test_the_same_version_again_takes_the_same_days(cast: Cast) -> None:
    first, second = two_initiatives(cast)
    before = counted()
    frozen_again(cast, second)
    assert first.baselines.get().counts_during == DateRange(FIRST, SECOND)
    assert {day: code for day, (code, _amount) in counted().items()} == {
        day: code for day, (code, _amount) in before.items()
    }


@pytest.mark.parametrize("is_late", [False, True])
def test_what_replaces_an_item_ends_its_baseline_in_whatever_order_they_are_confirmed(
    cast: Cast, is_late: bool
) -> None:
    initiatives.example_deliveries(cast)
    first = initiatives.initiative(cast)
    baselines.freeze_baselines(initiative=first, at=NOW, by=cast.head)
    if not is_late:
        baselines.confirm_baselines(initiative=first, version=1, by=cast.controller, at=NOW)
    Price.objects.filter(item=cast.gloves).delete()
    successor(cast, price="29.00", units=50, factor="2")
    second = initiatives.confirmed(cast, effective=date(2021, 3, 1))
    if is_late:
        baselines.confirm_baselines(initiative=first, version=1, by=cast.controller, at=NOW)
    assert first.baselines.get().counts_during == DateRange(date(2020, 9, 1), date(2021, 3, 1))
    assert second.baselines.get().counts_during == DateRange(date(2021, 3, 1), date(2022, 3, 1))
