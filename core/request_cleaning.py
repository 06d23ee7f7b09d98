"""
The one place where what is sent comes in: how large it may be, and that its text is clean; and where answers go out.

Files and the JSON of the API have their own readers, which clean with the same ``core.text``.
"""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.programs import is_for_programs, refusal
from core.text import UnstorableText, cleaned, is_storable

V = TypeVar("V", bound=Callable[..., Any])

ANONYMOUS_LIMIT = 512 * 1024
"""The largest body of somebody who is not signed in, bytes: a form that was left open while the session ended."""
BODY_LIMIT = 2_500_000
"""The largest body of a page that says nothing else, bytes."""
SECRETS = frozenset({"password", "old_password"})
"""Fields whose text is taken as it is."""
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def takes_files(limit: int) -> Callable[[V], V]:
    """Let a page take bodies with files of up to so many bytes."""

    def mark(view: V) -> V:
        view.largest_body = limit + 100_000  # type: ignore[attr-defined]
        return view

    return mark


class Threshold:
    """
    Hold back what must not come further.

    A body that is too large, by what the client says of its length, is refused before anything reads it. A cookie
    that no database holds is left out before anything looks for a session by it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave out cookies; the page, and how much it takes, is not known yet."""
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if is_storable(value)}
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Hold the length against what the page takes and from whom."""
        length = _length(request)
        if length <= ANONYMOUS_LIMIT:
            return None
        is_program = is_for_programs(request.path)
        # What programs ask reads no body before it knows whose key it is.
        is_known = is_program or request.user.is_authenticated
        if is_known and length <= getattr(view, "largest_body", BODY_LIMIT):
            return None
        if is_program:
            sentence = _("Det du skickade är för stort.")
            return refusal(
                request, code="too_large", detail=sentence, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            )
        return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class CleanText:
    """
    Clean what stands in the address and in forms, once for all pages.

    What no database holds is refused; the API says which field it is, so there it is left to the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the form must not be read before it is known how large it may be."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Clean the address and the form, or refuse them."""
        is_program = is_for_programs(request.path)
        if request.encoding and request.encoding.lower() not in ("utf-8", "utf8"):
            return _bad_request(request, is_program)
        if not is_storable(request.path_info):
            return _not_found(request) if is_program else _bad_request(request, is_program)
        try:
            request.GET = _clean_query(request.GET)  # type: ignore[assignment]
            if request.method == "POST" and request.content_type in FORM_TYPES and not is_program:
                request.POST = _clean_query(request.POST)  # type: ignore[assignment]
        except UnstorableText:
            return None if is_program else _bad_request(request, is_program)
        return None


class PrivateAnswers:
    """Keep answers out of every cache: what is on them is for one person at one moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Tell browsers and proxies to keep nothing."""
        response = self.get_response(request)
        if not any(word in response.get("Cache-Control", "") for word in ("no-store", FOR_GOOD)):
            response["Cache-Control"] = "private, no-store"
        return response


FOR_GOOD = "immutable"


def may_be_kept(response: HttpResponseBase, *, for_: timedelta) -> None:
    """Let the browser of whoever asked keep an answer that is the same for everybody here and never changes."""
    response["Cache-Control"] = f"private, max-age={for_ // timedelta(seconds=1)}, {FOR_GOOD}"


def _length(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("content-length") or 0)
    except ValueError:
        return 0


def _clean_query(values: QueryDict) -> QueryDict:
    """Clean names and values; the same object when there is nothing to clean."""
    pairs = [(name, values.getlist(name)) for name in values]
    clean = [
        (cleaned(name), texts if name in SECRETS else [cleaned(text) for text in texts])
        for name, texts in pairs
    ]
    if clean == pairs:
        return values
    clean_values = QueryDict(mutable=True)
    for name, texts in clean:
        clean_values.setlist(name, clean_values.getlist(name) + texts)
    clean_values._mutable = False
    return clean_values


def _bad_request(request: HttpRequest, is_program: bool) -> HttpResponse:
    if is_program:
        sentence = _("Det du skickade gick inte att förstå.")
        return refusal(request, code="parse_error", detail=sentence, status=HTTPStatus.BAD_REQUEST)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def _not_found(request: HttpRequest) -> HttpResponse:
    return refusal(request, code="not_found", detail=_("Hittades inte."), status=HTTPStatus.NOT_FOUND)
