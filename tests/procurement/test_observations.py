"""What follow-up asks about purchases: each kind with what it asks about and what it nearly does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Threshold, ThresholdKind
from categories.models import CategoryPolicy
from core.errors import DomainError
from core.models import ClosedDay
from core.working_days import calendar
from organizations.models import Membership, Role
from procurement.models import (
    AwardRecord,
    LimitKind,
    LineDecision,
    RequisitionLine,
)
from procurement.observing.observation import ObservedPeriod, PeriodIsBackwards, PeriodIsTooLong
from procurement.observing.splits import SplitMeasure, SplitPart, splits_of
from procurement.operations import amendments, attests, decisions
from procurement.separation_of_duties import people_involved
from tests import worlds
from tests.cast import ALWAYS, TODAY, Cast
from tests.procurement.observation_worlds import (
    EVENING,
    YEAR,
    buy_often,
    days_ago,
    gloves,
    near_limits_in,
    odd_hours_in,
    order_for,
    outside,
    own_limit,
    pairs_in,
    plain,
    split,
    splits_in,
    standing_approval,
)

# The period.


def test_a_period_is_the_last_twelve_months() -> None:
    assert ObservedPeriod.until(date(2021, 5, 18)) == ObservedPeriod(date(2020, 5, 19), date(2021, 5, 18))


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (date(2021, 5, 18), date(2021, 5, 17), PeriodIsBackwards),
        (date(2018, 5, 17), date(2021, 5, 18), PeriodIsTooLong),
    ],
)
def test_what_is_no_period(first: date, last: date, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        ObservedPeriod(first, last)


# Split orders: the rule.


def part(day: int, amount: int, *, is_unseen: bool = True, limit: int = 2000, days: int = 5) -> SplitPart:
    return SplitPart(
        measure=SplitMeasure((days,)), limit_kind=LimitKind.STANDING, department=1, thing=2, day=TODAY + timedelta(days=day), amount=Decimal(amount),
        limit=Decimal(limit), is_unseen=is_unseen, lines=(100 + day,), requester="Elin Bergvall",
        department_name="Medicin", thing_name="Handske",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "counts"),
    [
        ([part(0, 1500), part(4, 1500)], [2]),
        ([part(0, 1500), part(5, 1500)], []),
        ([part(0, 1500), part(4, 500)], [2]),
        ([part(0, 1500), part(4, 499)], []),
        ([part(0, 1500)], []),
        ([part(0, 1500, is_unseen=False), part(1, 1500, is_unseen=False)], []),
        ([part(0, 1500, is_unseen=False), part(1, 1500)], [2]),
        ([part(0, 1500), part(1, 1500), part(7, 1500), part(8, 1500)], [2, 2]),
        ([part(0, 100), part(4, 1500), part(7, 1500)], [2]),
        ([part(0, 1500, limit=3000), part(1, 1400, limit=2000)], []),
        ([part(0, 1500, days=8), part(7, 1500)], [2]),
        ([part(0, 1500), part(7, 1500, days=8)], []),
    ],
)
def test_splits_of(parts: list[SplitPart], counts: list[int]) -> None:
    assert [each.count for each in splits_of(parts)] == counts


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 1999), st.booleans()), max_size=12))
def test_each_order_is_in_one_split_at_most(rows: list[tuple[int, int, bool]]) -> None:
    parts = [part(day, amount, is_unseen=unseen) for day, amount, unseen in sorted(rows)]
    splits = splits_of(parts)
    assert sum(each.count for each in splits) <= len(parts)
    assert all(each.days <= 5 and each.amount >= each.limit and each.count > 1 for each in splits)


# Split orders: from the rows.


def test_orders_that_a_standing_approval_let_by_are_asked_about(cast: Cast) -> None:
    lines = split(cast)
    (observation,) = splits_in(YEAR)
    assert observation.limit_kind == LimitKind.STANDING
    assert (observation.count, observation.days, observation.amount, observation.limit) == (
        3,
        4,
        Decimal(5220),
        Decimal(2000),
    )
    assert observation.lines == tuple(line.pk for line in lines)
    assert people_involved(observation.lines) == {cast.requester.pk, cast.manager.pk}
    assert plain(observation.sentence).startswith("Tre beställningar av Undersökningshandske")
    assert "på fyra dagar, tillsammans 5 220,00 kr. Gränsen för stående godkännande är" in plain(
        observation.sentence
    )
    assert observation.question == "Var det ett behov eller flera?"


def test_two_who_order_for_one_department_are_asked_about_together(cast: Cast) -> None:
    standing_approval(cast)
    gloves(cast, 30, days_ago(3))
    gloves(cast, 30, days_ago(2), by=cast.colleague)
    (observation,) = splits_in(YEAR)
    assert observation.names == ("Elin Bergvall", "Oskar Lindahl")


def test_what_returns_each_week_is_not_asked_about(cast: Cast) -> None:
    standing_approval(cast)
    for count in (14, 7, 0):
        gloves(cast, 30, days_ago(count))
    assert splits_in(YEAR) == []


def test_what_a_person_has_looked_at_is_not_asked_about(cast: Cast) -> None:
    lines = [gloves(cast, 30, days_ago(count)) for count in (3, 2)]
    standing_approval(cast)
    assert LineDecision.objects.filter(line__in=lines, rule="policy").count() == 0
    assert splits_in(YEAR) == []


def test_other_things_are_other_needs(cast: Cast) -> None:
    standing_approval(cast)
    gloves(cast, 30, days_ago(3))
    worlds.line(cast, (cast.gown, 12), at=days_ago(2))
    assert splits_in(YEAR) == []


def test_a_line_that_was_withdrawn_is_not_asked_about(cast: Cast) -> None:
    standing_approval(cast)
    first = gloves(cast, 30, days_ago(3))
    gloves(cast, 30, days_ago(2))
    amendments.withdraw_line(line=first, by=cast.requester, at=days_ago(2))
    assert splits_in(YEAR) == []


def test_an_approval_that_was_undone_is_not_asked_about(cast: Cast) -> None:
    standing_approval(cast)
    gloves(cast, 30, days_ago(3))
    second = gloves(cast, 30, days_ago(2))
    decisions.undo(lines=[RequisitionLine.objects.get(pk=second.pk)], by=cast.manager, at=days_ago(2))
    assert splits_in(YEAR) == []


def test_the_limit_is_that_of_the_day(cast: Cast) -> None:
    split(cast)
    CategoryPolicy.objects.filter(category=cast.medical).update(
        valid_during=DateRange(date(2018, 1, 1), TODAY)
    )
    CategoryPolicy.objects.create(
        category=cast.medical, set_by=cast.manager, standing_approval_limit=9000,
        valid_during=DateRange(TODAY, None),
    )  # fmt: skip
    (observation,) = splits_in(YEAR)
    assert observation.limit == Decimal(2000)


def test_only_the_period_is_asked_about(cast: Cast) -> None:
    split(cast)
    assert splits_in(ObservedPeriod(TODAY, TODAY)) == []
    assert splits_in(ObservedPeriod(TODAY - timedelta(days=15), TODAY - timedelta(days=12)))


def test_orders_from_one_supplier_without_attest_are_asked_about(cast: Cast) -> None:
    outside(cast, 6000, days_ago(3))
    outside(cast, 6000, days_ago(2), by=cast.colleague, category=cast.services)
    (observation,) = splits_in(YEAR)
    assert (observation.limit_kind, observation.thing, observation.limit) == (
        LimitKind.OWN,
        "Kustpapper AB",
        Decimal(10000),
    )
    assert plain(observation.sentence).startswith(
        "Två beställningar utanför avtal från Kustpapper AB till Medicinavdelning 1"
    )


def test_orders_that_were_attested_together_are_not_asked_about(cast: Cast) -> None:
    outside(cast, 6000, days_ago(3))
    outside(cast, 6000, days_ago(2))
    attest = RequisitionLine.objects.latest("pk").requisition.attests.get()
    assert attest.earlier_amount == Decimal(6000)
    attests.attest(attest=attest, by=cast.budget_holder, at=days_ago(2))
    assert splits_in(YEAR) == []


@pytest.mark.parametrize(("limit", "count"), [(9000, 1), (10000, 1), (10001, 0), (5000, 0)])
def test_orders_that_are_documented_together_are_asked_about(cast: Cast, limit: int, count: int) -> None:
    own_limit(cast.requester, 1_000_000)
    Threshold.objects.create(kind=ThresholdKind.DOCUMENTATION, value=limit, valid_during=ALWAYS)
    for ago in (3, 2):
        outside(cast, 5000, days_ago(ago))
    splits = [each for each in splits_in(YEAR) if each.limit_kind == LimitKind.DOCUMENTATION]
    assert [each.limit for each in splits] == [Decimal(limit)] * count
    assert AwardRecord.objects.count() == (2 if limit == 5000 else 0)


# Pairs.


def test_a_supplier_that_returns_is_asked_about(cast: Cast) -> None:
    buy_often(cast, 5)
    decider, requester = pairs_in(YEAR)
    assert (requester.subject, requester.count) == (
        f"requester-{cast.requester.pk}-{cast.paper_supplier.pk}",
        5,
    )
    assert decider.subject == f"decider-{cast.deputy.pk}-{cast.paper_supplier.pk}"
    assert "Elin Bergvall har beställt fem gånger utanför avtal från Kustpapper AB" in plain(
        requester.sentence
    )
    assert "100 % av allt som regionen har köpt därifrån" in plain(requester.sentence)
    assert "Sofia Ekdahl har godkänt fem beställningar" in plain(decider.sentence)
    assert decider.lines == requester.lines


def test_four_times_is_not_asked_about(cast: Cast) -> None:
    buy_often(cast, 4)
    assert pairs_in(YEAR) == []


def test_a_small_share_is_not_asked_about(cast: Cast) -> None:
    buy_often(cast, 5)
    outside(cast, 400, days_ago(1), by=cast.colleague)
    other = outside(cast, 400, days_ago(1))
    RequisitionLine.objects.filter(pk=other.pk).update(approved_supplier=cast.supplier)
    assert [each.subject for each in pairs_in(YEAR)] == [f"decider-{cast.deputy.pk}-{cast.paper_supplier.pk}"]


def test_purchases_under_agreements_are_no_pair(cast: Cast) -> None:
    for count in range(6):
        gloves(cast, 10, days_ago(count * 10))
    assert pairs_in(YEAR) == []


def test_documented_competition_is_the_answer_already(cast: Cast) -> None:
    Threshold.objects.create(kind=ThresholdKind.DOCUMENTATION, value=1, valid_during=ALWAYS)
    buy_often(cast, 5)
    assert len(pairs_in(YEAR)) == 2
    AwardRecord.objects.update(competition="asked")
    assert pairs_in(YEAR) == []


# Just under a limit.


def test_orders_just_under_the_own_limit_are_asked_about(cast: Cast) -> None:
    order_for(cast, 9600, 9900, 10000)
    (near_limit,) = near_limits_in(YEAR)
    assert (near_limit.limit_kind, near_limit.count, near_limit.count_below) == (LimitKind.OWN, 3, 0)
    assert (near_limit.amount, near_limit.limit) == (Decimal(29500), Decimal(10000))
    assert plain(near_limit.sentence).startswith(
        "Tre beställningar av Elin Bergvall ligger högst 5 % under gränsen för att beställa utan attest"
    )


@pytest.mark.parametrize(
    "amounts",
    [
        (9600, 9900),  # too few
        (9400, 9600, 9900),  # one is too far below
        (9100, 9200, 9600, 9700, 9800, 9900),  # no more than twice as many as further below
        (9600, 9900, 10001),  # one was attested
    ],
)
def test_what_might_as_well_be_chance_is_not_asked_about(cast: Cast, amounts: tuple[int, ...]) -> None:
    order_for(cast, *amounts)
    assert near_limits_in(YEAR) == []


def test_the_same_quantity_again_is_a_pack_and_not_a_sum(cast: Cast) -> None:
    standing_approval(cast)
    for week in (4, 3, 2, 1):
        gloves(cast, 33, days_ago(7 * week))
    assert near_limits_in(YEAR) == []
    gloves(cast, 34, days_ago(35))
    worlds.line(cast, (cast.gown, 13), at=days_ago(42))
    (near_limit,) = near_limits_in(YEAR)
    assert (near_limit.limit_kind, near_limit.count) == (LimitKind.STANDING, 3)


def test_orders_just_under_the_limit_for_documenting_are_asked_about(cast: Cast) -> None:
    own_limit(cast.requester, 1_000_000)
    Threshold.objects.create(kind=ThresholdKind.DOCUMENTATION, value=8000, valid_during=ALWAYS)
    order_for(cast, 7700, 7800, 7999)
    (near_limit,) = near_limits_in(YEAR)
    assert near_limit.limit_kind == LimitKind.DOCUMENTATION


def test_the_own_limit_is_that_of_the_day(cast: Cast) -> None:
    order_for(cast, 9600, 9900, 10000)
    requester_role = Membership.objects.get(user=cast.requester, role=Role.REQUESTER)
    Membership.objects.filter(pk=requester_role.pk).update(valid_during=DateRange(date(2018, 1, 1), TODAY))
    Membership.objects.create(
        user=cast.requester, role=Role.REQUESTER, department=cast.ward, amount_limit=50000,
        valid_during=DateRange(TODAY, None),
    )  # fmt: skip
    (near_limit,) = near_limits_in(YEAR)
    assert near_limit.limit == Decimal(10000)


# When the region is closed.


SATURDAY = days_ago(3)


def test_approvals_on_nights_and_week_ends_are_asked_about(cast: Cast) -> None:
    outside(cast, 100, days_ago(10), decided_at=days_ago(10, EVENING))
    outside(cast, 200, SATURDAY)
    (observation,) = odd_hours_in(YEAR)
    assert (observation.person, observation.count, observation.days, observation.amount) == (
        "Sofia Ekdahl",
        2,
        2,
        Decimal(300),
    )
    assert list(observation.moments.values()) == [days_ago(10, EVENING), SATURDAY]
    assert plain(observation.sentence).startswith(
        "Sofia Ekdahl har godkänt eller attesterat två rader på två dagar, på helger"
    )


def test_one_day_is_an_exception(cast: Cast) -> None:
    outside(cast, 100, SATURDAY)
    outside(cast, 100, SATURDAY + timedelta(hours=1))
    assert odd_hours_in(YEAR) == []


@pytest.mark.parametrize(
    ("hour", "minute", "count"), [(21, 59, 0), (22, 0, 1), (23, 59, 1), (0, 0, 1), (5, 59, 1), (6, 0, 0)]
)
def test_night_is_from_ten_to_six_in_sweden(cast: Cast, hour: int, minute: int, count: int) -> None:
    outside(cast, 100, SATURDAY)
    at = days_ago(6).replace(hour=hour, minute=minute)
    outside(cast, 100, days_ago(8), decided_at=at)
    assert len(odd_hours_in(YEAR)) == count


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_day_on_which_the_region_is_closed_counts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, is_closed: bool
) -> None:
    if is_closed:
        ClosedDay.objects.create(day=days_ago(6).date(), reason="Storm")
    monkeypatch.setattr(calendar, "kept", None)
    outside(cast, 100, SATURDAY)
    outside(cast, 100, days_ago(6))
    assert len(odd_hours_in(YEAR)) == is_closed


def test_standing_approvals_have_no_evenings(cast: Cast) -> None:
    standing_approval(cast)
    for count in (3, 10, 17):
        gloves(cast, 10, days_ago(count))
    assert odd_hours_in(YEAR) == []


def test_an_attest_at_night_counts(cast: Cast) -> None:
    for count in (6, 20):
        line = outside(cast, 12000, days_ago(count), description=f"Sak {count}")
        at = days_ago(count, EVENING)
        attests.attest(attest=line.requisition.attests.get(), by=cast.budget_holder, at=at)
    (observation,) = odd_hours_in(YEAR)
    assert (observation.person, observation.count) == ("Marianne Klintberg", 2)
    assert people_involved(observation.lines) == {cast.budget_holder.pk, cast.requester.pk, cast.deputy.pk}
