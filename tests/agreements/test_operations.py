"""What is decided of an agreement: options one by one, notice, an end at once; who may, and what two at a time come to."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, AgreementOption, AgreementReminder
from agreements.operations import agreements as operations
from agreements.operations.reminding import tell_of_deadlines
from agreements.permissions import NotYourAgreement, owner_of
from agreements.runway import outlook_of
from agreements.states import AGREEMENT_TRANSITIONS, AgreementStatus
from audit.models import Entry
from categories.models import Category
from core.errors import DomainError, InvalidInput, WrongState
from desk.today.agreements import agreements_of
from notices.models import Notice
from organizations.models import User
from procurement.operations import decisions
from procurement.operations.leaving import leave, leaving_of
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.races import race


def option(cast: Cast, number: int = 1, *, decide_by: date = TODAY, months: int = 12) -> AgreementOption:
    """An option of the cast's agreement, which may be longer than four years."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(long_term_reason="Inkörning i vården")
    return AgreementOption.objects.create(
        agreement=cast.agreement, number=number, months=months, decide_by_date=decide_by
    )


def now(cast: Cast) -> Agreement:
    return Agreement.objects.with_outlook(TODAY).get(pk=cast.agreement.pk)


def events(cast: Cast) -> list[str]:
    about = Entry.objects.about(cast.agreement).order_by("pk")
    return list(about.values_list("event", flat=True))


def use(of: AgreementOption, *, by: User, at: datetime = NOW, reason: str = "Priserna står sig") -> Agreement:
    return operations.use_option(option=of, reason=reason, by=by, at=at)


def test_using_an_option_prolongs_the_agreement_at_once(cast: Cast) -> None:
    first = option(cast)
    agreement = use(first, by=cast.manager)
    assert (agreement.end_date, now(cast).end_date) == (date(2024, 12, 31), date(2024, 12, 31))
    first.refresh_from_db()
    assert (first.decision, first.decided_by, first.decided_at, first.reason) == (
        "used", cast.manager, NOW, "Priserna står sig",
    )  # fmt: skip
    assert now(cast).option_months == 0
    assert events(cast) == ["agreement.option_used"]


@pytest.mark.parametrize(
    ("end", "months", "prolonged"),
    [
        (date(2023, 2, 28), 12, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 10, 31), 4, date(2024, 2, 29)),
    ],
)
def test_an_option_is_whole_months_in_leap_years_too(
    cast: Cast, end: date, months: int, prolonged: date
) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2020, 3, 1), end + timedelta(days=1))
    )
    first = option(cast, months=months)
    (ahead,) = outlook_of(now(cast), day=TODAY).prolonged
    assert ahead.end == prolonged
    assert use(first, by=cast.head).end_date == prolonged


def test_an_option_past_its_day_is_not_usable(cast: Cast) -> None:
    first = option(cast, decide_by=TODAY - timedelta(days=1))
    with pytest.raises(operations.OptionHasPassed):
        use(first, by=cast.manager)
    with pytest.raises(IntegrityError, match="agreement_option_used_in_time"), transaction.atomic():
        AgreementOption.objects.update(decision="used", decided_by=cast.manager, decided_at=NOW, reason="x")
    assert outlook_of(now(cast), day=TODAY).prolonged == []


def test_options_are_decided_in_their_order_and_fall_together(cast: Cast) -> None:
    first, second = option(cast, 1), option(cast, 2, decide_by=TODAY + timedelta(days=365))
    with pytest.raises(operations.OptionComesLater):
        use(second, by=cast.manager)
    operations.let_option_go(option=first, reason="För dyrt", by=cast.manager, at=NOW)
    second.refresh_from_db()
    assert (second.decision, second.reason) == ("not_used", "För dyrt")
    assert now(cast).end_date == date(2023, 12, 31)
    with pytest.raises(operations.OptionIsDecided):
        use(second, by=cast.manager)
    with pytest.raises(IntegrityError, match="is decided"), transaction.atomic():
        AgreementOption.objects.update(months=99)


def test_an_option_after_one_that_passed_has_lapsed(cast: Cast) -> None:
    option(cast, 1, decide_by=TODAY - timedelta(days=1))
    with pytest.raises(operations.OptionHasLapsed):
        use(option(cast, 2), by=cast.manager)


@pytest.mark.parametrize("who", ["requester", "budget_holder", "controller", "auditor", "administrator"])
def test_nobody_else_acts_on_an_agreement(cast: Cast, who: str) -> None:
    by, first = getattr(cast, who), option(cast)
    acts: list[Any] = [
        partial(use, first),
        partial(operations.let_option_go, option=first, reason="x", at=NOW),
        partial(operations.give_notice, agreement=cast.agreement, last_date=TODAY, reason="x", at=NOW),
        partial(operations.end, agreement=cast.agreement, reason="x", at=NOW),
        partial(operations.start_procurement, agreement=cast.agreement, at=NOW),
        partial(operations.activate, agreement=cast.agreement, at=NOW),
    ]
    for act in acts:
        with pytest.raises(NotYourAgreement):
            act(by=by)
    assert events(cast) == []


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_what_is_decided_has_a_reason(cast: Cast, reason: str) -> None:
    with pytest.raises(InvalidInput):
        use(option(cast), by=cast.manager, reason=reason)
    with pytest.raises(InvalidInput):
        operations.end(agreement=cast.agreement, reason=reason, by=cast.manager, at=NOW)
    assert now(cast).status == AgreementStatus.ACTIVE


def test_an_agreement_under_notice_is_ordered_from_until_its_last_day(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(notice_months=3)
    give = partial(operations.give_notice, agreement=cast.agreement, reason="Byter", by=cast.deputy, at=NOW)
    with pytest.raises(operations.NoticeTooShort):
        give(last_date=date(2021, 8, 17))
    with pytest.raises(operations.NoticePastTheEnd):
        give(last_date=date(2024, 1, 1))
    give(last_date=date(2021, 8, 18))
    agreement = now(cast)
    assert (agreement.status, agreement.end_date) == (AgreementStatus.TERMINATED, date(2021, 8, 18))
    assert agreement.is_orderable_on(date(2021, 8, 18))
    assert agreement.status_on(date(2021, 8, 19)) == AgreementStatus.ENDED
    with pytest.raises(WrongState):
        give(last_date=date(2021, 9, 18))
    with pytest.raises(DomainError):
        use(option(cast), by=cast.manager)


def test_notice_is_not_given_after_its_last_day(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(notice_by_date=TODAY - timedelta(days=1))
    with pytest.raises(operations.NoticeHasPassed):
        operations.give_notice(
            agreement=cast.agreement, last_date=date(2022, 1, 1), reason="x", by=cast.head, at=NOW
        )


def test_until_further_notice_gets_a_last_day(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2020, 1, 1), None),
        until_further_notice=True,
        notice_months=6,
        long_term_reason="Drift",
    )
    agreement = operations.give_notice(
        agreement=cast.agreement, last_date=date(2021, 11, 18), reason="x", by=cast.head, at=NOW
    )
    assert (agreement.end_date, agreement.until_further_notice) == (date(2021, 11, 18), False)


def test_nothing_more_is_ordered_under_an_agreement_that_is_ended(cast: Cast) -> None:
    agreement = operations.end(agreement=cast.agreement, reason="Hävt", by=cast.manager, at=NOW)
    assert (agreement.status, agreement.end_date, agreement.closing_reason) == (
        AgreementStatus.ENDED,
        TODAY,
        "Hävt",
    )
    assert not now(cast).is_orderable_on(TODAY)
    assert Agreement.objects.valid_on(TODAY - timedelta(days=1)).exists(), "it was in force yesterday"
    assert agreements_of(cast.head, None, TODAY) == [], "nothing is to be done with it"
    with pytest.raises(WrongState):
        operations.end(agreement=cast.agreement, reason="x", by=cast.manager, at=NOW)


@pytest.mark.parametrize("last", [None, date(2023, 12, 31)])
def test_an_agreement_that_has_not_begun_is_ended_on_its_first_day(cast: Cast, last: date | None) -> None:
    begins = date(2021, 9, 1)
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(begins, last + timedelta(days=1) if last else None),
        until_further_notice=last is None,
        long_term_reason="Drift",
        notice_months=1,
    )
    with pytest.raises(operations.NoticeBeforeItBegins):
        operations.give_notice(
            agreement=cast.agreement, last_date=date(2021, 7, 1), reason="x", by=cast.head, at=NOW
        )
    agreement = operations.end(agreement=cast.agreement, reason="Hävt", by=cast.manager, at=NOW)
    assert (agreement.status, agreement.end_date) == (AgreementStatus.ENDED, begins)
    assert not now(cast).is_orderable_on(begins)


def test_what_the_table_does_not_allow_is_refused(cast: Cast) -> None:
    for status in (AgreementStatus.ACTIVE, AgreementStatus.TERMINATED, AgreementStatus.ENDED):
        Agreement.objects.filter(pk=cast.agreement.pk).update(status=status)
        assert AgreementStatus.ACTIVE not in AGREEMENT_TRANSITIONS[status]
        with pytest.raises(WrongState):
            operations.activate(agreement=cast.agreement, by=cast.manager, at=NOW)


def test_a_ceiling_that_is_reached_is_told_as_such_until_something_is_released(cast: Cast) -> None:
    agreement = now(cast)
    agreement.committed_amount = agreement.ceiling_amount
    assert agreement.status_on(TODAY) == AgreementStatus.CEILING_REACHED
    agreement.committed_amount -= Decimal("0.01")
    assert agreement.status_on(TODAY) == AgreementStatus.ACTIVE


def test_owner_is_the_person_named_or_the_categorys_manager(cast: Cast) -> None:
    assert owner_of(now(cast), day=TODAY) == cast.manager
    Agreement.objects.filter(pk=cast.agreement.pk).update(owner=cast.controller)
    assert owner_of(now(cast), day=TODAY) == cast.controller
    started = operations.start_procurement(agreement=cast.agreement, by=cast.controller, at=NOW)
    assert started.procurement_started_date == TODAY


@pytest.mark.parametrize("successor", [None, "deputy"])
def test_whoever_leaves_hands_over_the_agreements_that_name_her(cast: Cast, successor: str | None) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(owner=cast.controller)
    assert leaving_of(cast.controller, day=TODAY).agreements == 1
    takes_over = getattr(cast, successor) if successor else None
    leave(user=cast.controller, successor=takes_over, by=cast.administrator, at=NOW)
    assert now(cast).owner == takes_over
    assert owner_of(now(cast), day=TODAY) == (takes_over or cast.manager)
    assert "agreement.owner_changed" in events(cast)


def told(person: User) -> list[dict[str, Any]]:
    notices = Notice.objects.filter(recipient=person, kind="agreement_days").order_by("pk")
    return [each.facts for each in notices]


def test_the_owner_is_told_once_before_each_day_passes_and_again_when_it_moves(cast: Cast) -> None:
    option(cast, decide_by=TODAY + timedelta(days=30))
    assert tell_of_deadlines(at=NOW - timedelta(days=1)) == 0
    assert tell_of_deadlines(at=NOW) == 1
    assert tell_of_deadlines(at=NOW + timedelta(hours=1)) == 0
    assert [(each["deadline"], each["day"]) for each in told(cast.manager)] == [("option", "2021-06-17")]
    AgreementOption.objects.update(decide_by_date=TODAY + timedelta(days=20))
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        owner=cast.deputy, notice_by_date=TODAY + timedelta(days=10)
    )
    assert tell_of_deadlines(at=NOW) == 2
    assert [each["deadline"] for each in told(cast.deputy)] == ["notice", "option"]
    assert AgreementReminder.objects.count() == 3


def test_nobody_is_told_to_give_notice_that_has_been_given(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(notice_months=3)
    operations.give_notice(
        agreement=cast.agreement, last_date=date(2021, 9, 10), reason="Byter", by=cast.manager, at=NOW
    )
    assert outlook_of(now(cast), day=TODAY).notice_date is None
    assert outlook_of(now(cast), day=date(2021, 9, 1)).ends_soon
    tell_of_deadlines(at=NOW)
    assert "notice" not in [each["deadline"] for each in told(cast.manager)]


def test_the_start_of_the_next_procurement_is_told_of_by_the_categorys_lead_time(cast: Cast) -> None:
    Category.objects.filter(pk=cast.medical.pk).update(lead_months=31)
    assert outlook_of(now(cast), day=TODAY).start_by == date(2021, 5, 31)
    assert tell_of_deadlines(at=NOW) == 1
    operations.start_procurement(agreement=cast.agreement, by=cast.manager, at=NOW)
    assert dict(outlook_of(now(cast), day=TODAY).deadlines()).keys() == {"end"}


def test_the_nearest_category_above_that_says_tells_the_lead_time(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(category=cast.gloves_category)
    Category.objects.filter(pk=cast.medical.pk).update(lead_months=12)
    assert outlook_of(now(cast), day=TODAY).start_by == date(2022, 12, 31)
    Category.objects.filter(pk=cast.gloves_category.pk).update(lead_months=6)
    assert outlook_of(now(cast), day=TODAY).start_by == date(2023, 6, 30)


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_told_once_however_many_tell(cast: Cast) -> None:
    option(cast)
    assert sorted(race(*[partial(tell_of_deadlines, at=NOW)] * 2)) == [0, 1]
    assert len(told(cast.manager)) == 1


@pytest.mark.django_db(transaction=True)
def test_an_option_is_used_once_however_many_use_it(cast: Cast) -> None:
    first = option(cast)
    results = race(partial(use, first, by=cast.manager), partial(use, first, by=cast.head))
    assert sorted(type(each).__name__ for each in results) == ["Agreement", "OptionIsDecided"]
    assert now(cast).end_date == date(2024, 12, 31)
    assert events(cast) == ["agreement.option_used"]


@pytest.mark.django_db(transaction=True)
def test_a_line_is_not_approved_under_an_agreement_that_is_ended_in_the_same_moment(cast: Cast) -> None:
    line = worlds.line(cast)
    end, outcome = race(
        partial(operations.end, agreement=cast.agreement, reason="Hävt", by=cast.head, at=NOW),
        partial(decisions.approve, lines=[line], by=cast.manager, at=NOW),
    )
    line.refresh_from_db()
    agreement = now(cast)
    assert isinstance(end, Agreement)
    if line.status == LineStatus.APPROVED:
        assert agreement.committed_amount == line.approved_amount, "it came first"
    else:
        assert [refusal.code for _line, refusal in outcome.refused] == ["agreement_not_valid"]
        assert agreement.committed_amount == 0
