"""
Which request is being answered, so that all that is written down about it can be found by one id.

The id goes with what the request starts in the background: in the message that wakes a worker, and in the row of the
work, which is still there when the message is lost.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

HEADER = "X-Request-ID"
LONGEST = 64
WELL_FORMED = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9._-]{{6,{LONGEST - 2}}})[A-Za-z0-9]")

_id: ContextVar[str] = ContextVar("request_id", default="")
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current_id() -> str:
    """The id of the request that is being answered, or that started the present work; empty outside both."""
    return _id.get()


def current_person_id() -> int | None:
    """Who asks, when somebody has looked already; the database is not asked for it."""
    user = getattr(_request.get(), "user", None)
    if issubclass(type(user), LazyObject) and vars(user).get("_wrapped", empty) is empty:
        return None
    return getattr(user, "pk", None)


@contextmanager
def under(name: str) -> Iterator[None]:
    """Let what happens in the block be found under an id."""
    token = _id.set(name)
    try:
        yield
    finally:
        _id.reset(token)


def begin(name: str) -> None:
    """Let what happens from now on in this process be found under an id; for a worker, which does one thing at a time."""
    _id.set(name)


class RequestIds:
    """
    Give each request an id, and say in the answer which.

    A proxy's own is taken when it is well formed, so that its lines and ours are found together.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under the id."""
        header = request.headers.get(HEADER, "")
        name = header if WELL_FORMED.fullmatch(header) else uuid4().hex
        token = _request.set(request)
        try:
            with under(name):
                response = self.get_response(request)
        finally:
            _request.reset(token)
        response.headers[HEADER] = name
        return response
