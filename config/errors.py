"""The answer when something broke that no rule foresaw."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def server_error(request: HttpRequest) -> HttpResponse:
    """
    Answer 503 when the database went away, 500 otherwise.

    An operation is one transaction, so what was interrupted is not half done and can be tried again. The pages ask
    neither the database nor the session for anything.
    """
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if is_away else 500
    if request.path.startswith("/api/"):
        detail = (
            _("Databasen svarar inte. Försök igen om en stund.") if is_away else _("Något gick fel hos oss.")
        )
        code = "unavailable" if is_away else "error"
        response: HttpResponse = JsonResponse({"code": code, "detail": detail}, status=status)
    else:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if is_away:
        response["Retry-After"] = "10"
    return response
