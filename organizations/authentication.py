"""API keys: who a program acts for."""

from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MOST_FAILURES = 30
FAILURES_KEPT_SECONDS = 60


class KeyAuthentication(TokenAuthentication):  # type: ignore[misc]
    """
    ``Authorization: Token <key>``. One query; whoever guesses from one address has to wait.

    Keys stand in the database as digests. An expired one is refused, and taken away when its owner looks at her keys.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """
        Tell who the key belongs to; None without a key.

        :raises AuthenticationFailed: no such key, or it is too old.
        :raises Throttled: too many wrong keys from this address.
        """
        address = f"api-key-failures {BaseThrottle().get_ident(request)}"
        if cache.get(address, 0) >= MOST_FAILURES:
            raise Throttled(FAILURES_KEPT_SECONDS)
        try:
            found: tuple[Any, Any] | None = super().authenticate(request)
        except (AuthenticationFailed, UnicodeError, ValueError) as error:
            cache.add(address, 0, FAILURES_KEPT_SECONDS)
            cache.incr(address)
            raise AuthenticationFailed(_("Nyckeln gäller inte.")) from error
        return found

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Say whether the key is too old, without asking for the person's other keys."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()
