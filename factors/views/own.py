"""A person's own factors: which she has, and how they are added, removed and confirmed."""

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.views import let_in
from factors import passkeys
from factors.codes import generate_totp_secret
from factors.forms import NewAppForm, NewPasskeyForm
from factors.holdings import Type, codes_left, factors_of, has_factor
from factors.keeping import Unreadable
from factors.operations.keeping import add_app, add_passkey, make_recovery_codes, remove_factor
from factors.permissions import can_add_factors_to
from organizations.permissions import needs_second_factor
from organizations.requests import PersonRequest
from organizations.signing_in.entering import page_of_ours
from organizations.signing_in.sessions import browser_of
from organizations.signing_in.strength import is_recent

SECRET = "new_app"  # noqa: S105
View = Callable[..., HttpResponse]


def confirmed(view: View) -> View:
    """Let in whoever has just shown that she is herself, with her factor if she has one; others show it first."""

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user, at = request.user, timezone.now()
        if is_recent(request, user, strongly=has_factor(user), at=at):
            return view(request, *args, **kwargs)
        back_url = (
            request.get_full_path() if request.method in ("GET", "HEAD") else reverse("factors:factors")
        )
        return redirect(f"{reverse('factors:confirm')}?{urlencode({'next': back_url})}")

    return guarded


@require_safe
def factors(request: PersonRequest) -> HttpResponse:
    """Show which factors the person has."""
    let_in(can_add_factors_to(request.user, request.user))
    own_factors = factors_of(request.user)
    context = {
        "own": own_factors,
        "app": next((each for each in own_factors if each.type == Type.TOTP), None),
        "passkeys": [each for each in own_factors if each.type == Type.WEBAUTHN],
        "codes_left": codes_left(request.user) if own_factors else 0,
        "is_needed": needs_second_factor(request.user, at=timezone.now()),
    }
    return render(request, "factors/factors.html", context)


@require_safe
def required(request: PersonRequest) -> HttpResponse:
    """Lead whoever's role needs a second factor to set one up, or to show the one that she has."""
    if has_factor(request.user):
        return redirect(f"{reverse('factors:confirm')}?{urlencode({'next': _next(request)})}")
    context = {
        "can_add": bool(can_add_factors_to(request.user, request.user)),
        "next": _next(request),
        "query": urlencode({"next": _next(request)}),
    }
    return render(request, "factors/required.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def add_app_page(request: PersonRequest) -> HttpResponse:
    """Give an app its secret, and take the code that it shows."""
    let_in(can_add_factors_to(request.user, request.user))
    form, adapter = NewAppForm(request.POST or None), get_adapter()
    try:
        secret = adapter.decrypt(request.session.get(SECRET, "")) if request.method == "POST" else ""
    except Unreadable:
        secret = ""
    if secret and form.is_valid():
        code, at = form.cleaned_data["one_time_code"], timezone.now()
        try:
            codes = add_app(user=request.user, secret=secret, code=code, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error("one_time_code", str(refusal))
        else:
            del request.session[SECRET]
            record_authentication(request, request.user, "mfa", type=Type.TOTP)
            return _added(
                request, codes, _("Appen är tillagd. Nästa gång du loggar in frågar Rauk efter en kod.")
            )
    if not secret:
        secret = generate_totp_secret()
        request.session[SECRET] = adapter.encrypt(secret)
    address = adapter.build_totp_url(request.user, secret)
    picture = base64.b64encode(adapter.build_totp_svg(address).encode()).decode()
    context = {
        "form": form,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "address": address,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "next": _next(request),
    }
    return render(request, "factors/add_app.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def add_passkey_page(request: PersonRequest) -> HttpResponse:
    """Let the browser make a passkey, and take it."""
    user = request.user
    let_in(can_add_factors_to(user, user))
    initial = {"name": browser_of(request.headers.get("User-Agent", ""))}
    form = NewPasskeyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        credential = passkeys.added(form.cleaned_data["credential"])
        if credential is None:
            form.add_error(None, _("Lösennyckeln gick inte att lägga till. Försök igen."))
        else:
            at, name = timezone.now(), form.cleaned_data["name"]
            try:
                codes = add_passkey(user=user, name=name, credential=credential, by=user, at=at)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                record_authentication(request, user, "mfa", type=Type.WEBAUTHN)
                return _added(request, codes, _("Lösennyckeln är tillagd."))
    context = {"form": form, "question": json.dumps(passkeys.creation_options(user)), "next": _next(request)}
    return render(request, "factors/add_passkey.html", context, status=422 if form.errors else 200)


@require_POST
@confirmed
def new_codes(request: PersonRequest) -> HttpResponse:
    """Make new recovery codes, shown this once."""
    try:
        codes = make_recovery_codes(user=request.user, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("factors:factors")
    return _show_codes(request, codes)


@require_POST
@confirmed
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Remove one of the person's own factors."""
    try:
        if remove_factor(user=request.user, factor_id=pk, by=request.user, at=timezone.now()):
            messages.success(request, _("Det andra steget är borttaget."))
        else:
            messages.info(request, _("Det var redan borttaget."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("factors:factors")


def _next(request: PersonRequest) -> str:
    """Where she was going; to her factors when she was not going anywhere."""
    requested_page = request.POST.get("next") or request.GET.get("next")
    return page_of_ours(request, requested_page, reverse("factors:factors"))


def _added(request: PersonRequest, codes: list[str], sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return _show_codes(request, codes) if codes else redirect(_next(request))


def _show_codes(request: PersonRequest, codes: list[str]) -> HttpResponse:
    return render(request, "factors/codes.html", {"codes": codes, "next": _next(request)})
