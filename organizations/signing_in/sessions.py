"""Who is signed in, and how long: some time without anything done, and never longer than a working day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from organizations.models import Session, User

BEGAN, SEEN, BROWSER = "began_at", "seen_at", "browser"
SEEN_EVERY = timedelta(minutes=5)
"""How often it is written down that the person is still there; each time costs a write."""


class SignedInPerson(AuthenticationMiddleware):
    """Say who asks, without a query beside the session's own."""

    def process_request(self, request: HttpRequest) -> None:
        """Put the person on the request, read when somebody looks at her."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))  # type: ignore[assignment]


def _person_of(request: HttpRequest) -> Any:
    """The person who came with the session; whatever is out of the ordinary is for Django to judge."""
    session = request.session
    signed_in_id = session.get(SESSION_KEY)
    person = getattr(session, "person", None)
    is_she = (
        person is not None
        and person.is_active
        and signed_in_id == str(person.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    )
    return person if is_she else get_user(request)


class SessionLimits:
    """
    End a session that nobody has used for a while, or that has lasted too long.

    A session that is left on a shared screen is the next person's way in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session, or write down that it is used."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            at = timezone.now()
            if is_over(request.session, at=at):
                logout(request)
                messages.info(request, _("Du har varit borta en stund och är utloggad."))
            else:
                mark(request.session, at=at)
        return self.get_response(request)


def is_over(session: SessionBase | Mapping[str, Any], *, at: datetime) -> bool:
    """Whether the session has been idle, or has lasted, for too long."""
    began_at, seen_at = _moment(session, BEGAN), _moment(session, SEEN)
    is_idle = seen_at is not None and at - seen_at > timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return is_idle or (
        began_at is not None and at - began_at > timedelta(seconds=settings.SESSION_COOKIE_AGE)
    )


def mark(session: SessionBase, *, at: datetime) -> None:
    """Write down that the session is used, and when it began."""
    seen_at = _moment(session, SEEN)
    if BEGAN not in session:
        session[BEGAN] = at.isoformat()
    if seen_at is None or at - seen_at >= SEEN_EVERY:
        session[SEEN] = at.isoformat()


def begin(request: HttpRequest, *, at: datetime) -> None:
    """Write down when the session began, and in which browser."""
    request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
    mark(request.session, at=at)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as the person sees it in the list of her own."""

    name: str
    browser: str
    began: datetime | None
    seen: datetime | None
    is_this: bool


def open_sessions(user: User, *, this: str | None, at: datetime) -> list[OpenSession]:
    """The person's sessions that still let her in, the latest used first."""
    auth_hash = user.get_session_auth_hash()
    sessions = []
    for row in Session.objects.filter(person=user, expire_date__gt=at):
        session = row.get_decoded()
        if is_over(session, at=at) or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), auth_hash):
            continue
        sessions.append(
            OpenSession(
                row.name,
                session.get(BROWSER, ""),
                _moment(session, BEGAN),
                _moment(session, SEEN),
                row.session_key == this,
            )
        )
    return sorted(sessions, key=lambda each: (not each.is_this, -(each.seen or at).timestamp()))


BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser_of(agent: str) -> str:
    """Name browser and system by what the browser says of itself: ``Firefox, Windows``; nothing when it says nothing."""
    parts = [
        next((name for mark, name in names.items() if mark in agent), "") for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(part for part in parts if part)


def _moment(session: SessionBase | Mapping[str, Any], name: str) -> datetime | None:
    text = session.get(name)
    return datetime.fromisoformat(text) if text else None
