"""The days of agreements as a calendar (RFC 5545): ends, options, last days for notice, and starts of procurements."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from agreements.models import Deadline
from agreements.runway import Outlook

PRODUCT = "-//Rauk//Avtal//SV"
MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_of(views: Iterable[Outlook], *, name: str, at: datetime) -> bytes:
    """
    Write a calendar with what is ahead of each agreement; the same days as on every page.

    A day keeps its identity when it moves, so that calendar programs move it too. It says no more than number, title and what to
    do: no amounts and no prices.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(name))
    for view in views:
        for deadline, day in view.deadlines():
            calendar.add_component(_event(view, deadline, day, at=at))
    content: bytes = calendar.to_ical()
    return content


def _event(view: Outlook, deadline: Deadline, day: date, *, at: datetime) -> Event:
    agreement = view.agreement
    sentences = {
        Deadline.OPTION: _("Besluta senast om optionen: %(title)s"),
        Deadline.NOTICE: _("Sista dag för uppsägning: %(title)s"),
        Deadline.PRICES: _("Sista dag att begära nya priser efter index: %(title)s"),
        Deadline.START: _("Starta nästa upphandling: %(title)s"),
        Deadline.END: _("Avtalet slutar: %(title)s"),
    }
    event = Event()
    suffix = f"-{view.option.number}" if deadline == Deadline.OPTION and view.option else ""
    event.add("uid", f"agreement-{agreement.pk}-{deadline.value}{suffix}@rauk")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", sentences[deadline] % {"title": agreement.title})
    event.add("description", _("Avtal %(number)s") % {"number": agreement.number})
    event.add("transp", "TRANSPARENT")
    return event
