"""
Take a report from draft to the board: review, approve, lock, hand over, or send back.

Each act is a row that is never edited, with who and when. Finance reviews, the head of procurement approves, and those are two
people. What is locked is figures and texts together, under one SHA-256.
"""

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import address_of
from core.errors import DomainError, InvalidInput, WrongState
from core.printable import printable
from core.states import move
from core.transactions import operation
from core.verdicts import require
from core.work import WorkStatus
from governance.models import BoardAssignment
from governance.operations.assignments import report_assignment
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import Membership, Role, User
from reporting import permissions
from reporting.events import Event
from reporting.models import ActKind, FollowUpReport, ReportEdition, WrittenPart
from reporting.notices import REPORT_ACT
from reporting.operations.report_files import FiguresNotFrozen
from reporting.operations.reports import written_diary_number
from reporting.report.content import Content, content_of
from reporting.states import REPORT_TRANSITIONS, ReportStage


class SectionsAreEmpty(DomainError):
    """Nothing is locked, or sent for approval, while a part that only people can write is empty."""

    code = "report_sections_are_empty"
    sentence = _("Avsnitt utan text: %(sections)s. Skriv dem först.")


class ReportHasChanged(WrongState):
    """What she read is not what she would review or approve."""

    code = "report_has_changed"
    sentence = _("Någon har skrivit i rapporten sedan du läste den. Läs den igen först.")


class DiaryNumberMissing(InvalidInput):
    """A locked report is a public record with a diary number."""

    code = "report_diary_number_missing"
    sentence = _("Skriv diarienumret. Utan det kan rapporten inte låsas.")


class WordsMissing(InvalidInput):
    """Whoever is to write again is told why."""

    code = "report_words_missing"
    sentence = _("Skriv vad som behöver ändras, så att den som skriver vet det.")


class MeetingNotHeld(InvalidInput):
    """A paragraph of the minutes exists when the meeting has been."""

    code = "report_meeting_not_held"
    sentence = _("Mötet har inte varit än. Fyll i dagen och paragrafen när det har hållits.")


class AssignmentGivenLater(InvalidInput):
    """A report answers what had been asked for when the board took it up."""

    code = "report_assignment_given_later"
    sentence = _("Uppdraget i %(paragraph)s gavs %(day)s, efter mötet, så rapporten besvarar inte det.")


class MeetingBeforeReport(InvalidInput):
    """A meeting takes up a report that exists."""

    code = "report_meeting_before_report"
    sentence = _("Mötet kan inte ha hållits före rapportens sista dag.")


class ParagraphMissing(InvalidInput):
    """The minutes are found by their paragraph."""

    code = "report_paragraph_missing"
    sentence = _("Skriv paragrafen i protokollet, till exempel § 94.")


@operation
def review_report(*, report: FollowUpReport, shown: str, by: User, at: datetime) -> FollowUpReport:
    """
    Review a draft (granska): figures and texts hold. From now on nobody writes in it.

    :param shown: SHA-256 of the figures and texts that she was shown; empty when she was shown none.
    :raises NotPermitted: she is not finance.
    :raises FiguresNotFrozen: there are no figures yet.
    :raises SectionsAreEmpty: a part that only people can write is empty; all of them are named.
    :raises WrongState: it is no draft, or somebody has written in it since.
    """
    report = _locked(report)
    require(permissions.can_review_report(by, at=at))
    if report.status != WorkStatus.DONE:
        raise FiguresNotFrozen
    _move(report, ReportStage.REVIEWED)
    content = content_of(report)
    _require_all_texts(content)
    _require_shown_content(content, shown)
    report.acts.create(kind=ActKind.REVIEWED, by=by, at=at)
    trail.record(Event.REPORT_REVIEWED, subject=report, by=by, at=at)
    _tell(report, ActKind.REVIEWED, _heads(at), by=by, at=at)
    return report


@operation
def approve_report(*, report: FollowUpReport, shown: str, by: User, at: datetime) -> FollowUpReport:
    """
    Approve a reviewed report (godkänna).

    :param shown: SHA-256 of the figures and texts that she was shown; empty when she was shown none.
    :raises NotPermitted: she is not the head of procurement, or she reviewed it.
    :raises WrongState: it is not reviewed, or was written in and reviewed anew since.
    """
    report = _locked(report)
    require(permissions.can_approve_report(by, report.acts.last_review(), at=at))
    _move(report, ReportStage.APPROVED)
    _require_shown_content(content_of(report), shown)
    report.acts.create(kind=ActKind.APPROVED, by=by, at=at)
    trail.record(Event.REPORT_APPROVED, subject=report, by=by, at=at)
    _tell(report, ActKind.APPROVED, {report.requested_by_id}, by=by, at=at)
    return report


@operation
def send_back_report(*, report: FollowUpReport, words: str, by: User, at: datetime) -> FollowUpReport:
    """
    Send a reviewed or approved report back to draft, with words; it is reviewed and approved anew.

    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises WordsMissing: she does not say why.
    :raises WrongState: it is neither reviewed nor approved.
    """
    words = printable(words).strip()[:1000]
    report = _locked(report)
    require(permissions.can_move_report(by, at=at))
    if not words:
        raise WordsMissing
    _move(report, ReportStage.DRAFT)
    report.acts.create(kind=ActKind.SENT_BACK, by=by, at=at, words=words)
    trail.record(Event.REPORT_SENT_BACK, subject=report, by=by, at=at, comment=words)
    _tell(report, ActKind.SENT_BACK, _participants(report), by=by, at=at, words=words)
    return report


@operation
def lock_report(*, report: FollowUpReport, diary_number: str = "", by: User, at: datetime) -> FollowUpReport:
    """
    Lock an approved report (låsa): figures and texts stand under one SHA-256, and the files are made of them.

    :param diary_number: the case; nothing keeps the one that the report has.
    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises InvalidInput: there is no diary number, or none that can be read.
    :raises SectionsAreEmpty: a part that only people can write is empty; all of them are named.
    :raises WrongState: it is not approved.
    """
    report = _locked(report)
    require(permissions.can_move_report(by, at=at))
    move(report, to=ReportStage.LOCKED, transitions=REPORT_TRANSITIONS, field="stage")
    report.diary_number = written_diary_number(diary_number) or report.diary_number
    if not report.diary_number:
        raise DiaryNumberMissing
    content = content_of(report)
    _require_all_texts(content)
    ReportEdition.objects.make(
        report, texts=content.texts, sha256=content.sha256, is_draft=False, by=by, at=at
    )
    report.save(update_fields=["stage", "diary_number"])
    report.acts.create(kind=ActKind.LOCKED, by=by, at=at)
    trail.record(Event.REPORT_LOCKED, subject=report, by=by, at=at, sha256=content.sha256)
    _tell(report, ActKind.LOCKED, _participants(report), by=by, at=at)
    return report


@operation
def hand_over_report(
    *,
    report: FollowUpReport,
    meeting_date: date,
    paragraph: str,
    answered: Iterable[BoardAssignment] = (),
    by: User,
    at: datetime,
) -> FollowUpReport:
    """
    Say at which meeting the board took up a locked report (överlämna), and in which paragraph of its minutes.

    :param answered: assignments of the board that the report answers; they are reported by it, on the day of the meeting.
    :raises NotPermitted: she is neither head of procurement nor finance, or an assignment is somebody else's.
    :raises InvalidInput: the meeting is to come, or was before the report's last day; or there is no paragraph; or an
        assignment was given after it.
    :raises WrongState: it is not locked, or an assignment is reported already.
    """
    report = _locked(report)
    require(permissions.can_move_report(by, at=at))
    paragraph = " ".join(printable(paragraph).replace("§", " ").split())[:18]
    if not paragraph:
        raise ParagraphMissing
    if meeting_date > timezone.localdate(at):
        raise MeetingNotHeld
    if meeting_date < report.through_date:
        raise MeetingBeforeReport
    _move(report, ReportStage.HANDED_OVER)
    paragraph = f"§ {paragraph}"
    report.acts.create(kind=ActKind.HANDED_OVER, by=by, at=at, meeting_date=meeting_date, paragraph=paragraph)
    trail.record(
        Event.REPORT_HANDED_OVER,
        subject=report,
        by=by,
        at=at,
        meeting=meeting_date.isoformat(),
        paragraph=paragraph,
    )
    for assignment in sorted(answered, key=attrgetter("pk")):
        if assignment.meeting_date > meeting_date:
            raise AssignmentGivenLater(
                paragraph=assignment.paragraph, day=assignment.meeting_date.isoformat()
            )
        report_assignment(
            assignment=assignment, diary_number=report.diary_number, day=meeting_date, by=by, at=at
        )
    _tell(report, ActKind.HANDED_OVER, _participants(report), by=by, at=at)
    return report


def _locked(report: FollowUpReport) -> FollowUpReport:
    return FollowUpReport.objects.select_for_update(no_key=True).get(pk=report.pk)


def _move(report: FollowUpReport, to: ReportStage) -> None:
    move(report, to=to, transitions=REPORT_TRANSITIONS, field="stage")
    report.save(update_fields=["stage"])


def _require_all_texts(content: Content) -> None:
    empty = [str(part.label) for part in WrittenPart if not content.text(part)]
    if empty:
        raise SectionsAreEmpty(sections=", ".join(empty))


def _require_shown_content(content: Content, sha256: str) -> None:
    if sha256 != content.sha256:
        raise ReportHasChanged


def _heads(at: datetime) -> set[int]:
    """Those who can approve."""
    return Membership.objects.holders([Role.HEAD_OF_PROCUREMENT], timezone.localdate(at))


def _participants(report: FollowUpReport) -> set[int]:
    """Who asked for the report, who wrote in it, and who reviewed or approved it."""
    wrote = set(report.texts.exclude(by=None).values_list("by_id", flat=True))
    return {report.requested_by_id} | wrote | set(report.acts.values_list("by_id", flat=True))


def _tell(
    report: FollowUpReport, kind: ActKind, people: set[int], *, by: User, at: datetime, words: str = ""
) -> None:
    """
    Tell people what was done with the report; not who did it herself.

    What they were told of earlier acts, as that it waits for them to approve it, is done with then.
    """
    put_away([REPORT_ACT], addresses=[address_of(report)], at=at)
    facts = {"title": report.title, "act": kind.value, "by": by.full_name, "words": words}
    news = [News(person, REPORT_ACT, address_of(report), facts) for person in sorted(people - {by.pk})]
    tell(news, by=None, at=at)
