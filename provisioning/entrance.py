"""
The way in to SCIM, at ``/scim/``.

What stands behind it is loaded when a directory first asks: its shapes take a second, and most processes never need them.
"""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt

ADDRESSES: Final = "provisioning.api.urls"


@csrf_exempt
@login_not_required
def scim(request: HttpRequest, address: str) -> HttpResponseBase:
    """Answer a directory; who is let in is each address's own business."""
    request.resolver_match = resolve(f"/{address}", ADDRESSES)
    view, arguments, names = request.resolver_match
    response: HttpResponseBase = view(request, *arguments, **names)
    return response
