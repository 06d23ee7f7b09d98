"""Follow-up reports to start a test from: example B's deliveries of 2020, one price that rose, and a cost."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from reporting.models import FollowUpReport, OrganisationCost, WrittenPart
from reporting.operations import reports
from reporting.operations.report_files import make_report_file
from reporting.operations.report_stages import approve_report, lock_report, review_report
from reporting.operations.report_texts import write_text
from reporting.report.content import content_of
from tests.cast import NOW, Cast
from tests.database.world_cache import remembered
from tests.reporting import initiatives

TITLE = "Återrapport om inköpsorganisationens arbete och resultat"
THROUGH = date(2020, 12, 31)


@remembered
def year_2020(cast: Cast) -> None:
    """Example B (7 800.00 realised, 27 040.00 on a full year), gowns that became dearer, and what it cost."""
    initiatives.delivered(cast, date(2020, 3, 2), "100", "140.00", item=cast.gown)
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 10, 1), "10", "149.00", item=cast.gown)
    initiatives.delivered(cast, date(2020, 11, 1), "2", "3480.00", item=cast.chair)
    initiatives.computed()
    OrganisationCost.objects.create(
        during=DateRange(date(2018, 11, 1), date(2021, 1, 1)), persons=Decimal(4), amount=Decimal("5500000")
    )


TEXTS: dict[str, str] = {
    "proposal": "Regionstyrelsen godkänner återrapporten.",
    "assessment": "Det går åt rätt håll.",
    "children_perspective": "Skolorna får säkrare möbler.",
    "rural_perspective": "Leveranserna når hela ön.",
    "recipients": "Regiondirektören\nRevisorerna",
    "signature": "Helena Stenmark\nInköpschef",
}


def requested(cast: Cast, **other: Any) -> FollowUpReport:
    """A report on 2020 that the head of procurement has asked for."""
    defaults: dict[str, Any] = {
        "year": 2020,
        "through_date": THROUGH,
        "title": TITLE,
        "by": cast.head,
        "at": NOW,
    }
    return reports.request_report(**(defaults | other))


def wrote(cast: Cast, report: FollowUpReport, **texts: str) -> FollowUpReport:
    """The report when the head of procurement has written some parts of it."""
    for part, text in texts.items():
        latest = report.texts.filter(part=part).latest_first().first()
        write_text(
            report=report,
            part=WrittenPart(part),
            text=text,
            began_from=latest.version if latest else 0,
            by=cast.head,
            at=NOW,
        )
    return report


def files_made(report: FollowUpReport, at: datetime = NOW) -> FollowUpReport:
    """The report when each of its files that waits has been made."""
    for file in report.files.unfinished().order_by("pk"):
        make_report_file(file=file, at=at)
    return report


@remembered
def frozen(cast: Cast, /, **other: Any) -> FollowUpReport:
    """A report whose figures are frozen; parts are given as texts, and no file is made."""
    year_2020(cast)
    texts = {part: other.pop(part) for part in WrittenPart.values if part in other}
    report = wrote(cast, requested(cast, **other), **texts)
    return reports.build_report(report=report, at=NOW)


@remembered
def built(cast: Cast, /, **other: Any) -> FollowUpReport:
    """The same with its files."""
    return files_made(frozen(cast, **other))


def sha256_of(report: FollowUpReport) -> str:
    """What is shown with a report as it is now; nothing while its figures are not frozen."""
    now = FollowUpReport.objects.get(pk=report.pk)
    return content_of(now).sha256 if now.snapshot else ""


@remembered
def reviewed(cast: Cast, /, **other: Any) -> FollowUpReport:
    """A report with every part written, that finance has reviewed."""
    report = frozen(cast, **(TEXTS | other))
    return review_report(report=report, shown=sha256_of(report), by=cast.controller, at=NOW)


@remembered
def approved(cast: Cast, /, **other: Any) -> FollowUpReport:
    """The same, approved by the head of procurement."""
    report = reviewed(cast, **other)
    return approve_report(report=report, shown=sha256_of(report), by=cast.head, at=NOW)


@remembered
def locked(cast: Cast, /, **other: Any) -> FollowUpReport:
    """The same, locked under its diary number, with its files."""
    report = approved(cast, **other)
    return files_made(lock_report(report=report, diary_number="RS 2020/1154", by=cast.head, at=NOW))
