"""The type of a request by somebody who is signed in: what every view of a private page gets."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from organizations.models import User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class PersonRequest(HttpRequest):
    """A request whose ``user`` is a person; ``LoginRequiredMiddleware`` lets no other through."""

    user: User
    htmx: "HtmxDetails"
