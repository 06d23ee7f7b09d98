"""The pages on the way in: the second step after a password, and a passkey in place of one."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from factors import passkeys
from factors.operations.using import use_passkey
from factors.stages import stage_of
from factors.views.asking import asking
from organizations.operations import guessing
from organizations.signing_in.entering import page_of_ours


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask whoever knew the password for the second factor."""
    stage = None if request.user.is_authenticated else stage_of(request)
    if stage is None:
        return redirect("login")
    try:
        challenge, factor = asking(request, stage.login.user)
    except guessing.TooManyGuesses:
        return render(request, "errors/lockout.html", status=429)
    if factor is not None:
        response: HttpResponse = stage.exit()
        return response
    return render(
        request,
        "factors/second_step.html",
        {"asked": challenge, "form": challenge.form},
        status=challenge.status,
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask the browser for a passkey, as JSON to the script on the sign-in page, and let in whoever has it."""
    if not settings.PASSWORDS:
        raise Http404
    if request.user.is_authenticated:
        return redirect("home")
    if request.method != "POST":
        return JsonResponse(passkeys.request_options(None))
    factor = passkeys.sign_in_answered(request, request.POST.get("credential", ""))
    if factor is None:
        messages.error(request, _("Lösennyckeln gick inte att använda. Logga in med lösenord."))
        return redirect("login")
    use_passkey(factor=factor, at=timezone.now())
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type, passwordless=True)
    next_page = page_of_ours(request, request.POST.get("next"), settings.LOGIN_REDIRECT_URL)
    response: HttpResponse = perform_login(request, Login(user=factor.user, redirect_url=next_page))
    return response
