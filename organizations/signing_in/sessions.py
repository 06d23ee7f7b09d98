"""How long a session lasts: some time without anything done, and never longer than a working day."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

BEGAN, SEEN = "began_at", "seen_at"
SEEN_EVERY = timedelta(minutes=5)
"""How often it is written down that the person is still there; each time costs a write."""


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


def is_over(session: SessionBase, *, at: datetime) -> bool:
    """Whether the session has been idle, or has lasted, for too long."""
    began, seen = _moment(session, BEGAN), _moment(session, SEEN)
    is_idle = seen is not None and at - seen > timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return is_idle or (began is not None and at - began > timedelta(seconds=settings.SESSION_COOKIE_AGE))


def mark(session: SessionBase, *, at: datetime) -> None:
    """Write down that the session is used, and when it began."""
    seen = _moment(session, SEEN)
    if BEGAN not in session:
        session[BEGAN] = at.isoformat()
    if seen is None or at - seen >= SEEN_EVERY:
        session[SEEN] = at.isoformat()


def _moment(session: SessionBase, name: str) -> datetime | None:
    written = session.get(name)
    return datetime.fromisoformat(written) if written else None
