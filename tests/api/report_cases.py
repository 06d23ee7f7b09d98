"""What is done with a follow-up report, as both doors have it: written, reviewed, approved, locked and handed over."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from core.clock import Clock
from reporting.models import FollowUpReport, ReportAct, ReportEdition, ReportFile, WrittenText
from reporting.operations import reports
from reporting.operations.report_stages import approve_report, lock_report, review_report
from tests.api.doors import Act, Case
from tests.cast import NOW, Cast
from tests.database.world_cache import remembered
from tests.reporting import follow_ups

WRITES = (WrittenText, ReportAct, ReportEdition, ReportFile)


@remembered
def draft(cast: Cast, /, **texts: str) -> FollowUpReport:
    """A report of a year in which nothing was bought, with its figures frozen, at the same moment for both doors."""
    report = follow_ups.wrote(cast, follow_ups.requested(cast), **texts)
    with patch.object(Clock, "now", lambda _clock: NOW):
        return reports.build_report(report=report, at=NOW)


def begun(cast: Cast) -> FollowUpReport:
    return draft(cast, assessment="Bra.")


def written(cast: Cast) -> FollowUpReport:
    return draft(cast, **follow_ups.TEXTS)


def rewritten(cast: Cast) -> FollowUpReport:
    return follow_ups.wrote(cast, written(cast), assessment="Bättre.")


def reviewed(cast: Cast) -> FollowUpReport:
    report = written(cast)
    return review_report(report=report, shown=follow_ups.sha256_of(report), by=cast.controller, at=NOW)


def approved(cast: Cast) -> FollowUpReport:
    report = reviewed(cast)
    return approve_report(report=report, shown=follow_ups.sha256_of(report), by=cast.head, at=NOW)


def locked(cast: Cast) -> FollowUpReport:
    return lock_report(report=approved(cast), diary_number="RS 2020/1154", by=cast.head, at=NOW)


def at_api(verb: str, **body: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, report: (f"reports/{report.pk}/{verb}/", body)


def at_web(verb: str, **form: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, report: (f"/rapporter/{report.pk}/{verb}/", form)


def writing_at_api(text: str, began_from: int) -> Callable[[Cast, Any], Act]:
    return at_api("write", part="assessment", text=text, began_from=began_from)


def writing_at_web(text: str, began_from: int) -> Callable[[Cast, Any], Act]:
    return at_web("skriv/assessment", text=text, began_from=began_from)


def shown_at_api(verb: str, sha256: str | None = None) -> Callable[[Cast, Any], Act]:
    """An act with the checksum of what the report is now, or with another."""
    return lambda cast, report: (f"reports/{report.pk}/{verb}/", {"shown": sha256 or _sha256_of(report)})


def shown_at_web(verb: str, sha256: str | None = None) -> Callable[[Cast, Any], Act]:
    return lambda cast, report: (f"/rapporter/{report.pk}/{verb}/", {"shown": sha256 or _sha256_of(report)})


def _sha256_of(made: Any) -> str:
    return follow_ups.sha256_of(made) if isinstance(made, FollowUpReport) else ""


MEETING = {"meeting_date": "2021-05-18", "paragraph": "94"}

REPORTS = [
    Case("write", begun, "head", writing_at_api("Ett.", 1), writing_at_web("Ett.", 1), also=WRITES),
    Case("write", begun, "head", writing_at_api("Ett.", 0), writing_at_web("Ett.", 0), "somebody_else_has_written"),
    Case("write", begun, "auditor", writing_at_api("Ett.", 1), writing_at_web("Ett.", 1), "reports_are_for_head_and_finance"),
    Case("write", reviewed, "head", writing_at_api("Ett.", 1), writing_at_web("Ett.", 1), "report_is_not_draft"),
    Case("renew files", rewritten, "head", at_api("renew-files"), at_web("handlingar"), also=WRITES),
    Case("renew files", written, "head", at_api("renew-files"), at_web("handlingar"), "report_files_are_up_to_date"),
    Case("review", written, "controller", shown_at_api("review"), shown_at_web("granska"), also=WRITES),
    Case("review", written, "head", shown_at_api("review"), shown_at_web("granska"), "review_is_finances"),
    Case("review", begun, "controller", shown_at_api("review"), shown_at_web("granska"), "report_sections_are_empty"),
    Case("review", written, "controller", shown_at_api("review", "0" * 64), shown_at_web("granska", "0" * 64), "report_has_changed"),
    Case("approve", reviewed, "head", shown_at_api("approve", "0" * 64), shown_at_web("godkann", "0" * 64), "report_has_changed"),
    Case("approve", reviewed, "head", shown_at_api("approve"), shown_at_web("godkann"), also=WRITES),
    Case("approve", reviewed, "controller", shown_at_api("approve"), shown_at_web("godkann"), "approval_is_the_heads"),
    Case("approve", written, "head", shown_at_api("approve"), shown_at_web("godkann"), "wrong_state"),
    Case("send back", approved, "controller", at_api("send-back", words="Mer."), at_web("tillbaka", words="Mer."), also=WRITES),
    Case("send back", locked, "head", at_api("send-back", words="Mer."), at_web("tillbaka", words="Mer."), "wrong_state"),
    Case("lock", approved, "head", at_api("lock", diary_number="RS 1154-2020"), at_web("las", diary_number="RS 1154-2020"), also=WRITES),
    Case("lock", approved, "head", at_api("lock"), at_web("las"), "report_diary_number_missing"),
    Case("lock", approved, "auditor", at_api("lock"), at_web("las"), "reports_are_moved_by_head_and_finance"),
    Case("hand over", locked, "controller", at_api("hand-over", **MEETING), at_web("lamna-over", **MEETING), also=WRITES),
    Case("hand over", approved, "head", at_api("hand-over", **MEETING), at_web("lamna-over", **MEETING), "wrong_state"),
]  # fmt: skip
