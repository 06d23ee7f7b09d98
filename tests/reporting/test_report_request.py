"""request_report() and retry_report(): success in full, each denied actor, impossible periods, second call, race."""

from datetime import date

import pytest

from audit.models import Entry
from core.diary import NotADiaryNumber, normalised
from core.errors import WrongState
from core.work import WorkStatus
from reporting.models import FollowUpReport
from reporting.operations import reports
from reporting.operations.reports import PeriodNotPossible, TitleMissing
from reporting.permissions import ReportsAreForHeadAndFinance
from tests.cast import NOW, Cast
from tests.races import race
from tests.reporting import follow_ups


def test_request_report_queues_it_and_records_who_asked(cast: Cast) -> None:
    report = follow_ups.requested(cast, diary_number="rs 1154-2020", by=cast.controller)
    assert (report.status, report.version, report.requested_by) == (WorkStatus.QUEUED, 1, cast.controller)
    assert (report.diary_number, report.stage, report.snapshot) == ("RS 2020/1154", "draft", None)
    entry = Entry.objects.about(report).get()
    assert (entry.event, entry.by_name) == ("report.requested", cast.controller.full_name)


@pytest.mark.parametrize(
    "actor", ["requester", "budget_holder", "manager", "deputy", "auditor", "administrator"]
)
def test_request_report_is_refused_to_everybody_else(cast: Cast, actor: str) -> None:
    with pytest.raises(ReportsAreForHeadAndFinance):
        follow_ups.requested(cast, by=getattr(cast, actor))
    assert not FollowUpReport.objects.exists()
    assert not Entry.objects.filter(event="report.requested").exists()


@pytest.mark.parametrize(
    ("year", "through"),
    [
        (2020, date(2021, 1, 1)),
        (2021, date(2021, 5, 19)),
        (1999, date(1999, 12, 31)),
        (0, date(2020, 12, 31)),
    ],
)
def test_request_report_of_an_impossible_period_is_refused(cast: Cast, year: int, through: date) -> None:
    with pytest.raises(PeriodNotPossible):
        follow_ups.requested(cast, year=year, through_date=through)
    assert not FollowUpReport.objects.exists()


def test_request_report_with_an_unknown_diary_number_is_refused(cast: Cast) -> None:
    with pytest.raises(NotADiaryNumber):
        follow_ups.requested(cast, diary_number="1154")


def test_request_report_without_a_title_is_refused(cast: Cast) -> None:
    with pytest.raises(TitleMissing):
        follow_ups.requested(cast, title=" ")


def test_request_report_again_while_it_is_built_gives_the_same(cast: Cast) -> None:
    first = follow_ups.requested(cast)
    assert follow_ups.requested(cast) == first
    assert follow_ups.requested(cast, title="En annan rubrik").version == 2


def test_request_report_after_it_is_done_gives_the_next_version(cast: Cast) -> None:
    first = reports.build_report(report=follow_ups.requested(cast), at=NOW)
    assert first.status == WorkStatus.DONE
    assert follow_ups.requested(cast).version == 2


@pytest.mark.django_db(transaction=True)
def test_request_report_twice_at_the_same_moment_gives_one_report(cast: Cast) -> None:
    first, second = race(lambda: follow_ups.requested(cast), lambda: follow_ups.requested(cast))
    assert first == second
    assert FollowUpReport.objects.count() == 1


def test_retry_report_queues_what_failed_and_keeps_what_was_made(cast: Cast) -> None:
    report = follow_ups.frozen(cast)
    broken, *_others = report.files.order_by("pk")
    broken.start(at=NOW)
    broken.fail(at=NOW, error="Disken är full.")
    report = reports.retry_report(report=report, by=cast.controller, at=NOW)
    broken.refresh_from_db()
    assert (broken.status, broken.error, report.status) == (WorkStatus.QUEUED, "", WorkStatus.DONE)
    assert Entry.objects.about(report).filter(event="report.retried").count() == 1


def test_retry_report_of_one_that_has_not_failed_is_refused(cast: Cast) -> None:
    with pytest.raises(WrongState):
        reports.retry_report(report=follow_ups.requested(cast), by=cast.head, at=NOW)


def test_retry_report_is_refused_to_an_auditor(cast: Cast) -> None:
    report = follow_ups.requested(cast)
    with pytest.raises(ReportsAreForHeadAndFinance):
        reports.retry_report(report=report, by=cast.auditor, at=NOW)


@pytest.mark.parametrize("text", ["RS 2020/1154", "rs 1154-2020", " RS  2020/001154 ", "RS1154-2020"])
def test_diary_numbers_have_one_form(text: str) -> None:
    assert normalised(text) == "RS 2020/1154"


@pytest.mark.parametrize("text", ["", "1154", "RS", "RS 20/1154", "RS 2020/", "RS 2020/1154/2", "=1+1"])
def test_what_is_no_diary_number_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        normalised(text)
