"""Nothing waits for ever: what is not decided goes on to the deputy and the head, and what is not answered goes back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from categories.models import CategoryPolicy
from core.models import ClosedDay
from core.working_days import add_working_days
from desk.today.chain import queue_question
from desk.today.tasks import answers
from notices.models import Notice
from organizations.models import Absence, Role, User
from procurement.escalation import Step, is_new, lateness_of, latest_day_for, reminder_day
from procurement.models import BudgetAttest, DecisionKind, RequisitionLine, RoutingRule
from procurement.operations import amendments, attests, conversations, decisions, morning_notices
from procurement.operations.rerouting import reroute_waiting
from procurement.operations.unanswered import take_back_unanswered
from procurement.reasons import reason_for
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership, person
from tests.changes import close_account
from tests.procurement.deciding import approve

DUE = date(2021, 5, 20)
"""Two working days after the day of the cast."""


def moment(day: date) -> datetime:
    """Half past seven and a minute, on a day."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=7, minutes=31)


def late(days: int) -> datetime:
    """So many working days after the response day."""
    return moment(add_working_days(DUE, days))


def fresh(line: RequisitionLine) -> RequisitionLine:
    return RequisitionLine.objects.select_related("responsible").get(pk=line.pk)


def told(kind: str) -> list[User]:
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("pk")]


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (0, Step.ORDINARY),
        (1, Step.ORDINARY),
        (2, Step.DEPUTY),
        (4, Step.DEPUTY),
        (5, Step.HEAD),
        (50, Step.HEAD),
    ],
)
def test_lateness_counts_working_days(cast: Cast, days: int, step: Step) -> None:
    assert lateness_of(DUE, add_working_days(DUE, days)).step == step


def test_days_of_the_calendar(cast: Cast) -> None:
    saturday = date(2021, 5, 22)
    assert reminder_day(date(2021, 5, 24)) == date(2021, 5, 21)
    assert latest_day_for(1, day=saturday) == date(2021, 5, 20)
    assert is_new(saturday, since=date(2021, 5, 21), day=date(2021, 5, 24))
    assert not is_new(saturday, since=date(2021, 5, 24), day=date(2021, 5, 25))


def test_line_goes_to_the_deputy_and_then_to_the_head(cast: Cast) -> None:
    line = worlds.line(cast)
    assert reroute_waiting(at=late(1)) == 0
    assert reroute_waiting(at=late(2)) == 1
    line = fresh(line)
    assert (line.responsible, line.routing_rule) == (cast.deputy, RoutingRule.LATE_DEPUTY)
    assert "Karin Sundblad, som inte har beslutat" in reason_for(line)
    assert (told("escalated"), told("passed_on"), told("handover")) == ([cast.deputy], [cast.manager], [])
    entry = Entry.objects.get(event="line.escalated")
    assert (entry.rule, entry.details["before"], entry.details["due"]) == (
        "late_deputy", "Karin Sundblad", DUE.isoformat(),
    )  # fmt: skip
    assert reroute_waiting(at=late(2)) == 0
    assert reroute_waiting(at=late(5)) == 1
    line = fresh(line)
    assert (line.responsible, line.routing_rule) == (cast.head, RoutingRule.LATE_HEAD)
    assert told("escalated") == [cast.deputy, cast.head]
    assert reroute_waiting(at=late(9)) == 0
    assert approve(line, cast.head).decided_by == cast.head


def test_a_clock_that_comes_late_takes_the_step_of_the_day(cast: Cast) -> None:
    line = worlds.line(cast)
    assert reroute_waiting(at=late(30)) == 1
    assert fresh(line).responsible == cast.head
    assert told("escalated") == [cast.head]


def test_closed_days_are_no_days(cast: Cast) -> None:
    line = worlds.line(cast)
    ClosedDay.objects.create(day=add_working_days(DUE, 1), reason="Studiedag")
    assert reroute_waiting(at=moment(add_working_days(DUE, 1))) == 0
    assert fresh(line).responsible == cast.manager


def test_policy_says_when(cast: Cast) -> None:
    CategoryPolicy.objects.update(deputy_days=1, head_days=2)
    line = worlds.line(cast)
    reroute_waiting(at=late(1))
    assert fresh(line).responsible == cast.deputy
    reroute_waiting(at=late(2))
    assert fresh(line).responsible == cast.head


def test_manager_still_decides_what_has_gone_on(cast: Cast) -> None:
    line = worlds.line(cast)
    reroute_waiting(at=late(2))
    assert approve(line, cast.manager).decided_by == cast.manager


def test_what_has_gone_on_does_not_go_back(cast: Cast) -> None:
    line = worlds.line(cast)
    reroute_waiting(at=late(2))
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.deputy, at=late(2))
    amendments.answer(line=line, text="Därför.", by=cast.requester, at=late(3))
    assert reroute_waiting(at=late(3)) == 0
    assert fresh(line).responsible == cast.deputy


def test_a_deputy_who_is_away_is_passed_over(cast: Cast) -> None:
    line = worlds.line(cast)
    Absence.objects.create(user=cast.deputy, during=(DUE, DUE + timedelta(days=30)))
    assert reroute_waiting(at=late(2)) == 0
    reroute_waiting(at=late(5))
    assert fresh(line).responsible == cast.head


def test_nobody_gets_her_own_order_by_lateness(cast: Cast) -> None:
    membership(cast.deputy, Role.REQUESTER, cast.ward, "10000")
    line = worlds.line(cast, by=cast.deputy)
    assert reroute_waiting(at=late(2)) == 0
    assert fresh(line).responsible == cast.manager


def test_undone_approval_has_a_day_to_be_decided_anew(cast: Cast) -> None:
    line = approve(worlds.line(cast), cast.manager)
    decisions.undo(lines=[line], by=cast.manager, at=late(4))
    assert reroute_waiting(at=late(4)) == 0
    assert fresh(line).response_due_date == add_working_days(late(4).date(), 1)


def test_reminder_before_the_response_day_once(cast: Cast) -> None:
    worlds.line(cast)
    for _number in range(2):
        morning_notices.tell_morning(at=moment(add_working_days(DUE, -1)))
    morning_notices.tell_morning(at=moment(DUE))
    assert told("response_reminder") == [cast.manager]


def test_question_is_reminded_of_and_then_goes_back(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Räcker två?", by=cast.manager, at=NOW)
    for days in range(1, 6):
        assert take_back_unanswered(at=moment(add_working_days(TODAY, days))) == 0
        morning_notices.tell_morning(at=moment(add_working_days(TODAY, days)))
    assert told("question_reminder") == [cast.requester, cast.requester, cast.colleague]
    at = moment(add_working_days(TODAY, 6))
    assert take_back_unanswered(at=at) == 1
    assert take_back_unanswered(at=at) == 0
    line = fresh(line)
    assert (line.status, line.responsible) == ("awaiting", cast.manager)
    assert line.response_due_date == add_working_days(at.date(), 1)
    last = line.decisions.latest("pk")
    assert (last.kind, last.rule, last.by) == (DecisionKind.UNANSWERED, "clock", cast.manager)
    assert told("unanswered") == [cast.manager]
    assert Entry.objects.filter(event="line.unanswered").count() == 1
    assert approve(line, cast.manager).decided_by == cast.manager


def test_answer_in_the_last_moment_holds(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Räcker två?", by=cast.manager, at=NOW)
    at = moment(add_working_days(TODAY, 6))
    amendments.answer(line=line, text="Ja", by=cast.requester, at=at)
    assert take_back_unanswered(at=at) == 0


def test_consultation_is_reminded_of_and_then_told_to_who_decides(cast: Cast) -> None:
    """The line has gone on from the manager, who asked, to her deputy by then."""
    line = worlds.line(cast)
    conversations.write(line=line, text="Vad säger du?", asked=[cast.stranger], by=cast.manager, at=NOW)
    Notice.objects.all().delete()
    for days in range(1, 7):
        morning_notices.tell_morning(at=moment(add_working_days(TODAY, days)))
    assert told("consultation") == [cast.stranger, cast.deputy]


def test_consultation_is_told_to_who_decides_when_whoever_asked_has_left(cast: Cast) -> None:
    line = worlds.line(cast)
    conversations.write(line=line, text="Vad säger du?", asked=[cast.stranger], by=cast.manager, at=NOW)
    close_account(user=cast.manager, by=cast.administrator, at=NOW)
    Notice.objects.all().delete()
    for days in range(1, 5):
        morning_notices.tell_morning(at=moment(add_working_days(TODAY, days)))
    assert told("consultation") == [cast.stranger, fresh(line).responsible]


def attest_of(cast: Cast) -> BudgetAttest:
    return worlds.submitted(cast, (cast.chair, 3)).attests.get()


def test_attest_goes_to_another_and_then_to_the_head(cast: Cast) -> None:
    second = person("anders.holm", "Anders", "Holm")
    membership(second, Role.BUDGET_HOLDER, cast.ward, "300000")
    attest = attest_of(cast)
    start = add_working_days(TODAY, 2)
    assert reroute_waiting(at=moment(add_working_days(start, 1))) == 0
    reroute_waiting(at=moment(add_working_days(start, 2)))
    attest.refresh_from_db()
    assert (attest.responsible, attest.escalation, attest.escalated_from) == (
        second, "another", cast.budget_holder,
    )  # fmt: skip
    assert second in told("escalated")
    reroute_waiting(at=moment(add_working_days(start, 2)))
    assert Entry.objects.filter(event="attest.escalated").count() == 1
    head = person("hugo.head", "Hugo", "Dahl")
    membership(head, Role.HEAD_OF_PROCUREMENT)
    at = moment(add_working_days(start, 5))
    reroute_waiting(at=at)
    attest.refresh_from_db()
    assert attest.escalation == "head"
    attests.attest(attest=attest, by=attest.responsible, at=at)


def test_today_says_what_has_gone_on_and_from_whom(cast: Cast) -> None:
    worlds.line(cast)
    reroute_waiting(at=late(2))
    (tasks,) = answers([queue_question(cast.deputy, late(2), is_head=False)])
    assert (tasks[0].figure, tasks[0].text) == ("1", "Karin Sundblad har inte beslutat i tid.")


def waits_for_decision(cast: Cast) -> RequisitionLine:
    return worlds.line(cast)


def waits_for_answer(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW)
    return line


def waits_for_attest(cast: Cast) -> RequisitionLine:
    attest_of(cast)
    return approve(RequisitionLine.objects.get(), cast.deputy)


@pytest.mark.parametrize("waits", [waits_for_decision, waits_for_answer, waits_for_attest])
def test_everything_that_waits_comes_to_the_head_in_the_end(
    cast: Cast, waits: Callable[[Cast], RequisitionLine]
) -> None:
    """Nobody does anything for a month: all that waits is with the head, and the head can decide it."""
    waits(cast)
    for days in range(1, 25):
        at = moment(add_working_days(TODAY, days))
        reroute_waiting(at=at)
        take_back_unanswered(at=at)
    lines = RequisitionLine.objects.undecided().select_related("responsible")
    assert {line.responsible for line in lines} <= {cast.head}
    assert {line.status for line in lines} <= {"awaiting"}
    assert {each.responsible for each in BudgetAttest.objects.pending()} <= {cast.head}
