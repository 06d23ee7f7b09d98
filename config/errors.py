"""The answer when something broke that no rule foresaw."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core import views
from core.programs import is_for_programs, refusal
from core.transactions import Busy, count_fault, is_away, is_busy

RETRY_SECONDS = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """
    Answer 503 when the database went away or was held by somebody else, 500 otherwise.

    An operation is one transaction, so what was interrupted is not half done and can be tried again. The pages ask
    neither the database nor the session for anything.
    """
    error = sys.exc_info()[1]
    count_fault(error)
    if is_busy(error) or is_away(error):
        return unavailable(request, error)
    if is_for_programs(request.path):
        return refusal(request, code="error", detail=_("Något gick fel hos oss."), status=500)
    return HttpResponse(render_to_string("500.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """
    Answer what could not be understood.

    A session that could not be saved is reported as a bad request, also when it was the database that failed.
    """
    if is_away(exception):
        count_fault(exception)
        return unavailable(request, exception)
    return views.bad_request(request, exception)


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Answer that it was not done and can be tried again."""
    busy = is_busy(error)
    if is_for_programs(request.path):
        detail = str(Busy()) if busy else _("Databasen svarar inte. Försök igen om en stund.")
        code = Busy.code if busy else "unavailable"
        response: HttpResponse = refusal(request, code=code, detail=detail, status=503)
    else:
        sentence = str(Busy()) if busy else ""
        response = HttpResponse(render_to_string("503.html", {"sentence": sentence}), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
