"""Pages leave compressed."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """
    Compress HTML, and nothing else: files are compressed already, and answers to programs carry their keys.

    A page's length tells nothing about what is secret on it (docs/adr/0025): a random number of bytes is added, the CSRF
    token is masked anew in each answer, and no other site can ask for a page in a person's name more than once a click.
    """

    max_random_bytes = 100

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is HTML and whole."""
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
