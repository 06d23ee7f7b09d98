"""Which part of a page a request asks for: HTMX swaps parts, everything else is a whole page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class HtmxRequest(Protocol):
    """A request that the HTMX middleware has read."""

    htmx: "HtmxDetails"


def asks_for_part(request: HtmxRequest) -> bool:
    """Whether the answer is swapped into the page that is open: not a link followed, not Back."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


class Fragments:
    """Keep a part from being shown as a page: one address has two answers, and the part is never stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say that the answer depends on who asks."""
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("HX-Request",))
            if "HX-Request" in request.headers:
                patch_cache_control(response, no_store=True)
        return response
