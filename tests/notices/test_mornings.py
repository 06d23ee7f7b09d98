"""At 07.30 on working days each person has one letter: what waits for her then, and what had been kept for it."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from notices.models import Morning, Notice
from notices.operations import digests
from notices.states import Delivery
from organizations.models import Absence
from procurement.models import OrderLine, RequisitionLine
from procurement.operations import decisions
from procurement.operations.morning_notices import tell_morning
from procurement.operations.sending import send_due as send_orders
from tests import worlds
from tests.cast import NOW, Cast, delegation, many_items
from tests.notices.letters import choose_all, mailed, mails, told
from tests.races import race


def at(day: date, hour: int = 7, minute: int = 30) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo("Europe/Stockholm"))


MORNING = at(date(2021, 5, 19))
"""Wednesday: the day after the cast's, and the day before what was asked for then is to be answered."""
BOTH = ["waiting", "response_reminder"]
"""What waits, and that its response day comes: two sentences of one letter."""


def test_a_manager_has_one_letter_not_thirty(cast: Cast) -> None:
    for _number in range(3):
        worlds.submitted(cast, *((item, 1) for item in (cast.gloves, cast.gown)))
    line = RequisitionLine.objects.order_by("pk")[0]
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.head, at=NOW)
    assert mailed() != [], "the question goes at once to who ordered"
    assert tell_morning(at=MORNING)
    (message,) = [each for each in mailed(MORNING) if each.to == [cast.manager.email]]
    assert message.subject.replace("\xa0", " ") == "5 rader väntar på ditt beslut, och en notis till"
    assert "5 rader väntar på ditt beslut" in message.body.replace("\xa0", " ")
    assert "Den tidigaste svarsdagen är tor 20 maj." in message.body.replace("\xa0", " ")
    assert "/ko/" in message.body


def test_nothing_waits_and_nothing_is_told(cast: Cast) -> None:
    assert tell_morning(at=MORNING)
    assert not Notice.objects.exists()
    assert mailed(MORNING) == []


@pytest.mark.parametrize(
    "moment",
    [
        at(date(2021, 5, 19), 7, 29),
        at(date(2021, 5, 22)),  # Saturday
        at(date(2021, 5, 13)),  # Ascension Day
        at(date(2021, 12, 24)),
    ],
)
def test_there_is_no_digest_before_half_past_seven_or_on_days_off(cast: Cast, moment: datetime) -> None:
    worlds.submitted(cast)
    assert not tell_morning(at=moment)
    assert not Morning.objects.exists()
    assert not Notice.objects.exists()


def test_the_digest_of_a_day_is_made_once_and_later_when_it_was_missed(cast: Cast) -> None:
    worlds.submitted(cast)
    assert tell_morning(at=MORNING + timedelta(hours=3))
    worlds.submitted(cast)
    assert not tell_morning(at=MORNING + timedelta(hours=4))
    assert told(cast.manager) == BOTH
    assert set(Notice.objects.values_list("made_at", flat=True)) == {MORNING}
    assert tell_morning(at=MORNING + timedelta(days=1))
    assert told(cast.manager).count("waiting") == 2


def test_what_was_kept_for_the_digest_goes_in_the_same_letter(cast: Cast) -> None:
    choose_all(cast.manager, Delivery.DIGEST)
    worlds.submitted(cast)
    worlds.unsent(cast)
    assert mailed() == []
    tell_morning(at=MORNING)
    (message,) = mailed(MORNING)
    assert message.to == [cast.manager.email]
    assert re.fullmatch(
        r"Inköpsorder .* gick inte att skicka, och 2 notiser till", message.subject.replace("\xa0", " ")
    ), "what went wrong before what waits"
    assert "gick inte att skicka" in message.body
    assert mailed(MORNING + timedelta(hours=1)) == []


def test_whoever_has_chosen_the_program_only_has_no_digest(cast: Cast) -> None:
    choose_all(cast.manager, Delivery.PROGRAM)
    worlds.submitted(cast)
    tell_morning(at=MORNING)
    assert told(cast.manager) == BOTH
    assert mailed(MORNING) == []


def test_attests_are_told_to_the_budget_holder(cast: Cast) -> None:
    worlds.submitted(cast, (cast.chair, 3))
    tell_morning(at=MORNING)
    assert told(cast.budget_holder) == ["attest"]
    assert (
        Notice.objects.get(recipient=cast.budget_holder).sentence.title
        == "En beställning väntar på din attest"
    )


def test_a_delegate_is_told_too_but_not_of_her_own(cast: Cast) -> None:
    delegation(cast.manager, cast.colleague)
    worlds.submitted(cast)
    worlds.submitted(cast, by=cast.colleague)
    tell_morning(at=MORNING)
    assert [each.facts["count"] for each in Notice.objects.filter(recipient=cast.colleague)] == [1]


def test_whoever_is_away_is_told_when_she_is_back(cast: Cast) -> None:
    worlds.submitted(cast)
    Absence.objects.create(
        user=cast.manager, during=DateRange(MORNING.date(), MORNING.date() + timedelta(days=1))
    )
    tell_morning(at=MORNING)
    assert told(cast.manager) == []
    assert sorted(told(cast.deputy)) == ["handover", "response_reminder", "waiting"]


def test_a_response_day_that_passes_is_told_once(cast: Cast) -> None:
    line = worlds.line(cast)
    assert line.response_due_date is not None
    first = at(line.response_due_date)
    days = [first + timedelta(days=number) for number in range(8)]
    for moment in days:
        tell_morning(at=moment)
    overdue = Notice.objects.filter(kind="overdue")
    assert [each.recipient for each in overdue] == [cast.manager]
    assert overdue.get().made_at > first
    assert overdue.get().sentence.title == "Svarsdagen har passerat för en rad"


def test_a_late_delivery_is_told_once_to_who_asked_and_who_answers(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 1), (cast.gown, 1))
    send_orders(at=NOW)
    expected = OrderLine.objects.filter(order=order).latest("expected_date").expected_date
    for number in range(-1, 8):
        tell_morning(at=at(expected + timedelta(days=number)))
    late = Notice.objects.filter(kind="late_delivery").order_by("recipient")
    assert {each.recipient for each in late} == {cast.requester, cast.manager}
    assert len(late) == 2
    notice = late.get(recipient=cast.requester)
    placed = RequisitionLine.objects.order_by("pk")[0].requisition.number
    assert notice.sentence.title == f"En leverans till beställning {placed} är försenad"
    assert notice.address == f"/bestallningar/{placed}/"
    assert late.get(recipient=cast.manager).sentence.title == "2 rader har inte levererats i tid"


def test_the_digest_asks_as_much_for_many_lines_as_for_one(cast: Cast) -> None:
    counts = []
    for count in (1, 20):
        worlds.submitted(cast, *((item, 1) for item in many_items(cast, count)))
        Morning.objects.all().delete()
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            tell_morning(at=MORNING)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_moment_of_a_day_is_in_swedish_time() -> None:
    assert digests.moment_of(date(2021, 1, 4)).utcoffset() == timedelta(hours=1)
    assert digests.moment_of(date(2021, 7, 5)).utcoffset() == timedelta(hours=2)


@pytest.mark.django_db(transaction=True)
def test_two_clocks_make_one_digest(cast: Cast) -> None:
    worlds.submitted(cast)
    results = race(*[lambda: tell_morning(at=MORNING)] * 3)
    assert sorted(results) == [False, False, True]
    assert told(cast.manager) == BOTH
    mailed(MORNING)
    assert [each.to for each in mails()] == [[cast.manager.email]]
