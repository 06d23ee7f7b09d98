"""Pages that are the same for everyone: help, statements, the gallery of components, and refusals."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlunsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language
from rest_framework.exceptions import NotFound

from core.addresses import parts_of
from core.gallery import FILLED_IN, SAMPLES, GalleryForm
from core.kept_forms import kept_form_of, stored_form
from core.programs import is_for_programs, refusal
from core.verdicts import Verdict

set_language = login_not_required(require_POST(django_set_language))


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Answer what people ask."""
    return render(request, "pages/help.html")


@login_not_required
@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    """List the keys of the queue, with the switch that turns them off."""
    return render(request, "pages/shortcuts.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible the program is, as the law asks for (2018:1937)."""
    return render(request, "pages/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Tell which personal data is kept, why and how long."""
    return render(request, "pages/privacy.html")


def let_in(verdict: Verdict) -> None:
    """
    Show a page only to whom it is open.

    :raises PermissionDenied: with the sentence that says why it is not.
    """
    if verdict.refusal is not None:
        raise PermissionDenied(str(verdict.refusal))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be understood."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what this person may not do, with the reason when there is one."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere, or to what this person may not see; a program gets its answer in JSON."""
    if is_for_programs(request.path):
        return refusal(request, code=NotFound.default_code, detail=str(NotFound.default_detail), status=404)
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was open too long with what was written in it; one from elsewhere with a refusal."""
    page = parts_of(request.headers.get("Referer", ""))
    form = kept_form_of(request, urlunsplit(("", "", page.path or "/", page.query, "")))
    if form is None or not request.user.is_authenticated:
        return render(request, "403_csrf.html", status=403)
    return render(request, "pages/kept_form.html", {"form": form, "was_open_too_long": True}, status=403)


@never_cache
@require_safe
def kept_form(request: HttpRequest) -> HttpResponse:
    """Show what the person had written when her session ended, to send it again."""
    form = stored_form(request)
    return render(request, "pages/kept_form.html", {"form": form}) if form else redirect("home")


@login_not_required
@never_cache
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; only while developing."""
    if not settings.DEBUG:
        raise Http404
    if "HX-Request" in request.headers:  # a component that asks how far its work has come
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "pages/gallery.html", {"form": GalleryForm(FILLED_IN), **SAMPLES})
