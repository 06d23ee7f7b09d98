"""Lines handed over: to somebody who may decide them, with whom they stay as long as she may."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from categories.operations import absences
from notices.models import Notice
from organizations.models import Absence, Role, User
from procurement.models import RequisitionLine, RoutingRule
from procurement.operations import attests, decisions
from procurement.operations.handing_over import CannotTakeOver, HasItAlready, colleagues_for, hand_over
from procurement.operations.rerouting import reroute_waiting
from procurement.permissions import LineIsDecided, NotYourLine, OwnRequest
from procurement.reasons import reason_for
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, delegation, membership
from tests.procurement.deciding import approve

NOTE = "Du kan bäst det här med storlekar."


def given(line: RequisitionLine, to: User, by: User) -> RequisitionLine:
    """Hand one line over."""
    return hand_over(lines=[line], to=to, by=by, at=NOW, note=NOTE).only()


def test_hand_over_gives_the_line_its_reason_its_trail_and_a_notice(cast: Cast) -> None:
    line = worlds.line(cast)
    given(line, cast.deputy, cast.manager)
    line.refresh_from_db()
    assert (line.responsible, line.routing_rule) == (cast.deputy, RoutingRule.HANDED_OVER)
    assert line.status == LineStatus.AWAITING
    assert reason_for(line) == f"Karin Sundblad lämnade över raden till Sofia Ekdahl. ”{NOTE}”"
    entry = Entry.objects.about(line).get(event="line.handed_over")
    assert (
        entry.by_name,
        entry.details["before"],
        entry.details["responsible"],
        entry.details["comment"],
    ) == (
        "Karin Sundblad",
        "Karin Sundblad",
        "Sofia Ekdahl",
        NOTE,
    )
    notice = Notice.objects.get(recipient=cast.deputy, kind="handover")
    assert NOTE in notice.sentence.text
    assert list(RequisitionLine.objects.awaiting(cast.deputy, TODAY)) == [line]
    assert approve(line, cast.deputy).decided_by == cast.deputy


def test_hand_over_keeps_the_response_day(cast: Cast) -> None:
    line = worlds.line(cast)
    given(line, cast.deputy, cast.manager)
    assert RequisitionLine.objects.get(pk=line.pk).response_due_date == line.response_due_date


@pytest.mark.parametrize("actor", ["requester", "colleague", "stranger", "budget_holder", "auditor"])
def test_hand_over_by_someone_without_the_right_is_refused(cast: Cast, actor: str) -> None:
    line = worlds.line(cast)
    with pytest.raises(OwnRequest if actor == "requester" else NotYourLine):
        given(line, cast.deputy, getattr(cast, actor))
    line.refresh_from_db()
    assert line.responsible == cast.manager
    assert not Notice.objects.filter(kind="handover").exists()


@pytest.mark.parametrize(
    "to", ["requester", "stranger", "budget_holder", "controller", "auditor", "office_deputy"]
)
def test_hand_over_to_someone_who_may_not_decide_is_refused(cast: Cast, to: str) -> None:
    line = worlds.line(cast)
    with pytest.raises(CannotTakeOver):
        given(line, getattr(cast, to), cast.manager)
    assert not Entry.objects.filter(event="line.handed_over").exists()


def test_hand_over_to_who_has_it_or_of_what_is_decided_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    with pytest.raises(HasItAlready):
        given(line, cast.manager, cast.manager)
    approve(line, cast.manager)
    with pytest.raises(LineIsDecided):
        given(line, cast.deputy, cast.manager)


def test_hand_over_to_who_is_away_or_in_conflict_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    membership(cast.requester, Role.BUDGET_HOLDER, cast.ward, "1000")
    delegation(cast.requester, cast.head)
    with pytest.raises(CannotTakeOver):
        given(line, cast.head, cast.manager)
    Absence.objects.create(user=cast.deputy, during=DateRange(TODAY, TODAY + timedelta(days=3)))
    with pytest.raises(CannotTakeOver):
        given(line, cast.deputy, cast.manager)


def test_one_bad_line_does_not_hold_up_the_others(cast: Cast) -> None:
    good, decided = worlds.line(cast), approve(worlds.line(cast), cast.manager)
    outcome = hand_over(lines=[good, decided], to=cast.head, by=cast.manager, at=NOW)
    assert [line.pk for line in outcome.done] == [good.pk]
    assert [type(refusal) for _line, refusal in outcome.refused] == [LineIsDecided]


def test_what_is_handed_over_stays_until_she_may_not_decide_it(cast: Cast) -> None:
    line = worlds.line(cast)
    given(line, cast.head, cast.manager)
    assert reroute_waiting(at=NOW) == 0
    absences.report_absence(
        user=cast.head, during=DateRange(TODAY, TODAY + timedelta(days=3)), by=cast.head, at=NOW
    )
    reroute_waiting(at=NOW)
    line.refresh_from_db()
    assert (line.responsible, line.routing_rule) == (cast.manager, RoutingRule.MANAGER_ABOVE)


def test_an_undone_approval_comes_back_to_whom_it_was_handed(cast: Cast) -> None:
    line = worlds.line(cast)
    given(line, cast.head, cast.manager)
    approve(line, cast.head)
    decisions.undo(lines=[line], by=cast.head, at=NOW).only()
    line.refresh_from_db()
    assert (line.status, line.responsible) == (LineStatus.AWAITING, cast.head)


def test_whoever_has_attested_cannot_take_over(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 200))
    delegation(cast.budget_holder, cast.deputy)
    attests.attest(attest=line.requisition.attests.get(), by=cast.deputy, at=NOW)
    line = RequisitionLine.objects.for_display().get(pk=line.pk)
    assert colleagues_for([line], day=TODAY) == [cast.head]
    with pytest.raises(CannotTakeOver):
        given(line, cast.deputy, cast.manager)


def test_colleagues_are_those_who_may_decide_every_line(cast: Cast) -> None:
    worlds.line(cast, (cast.gloves, 1))
    worlds.line(cast, (cast.chair, 1))
    gloves, chair = RequisitionLine.objects.for_display().order_by("pk")
    assert colleagues_for([gloves], day=TODAY) == [cast.deputy, cast.head]
    assert colleagues_for([chair], day=TODAY) == [cast.office_deputy, cast.head]
    assert colleagues_for([gloves, chair], day=TODAY) == [cast.head]
