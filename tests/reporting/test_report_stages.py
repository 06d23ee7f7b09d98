"""From draft to the board: who may do what, in which order, and that nothing of a locked report changes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from audit.models import Entry
from core.diary import NotADiaryNumber
from core.errors import DomainError, WrongState
from notices.models import Notice
from organizations.models import Role
from reporting.models import (
    ActKind,
    FileKind,
    FollowUpReport,
    ReportAct,
    ReportEdition,
    ReportFile,
    WrittenText,
)
from reporting.operations.report_files import FiguresNotFrozen, FilesAreUpToDate, renew_files
from reporting.operations.report_stages import (
    DiaryNumberMissing,
    MeetingBeforeReport,
    MeetingNotHeld,
    ParagraphMissing,
    SectionsAreEmpty,
    WordsMissing,
    approve_report,
    hand_over_report,
    lock_report,
    review_report,
    send_back_report,
)
from reporting.permissions import (
    ApprovalIsTheHeads,
    ReportIsNotDraft,
    ReportsAreForHeadAndFinance,
    ReportsAreMovedByHeadAndFinance,
    ReviewerDoesNotApprove,
    ReviewIsFinances,
)
from reporting.report.content import content_of
from tests.cast import NOW, TODAY, Cast, membership
from tests.governance import worlds as governing
from tests.races import race
from tests.reporting import follow_ups

OTHERS = ["requester", "manager", "auditor", "administrator"]


def stage_of(report: FollowUpReport) -> str:
    return FollowUpReport.objects.get(pk=report.pk).stage


def test_a_report_goes_from_draft_to_the_board_with_people_and_times(cast: Cast) -> None:
    report = follow_ups.locked(cast)
    assert report.stage == "locked"
    hand_over_report(report=report, meeting_date=TODAY, paragraph=" 94 ", by=cast.controller, at=NOW)
    assert stage_of(report) == "handed_over"
    acts = [(act.kind, act.by) for act in report.acts.in_order()]
    assert acts == [
        ("reviewed", cast.controller),
        ("approved", cast.head),
        ("locked", cast.head),
        ("handed_over", cast.controller),
    ]
    last = report.acts.in_order().last()
    assert last is not None
    assert (last.meeting_date, last.paragraph) == (TODAY, "§ 94")
    events = list(Entry.objects.about(report).order_by("pk").values_list("event", flat=True))
    for event in ("report.reviewed", "report.approved", "report.locked", "report.handed_over"):
        assert events.count(event) == 1
    assert Notice.objects.filter(recipient=cast.head, kind="report_act").count() >= 1


def test_what_waited_for_one_head_is_done_when_another_has_done_it(cast: Cast) -> None:
    membership(cast.office_deputy, Role.HEAD_OF_PROCUREMENT)
    report = follow_ups.reviewed(cast)
    waiting = Notice.objects.unread().filter(kind="report_act", facts__act="reviewed")
    assert {notice.recipient for notice in waiting} == {cast.head, cast.office_deputy}
    approve_report(report=report, shown=content_of(report).sha256, by=cast.head, at=NOW)
    assert not waiting.all().exists()


@pytest.mark.parametrize("actor", ["head", *OTHERS])
def test_review_report_is_refused_to_everybody_but_finance(cast: Cast, actor: str) -> None:
    report = follow_ups.frozen(cast, **follow_ups.TEXTS)
    with pytest.raises(ReviewIsFinances):
        review_report(report=report, shown=follow_ups.sha256_of(report), by=getattr(cast, actor), at=NOW)
    assert stage_of(report) == "draft"


@pytest.mark.parametrize("actor", ["controller", *OTHERS])
def test_approve_report_is_refused_to_everybody_but_the_head(cast: Cast, actor: str) -> None:
    report = follow_ups.reviewed(cast)
    with pytest.raises(ApprovalIsTheHeads):
        approve_report(report=report, shown=follow_ups.sha256_of(report), by=getattr(cast, actor), at=NOW)
    assert stage_of(report) == "reviewed"


def test_who_reviewed_a_report_does_not_approve_it_whatever_roles_she_has(cast: Cast) -> None:
    membership(cast.controller, Role.HEAD_OF_PROCUREMENT)
    report = follow_ups.reviewed(cast)
    cast.controller.remembered.clear()
    with pytest.raises(ReviewerDoesNotApprove):
        approve_report(report=report, shown=follow_ups.sha256_of(report), by=cast.controller, at=NOW)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        ReportAct.objects.create(report=report, kind=ActKind.APPROVED, by=cast.controller, at=NOW)


@pytest.mark.parametrize("actor", OTHERS)
def test_nobody_else_sends_back_locks_or_hands_over(cast: Cast, actor: str) -> None:
    report, by = follow_ups.approved(cast), getattr(cast, actor)
    with pytest.raises(ReportsAreMovedByHeadAndFinance):
        send_back_report(report=report, words="Nej.", by=by, at=NOW)
    with pytest.raises(ReportsAreMovedByHeadAndFinance):
        lock_report(report=report, diary_number="RS 2020/1154", by=by, at=NOW)
    with pytest.raises(ReportsAreMovedByHeadAndFinance):
        hand_over_report(report=report, meeting_date=TODAY, paragraph="1", by=by, at=NOW)


def test_each_act_needs_the_one_before_it(cast: Cast) -> None:
    report = follow_ups.frozen(cast, **follow_ups.TEXTS)
    with pytest.raises(WrongState):
        approve_report(report=report, shown=follow_ups.sha256_of(report), by=cast.head, at=NOW)
    with pytest.raises(WrongState):
        lock_report(report=report, diary_number="RS 2020/1154", by=cast.head, at=NOW)
    with pytest.raises(WrongState):
        send_back_report(report=report, words="Nej.", by=cast.head, at=NOW)
    review_report(report=report, shown=follow_ups.sha256_of(report), by=cast.controller, at=NOW)
    with pytest.raises(WrongState) as refusal:
        review_report(report=report, shown=follow_ups.sha256_of(report), by=cast.controller, at=NOW)
    assert str(refusal.value) == (
        "Det här går inte att göra när läget är ”Granskad”. Någon kan ha hunnit före, så läs sidan igen."
    )
    with pytest.raises(WrongState):
        hand_over_report(report=report, meeting_date=TODAY, paragraph="1", by=cast.head, at=NOW)


def test_review_and_lock_refuse_while_a_part_is_empty_and_name_each(cast: Cast) -> None:
    report = follow_ups.frozen(cast, assessment="Bra.", proposal="Godkänns.", recipients="Alla")
    with pytest.raises(SectionsAreEmpty) as refusal:
        review_report(report=report, shown=follow_ups.sha256_of(report), by=cast.controller, at=NOW)
    assert "Barn- och genusperspektiv, Landsbygdsperspektiv, Underskrift" in str(refusal.value)
    FollowUpReport.objects.filter(pk=report.pk).update(stage="approved")
    with pytest.raises(SectionsAreEmpty):
        lock_report(report=report, diary_number="RS 2020/1154", by=cast.head, at=NOW)
    assert stage_of(report) == "approved"
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        ReportEdition.objects.create(
            report=report, number=9, texts=report.read_texts(), diary_number="RS 2020/1154", is_draft=False,
            sha256="x", asked_by=cast.head, at=NOW,
        )  # fmt: skip


def test_review_report_before_the_figures_are_frozen_is_refused(cast: Cast) -> None:
    with pytest.raises(FiguresNotFrozen):
        review_report(report=follow_ups.requested(cast), shown="", by=cast.controller, at=NOW)


def test_lock_report_needs_a_diary_number(cast: Cast) -> None:
    report = follow_ups.approved(cast)
    with pytest.raises(DiaryNumberMissing):
        lock_report(report=report, by=cast.head, at=NOW)
    with pytest.raises(NotADiaryNumber):
        lock_report(report=report, diary_number="1154", by=cast.head, at=NOW)
    assert (
        lock_report(report=report, diary_number="rs 1154-2020", by=cast.head, at=NOW).diary_number
        == "RS 2020/1154"
    )


def test_lock_report_puts_figures_and_texts_under_one_checksum_and_makes_the_files_anew(cast: Cast) -> None:
    report = follow_ups.locked(cast)
    draft, final = report.editions.order_by("number")
    assert (draft.is_draft, final.is_draft) == (True, False)
    assert final.sha256 == content_of(report).sha256 != draft.sha256
    assert final.texts == report.read_texts()
    assert ReportFile.objects.made_of(report).count() == len(FileKind)
    assert Entry.objects.about(report).get(event="report.locked").details == {"sha256": final.sha256}


def test_send_back_report_needs_words_and_opens_the_texts_again(cast: Cast) -> None:
    report = follow_ups.approved(cast)
    with pytest.raises(ReportIsNotDraft):
        follow_ups.wrote(cast, report, assessment="Annat.")
    with pytest.raises(WordsMissing):
        send_back_report(report=report, words=" \x01", by=cast.head, at=NOW)
    send_back_report(report=report, words="Skriv mer om resor.", by=cast.head, at=NOW)
    follow_ups.wrote(cast, report, assessment="Annat.")
    assert stage_of(report) == "draft"
    act = report.acts.in_order().last()
    assert act is not None
    assert (act.kind, act.words) == ("sent_back", "Skriv mer om resor.")
    assert Notice.objects.filter(recipient=cast.controller, kind="report_act").exists()


def test_hand_over_report_answers_the_boards_assignments(cast: Cast) -> None:
    report, assignment, another = (
        follow_ups.locked(cast),
        governing.assignment(cast),
        governing.assignment(cast, paragraph="§ 230"),
    )
    hand_over_report(
        report=report, meeting_date=TODAY, paragraph="94", answered=[assignment], by=cast.head, at=NOW
    )
    assignment.refresh_from_db()
    another.refresh_from_db()
    assert (assignment.status, assignment.reported_date, assignment.reported_by) == (
        "reported",
        TODAY,
        cast.head,
    )
    assert assignment.report_diary_number == report.diary_number
    assert another.status == "open"


@pytest.mark.parametrize("reason", ["somebody else's", "reported already"])
def test_hand_over_report_of_what_it_cannot_answer_changes_nothing(cast: Cast, reason: str) -> None:
    report = follow_ups.locked(cast)
    assignment = governing.assignment(cast) if reason == "somebody else's" else governing.reported(cast)
    by = cast.controller if reason == "somebody else's" else cast.head
    with pytest.raises(DomainError):
        hand_over_report(
            report=report, meeting_date=TODAY, paragraph="94", answered=[assignment], by=by, at=NOW
        )
    assert stage_of(report) == "locked"
    assert not report.acts.filter(kind="handed_over").exists()


@pytest.mark.parametrize(
    ("day", "paragraph", "error"),
    [
        (TODAY + timedelta(days=1), "94", MeetingNotHeld),
        (date(2020, 12, 30), "94", MeetingBeforeReport),
        (TODAY, " § ", ParagraphMissing),
    ],
)
def test_hand_over_report_at_an_impossible_meeting_is_refused(
    cast: Cast, day: date, paragraph: str, error: type[Exception]
) -> None:
    report = follow_ups.locked(cast)
    with pytest.raises(error):
        hand_over_report(report=report, meeting_date=day, paragraph=paragraph, by=cast.head, at=NOW)
    assert stage_of(report) == "locked"


def test_nothing_of_a_locked_report_changes_even_by_mistake(cast: Cast) -> None:
    report = follow_ups.locked(cast)
    changes: list[dict[str, Any]] = [
        {"title": "Annat"},
        {"diary_number": "RS 2020/1"},
        {"stage": "draft"},
        {"requested_by": cast.auditor},
        {"status": "failed"},
    ]
    for change in changes:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            FollowUpReport.objects.filter(pk=report.pk).update(**change)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        WrittenText.objects.create(report=report, part="assessment", version=99, text="x", at=NOW)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        ReportEdition.objects.make(report, texts={}, sha256="x", is_draft=True, by=cast.head, at=NOW)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        ReportFile.objects.filter(report=report).update(error="x")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        report.acts.all().delete()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        FollowUpReport.objects.filter(pk=report.pk).delete()
    with pytest.raises(ReportIsNotDraft):
        follow_ups.wrote(cast, report, assessment="Annat.")


def test_renew_files_makes_them_of_what_is_written_now(cast: Cast) -> None:
    report = follow_ups.built(cast)
    with pytest.raises(FilesAreUpToDate):
        renew_files(report=report, by=cast.head, at=NOW)
    follow_ups.wrote(cast, report, assessment="Nytt.")
    with pytest.raises(ReportsAreForHeadAndFinance):
        renew_files(report=report, by=cast.auditor, at=NOW)
    edition = renew_files(report=report, by=cast.controller, at=NOW)
    follow_ups.files_made(report)
    assert (edition.number, edition.texts["assessment"]) == (2, "Nytt.")
    assert ReportFile.objects.made_of(report).count() == len(FileKind)
    assert report.files.count() == 2 * len(FileKind)


@pytest.mark.django_db(transaction=True)
def test_lock_report_while_somebody_sends_it_back_does_one_of_them(cast: Cast) -> None:
    report = follow_ups.approved(cast)
    race(
        lambda: lock_report(report=report, diary_number="RS 2020/1154", by=cast.head, at=NOW),
        lambda: send_back_report(report=report, words="Vänta.", by=cast.controller, at=NOW),
    )
    is_locked = stage_of(report) == "locked"
    assert report.editions.filter(is_draft=False).exists() == is_locked
    assert {act.kind for act in report.acts.all()} & {"locked", "sent_back"} == {
        "locked" if is_locked else "sent_back"
    }
