"""Work in the background ends: done, or failed with its reason; and what is sick stops nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction

from core.backoff import pause_after
from core.clock import Clock
from core.errors import DomainError
from core.work import MOST_ATTEMPTS, WorkStatus, carry_out
from reporting.models import Saving, SavingsRun
from reporting.operations import savings
from tests.cast import NOW, Cast
from tests.reporting import initiatives

LATER = timedelta(hours=2)


def queued() -> SavingsRun:
    return SavingsRun.objects.create(requested_at=NOW)


def give_up(work: SavingsRun, reason: str, at: object) -> None:
    work.fail(at=at, error=reason)  # type: ignore[arg-type]


def test_the_pause_doubles_and_never_passes_an_hour() -> None:
    minutes = [round(pause_after(attempts).total_seconds() / 60) for attempts in (0, 1, 2, 3, 7, 8, 10**9)]
    assert minutes == [1, 1, 2, 4, 60, 60, 60]


def test_finished_is_when_it_finished(cast: Cast) -> None:
    initiatives.example_b(cast)
    run = savings.compute_savings(run=savings.request_savings_run(by=None, at=NOW), at=NOW)
    assert run.started_at == NOW
    assert run.finished_at is not None
    assert NOW < run.finished_at < NOW + timedelta(minutes=1)


def test_a_sick_line_stops_only_its_day_and_the_run_ends_with_its_reason(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 9, 2), "99999999999", "99999999", amount=Decimal(1))
    initiatives.delivered(cast, date(2020, 9, 3), "1", "58.00")
    initiatives.delivered(cast, date(2020, 11, 2), "1", "58.00")
    run = savings.compute_savings(run=savings.request_savings_run(by=None, at=NOW), at=NOW)
    assert run.status == WorkStatus.FAILED
    assert "2020-09-02" in run.error
    assert "numeric field overflow" in run.error
    dates = Saving.objects.values_list("delivered_date", flat=True)
    assert {date(2020, 9, 3), date(2020, 11, 2)} <= set(dates)
    assert date(2020, 9, 2) not in set(dates)
    assert run.added_count == dates.count()
    another = savings.request_savings_run(by=cast.controller, at=NOW)
    assert another != run


def test_the_clock_rests_longer_after_each_failure_and_a_person_need_not(cast: Cast) -> None:
    assert not savings.rests_after_failure(at=NOW)
    for _failure in range(3):
        run = savings.request_savings_run(by=None, at=NOW)
        carry_out(run, at=NOW, steps=lambda work, clock: refuse(), give_up=savings._failed)
    assert savings.rests_after_failure(at=NOW + timedelta(minutes=3))
    assert not savings.rests_after_failure(at=NOW + timedelta(minutes=5))
    assert savings.request_savings_run(by=cast.controller, at=NOW).status == WorkStatus.QUEUED


def refuse() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_what_the_database_refuses_has_failed_at_once(db: None) -> None:
    run = carry_out(queued(), at=NOW, steps=lambda work, clock: refuse(), give_up=give_up)
    assert (run.status, run.attempts) == (WorkStatus.FAILED, 1)
    assert "division by zero" in run.error


def test_a_rule_that_says_no_is_the_reason(db: None) -> None:
    def steps(work: SavingsRun, clock: Clock) -> None:
        raise DomainError

    run = carry_out(queued(), at=NOW, steps=steps, give_up=give_up)
    assert (run.status, run.error) == (WorkStatus.FAILED, str(DomainError()))


@pytest.mark.parametrize("failure", [OSError("disk full"), MemoryError(), OperationalError("lock timeout")])
def test_what_fails_outside_is_tried_again_until_it_is_given_up(db: None, failure: Exception) -> None:
    def steps(work: SavingsRun, clock: Clock) -> None:
        raise failure

    run, begun = queued(), 0
    for hour in range(30):
        before = run.attempts
        carry_out(run, at=NOW + LATER * hour, steps=steps, give_up=give_up)
        begun += run.attempts - before
    assert (run.status, begun) == (WorkStatus.FAILED, MOST_ATTEMPTS)


def test_it_waits_for_its_pause(db: None) -> None:
    def steps(work: SavingsRun, clock: Clock) -> None:
        raise OSError

    run = carry_out(queued(), at=NOW, steps=steps, give_up=give_up)
    assert run.status == WorkStatus.QUEUED
    assert not SavingsRun.objects.due(NOW + timedelta(seconds=59)).exists()
    assert carry_out(run, at=NOW + timedelta(seconds=59), steps=steps, give_up=give_up).attempts == 1
    assert SavingsRun.objects.due(NOW + timedelta(seconds=61)).exists()
    assert run.next_attempt_at is not None
    assert carry_out(run, at=run.next_attempt_at, steps=steps, give_up=give_up).attempts == 2


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 66), (3, 3, 100), (200, 200, 100)]
)
def test_percent_is_whole_and_a_hundred_when_all_is_done(done: int, total: int, percent: int) -> None:
    assert SavingsRun(done=done, total=total).percent == percent


def test_what_kills_its_worker_each_time_is_given_up(db: None) -> None:
    run = queued()
    for _death in range(MOST_ATTEMPTS):
        run.start(at=NOW)
    carry_out(run, at=NOW, steps=lambda work, clock: refuse(), give_up=give_up)
    assert run.status == WorkStatus.FAILED
    assert "avbrutits" in run.error


def test_queue_again_begins_anew(db: None) -> None:
    run = carry_out(queued(), at=NOW, steps=lambda work, clock: refuse(), give_up=give_up)
    run.queue_again()
    assert (run.status, run.attempts, run.error, run.finished_at) == (WorkStatus.QUEUED, 0, "", None)
