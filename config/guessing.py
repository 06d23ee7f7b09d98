"""Which account somebody tries to get into, as the counter of wrong passwords sees it."""

from typing import Any

from django.http import HttpRequest


def account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the e-mail address in one spelling, so that `Elin@` and `elin@` are the same door."""
    given = (credentials or {}).get("username") or request.POST.get("username") or ""
    return str(given).strip().casefold()
