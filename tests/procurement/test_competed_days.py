"""What waits for suppliers to compete has no response day, is late to nobody, and has its time from when somebody has won."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from categories.models import CategoryPolicy
from core.addresses import place
from core.working_days import add_working_days
from notices.models import Notice
from office.rules import breaches
from organizations.models import User
from procurement.models import LineDecision, RejectionReason, RequisitionLine, RoutingRule
from procurement.operations import amendments, competed, decisions, morning_notices, rerouting
from procurement.response import response_of
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.competing import demanded, started, won
from tests.pages import signed_in, text_of
from tests.procurement.test_competing import asked, award, cancel

LONG_AFTER = NOW + timedelta(days=30)


def follow(at: datetime = NOW) -> int:
    return competed.follow_competitions(at=at)


def fresh(line: RequisitionLine) -> RequisitionLine:
    return RequisitionLine.objects.get(pk=line.pk)


def waiting(cast: Cast) -> RequisitionLine:
    """Gloves whose competition has begun."""
    line = asked(cast)
    started(cast, cast.gloves)
    follow()
    return fresh(line)


def kinds(person: User) -> set[str]:
    return set(Notice.objects.filter(recipient=person).values_list("kind", flat=True))


def test_it_has_no_response_day_while_suppliers_compete(cast: Cast) -> None:
    line = asked(cast)
    assert line.response_due_date is not None, "somebody has to start a competition"
    competition = started(cast, cast.gloves)
    assert (follow(), follow()) == (1, 0)
    line = fresh(line)
    assert (line.response_due_date, line.awaits_competition) == (None, competition)
    assert Entry.objects.about(line).filter(event="line.awaits_competition").count() == 1
    assert breaches(NOW) == []


def test_it_goes_on_to_nobody_and_is_told_late_to_nobody(cast: Cast) -> None:
    line = waiting(cast)
    before = line.responsible_id
    day = NOW
    for _number in range(30):
        day += timedelta(days=1)
        rerouting.reroute_waiting(at=day)
        morning_notices.tell_morning(at=day)
    line = fresh(line)
    assert (line.responsible_id, line.routing_rule) == (before, RoutingRule.MANAGER_ABOVE)
    assert not kinds(cast.manager) & {"overdue", "response_reminder", "escalated", "passed_on", "waiting"}
    assert not RequisitionLine.objects.overdue(day.date())


@pytest.mark.parametrize("ending", [award, cancel])
def test_its_time_runs_from_when_the_competition_was_decided(cast: Cast, ending: object) -> None:
    line = waiting(cast)
    ending(cast, line.awaits_competition)  # type: ignore[operator]
    assert follow(LONG_AFTER) == 1
    line = fresh(line)
    days = CategoryPolicy.objects.get().response_days
    assert (line.competed_at, line.awaits_competition) == (NOW, None)
    assert line.response_due_date == add_working_days(TODAY, days)
    (entry,) = Entry.objects.about(line).filter(event="line.competed")
    assert entry.details["due"] == line.response_due_date.isoformat()
    assert breaches(LONG_AFTER) == []


def test_response_time_counts_from_when_somebody_won(cast: Cast) -> None:
    line = asked(cast)
    RequisitionLine.objects.update(response_due_date=TODAY)
    competition = started(cast, cast.gloves)
    follow()
    award(cast, competition)
    follow()
    RequisitionLine.objects.update(competed_at=LONG_AFTER, response_due_date=LONG_AFTER.date())
    at = LONG_AFTER + timedelta(hours=1)
    assert decisions.approve(lines=[line], by=cast.manager, at=at).done
    decision = LineDecision.objects.get(line=line)
    assert (decision.response_days, decision.promised_date) == (0, LONG_AFTER.date())
    measured = response_of(None, LONG_AFTER.date())
    assert measured is not None
    assert measured.within == 1


def test_a_decision_while_it_waits_is_nobodys_response(cast: Cast) -> None:
    line = waiting(cast)
    decisions.reject(
        lines=[line],
        reason_code=RejectionReason.NOT_NEEDED,
        comment="Finns",
        by=cast.manager,
        at=LONG_AFTER,
    )
    decision = LineDecision.objects.get(line=line)
    assert (decision.response_days, decision.promised_date) == (None, None)
    assert follow(LONG_AFTER) == 0
    assert breaches(LONG_AFTER) == []


def test_a_question_and_its_answer_promise_no_day_either(cast: Cast) -> None:
    line = waiting(cast)
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW)
    amendments.answer(line=line, text="För att", by=cast.requester, at=NOW + timedelta(hours=1))
    line = fresh(line)
    assert (line.status, line.response_due_date) == (LineStatus.AWAITING, None)


def test_what_is_already_won_waits_for_no_other(cast: Cast) -> None:
    won(cast, cast.gloves)
    line = worlds.line(cast, (cast.gloves, 10))
    assert follow() == 0
    assert fresh(line).response_due_date is not None


def test_a_competition_about_something_else_holds_nothing(cast: Cast) -> None:
    line = asked(cast)
    started(cast, cast.gown)
    assert follow() == 0
    assert fresh(line).response_due_date is not None


def test_the_database_keeps_one_of_the_two(cast: Cast) -> None:
    demanded(cast)
    line = worlds.line(cast, (cast.gloves, 10))
    for changed in ({"response_due_date": None}, {"awaits_competition": started(cast, cast.gloves)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RequisitionLine.objects.filter(pk=line.pk).update(**changed)


def test_what_it_waited_for_is_put_away_when_it_waits(cast: Cast) -> None:
    asked(cast)
    morning_notices.tell_morning(at=NOW.replace(hour=8) + timedelta(days=1))
    assert "waiting" in kinds(cast.manager)
    started(cast, cast.gloves)
    follow(NOW + timedelta(days=1, hours=2))
    assert not Notice.objects.unread().filter(recipient=cast.manager, kind="waiting").exists()


@pytest.mark.usefixtures("at_nine")
def test_the_pages_and_the_api_say_that_it_has_no_day(cast: Cast) -> None:
    line = waiting(cast)
    elin, karin = signed_in(cast.requester), signed_in(cast.manager)
    assert "svarar när leverantörerna har tävlat" in text_of(
        elin.get(f"/bestallningar/{line.requisition.number}/")
    )
    assert "när någon har vunnit" in text_of(elin.get(f"/bestallningar/{line.requisition.number}/"))
    assert "beslutar när leverantörerna har tävlat" in text_of(elin.get(place("conversation", line.pk)))
    queue = text_of(karin.get("/ko/"))
    assert "När någon vunnit" in queue
    assert "Över tiden" not in queue
    assert "Räknas från när konkurrensutsättningen är avgjord" in text_of(karin.get(f"/rader/{line.pk}/"))
    assert "har ingen svarsdag förrän någon har vunnit" in text_of(karin.get("/i-dag/"))
    data = karin.get(f"/api/v1/lines/{line.pk}/").json()
    assert (data["response_due_date"], data["awaits_competition"]) == (None, line.awaits_competition_id)
