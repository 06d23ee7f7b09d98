"""Building a report and its files as work: seen on its way, waiting, failing, killed, twice at once."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection

from audit.models import Entry
from core.work import Work, WorkStatus, lock_for
from reporting import tasks
from reporting.models import FileKind, FollowUpReport, ReportFile
from reporting.operations import report_files, reports
from tests.cast import NOW, Cast
from tests.races import race
from tests.reporting import follow_ups, initiatives

ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from reporting.models import ReportFile
from reporting.operations import report_files
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
report_files.make_file = die
report_files.make_report_file(file=ReportFile.objects.get(pk=int(sys.argv[1])), at=timezone.now())
"""


def test_build_report_of_a_finished_one_changes_nothing(cast: Cast) -> None:
    report = follow_ups.built(cast)
    files = list(ReportFile.objects.order_by("pk").values_list("pk", "file__sha256"))
    initiatives.delivered(cast, follow_ups.THROUGH, "10", "58.00")
    initiatives.computed()
    again = follow_ups.files_made(reports.build_report(report=report, at=NOW))
    assert again.snapshot_sha256 == report.snapshot_sha256
    assert list(ReportFile.objects.order_by("pk").values_list("pk", "file__sha256")) == files
    assert Entry.objects.about(report).filter(event="report.finished").count() == 1


def test_figures_and_files_show_how_far_they_have_come(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    follow_ups.year_2020(cast)
    progress: list[tuple[str, int, int]] = []
    advance = Work.advance

    def watched(self: Work, *, done: int, total: int | None = None) -> None:
        advance(self, done=done, total=total)
        row = type(self)._default_manager.get(pk=self.pk)
        progress.append((type(self).__name__, row.done, row.total))

    monkeypatch.setattr(Work, "advance", watched)
    follow_ups.files_made(reports.build_report(report=follow_ups.requested(cast), at=NOW))
    assert progress[:2] == [("FollowUpReport", 0, 5), ("FollowUpReport", 5, 5)]
    assert [each for each in progress if each[0] == "ReportFile"] == [
        *[("ReportFile", 0, 0)] * 3,
        ("ReportFile", 0, 5),
    ]


def test_a_file_that_meets_a_database_that_is_away_waits_and_the_others_are_made(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = follow_ups.frozen(cast)

    def away(*args: object, **kwargs: object) -> bytes:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(report_files, "make_file", away)
        waiting = report_files.make_report_file(file=report.files.get(kind=FileKind.DOCX), at=NOW)
    assert (waiting.status, waiting.file) == (WorkStatus.QUEUED, None)
    assert waiting.next_attempt_at is not None
    initiatives.delivered(cast, follow_ups.THROUGH, "10", "58.00")
    initiatives.computed()
    monkeypatch.setattr(reports, "take_figures", away)
    follow_ups.files_made(report)
    assert report.files.filter(status=WorkStatus.DONE).count() == len(FileKind) - 1, "one waits"
    assert not Entry.objects.about(report).filter(event="report.finished").exists()
    follow_ups.files_made(report, at=waiting.next_attempt_at)
    assert report.files.filter(status=WorkStatus.DONE).count() == len(FileKind)
    events = list(Entry.objects.about(report).order_by("pk").values_list("event", flat=True))
    assert events == ["report.requested", "report.frozen", "report.finished"]


def test_a_file_that_meets_an_unforeseen_fault_fails_with_a_sentence(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = follow_ups.frozen(cast)

    def broken(*args: object, **kwargs: object) -> bytes:
        raise RuntimeError("secret detail")

    with monkeypatch.context() as patch:
        patch.setattr(report_files, "make_file", broken)
        follow_ups.files_made(report)
    file = report.files.first()
    assert file is not None
    assert (file.status, "Försök igen" in file.error, "secret" in file.error) == (
        WorkStatus.FAILED,
        True,
        False,
    )
    report = reports.retry_report(report=report, by=cast.head, at=NOW)
    follow_ups.files_made(report)
    assert report.files.filter(status=WorkStatus.DONE).count() == len(FileKind)


def test_resume_reports_wakes_whoever_is_unfinished(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(tasks.build_report, "wake", lambda *, report_id: woken.append(report_id))
    monkeypatch.setattr(tasks.make_report_file, "wake", lambda *, file_id: woken.append(-file_id))
    report = follow_ups.requested(cast)
    tasks.resume_reports()
    assert woken == [report.pk]
    woken.clear()
    tasks.build_report(report_id=report.pk)
    files = [-pk for pk in report.files.order_by("pk").values_list("pk", flat=True)]
    assert woken == files
    tasks.resume_reports()
    assert woken == files * 2
    for file in files:
        tasks.make_report_file(file_id=-file)
    woken.clear()
    tasks.resume_reports()
    assert woken == []


@pytest.mark.django_db(transaction=True)
def test_figures_and_files_made_twice_at_the_same_moment_are_made_once(cast: Cast) -> None:
    follow_ups.year_2020(cast)
    report = follow_ups.requested(cast)
    results = race(
        *[lambda: reports.build_report(report=FollowUpReport.objects.get(pk=report.pk), at=NOW)] * 2
    )
    assert all(isinstance(result, FollowUpReport) for result in results), results
    numbers = list(report.files.order_by("pk").values_list("pk", flat=True))
    assert len(numbers) == len(FileKind)
    outcomes = race(
        *[
            lambda pk=pk: report_files.make_report_file(file=ReportFile.objects.get(pk=pk), at=NOW)
            for pk in numbers * 2
        ]
    )
    assert all(isinstance(result, ReportFile) for result in outcomes), outcomes
    assert report.files.filter(status=WorkStatus.DONE).count() == len(FileKind)
    assert Entry.objects.filter(event="report.frozen").count() == 1
    assert Entry.objects.filter(event="report.finished").count() == 1


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_file_is_completed_once_after_its_worker_was_killed(cast: Cast) -> None:
    report = follow_ups.frozen(cast)
    killed = report.files.get(kind=FileKind.XLSX)
    at = connection.settings_dict
    address = f"postgresql://{quote(at['USER'])}@/{quote(at['NAME'])}?host={quote(at['HOST'], safe='')}"
    worker = subprocess.run(
        [sys.executable, "-c", KILLED, str(killed.pk)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
        timeout=60,
    )
    assert worker.returncode == -signal.SIGKILL
    killed.refresh_from_db()
    assert (killed.status, killed.file) == (WorkStatus.RUNNING, None)
    with lock_for(ReportFile, killed.pk) as is_free:
        assert is_free
    follow_ups.files_made(report)
    assert report.files.filter(status=WorkStatus.DONE).count() == len(FileKind)
    assert Entry.objects.about(report).filter(event="report.finished").count() == 1
