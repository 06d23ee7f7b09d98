"""API keys: who a program acts for."""

import hashlib
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
    ``Authorization: Token <key>``. One query.

    Keys stand in the database as digests. Whoever guesses from one address is soon told to wait; a right key always
    works, so that one broken program does not shut out its neighbours.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """
        Tell who the key belongs to; None without a key.

        :raises AuthenticationFailed: no such key, or it is too old.
        :raises Throttled: too many wrong keys from this address.
        """
        try:
            found: tuple[Any, Any] | None = super().authenticate(request)
        except (AuthenticationFailed, UnicodeError, ValueError) as error:
            _count_failure(request)
            raise AuthenticationFailed(_("Nyckeln gäller inte.")) from error
        return found

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Say whether the key is too old, without asking for the person's other keys."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()


def _count_failure(request: Request) -> None:
    address = hashlib.sha256(BaseThrottle().get_ident(request).encode()).hexdigest()
    key = f"api-key-failures-{address}"
    cache.add(key, 0, FAILURES_KEPT_SECONDS)
    if cache.incr(key) > MOST_FAILURES:
        raise Throttled(FAILURES_KEPT_SECONDS)
