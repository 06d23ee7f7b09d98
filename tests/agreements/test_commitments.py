"""What was committed under an agreement on any day, its pace, and how long it lasts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agreements.models import Agreement, AgreementOption, Commitment, Procedure
from agreements.runway import USUAL_MONTHS, outlook, outlooks
from core.periods import add_months
from organizations.models import User
from procurement.operations import orders
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.procurement.deciding import committed


def then(cast: Cast, day: date) -> Decimal:
    """What was committed under the cast's agreement at the end of a day."""
    row: Any = Agreement.objects.with_committed_through(day).get(pk=cast.agreement.pk)
    return Decimal(row.committed_then)


def test_every_commitment_is_written_down_on_its_day(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10), at=NOW - timedelta(days=5))
    (order,) = worlds.ordered(cast, (cast.gloves, 20))
    assert committed(cast) == Decimal("1740.00")
    assert then(cast, TODAY - timedelta(days=6)) == 0
    assert then(cast, TODAY - timedelta(days=5)) == then(cast, TODAY - timedelta(days=1)) == Decimal("580.00")
    assert then(cast, TODAY) == Decimal("1740.00")
    orders.cancel_order(
        order=order, reason="x", by=User.objects.get(pk=cast.manager.pk), at=NOW + timedelta(days=2)
    )
    assert then(cast, TODAY + timedelta(days=1)) == Decimal("1740.00")
    assert then(cast, TODAY + timedelta(days=2)) == committed(cast)


def test_a_day_ends_at_midnight_in_sweden(cast: Cast) -> None:
    late = datetime(2021, 5, 18, 23, 59, tzinfo=ZoneInfo("Europe/Stockholm"))
    Agreement.objects.update(committed_amount=Decimal(10), committed_at=late)
    Agreement.objects.update(committed_amount=Decimal(30), committed_at=late + timedelta(minutes=1))
    assert then(cast, TODAY) == 10
    assert then(cast, TODAY + timedelta(days=1)) == 30


def test_what_was_committed_at_registration_is_before_every_day_and_no_pace(cast: Cast) -> None:
    new_agreement = Agreement.objects.create(
        number="RA 1", title="x", category=cast.medical, supplier=cast.supplier, procedure=Procedure.OPEN,
        valid_during=DateRange(date(2020, 1, 1), None), estimated_amount=Decimal(1), ceiling_amount=Decimal(1000),
        committed_amount=Decimal(400), committed_at=NOW, until_further_notice=True, notice_months=6,
    )  # fmt: skip
    row: Any = Agreement.objects.with_committed_through(date(2020, 1, 1)).get(pk=new_agreement.pk)
    assert row.committed_then == 400
    assert pace_of(new_agreement) == 0


def test_commitments_are_never_edited(cast: Cast) -> None:
    Agreement.objects.update(committed_amount=Decimal(10))
    for change in (lambda: Commitment.objects.update(amount=1), lambda: Commitment.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_pace_is_that_of_ninety_days_with_what_was_released_deducted(cast: Cast) -> None:
    amount = Decimal(0)
    for days_ago, change in ((90, 5000), (89, 800), (1, 200), (0, -100)):
        amount += change
        Agreement.objects.filter(pk=cast.agreement.pk).update(
            committed_amount=amount, committed_at=NOW - timedelta(days=days_ago)
        )
    assert pace_of(cast.agreement) == Decimal(900) / 90


def pace_of(made: Agreement) -> Decimal:
    """Kronor per day."""
    row: Any = Agreement.objects.with_pace(TODAY).get(pk=made.pk)
    return Decimal(row.pace)


def option(months: int, decide_by: date) -> AgreementOption:
    """One that is not saved."""
    return AgreementOption(pk=1, number=1, months=months, decide_by_date=decide_by)


def agreement(*, used: str, end: date | None, notice: int = 0) -> Agreement:
    """One that is not saved."""
    return Agreement(
        pk=1,
        valid_during=DateRange(date(2020, 1, 1), end and end + timedelta(days=1)),
        ceiling_amount=Decimal(1000),
        committed_amount=Decimal(used),
        notice_months=notice,
    )


def test_runway_counts_from_the_earlier_of_end_and_ceiling() -> None:
    view = outlook(agreement(used="900", end=date(2022, 12, 31)), Decimal(10), TODAY)
    assert view.ceiling_date == TODAY + timedelta(days=10)
    assert view.start_by == add_months(TODAY + timedelta(days=10), -USUAL_MONTHS)
    assert view.warning == 85
    view = outlook(agreement(used="100", end=date(2022, 12, 31)), Decimal("0.01"), TODAY)
    assert view.ceiling_date is None
    assert view.start_by == date(2022, 3, 31)


def test_runway_of_a_ceiling_that_is_reached_on_the_last_day_is_that_of_the_end() -> None:
    pace = Decimal(100)
    at_the_end = outlook(agreement(used="0", end=TODAY + timedelta(days=10)), pace, TODAY)
    day_before = outlook(agreement(used="0", end=TODAY + timedelta(days=11)), pace, TODAY)
    assert at_the_end.ceiling_date is None
    assert day_before.ceiling_date == TODAY + timedelta(days=10)


def test_a_procurement_takes_nine_months() -> None:
    view = outlook(agreement(used="0", end=date(2022, 12, 31)), Decimal(0), TODAY)
    assert view.start_by == date(2022, 3, 31)


def test_a_ceiling_that_lasts_for_twenty_years_is_none() -> None:
    lasting, shorter = agreement(used="270", end=None), agreement(used="270.10", end=None)
    assert outlook(lasting, Decimal("0.1"), TODAY).ceiling_date is None
    assert outlook(shorter, Decimal("0.1"), TODAY).ceiling_date == TODAY + timedelta(days=20 * 365 - 1)


@pytest.mark.parametrize(("days", "is_soon"), [(-1, False), (0, True), (90, True), (91, False)])
def test_an_agreement_ends_soon_within_ninety_days(days: int, is_soon: bool) -> None:
    view = outlook(agreement(used="0", end=TODAY + timedelta(days=days)), Decimal(0), TODAY)
    assert view.ends_soon is is_soon


def test_notice_is_given_so_many_months_before_the_end() -> None:
    view = outlook(
        agreement(used="0", end=date(2021, 8, 31), notice=3),
        Decimal(0),
        TODAY,
        options=[option(6, date(2021, 8, 1))],
    )
    assert (view.notice_date, view.option_end) == (date(2021, 5, 31), date(2022, 2, 28))
    assert view.ends_soon, "notice is due in thirteen days, though the end is more than ninety away"


@pytest.mark.parametrize(
    ("used", "warning", "needs_you"),
    [("699.40", 0, False), ("700", 70, False), ("849.40", 70, False), ("850", 85, True), ("950", 95, True)],
)
def test_a_mark_is_passed_when_it_is_reached(used: str, warning: int, needs_you: bool) -> None:
    view = outlook(agreement(used=used, end=date(2022, 12, 31)), Decimal(0), TODAY)
    assert (view.warning, view.ceiling_needs_you) == (warning, needs_you)


def test_runway_never_counts_an_option_that_is_not_used() -> None:
    end = TODAY + timedelta(days=60)
    view = outlook(agreement(used="0", end=end, notice=1), Decimal(0), TODAY, options=[option(24, TODAY)])
    assert view.option_end is not None
    assert view.start_by == add_months(end, -USUAL_MONTHS)
    assert view.ends_soon


@pytest.mark.parametrize("pace", ["0", "1", "100", "10000"])
@pytest.mark.parametrize("days", [-400, -1, 0, 1, 400])
@pytest.mark.parametrize("months", [1, 48])
def test_runway_never_starts_after_the_agreement_has_ended(pace: str, days: int, months: int) -> None:
    end = TODAY + timedelta(days=days)
    options = [option(months, end)]
    view = outlook(agreement(used="500", end=end), Decimal(pace), TODAY, options=options)
    assert bool(view.prolonged) is (end >= TODAY)
    assert view.start_by is not None
    assert view.start_by <= add_months(end, -USUAL_MONTHS)


def test_runway_until_further_notice_lasts_as_long_as_its_ceiling() -> None:
    view = outlook(agreement(used="0", end=None, notice=3), Decimal(0), TODAY)
    assert (view.start_by, view.option_end, view.notice_date, view.ends_soon) == (None, None, None, False)
    view = outlook(agreement(used="0", end=None), Decimal(10), TODAY)
    assert view.ceiling_date == TODAY + timedelta(days=100)
    assert view.start_by == add_months(TODAY + timedelta(days=100), -USUAL_MONTHS)


def test_runway_of_many_takes_two_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    with django_assert_num_queries(2):
        first, *_others = outlooks(Agreement.objects.with_outlook(TODAY), day=TODAY)
    assert first.agreement == cast.agreement


@pytest.fixture
def everlasting(cast: Cast) -> Agreement:
    """The cast's agreement, in force until further notice and close to its ceiling."""
    cast.agreement.valid_during = DateRange(date(2020, 1, 1), None)
    cast.agreement.until_further_notice, cast.agreement.notice_months = True, 6
    cast.agreement.long_term_reason = "Drift"
    cast.agreement.committed_amount = Decimal(96_000)
    cast.agreement.save()
    return cast.agreement


def test_no_page_fails_of_an_agreement_without_an_end(cast: Cast, everlasting: Agreement) -> None:
    client = Client()
    client.force_login(cast.manager)
    addresses = ("/i-dag/", "/avtal/", f"/avtal/{everlasting.pk}/", f"/kategorier/{cast.medical.code}/")
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "ills vidare" in answer.content.decode(), address
    answer = client.get(f"/api/v1/agreements/{everlasting.pk}/")
    assert answer.status_code == 200
    assert answer.json()["end_date"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"valid_during": DateRange(date(2020, 1, 1), None)},
        {"valid_during": DateRange(date(2020, 1, 1), None), "until_further_notice": True, "notice_months": 0},
        {"until_further_notice": True, "notice_months": 6},
    ],
    ids=["no end and nothing said", "no period of notice", "a last day and until further notice"],
)
def test_agreement_has_a_last_day_or_is_until_further_notice(cast: Cast, change: dict[str, Any]) -> None:
    agreement = Agreement.objects.filter(pk=cast.agreement.pk)
    agreement.update(long_term_reason="Drift")
    with pytest.raises(IntegrityError, match="ends_or_is_until_further_notice"), transaction.atomic():
        agreement.update(**change)
    open_ended = DateRange(date(2020, 1, 1), None)
    assert agreement.update(valid_during=open_ended, until_further_notice=True, notice_months=6) == 1
