"""
What happens when the database is migrated under a process that is running.

Code goes on serving on a schema that only adds to its own (core.additive). On any other it says that the program is being
upgraded, until it is replaced or the database fits again.
"""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config.errors import RETRY_SECONDS
from core.programs import error_body, is_for_programs
from core.schema import watch

WsgiEnviron = dict[str, Any]
WATCHED = ("/healthz", "/readyz", "/metrics")
"""Addresses that tell how things are, so they are answered whatever they are."""


class SchemaGuard:
    """The program, which answers 503 while its code and the database do not match."""

    def __init__(self, program: Callable[[WsgiEnviron, Any], Iterable[bytes]]) -> None:
        self.program = program

    def __call__(self, wsgi_values: WsgiEnviron, start_response: Any) -> Iterable[bytes]:
        """Answer, or say why not."""
        path = str(wsgi_values.get("PATH_INFO", ""))
        if path in WATCHED or path.startswith(f"/{settings.STATIC_URL.strip('/')}/") or not watch.refusal():
            return self.program(wsgi_values, start_response)
        sentence = _("Rauk uppgraderas just nu. Det du redan har skickat är kvar. Försök igen om en stund.")
        status, kind = HTTPStatus.SERVICE_UNAVAILABLE, "text/html; charset=utf-8"
        if is_for_programs(path):
            refusal, kind = error_body(path, code="unavailable", detail=sentence, status=status)
            text = json.dumps(refusal, ensure_ascii=False)
        else:
            text = render_to_string("503.html", {"sentence": sentence})
        body = text.encode()
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Retry-After", str(RETRY_SECONDS)),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]
