"""The calendar of agreements: the same days as on the pages, at an address of one's own that can be taken back."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from agreements.models import Agreement, AgreementOption, CalendarFeed
from agreements.operations.calendars import make_feed, take_back_feed
from agreements.runway import outlook_of
from audit.models import Entry
from organizations.models import User
from procurement.operations.leaving import leave
from tests.cast import NOW, TODAY, Cast, person
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def days_of(content: bytes) -> dict[str, date]:
    """Each event's day by its identity."""
    events = Calendar.from_ical(content).walk("VEVENT")
    return {str(event["uid"]): event.decoded("dtstart") for event in events}


def feed(key: str) -> Any:
    return Client().get(f"/kalender/{key}.ics")


def test_the_calendar_of_an_agreement_has_the_days_of_its_page(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(notice_months=6, long_term_reason="Skäl")
    AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=12, decide_by_date=date(2023, 6, 1)
    )
    answer = signed_in(cast.controller).get(f"/avtal/{cast.agreement.pk}/kalender.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    prefix = f"agreement-{cast.agreement.pk}"
    assert days_of(answer.content) == {
        f"{prefix}-start@rauk": date(2023, 3, 31),
        f"{prefix}-option-1@rauk": date(2023, 6, 1),
        f"{prefix}-notice@rauk": date(2023, 6, 30),
        f"{prefix}-end@rauk": date(2023, 12, 31),
    }
    view = outlook_of(Agreement.objects.with_outlook(TODAY).get(pk=cast.agreement.pk), day=TODAY)
    assert sorted(days_of(answer.content).values()) == [day for _kind, day in view.deadlines()]


def test_a_title_cannot_write_events_of_its_own(cast: Cast) -> None:
    hostile = "Handskar;\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:x, \\ <b>"
    Agreement.objects.filter(pk=cast.agreement.pk).update(title=hostile)
    content = signed_in(cast.manager).get(f"/avtal/{cast.agreement.pk}/kalender.ics").content
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 2
    assert not any(line.startswith(b"SUMMARY:x") for line in content.split(b"\r\n"))


def test_a_stranger_gets_no_calendar_of_an_agreement(cast: Cast) -> None:
    outsider = person("utan.roll", "Ute", "Utan", "Ingen")
    assert signed_in(outsider).get(f"/avtal/{cast.agreement.pk}/kalender.ics").status_code == 404


def test_a_private_address_opens_her_calendar_without_a_session(cast: Cast) -> None:
    answer = feed(make_feed(by=cast.manager, at=NOW))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert f"agreement-{cast.agreement.pk}-end@rauk" in days_of(answer.content)
    assert days_of(feed(make_feed(by=cast.office_deputy, at=NOW)).content) == {}


def test_only_the_digest_of_the_key_is_kept(cast: Cast) -> None:
    key = make_feed(by=cast.manager, at=NOW)
    calendar_feed = CalendarFeed.objects.get()
    assert key not in calendar_feed.key_digest
    about = Entry.objects.about(cast.manager).filter(event="agreement.calendar_made").get()
    assert key not in str(about.details)


def test_an_address_that_is_taken_back_or_replaced_opens_nothing(cast: Cast) -> None:
    first = make_feed(by=cast.manager, at=NOW)
    second = make_feed(by=cast.manager, at=NOW)
    assert (feed(first).status_code, feed(second).status_code) == (404, 200)
    take_back_feed(by=cast.manager, at=NOW)
    assert feed(second).status_code == 404


def test_a_closed_account_has_no_calendar(cast: Cast) -> None:
    key = make_feed(by=cast.manager, at=NOW)
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert feed(key).status_code == 404


def test_whoever_leaves_has_no_address_when_she_comes_back(cast: Cast) -> None:
    key = make_feed(by=cast.manager, at=NOW)
    leave(user=cast.manager, successor=None, by=cast.administrator, at=NOW)
    assert Entry.objects.about(cast.manager).filter(event="agreement.calendar_taken_back").count() == 1
    User.objects.filter(pk=cast.manager.pk).update(is_active=True)
    assert feed(key).status_code == 404


def test_what_she_answers_for_no_longer_leaves_her_calendar(cast: Cast) -> None:
    key = make_feed(by=cast.controller, at=NOW)
    assert days_of(feed(key).content) == {}
    Agreement.objects.filter(pk=cast.agreement.pk).update(owner=cast.controller)
    assert len(days_of(feed(key).content)) == 2
    Agreement.objects.filter(pk=cast.agreement.pk).update(owner=None)
    assert days_of(feed(key).content) == {}


@pytest.mark.parametrize("key", ["x", "%00", "å" * 500, "..%2f..%2fetc", "'; DROP TABLE x --"])
def test_a_key_that_nobody_made_opens_nothing(cast: Cast, key: str) -> None:
    assert feed(key).status_code in (400, 404)


def test_guessing_and_reading_too_often_are_held_back(cast: Cast) -> None:
    assert [feed(f"guess-{number}").status_code for number in range(31)][-1] == 429
    key = make_feed(by=cast.manager, at=NOW)
    assert [feed(key).status_code for _number in range(61)][-2:] == [200, 429]


def test_the_address_is_shown_once_on_her_own_page(cast: Cast) -> None:
    client = signed_in(cast.manager)
    assert client.get("/avtal/kalender/skapa/").status_code == 405
    page = client.post("/avtal/kalender/skapa/", follow=True)
    address = page.context["address"]
    assert address in page.content.decode()
    assert Client().get(address).status_code == 200
    assert "Kopiera den nu" not in text_of(client.get("/avtal/kalender/"))
    client.post("/avtal/kalender/ta-tillbaka/")
    assert Client().get(address).status_code == 404


def test_the_feed_is_two_questions_more_than_its_key(cast: Cast, django_assert_max_num_queries: Any) -> None:
    key = make_feed(by=cast.manager, at=NOW)
    with django_assert_max_num_queries(8):
        assert feed(key).status_code == 200
