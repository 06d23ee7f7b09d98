"""What happens around every page, whatever it is about."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from core.addresses import parts_of
from core.kept_forms import keep, kept_form_of
from core.programs import is_for_programs


class ChosenLanguage:
    """
    Speak Swedish until the person has chosen otherwise.

    Django's own middleware follows the browser's language; a region's nurse with an English browser still
    works in Swedish.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the choice from the cookie that ``set_language`` left."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class ClearRefusals:
    """
    Say in words what the framework would refuse without any.

    A page that only takes what a form sends, opened by its address, says so. Programs have their own answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put a page where the framework answers a wrong method with nothing."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or is_for_programs(request.path):
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page


UNASKED = "X-Unasked"
"""The header of what a page asks for by itself (``hx-headers``); nobody pressed anything."""


class SignInFirst(LoginRequiredMiddleware):
    """Make every page private, and lead back after signing in to a page that can be opened."""

    kept = _("Du är inte längre inloggad. Logga in, så finns det du skrev kvar.")
    lost = _("Du är inte längre inloggad, så det du skickade är inte sparat.")

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        """
        Lead to the sign-in page, and from a form to what was written in it.

        What cannot be kept leads back to the page that the form stood on, and says so. What the page asks for by itself, as a
        hint beside a form or how far a work has come, leads nowhere: she may be writing.
        """
        if UNASKED in request.headers:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        asked_by_script = "HX-Request" in request.headers
        if request.method in ("GET", "HEAD") and not asked_by_script:
            return super().handle_no_permission(request, view_func)
        page = parts_of(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
        is_ours = page.netloc == request.get_host()
        back_url = urlunsplit(("", "", page.path, page.query, "")) if is_ours and page.path else "/"
        if request.method not in ("GET", "HEAD"):
            form = kept_form_of(request, back_url)
            if form is not None and keep(request, form):
                messages.warning(request, self.kept)
                back_url = reverse("core:kept_form")
            else:
                messages.warning(request, self.lost)
        to_sign_in = redirect_to_login(back_url, self.get_login_url(view_func))
        return HttpResponseClientRedirect(to_sign_in.url) if asked_by_script else to_sign_in
