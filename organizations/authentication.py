"""API keys: who a program acts for."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from core.errors import NotPermitted
from organizations.models import ApiToken, KeyScope
from organizations.operations import guessing
from organizations.signing_in.addresses import client_address


class KeyScopeTooNarrow(NotPermitted):
    """The key was made for less than this."""

    code = "key_scope"
    sentence = _("Nyckeln får inte göra det här. Den är gjord för: %(scope)s.")


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

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        """Say whether the key has ended, without asking for the person's other keys."""
        return not auth_token.works_for(auth_token.user, at=timezone.now())


class WithinScope(IsAuthenticated):
    """
    A key does what it was made for; a session does all that its person may.

    Reading is in every scope. Other acts need what the resource says: ``scopes`` by act, else ``scope``, else the
    widest.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """
        Let the act continue.

        :raises KeyScopeTooNarrow: the key was made for less.
        """
        if not super().has_permission(request, view):
            return False
        key = request.auth
        if isinstance(key, ApiToken) and request.method not in SAFE_METHODS:
            widest = getattr(view, "scope", KeyScope.DECIDE)
            needed = getattr(view, "scopes", {}).get(view.action, widest)
            if not key.may(needed):
                raise KeyScopeTooNarrow(scope=key.get_scope_display())
        return True


def _count_failure(request: Request) -> None:
    address = client_address(request.META, proxies=settings.PROXY_COUNT)
    try:
        guessing.count_wrong_key(address, at=timezone.now())
    except guessing.TooManyGuesses as error:
        raise Throttled(guessing.KEYS.within.total_seconds()) from error
