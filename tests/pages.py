"""A signed-in browser for tests of pages, at the moment of the cast's day, and how to read what it gets."""

import re
from collections.abc import Mapping
from typing import Protocol

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone

from organizations.models import User
from organizations.signing_in.sessions import mark
from tests.database.world_cache import aside


class Answer(Protocol):
    """What a client is answered with."""

    @property
    def status_code(self) -> int: ...

    @property
    def content(self) -> bytes: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


def signed_in(user: User) -> Client:
    """A client in which the person is signed in: her session and its cookie, without the steps of signing in."""
    client = Client()
    with aside():
        session = client.session
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        mark(session, at=timezone.now())
        session.save()
    return client


def flat(page: str) -> str:
    """The page without the line breaks of its templates, none beside an element, else a space; days as they are read."""
    days = re.sub(r"</?time>", "", page)
    return re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)", "", days))


def text_of(answer: Answer) -> str:
    """What the page says, with ordinary spaces and without soft hyphens."""
    return flat(answer.content.decode()).replace("\xa0", " ").replace("\xad", "")
