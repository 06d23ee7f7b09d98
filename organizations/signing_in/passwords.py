"""The pages on which a person without a password, or who has forgotten hers, gets one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from organizations.models import PasswordLink
from organizations.operations import guessing
from organizations.operations.passwords import forget_password, set_password
from organizations.signing_in.addresses import client_address
from organizations.signing_in.forms import ForgottenForm, NewPasswordForm

SECRET = "password_link"  # noqa: S105


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Take the address of somebody who has forgotten her password; the answer is the same for all addresses."""
    form, is_sent = ForgottenForm(request.POST or None), False
    if request.method == "POST" and form.is_valid():
        at, email = timezone.now(), form.cleaned_data["email"].strip().casefold()
        address = client_address(request.META, proxies=settings.PROXY_COUNT)
        try:
            guessing.count_forgotten(email, address, at=at)
            forget_password(email=email, at=at)
        except guessing.TooManyGuesses:
            return render(request, "errors/lockout.html", status=429)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        is_sent = not form.errors
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request, "registration/password_forgotten.html", {"form": form, "is_sent": is_sent}, status=status
    )


@login_not_required
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Move the secret from the address, which browsers and logs remember, into the session."""
    logout(request)
    request.session[SECRET] = secret
    return redirect("password_new")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Let whoever came by a link choose her password."""
    at, secret = timezone.now(), request.session.get(SECRET, "")
    link = PasswordLink.objects.opened_by(secret, at).select_related("user").first()
    if link is None:
        return render(request, "registration/password_link_over.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_password(secret=secret, password=form.cleaned_data["password"], at=at)
        except DomainError as refusal:
            form.add_error("password", str(refusal))
        else:
            request.session.flush()
            messages.success(request, _("Lösenordet är valt. Logga in med det."))
            return redirect("login")
    status = 422 if form.errors else 200
    context = {"form": form, "person": link.user}
    return render(request, "registration/password_new.html", context, status=status)
