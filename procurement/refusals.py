"""Say no in words: a page of its own, or a note where HTMX asked, with the status that the refusal has."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from core.errors import DomainError, InvalidInput, NotPermitted
from core.fragments import asks_for_part
from core.transactions import Busy
from organizations.requests import PersonRequest


def status_of(error: DomainError) -> int:
    """403 for who may not, 422 for what cannot be, 503 for what can be tried again, 409 for what is no longer so."""
    if isinstance(error, NotPermitted):
        return 403
    if isinstance(error, Busy):
        return 503
    return 422 if isinstance(error, InvalidInput) else 409


def refuse(request: PersonRequest, error: DomainError | str, *, back: str, status: int = 422) -> HttpResponse:
    """
    Answer an act that was refused.

    :param back: the address to return to.
    :param status: for a plain sentence; an error has its own.
    """
    code = status_of(error) if isinstance(error, DomainError) else status
    if asks_for_part(request):
        messages.error(request, str(error))
        response = render(request, "components/messages.html", status=code)
        # HTMX swaps 409 and 422; the other refusals are no less to be read.
        response.status_code = 409 if code in (403, 404, 503) else code
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "outerHTML show:#messages:top"
        return response
    return render(request, "procurement/refused.html", {"sentence": str(error), "back": back}, status=code)
