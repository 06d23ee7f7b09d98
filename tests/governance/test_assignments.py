"""Assignments of the board are reminded of in time, reported and closed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from audit.models import Entry
from core.diary import NotADiaryNumber
from core.errors import DomainError, NotPermitted, WrongState
from governance.days import DayBeforeTheLast, DayHasNotCome
from governance.models import AssignmentReminder, BoardAssignment, Reminder
from governance.operations import assignments as operations
from governance.operations.reminding import remind_of_assignments, reminder_on
from governance.tasks import remind_of_assignments as from_the_clock
from notices.models import Notice
from tests.cast import NOW, TODAY, Cast
from tests.governance import worlds

pytestmark = pytest.mark.django_db

DUE = date(2021, 6, 16)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def told(cast: Cast) -> list[str]:
    notices = Notice.objects.filter(recipient=cast.manager).order_by("pk")
    return [notice.facts["reminder"] for notice in notices]


@pytest.mark.parametrize(
    ("days", "reminder"),
    [
        (61, None),
        (60, Reminder.SIXTY_DAYS),
        (31, Reminder.SIXTY_DAYS),
        (30, Reminder.THIRTY_DAYS),
        (8, Reminder.THIRTY_DAYS),
        (7, Reminder.SEVEN_DAYS),
        (0, Reminder.SEVEN_DAYS),
        (-1, Reminder.PASSED),
    ],
)
def test_reminder_on(days: int, reminder: Reminder | None) -> None:
    assert reminder_on(DUE - timedelta(days=days), DUE) == reminder


def test_each_reminder_comes_once(cast: Cast) -> None:
    worlds.assignment(cast)
    day = DUE - timedelta(days=70)
    while day < DUE + timedelta(days=5):
        for _again in range(2):
            remind_of_assignments(at=morning(day))
        day += timedelta(days=1)
    assert told(cast) == ["60", "30", "7", "passed"]
    assert AssignmentReminder.objects.count() == 4


def test_the_clock_called_twice_in_a_moment(cast: Cast, at_nine: None) -> None:
    worlds.assignment(cast)
    from_the_clock()
    from_the_clock()
    assert told(cast) == ["30"]
    sentence = Notice.objects.get().sentence
    assert sentence.title == "Återrapportera uppdraget i § 229"
    assert sentence.text.replace("\xa0", " ") == (
        "Det ska behandlas på sammanträdet onsdag 16 juni 2021. Uppdraget gavs av Regionstyrelsens arbetsutskott. 29 dagar kvar."
    )


def test_a_clock_that_was_away_reminds_of_the_nearest(cast: Cast) -> None:
    worlds.assignment(cast)
    assert remind_of_assignments(at=morning(DUE - timedelta(days=5))) == 1
    assert told(cast) == ["7"]


def test_a_meeting_that_is_moved_is_reminded_of_again(cast: Cast) -> None:
    worlds.assignment(cast)
    remind_of_assignments(at=NOW)
    BoardAssignment.objects.update(due_date=DUE - timedelta(days=1))
    assert remind_of_assignments(at=NOW + timedelta(hours=1)) == 1


def test_whoever_takes_over_is_reminded_and_nobody_else_any_more(cast: Cast) -> None:
    """What was told at sixty days is put away by what is told at thirty, and by another who answers."""
    assignment = worlds.assignment(cast)
    notices = Notice.objects.unread().filter(kind="assignment_due")
    for days in (60, 30):
        assert remind_of_assignments(at=morning(assignment.due_date - timedelta(days=days))) == 1
        (notice,) = notices.all()
        assert (notice.recipient, notice.facts["reminder"]) == (assignment.responsible, str(days))
    BoardAssignment.objects.update(responsible=cast.controller)
    later = morning(assignment.due_date - timedelta(days=29))
    assert remind_of_assignments(at=later) == 1
    assert [each.recipient for each in notices.all()] == [cast.controller]
    assert remind_of_assignments(at=later + timedelta(hours=1)) == 0


def test_nobody_is_reminded_of_what_is_reported(cast: Cast) -> None:
    worlds.reported(cast)
    assert remind_of_assignments(at=morning(DUE)) == 0


def test_a_reminder_of_what_is_reported_since_is_put_away(cast: Cast) -> None:
    assignment = worlds.assignment(cast)
    remind_of_assignments(at=NOW)
    assert Notice.objects.unread().exists()
    operations.report_assignment(
        assignment=assignment,
        diary_number="RS 2020/1154",
        day=TODAY,
        by=assignment.responsible,
        at=NOW + timedelta(hours=1),
    )
    assert not Notice.objects.unread().exists()


def test_the_head_is_reminded_for_somebody_who_has_left(cast: Cast) -> None:
    worlds.assignment(cast)
    cast.manager.is_active = False
    cast.manager.save()
    remind_of_assignments(at=NOW)
    assert Notice.objects.get().recipient == cast.head


def test_reminders_of_many_are_as_few_statements(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(30):
        worlds.assignment(cast, paragraph=f"§ {number + 1}")
    with django_assert_num_queries(6 + 2):  # the savepoint of the operation, twice
        assert remind_of_assignments(at=NOW) == 30


def test_report_assignment(cast: Cast) -> None:
    assignment = worlds.reported(cast)
    assignment.refresh_from_db()
    assert (assignment.status, assignment.report_diary_number, assignment.reported_by) == (
        "reported",
        "RS 2020/1154",
        cast.manager,
    )
    assert Entry.objects.get(event="assignment.reported").details["diary_number"] == "RS 2020/1154"


def test_close_assignment(cast: Cast) -> None:
    assignment = worlds.closed(cast)
    assignment.refresh_from_db()
    assert (assignment.status, assignment.closing_paragraph, assignment.closed_date) == (
        "closed",
        "§ 114",
        TODAY,
    )


@pytest.mark.parametrize("who", ["requester", "deputy", "controller", "auditor", "administrator"])
def test_who_answers_for_nothing_reports_and_closes_nothing(cast: Cast, who: str) -> None:
    assignment = worlds.assignment(cast)
    with pytest.raises(NotPermitted):
        operations.report_assignment(
            assignment=assignment, diary_number="RS 2021/1", day=TODAY, by=getattr(cast, who), at=NOW
        )
    with pytest.raises(NotPermitted):
        operations.close_assignment(
            assignment=assignment, paragraph="§ 1", day=TODAY, by=getattr(cast, who), at=NOW
        )


def test_who_answers_for_it_does_not_close_it(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        operations.close_assignment(
            assignment=worlds.reported(cast), paragraph="§ 1", day=TODAY, by=cast.manager, at=NOW
        )


def test_report_twice_and_close_too_early(cast: Cast) -> None:
    with pytest.raises(WrongState):
        operations.close_assignment(
            assignment=worlds.assignment(cast, paragraph="§ 1"),
            paragraph="§ 1",
            day=TODAY,
            by=cast.head,
            at=NOW,
        )
    with pytest.raises(WrongState):
        operations.report_assignment(
            assignment=worlds.reported(cast), diary_number="RS 2021/1", day=TODAY, by=cast.head, at=NOW
        )


@pytest.mark.parametrize(
    ("diary_number", "day", "refusal"),
    [
        ("1154", TODAY, NotADiaryNumber),
        ("RS 2021/1", TODAY + timedelta(days=1), DayHasNotCome),
        ("RS 2021/1", date(2020, 11, 16), DayBeforeTheLast),
    ],
)
def test_report_with_what_cannot_be_so(
    cast: Cast, diary_number: str, day: date, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        operations.report_assignment(
            assignment=worlds.assignment(cast), diary_number=diary_number, day=day, by=cast.head, at=NOW
        )


def test_how_it_stood_on_a_day(cast: Cast) -> None:
    worlds.closed(cast)
    BoardAssignment.objects.update(closed_date=TODAY + timedelta(days=1))
    statuses = [
        [each.status_then for each in BoardAssignment.objects.as_of(day)]
        for day in (
            date(2020, 11, 16),
            date(2020, 11, 17),
            TODAY - timedelta(days=1),
            TODAY,
            TODAY + timedelta(days=1),
        )
    ]
    assert statuses == [[], ["open"], ["open"], ["reported"], ["closed"]]
