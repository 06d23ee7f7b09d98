"""A person's own page: her name, her password, her language, and where she is signed in."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.addresses import place
from core.errors import DomainError
from core.views import let_in
from organizations.models import ApiToken
from organizations.operations import guessing
from organizations.operations.accounts import change_name, choose_language
from organizations.operations.passwords import OldPasswordIsWrong, change_password
from organizations.operations.sessions import end_other_sessions, end_session
from organizations.permissions import can_change_name_of
from organizations.requests import PersonRequest
from organizations.signing_in import languages
from organizations.signing_in.forms import ChangePasswordForm, NameForm
from organizations.signing_in.sessions import open_sessions
from organizations.signing_in.strength import can_have_factors, uses_password
from organizations.signing_in.views import attempt_of


@require_safe
def account(request: PersonRequest) -> HttpResponse:
    """Show the person's own page."""
    at = timezone.now()
    sessions = open_sessions(request.user, this=request.session.session_key, at=at)
    context = {
        "sessions": sessions,
        "has_others": any(not each.is_this for each in sessions),
        "keys": ApiToken.objects.visible_to(request.user).count(),
        "absence_url": place("absence"),
        "notices_url": place("notice_choices"),
        "languages": settings.LANGUAGES,
        "may_change_name": bool(can_change_name_of(request.user, request.user)),
        "factors_url": place("second_factors") if can_have_factors(request.user) else "",
        "has_factor": Authenticator.objects.filter(user=request.user).exists(),
        "has_password": uses_password(request.user),
    }
    return render(request, "organizations/account.html", context)


@require_POST
def language(request: PersonRequest) -> HttpResponse:
    """Choose the language of pages and messages."""
    chosen = request.POST.get("language", "")
    try:
        choose_language(user=request.user, language=chosen, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("organizations:account")
    with override(chosen):
        messages.success(request, _("Språket är valt. Meddelanden till dig skrivs också på det."))
    response = redirect("organizations:account")
    languages.speak(response, chosen)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: PersonRequest) -> HttpResponse:
    """Change the name that others see."""
    user = request.user
    let_in(can_change_name_of(user, user))
    before = {"first_name": user.first_name, "last_name": user.last_name}
    form = NameForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            change_name(user=user, **form.cleaned_data, by=user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Namnet är ändrat. Det som redan är beslutat behåller det gamla."))
            return redirect("organizations:account")
    return render(request, "organizations/name.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PersonRequest) -> HttpResponse:
    """Change the password; wrong guesses at the old one are counted as when signing in."""
    if not uses_password(request.user):
        raise Http404
    at, form = timezone.now(), ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = attempt_of(request, request.user.email)
        old, new = form.cleaned_data["old_password"], form.cleaned_data["password"]
        try:
            guessing.count_attempt(attempt, at=at)
            changed = change_password(user=request.user, old=old, new=new, by=request.user, at=at)
        except OldPasswordIsWrong as refusal:
            form.add_error("old_password", str(refusal))
        except guessing.TooManyGuesses:
            return render(request, "errors/lockout.html", status=429)
        except DomainError as refusal:
            guessing.forget_attempt(attempt)
            form.add_error("password", str(refusal))
        else:
            guessing.forget_attempt(attempt)
            update_session_auth_hash(request, changed)
            messages.success(
                request, _("Lösenordet är bytt. Du är utloggad överallt utom här, och dina nycklar är slut.")
            )
            return redirect("organizations:account")
    return render(request, "organizations/password.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def session_end(request: PersonRequest, name: str) -> HttpResponse:
    """Sign out in one other browser."""
    if end_session(user=request.user, name=name, by=request.user, at=timezone.now()):
        messages.success(request, _("Den inloggningen är avslutad."))
    else:
        messages.info(request, _("Den inloggningen var redan avslutad."))
    return redirect("organizations:account")


@require_POST
def sessions_end_others(request: PersonRequest) -> HttpResponse:
    """Sign out in every browser but this."""
    key = request.session.session_key or ""
    ended = end_other_sessions(user=request.user, keep=key, by=request.user, at=timezone.now())
    text = ngettext("%(count)s inloggning är avslutad.", "%(count)s inloggningar är avslutade.", ended)
    messages.success(request, text % {"count": ended})
    return redirect("organizations:account")
