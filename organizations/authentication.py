"""API keys: who a program acts for."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from core.compiled import compiled_once
from core.errors import NotPermitted
from organizations.models import ApiToken, KeyScope, User
from organizations.operations import guessing
from organizations.permissions import HELD, memberships_on, needs_second_factor, remember_roles
from organizations.signing_in.addresses import client_address


class KeyScopeTooNarrow(NotPermitted):
    """The key was made for less than this."""

    code = "key_scope"
    sentence = _("Nyckeln får inte göra det här. Den är gjord för: %(scope)s.")


class KeyWithoutSecondFactor(NotPermitted):
    """A key is no way round the second factor that its owner's role needs."""

    code = "key_without_second_factor"
    sentence = _(
        "Nyckeln är gjord utan ett andra steg, som ägarens roll kräver. Logga in i två steg och gör en ny."
    )


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
            user_and_key: tuple[Any, Any] | None = super().authenticate(request)
        except (AuthenticationFailed, UnicodeError, ValueError, TypeError) as error:
            _count_failure(request)
            raise AuthenticationFailed(_("Nyckeln gäller inte.")) from error
        return user_and_key

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """
        Find whose key it is, with her roles, which nearly every act asks for.

        :raises AuthenticationFailed: there is no such key, it has ended, or its owner's account is closed.
        :raises KeyWithoutSecondFactor: her role needs a second factor, and she made the key without one.
        """
        at = timezone.now()
        day = timezone.localdate(at)
        rows: list[Any] = _owners(hash_token(token.decode()), day)
        if not rows or not rows[0].key.works_for(rows[0], at=at):
            raise AuthenticationFailed
        owner, key = remember_roles(rows, day), rows[0].key
        key.user = owner
        if not key.has_second_factor and needs_second_factor(owner, at=at):
            raise KeyWithoutSecondFactor
        return self.validate_user(key)  # type: ignore[no-any-return]


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
            scope = getattr(view, "scopes", {}).get(view.action, widest)
            if not key.may(scope):
                raise KeyScopeTooNarrow(scope=key.get_scope_display())
        return True


@compiled_once
def _owners(digest: str, day: date) -> QuerySet[User]:
    """Who has the key with this digest, a row for each role that she ``held`` that day."""
    return (
        User.objects.annotate(
            key=FilteredRelation("api_tokens", condition=Q(api_tokens__digest=digest)),
            held=memberships_on(day),
        )
        .filter(key__digest=digest)
        .select_related("key", HELD)  # type: ignore[misc]
    )


def _count_failure(request: Request) -> None:
    address = client_address(request.META, proxies=settings.PROXY_COUNT)
    try:
        guessing.count_wrong_key(address, at=timezone.now())
    except guessing.TooManyGuesses as error:
        raise Throttled(guessing.KEYS.within.total_seconds()) from error
