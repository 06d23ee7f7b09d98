"""
Coming in through the region's directory: what django-allauth asks of the program.

It speaks with the directory; who comes in as whom, and with which roles, is decided by ``operations.directories``.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.socialaccount.providers.saml import views as saml
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import DomainError
from organizations.models import User
from organizations.operations.directories import Arrival

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """A directory on the sign-in page."""

    name: str
    url: str


def doors(next_page: str) -> list[Door]:
    """The directories that one can come in through, in the order of the settings."""
    query = f"?{urlencode({'next': next_page})}" if next_page else ""
    return [
        Door(
            app["name"],
            reverse(f"{kind}_login", kwargs={_KEYS[kind]: app["provider_id"]}) + query,
        )
        for kind, provider in settings.SOCIALACCOUNT_PROVIDERS.items()
        for app in provider["APPS"]
    ]


_KEYS = {"openid_connect": "provider_id", "saml": "organization_slug"}


class DirectoryAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What is so of those who come from a directory; who is admitted, a higher app says."""

    def admit(self, arrival: Arrival, *, may_create: bool, at: datetime) -> SocialAccount:
        """
        Find the person who comes, and give her the roles of her groups.

        :raises DomainError: she does not come in.
        """
        raise NotImplementedError

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody registers by herself; ``admit`` creates whom it may."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """An address alone opens nothing; ``admit`` judges it."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Keep the names that the directory says; a person who is known is put in their place afterwards."""
        user: User = super().populate_user(request, sociallogin, data)
        sociallogin.names = (user.first_name, user.last_name)
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Say who she is here, or why she does not come in."""
        provider = sociallogin.provider.app
        try:
            account = self.admit(
                arrival_of(sociallogin),
                may_create=bool(provider.settings.get("creates_people")),
                at=timezone.now(),
            )
        except DomainError as refusal:
            raise ImmediateHttpResponse(_refused(request, str(refusal))) from refusal
        sociallogin.account, sociallogin.user = account, account.user

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say in words that the directory did not let her in, or did not answer."""
        raise ImmediateHttpResponse(_no_answer_response(request))


@login_not_required
@require_safe
def to_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to a directory, or say in words that it does not answer."""
    return _call_login(request, openid_connect.login, provider_id=provider_id)


@login_not_required
@require_safe
def to_saml_directory(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Lead to a directory that speaks SAML, or say in words that it does not answer."""
    return _call_login(request, saml.login, organization_slug=organization_slug)


@login_not_required
def signed_out_elsewhere(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Take no orders from elsewhere to end a session: whoever forged one would sign people out."""
    return redirect("login")


def _call_login(request: HttpRequest, login: Callable[..., HttpResponse], **directory: str) -> HttpResponse:
    try:
        return login(request, **directory)
    except OSError as error:  # what requests and urllib raise when nobody answers
        logger.warning("Directory %s does not answer: %s", *directory.values(), error)
        return _no_answer_response(request)


def arrival_of(sociallogin: SocialLogin) -> Arrival:
    """What the directory said, by the names that the settings give its claims."""
    app, claims = sociallogin.provider.app, _claims(sociallogin)
    first_name, last_name = sociallogin.names
    address = next(
        (
            each.email
            for each in sociallogin.email_addresses
            if each.verified or app.settings.get("trusts_email")
        ),
        "",
    )
    return Arrival(
        directory=app.provider_id,
        number=sociallogin.account.uid,
        email=address,
        first_name=first_name or "",
        last_name=last_name or "",
        groups=_groups(claims, app.settings),
    )


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    """All that was said of the person; an id token may say what the page of user facts does not."""
    claims: dict[str, Any] = sociallogin.account.extra_data
    return {**claims, **(claims.get("id_token") or {}), **(claims.get("userinfo") or {})}


MORE_GROUPS = ("_claim_names", "hasgroups")
"""Claims by which Entra ID says that there are groups, and too many to write."""


def _groups(claims: dict[str, Any], settings: Mapping[str, Any]) -> list[str] | None:
    """
    The groups; None when the directory did not say, so that nothing is taken from anybody by mistake.

    One that ``tells_groups`` of whoever has any leaves the claim out for who is in none, and means that.
    """
    groups = claims.get(settings.get("groups", "groups"))
    if groups is None:
        is_told = settings.get("tells_groups") and not any(claims.get(name) for name in MORE_GROUPS)
        return [] if is_told else None
    return [groups] if isinstance(groups, str) else [str(each) for each in groups]


def _no_answer_response(request: HttpRequest) -> HttpResponse:
    return _refused(request, _("Inloggningen avbröts, eller så svarade katalogen inte. Försök igen."))


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "registration/directory_refused.html", {"reason": sentence}, status=403)
