"""A person's private calendar address: made, taken back, and opened by its key."""

import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agreements.events import Event
from agreements.models import CalendarFeed
from audit import trail
from audit.trail import Actor
from core.errors import NotPermitted
from core.transactions import operation
from organizations.models import User
from organizations.models.links import digest_of

KEY_BYTES = 32


class CalendarKeyUnknown(NotPermitted):
    """The address has no key that opens a calendar, or it has been taken back."""

    code = "calendar_key_unknown"
    sentence = _("Kalenderadressen gäller inte.")


@operation
def make_feed(*, by: User, at: datetime) -> str:
    """
    Make a new address of her own calendar; one that she had before stops working.

    :returns: the key, which is shown once and not kept.
    """
    _take_back(by, at=at)
    key = secrets.token_urlsafe(KEY_BYTES)
    CalendarFeed.objects.create(user=by, key_digest=digest_of(key), created_at=at)
    trail.record(Event.CALENDAR_MADE, subject=by, by=by, at=at)
    return key


@operation
def take_back_feed(*, by: User, at: datetime) -> None:
    """Let her calendar address stop working."""
    if _take_back(by, at=at):
        trail.record(Event.CALENDAR_TAKEN_BACK, subject=by, by=by, at=at)


def take_back_feeds_of_leavers(*, by: Actor | None, at: datetime) -> None:
    """Let the addresses of closed accounts stop working for good, inside the operation that closed one or many of them."""
    live_feeds = CalendarFeed.objects.filter(taken_back_at=None, user__is_active=False).select_related("user")
    feeds = list(live_feeds.order_by("pk"))
    trail.record_many(Event.CALENDAR_TAKEN_BACK, subjects=[feed.user for feed in feeds], by=by, at=at)
    CalendarFeed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(taken_back_at=at)


def feed_with(key: str) -> CalendarFeed:
    """
    The calendar that a key opens; no row is locked, since reading it changes nothing.

    :raises CalendarKeyUnknown: there is none, it has been taken back, or her account is closed.
    """
    feeds = CalendarFeed.objects.filter(key_digest=digest_of(key), taken_back_at=None, user__is_active=True)
    feed = feeds.select_related("user").first()
    if feed is None:
        raise CalendarKeyUnknown
    return feed


def _take_back(user: User, *, at: datetime) -> int:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return CalendarFeed.objects.filter(user=user, taken_back_at=None).update(taken_back_at=at)
