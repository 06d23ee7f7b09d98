"""Keys of directories: ``Authorization: Bearer <key>``. They open ``/scim`` alone, and nothing else opens it."""

from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from organizations.models import DirectoryKey
from organizations.models.links import digest_of
from organizations.operations import guessing
from organizations.signing_in.addresses import client_address
from provisioning.operations.keys import is_to_be_noted, note_heard

MOST_A_MINUTE: Final = 3000
"""So many requests with one key; Entra ID asks for at least 25 a second."""


class DirectoryAuthentication(BaseAuthentication):
    """
    Tell which directory asks, by its key.

    Whoever guesses from one address is soon told to wait; a right key works nevertheless, as long as it does not ask too often.
    """

    def authenticate(self, request: Request) -> tuple[Any, DirectoryKey] | None:
        """
        Find the key; None without one.

        :raises AuthenticationFailed: there is no such key, or it is over.
        :raises Throttled: too many wrong keys from this address, or too many requests with this one.
        """
        scheme, _space, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        at = timezone.now()
        digest = digest_of(text.strip().encode("utf-8", "replace").decode())
        key = DirectoryKey.objects.in_force(at).filter(digest=digest).first()
        if key is None:
            _count_failure(request, at)
            raise AuthenticationFailed("The key does not work.")
        if _is_too_often(key, at):
            raise Throttled(60 - at.second)
        if is_to_be_noted(key, at=at):
            note_heard(key=key, at=at)
        return AnonymousUser(), key

    def authenticate_header(self, request: Request) -> str:
        """Say how to come in."""
        return 'Bearer realm="scim"'


class OpensDirectory(BasePermission):
    """A directory's key opens the door; nothing else does."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let the directory in."""
        return isinstance(request.auth, DirectoryKey)


def _is_too_often(key: DirectoryKey, at: datetime) -> bool:
    """Count the requests of this minute; where the count is away, nobody is held back."""
    name = f"scim:{key.pk}:{at:%H%M}"
    with suppress(RedisError, OSError, ValueError):
        cache.add(name, 0, timeout=120)
        return int(cache.incr(name)) > MOST_A_MINUTE
    return False


def _count_failure(request: Request, at: datetime) -> None:
    address = client_address(request.META, proxies=settings.PROXY_COUNT)
    try:
        guessing.count_wrong_key(address, at=at)
    except guessing.TooManyGuesses as error:
        raise Throttled(guessing.KEYS.within.total_seconds()) from error
