"""Freezing what is compared with, and letting finance confirm it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from catalog.models import Price
from categories.models import CategoryAssignment
from core.errors import DomainError, NotPermitted
from organizations.models import Role
from reporting.models import Baseline, BaselineMethod, SavingInitiative
from reporting.operations import baselines
from reporting.permissions import OwnCategorysSaving
from tests import cast as cast_module
from tests.cast import ALWAYS, NOW, TODAY, Cast, delegation
from tests.races import race
from tests.reporting import initiatives


def freeze(cast: Cast, made: SavingInitiative) -> baselines.Frozen:
    return baselines.freeze_baselines(initiative=made, at=NOW, by=cast.head)


def test_freeze_baselines_by_history_is_the_weighted_average(cast: Cast) -> None:
    initiatives.delivered(cast, date(2019, 8, 31), "9999", "10.00")
    initiatives.example_deliveries(cast)
    initiatives.delivered(cast, date(2020, 9, 1), "9999", "10.00")
    initiatives.delivered(cast, date(2020, 8, 1), "9999", "10.00", currency="USD")
    initiative = initiatives.initiative(cast)
    assert freeze(cast, initiative) == baselines.Frozen(version=1, count=1, without_baseline=1)
    baseline = initiative.baselines.get()
    assert (baseline.unit_price, baseline.new_unit_price) == (Decimal("63.2000"), Decimal("58.0000"))
    assert baseline.annual_quantity == Decimal(5200)
    assert baseline.full_year_effect == Decimal("27040.00")
    assert baseline.counts_during == DateRange(date(2020, 9, 1), date(2021, 9, 1))
    assert baseline.evidence == {
        "volume_from": "2019-09-01",
        "volume_through": "2020-08-31",
        "volume_lines": 3,
        "agreement": cast.agreement.pk,
    }
    assert (baseline.frozen_at, baseline.confirmed_at) == (NOW, None)
    assert Entry.objects.about(initiative).get().details["without_baseline"] == 1


def test_freeze_baselines_by_the_old_contract_is_its_price_on_the_last_day(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast, method=BaselineMethod.PREV_CONTRACT)
    freeze(cast, initiative)
    baseline = initiative.baselines.get()
    assert baseline.unit_price == Decimal(61)
    assert baseline.full_year_effect == Decimal("15600.00")
    assert baseline.evidence["price_date"] == "2020-08-31"


def test_freeze_baselines_takes_full_months_only(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 8, 20), "10", "70.00")
    initiatives.delivered(cast, date(2020, 9, 10), "90", "60.00")
    initiative = initiatives.initiative(cast, effective=date(2020, 9, 15))
    freeze(cast, initiative)
    assert initiative.baselines.get().unit_price == Decimal(70)


def test_freeze_baselines_takes_the_new_price_of_the_effective_day(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(50),
        valid_during=DateRange(date(2021, 1, 1), None),
    )
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    assert initiative.baselines.get().new_unit_price == Decimal(58)


def test_freeze_baselines_rounds_half_up_to_four_decimals(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 8, 1), "1", "1.0000")
    initiatives.delivered(cast, date(2020, 8, 2), "1", "1.0001")
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    assert initiative.baselines.get().unit_price == Decimal("1.0001")


@pytest.mark.parametrize("who", ["requester", "manager", "deputy", "auditor", "administrator"])
def test_freeze_baselines_is_for_finance_and_head(cast: Cast, who: str) -> None:
    initiative = initiatives.initiative(cast)
    with pytest.raises(NotPermitted):
        baselines.freeze_baselines(initiative=initiative, at=NOW, by=getattr(cast, who))
    assert not Baseline.objects.exists()


def test_freeze_baselines_a_second_time_is_refused(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    with pytest.raises(baselines.AlreadyFrozen):
        freeze(cast, initiative)


def test_freeze_baselines_without_an_agreement_is_refused(cast: Cast) -> None:
    initiative = initiatives.initiative(cast)
    initiative.new_agreement = None
    initiative.save()
    with pytest.raises(baselines.AgreementMissing):
        freeze(cast, initiative)


def test_a_later_initiative_ends_the_earlier_ones_time_when_it_is_confirmed(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    first = initiatives.confirmed(cast)
    second = initiatives.initiative(cast, effective=date(2021, 3, 1))
    freeze(cast, second)
    assert first.baselines.get().counts_during == DateRange(date(2020, 9, 1), date(2021, 9, 1))
    baselines.confirm_baselines(initiative=second, version=1, by=cast.controller, at=NOW)
    assert first.baselines.get().counts_during == DateRange(date(2020, 9, 1), date(2021, 3, 1))
    assert second.baselines.get().counts_during == DateRange(date(2021, 3, 1), date(2022, 3, 1))


def test_a_later_initiative_ends_only_what_it_replaces(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    first = initiatives.confirmed(cast)
    second = initiatives.initiative(cast, effective=date(2021, 3, 1), method=BaselineMethod.PREV_CONTRACT)
    second.old_agreement = initiatives.old_agreement(cast, ends=date(2021, 3, 1), item=cast.gown)
    second.save()
    freeze(cast, second)
    baselines.confirm_baselines(initiative=second, version=1, by=cast.controller, at=NOW)
    assert [baseline.item for baseline in second.baselines.all()] == [cast.gown]
    assert first.baselines.get().counts_during == DateRange(date(2020, 9, 1), date(2021, 9, 1))
    initiatives.delivered(cast, date(2021, 4, 1), "10", "58.00")
    assert initiatives.computed().added_count == 1


def test_an_earlier_initiative_confirmed_late_stops_at_the_later_one(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast, effective=date(2021, 3, 1))
    late = initiatives.confirmed(cast)
    assert late.baselines.get().counts_during == DateRange(date(2020, 9, 1), date(2021, 3, 1))


def test_an_earlier_initiative_is_not_stopped_by_a_later_one_that_is_not_confirmed(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    freeze(cast, initiatives.initiative(cast, effective=date(2021, 3, 1)))
    assert initiatives.confirmed(cast).baselines.get().counts_during == DateRange(
        date(2020, 9, 1), date(2021, 9, 1)
    )


def test_an_initiative_whose_twelve_months_are_over_is_not_prolonged_by_a_later_one(cast: Cast) -> None:
    initiatives.delivered(cast, date(2018, 8, 1), "10", "70.00")
    first = initiatives.confirmed(cast, effective=date(2018, 9, 1))
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    assert first.baselines.get().counts_during == DateRange(date(2018, 9, 1), date(2019, 9, 1))


def test_two_initiatives_on_one_day_give_an_item_one_baseline(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    freeze(cast, initiatives.initiative(cast))
    assert freeze(cast, initiatives.initiative(cast)).count == 0


def test_freeze_baselines_uses_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        item = cast_module.item(f"9{number}", f"Artikel {number}", cast.medical, unit="st")
        Price.objects.create(
            item=item,
            agreement=cast.agreement,
            supplier=cast.supplier,
            unit_price=Decimal(5),
            valid_during=ALWAYS,
        )
        initiatives.delivered(cast, date(2020, 5, 1), "10", "6", item=item)
    initiative = initiatives.initiative(cast)
    with django_assert_max_num_queries(10):
        assert freeze(cast, initiative).count == 20


def test_confirm_baselines_signs_all_and_records(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)
    baseline = initiative.baselines.get()
    assert (baseline.confirmed_by, baseline.confirmed_at) == (cast.controller, NOW)
    entry = Entry.objects.about(initiative).last()
    assert entry is not None
    assert (entry.event, entry.details) == (
        "baselines.confirmed",
        {"count": 1, "full_year_effect": "27040.00", "avoidance": "0.00"},
    )


@pytest.mark.parametrize("who", ["requester", "manager", "deputy", "head", "auditor", "administrator"])
def test_confirm_baselines_is_for_finance(cast: Cast, who: str) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    with pytest.raises(NotPermitted):
        baselines.confirm_baselines(initiative=initiative, version=1, by=getattr(cast, who), at=NOW)
    assert initiative.baselines.get().confirmed_at is None


@pytest.mark.parametrize("who", ["manager", "deputy"])
def test_confirm_baselines_refuses_finance_who_answers_for_the_category(cast: Cast, who: str) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    person = getattr(cast, who)
    cast_module.membership(person, Role.CONTROLLER)
    with pytest.raises(OwnCategorysSaving):
        baselines.confirm_baselines(initiative=initiative, version=1, by=person, at=NOW)


def test_confirm_baselines_refuses_finance_who_answers_for_an_items_category(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    CategoryAssignment.objects.create(
        category=cast.gloves_category, manager=cast.controller, valid_during=ALWAYS
    )
    with pytest.raises(OwnCategorysSaving):
        baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)


def test_confirm_baselines_refuses_finance_with_the_managers_delegation(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    delegation(cast.manager, cast.controller, valid_during=DateRange(TODAY, TODAY + timedelta(days=1)))
    with pytest.raises(OwnCategorysSaving):
        baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)


def test_confirm_baselines_without_any_or_twice_is_refused(cast: Cast) -> None:
    initiative = initiatives.initiative(cast)
    with pytest.raises(baselines.NothingToConfirm):
        baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)
    initiatives.example_deliveries(cast)
    freeze(cast, initiative)
    baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)
    with pytest.raises(baselines.NothingToConfirm):
        baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"unit_price": Decimal(99)},
        {"annual_quantity": Decimal(1)},
        {"confirmed_at": None, "confirmed_by": None},
    ],
)
def test_the_database_keeps_a_baseline_as_it_was_frozen(cast: Cast, change: dict[str, object]) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.confirmed(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        initiative.baselines.update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_once_and_one_wins(cast: Cast) -> None:
    other = cast_module.person("eva.ek", "Eva", "Ek")
    cast_module.membership(other, Role.CONTROLLER)
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    freeze(cast, initiative)
    results = race(
        lambda: baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW),
        lambda: baselines.confirm_baselines(initiative=initiative, version=1, by=other, at=NOW),
    )
    (error,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(error, DomainError)
    assert Entry.objects.filter(event="baselines.confirmed").count() == 1
