"""Whoever's role needs a second factor shows one before anything else is open to her."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.middleware import SignInFirst
from organizations.models import Role
from organizations.permissions import EVERYBODY, SecondFactorNeeded, needs_second_factor
from organizations.signing_in.strength import is_strong

OPEN = frozenset(
    {
        "logout",
        "logout_everywhere",
        "factors:required",
        "factors:confirm",
        "factors:add_app",
        "factors:add_passkey",
    }
)
"""What is open before: the ways to set one up, and out."""


class SecondFactorFirst(SignInFirst):
    """Lead to the page on which a second factor is set up, and back to what was asked for."""

    kept = _("Din roll kräver inloggning i två steg. När det är inställt finns det du skrev kvar.")
    lost = _("Din roll kräver inloggning i två steg, så det du skickade är inte sparat.")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """
        Look at the setting when the server starts.

        :raises ImproperlyConfigured: it names what is no role, so that nobody would be asked.
        """
        super().__init__(get_response)
        if unknown := settings.SECOND_FACTOR_ROLES - {EVERYBODY, *Role.values}:
            raise ImproperlyConfigured(f"SECOND_FACTOR_ROLES: there is no role {', '.join(sorted(unknown))}.")

    def process_view(self, request: HttpRequest, view_func: Any, *args: Any) -> HttpResponse | None:
        """Let her go on, or lead her away; programs with a key are judged by the key."""
        if not settings.SECOND_FACTOR_ROLES or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user: Any = request.user
        if not user.is_authenticated or is_strong(request, user):
            return None
        if not needs_second_factor(user, at=timezone.now()):
            return None
        request.lacks_second_factor = True  # type: ignore[attr-defined]
        if request.path.startswith("/api/"):
            refusal = SecondFactorNeeded()
            body = {"code": refusal.code, "detail": str(refusal)}
            return JsonResponse(body, status=HTTPStatus.FORBIDDEN)
        place = request.resolver_match.view_name if request.resolver_match else ""
        if place in OPEN or not getattr(view_func, "login_required", True):
            return None
        return self.handle_no_permission(request, view_func)

    def get_login_url(self, view_func: Any) -> str:
        """Where she is led."""
        return reverse("factors:required")
