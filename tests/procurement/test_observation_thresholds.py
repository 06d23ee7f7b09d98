"""By which values follow-up asks: those that the register of thresholds had on the day of what is asked about."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Threshold, ThresholdKind
from procurement.models import (
    ObservationKind,
    RequisitionLine,
)
from procurement.observing.asking import questions_in, unasked_in
from procurement.observing.measures import measures_in
from procurement.observing.splits import SplitMeasure
from tests.cast import ALWAYS, Cast
from tests.procurement.observation_worlds import (
    EVENING,
    YEAR,
    buy_often,
    days_ago,
    near_limits_in,
    odd_hours_in,
    order_for,
    outside,
    pairs_in,
    plain,
    split,
    splits_in,
)


def valued(kind: ThresholdKind, *values: tuple[int, DateRange]) -> None:
    """What the register of thresholds says of a kind, period by period."""
    Threshold.objects.filter(kind=kind).delete()
    for value, during in values:
        Threshold.objects.create(kind=kind, value=value, valid_during=during)


def until(count: int) -> DateRange:
    """Until so many days ago, that day not included."""
    return DateRange(ALWAYS.lower, days_ago(count).date())


def since(count: int) -> DateRange:
    """From so many days ago on."""
    return DateRange(days_ago(count).date(), None)


def test_a_new_value_changes_no_question_about_what_was_before_it(cast: Cast) -> None:
    split(cast)
    order_for(cast, 9600, 9900, 10000)
    sentences = [each.sentence for each in (*splits_in(YEAR), *near_limits_in(YEAR))]
    assert len(sentences) == 2
    valued(ThresholdKind.SPLIT_DAYS, (5, until(1)), (2, since(1)))
    valued(ThresholdKind.NEAR_PERCENT, (5, until(1)), (2, since(1)))
    assert [each.sentence for each in (*splits_in(YEAR), *near_limits_in(YEAR))] == sentences


def test_a_need_is_judged_by_the_days_of_its_first_order(cast: Cast) -> None:
    split(cast)
    valued(ThresholdKind.SPLIT_DAYS, (5, until(13)), (2, since(13)))
    (observation,) = splits_in(YEAR)
    assert (observation.count, observation.measure.days) == (3, 5)
    valued(ThresholdKind.SPLIT_DAYS, (2, ALWAYS))
    assert splits_in(YEAR) == []  # those of Wednesday and Thursday were looked at


def test_what_was_under_another_value_is_counted_apart(cast: Cast) -> None:
    buy_often(cast, 8)
    assert {each.count for each in pairs_in(YEAR)} == {8}
    valued(ThresholdKind.PAIR_ORDERS, (5, until(21)), (3, since(21)))
    pairs = pairs_in(YEAR)
    assert sorted((each.count, each.measure.values[0]) for each in pairs) == [(3, 3), (3, 3), (5, 5), (5, 5)]
    assert len({each.key for each in pairs}) == 4
    assert len(questions_in(measures_in(YEAR))) == 4


@pytest.mark.parametrize(("percent", "count"), [(4, 1), (5, 0)])
def test_the_share_of_a_pair_is_that_of_the_day(cast: Cast, percent: int, count: int) -> None:
    buy_often(cast, 5)
    for description in ("Lampa", "Matta"):
        line = outside(cast, 5000, days_ago(1), description=description)
        RequisitionLine.objects.filter(pk=line.pk).update(approved_supplier=cast.supplier)
    valued(ThresholdKind.PAIR_PERCENT, (percent, ALWAYS))
    assert sum(each.is_decider for each in pairs_in(YEAR)) == count


@pytest.mark.parametrize(("begins", "ends", "count"), [(22, 6, 1), (23, 6, 0), (18, 9, 1)])
def test_night_is_as_the_register_says(cast: Cast, begins: int, ends: int, count: int) -> None:
    valued(ThresholdKind.NIGHT_BEGINS, (begins, ALWAYS))
    valued(ThresholdKind.NIGHT_ENDS, (ends, ALWAYS))
    for ago in (10, 6):
        outside(cast, 100, days_ago(ago), decided_at=days_ago(ago, EVENING))
    observations = odd_hours_in(YEAR)
    assert len(observations) == count
    if observations:
        assert f"mellan kl. {begins:02} och {ends:02}" in plain(observations[0].rule)


def test_a_day_without_a_value_is_told_and_not_taken_for_permission(cast: Cast) -> None:
    split(cast)
    valued(ThresholdKind.SPLIT_DAYS, (5, until(15)), (5, since(5)))
    measures = measures_in(YEAR)
    assert splits_in(YEAR) == []
    (unasked,) = unasked_in(measures)
    gap = unasked.gap
    assert (unasked.kind, gap.first, gap.last) == (
        ObservationKind.SPLIT,
        days_ago(15).date(),
        days_ago(6).date(),
    )
    assert gap.missing == (ThresholdKind.SPLIT_DAYS,)
    assert "ställs ingen sådan fråga. Registret Gränser saknar ”Ett behov eller flera: dagar”" in gap.sentence


def test_the_same_value_from_another_day_is_no_other_rule(cast: Cast) -> None:
    valued(ThresholdKind.SPLIT_DAYS, (5, until(15)), (5, since(15)))
    measured = measures_in(YEAR).of(SplitMeasure)
    assert [(each.first, each.last) for each in measured.spells] == [(YEAR.first, YEAR.last)]
    valued(ThresholdKind.SPLIT_DAYS, (5, until(15)), (3, since(15)))
    measured = measures_in(YEAR).of(SplitMeasure)
    assert [(each.last, each.measure.days) for each in measured.spells] == [
        (days_ago(16).date(), 5),
        (YEAR.last, 3),
    ]


def test_without_any_value_each_kind_is_told_of_for_the_whole_period(cast: Cast) -> None:
    Threshold.objects.all().delete()
    measures = measures_in(YEAR)
    assert questions_in(measures) == []
    assert [(each.kind, each.gap.first, each.gap.last) for each in unasked_in(measures)] == [
        (kind, YEAR.first, YEAR.last) for kind in ObservationKind
    ]


@pytest.mark.parametrize(
    ("kind", "value", "category"),
    [
        ("split_days", "1", False),
        ("split_days", "2.5", False),
        ("near_percent", "51", False),
        ("night_begins", "25", False),
        ("direct_award", "0", False),
        ("split_days", "3", True),
    ],
)
def test_the_database_takes_only_what_may_be(cast: Cast, kind: str, value: str, category: bool) -> None:
    valued(ThresholdKind(kind))
    with pytest.raises(IntegrityError), transaction.atomic():
        Threshold.objects.create(
            kind=kind, value=Decimal(value), category=cast.medical if category else None, valid_during=ALWAYS
        )
