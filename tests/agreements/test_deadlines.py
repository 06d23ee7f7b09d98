"""Whoever has to act before an agreement's day is told of it, and no longer than it is so."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, AgreementOption, Commitment
from agreements.operations import agreements as operations
from agreements.operations.reminding import tell_of_deadlines
from categories.models import CategoryAssignment
from notices.models import Notice
from organizations.models import Absence, User
from procurement.operations.leaving import leave
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


def told(person: User) -> set[tuple[str, str]]:
    """What stands unread with somebody: deadline and day."""
    notices = Notice.objects.unread().filter(recipient=person, kind="agreement_days")
    return {(each.facts["deadline"], each.facts["day"]) for each in notices}


@pytest.fixture
def option(cast: Cast) -> AgreementOption:
    """An option to decide within a month, of which the manager is told, as of the last day for notice."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        notice_by_date=TODAY + timedelta(days=10), notice_months=1, long_term_reason="Drift"
    )
    new_option = AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=12, decide_by_date=TODAY + timedelta(days=20)
    )
    assert tell_of_deadlines(at=NOW) == 2
    assert told(cast.manager) == {("option", "2021-06-07"), ("notice", "2021-05-28")}
    return new_option


ACTS: dict[str, tuple[Callable[[Cast, AgreementOption], object], set[str]]] = {
    "use": (
        lambda cast, option: operations.use_option(option=option, reason="Bra", by=cast.manager, at=NOW),
        set(),
    ),
    "let go": (
        lambda cast, option: operations.let_option_go(option=option, reason="Nej", by=cast.manager, at=NOW),
        {"notice"},
    ),
    "give notice": (
        lambda cast, option: operations.give_notice(
            agreement=cast.agreement, last_date=date(2022, 1, 1), reason="Byter", by=cast.manager, at=NOW
        ),
        set(),
    ),
    "end": (
        lambda cast, option: operations.end(agreement=cast.agreement, reason="Hävt", by=cast.manager, at=NOW),
        set(),
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_acted_upon_is_told_of_no_more(cast: Cast, option: AgreementOption, act: str) -> None:
    operation, deadlines = ACTS[act]
    operation(cast, option)
    tell_of_deadlines(at=NOW)
    assert {deadline for deadline, _day in told(cast.manager)} == deadlines


def test_a_day_that_has_passed_or_moved_is_told_of_no_more(cast: Cast, option: AgreementOption) -> None:
    AgreementOption.objects.update(decide_by_date=TODAY + timedelta(days=100))
    tell_of_deadlines(at=NOW)
    assert {deadline for deadline, _day in told(cast.manager)} == {"notice"}
    tell_of_deadlines(at=NOW + timedelta(days=11))
    assert told(cast.manager) == set()


@pytest.mark.parametrize("how", ["leaves", "hands over"])
def test_whoever_takes_over_is_told_of_what_the_other_was_told(
    cast: Cast, option: AgreementOption, how: str
) -> None:
    before = told(cast.manager)
    if how == "leaves":
        leave(user=cast.manager, successor=cast.office_deputy, by=cast.head, at=NOW)
    else:
        CategoryAssignment.objects.filter(category=cast.medical).update(manager=cast.office_deputy)
    assert tell_of_deadlines(at=NOW) == 2
    assert told(cast.office_deputy) == before
    assert told(cast.manager) == set()
    assert tell_of_deadlines(at=NOW) == 0


def test_whoever_stands_in_is_told_while_the_owner_is_away(cast: Cast, option: AgreementOption) -> None:
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=30)))
    assert tell_of_deadlines(at=NOW) == 2
    assert told(cast.deputy) == told(cast.manager) != set()


def test_a_start_that_follows_of_the_pace_is_told_of_once(cast: Cast) -> None:
    """About 255 kr a day of 100 000: from day to day another forecast, and for a month the same notice."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(committed_amount=23_000, committed_at=NOW)
    count = 0
    for number in range(10):
        at = NOW + timedelta(days=number)
        Agreement.objects.filter(pk=cast.agreement.pk).update(
            committed_amount=23_000 + 100 * number, committed_at=at
        )
        count += tell_of_deadlines(at=at)
    assert Commitment.objects.count() > 9
    days = {each.facts["day"] for each in Notice.objects.filter(kind="agreement_days")}
    assert count == 1, days
    assert {deadline for deadline, _day in told(cast.manager)} == {"start"}
