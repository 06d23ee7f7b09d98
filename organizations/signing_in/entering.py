"""
The way in, from a right password or a directory's word to the page that was asked for.

django-allauth leads through the stages that the settings name (``LOGIN_STAGES``); then the session begins.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from organizations.models import User
from organizations.operations.sessions import record_sign_in
from organizations.signing_in import devices, languages, sessions, strength


def go_on(request: HttpRequest, user: User, next_page: str) -> HttpResponse:
    """Let in whoever knew her password, unless a stage asks for more."""
    record_authentication(request, user, "password")
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_page))
    return response


def page_of_ours(request: HttpRequest, address: str | None, otherwise: str) -> str:
    """The address to go on to, when it is one of this program."""
    is_ours = address and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if address and is_ours else otherwise


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What is so of everybody who comes in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by herself."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing in the library's words."""

    def get_login_stages(self) -> list[str]:
        """What is asked before somebody is let in."""
        stages: list[str] = settings.LOGIN_STAGES
        return stages

    def post_login(
        self, request: HttpRequest, user: User, *, redirect_url: str | None = None, **kwargs: Any
    ) -> HttpResponse:
        """Begin the session, and know the device the next time."""
        at = timezone.now()
        sessions.begin(request, at=at)
        way, second_factor = strength.way_in(request, user)
        record_sign_in(user=user, way=way, second_factor=second_factor, at=at)
        response = redirect(page_of_ours(request, redirect_url, settings.LOGIN_REDIRECT_URL))
        devices.remember(response, devices.device_of(request), user)
        languages.speak(response, user.language)
        return response
