"""The page to sign in on, and the end of all sessions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.models import User
from organizations.operations import guessing
from organizations.operations.passwords import PasswordsAreOff
from organizations.operations.sessions import end_sessions
from organizations.requests import PersonRequest
from organizations.signing_in import devices, entering
from organizations.signing_in.addresses import client_address
from organizations.signing_in.directories import doors
from organizations.signing_in.forms import SignInForm


class SignIn(LoginView):
    """Sign in with e-mail and password."""

    authentication_form = SignInForm
    redirect_authenticated_user = True
    suggestions: Callable[[], dict[str, Any]] | None = None
    """What more the page shows, by name."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try the password, unless too many have been tried."""
        if not settings.PASSWORDS:
            raise PermissionDenied(str(PasswordsAreOff()))
        self.attempt = attempt_of(request, request.POST.get("username", ""))
        try:
            guessing.count_attempt(self.attempt, at=timezone.now())
        except guessing.TooManyGuesses:
            return render(request, "errors/lockout.html", status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on with what follows on a right password: a second factor, or the page that she asked for."""
        guessing.forget_attempt(self.attempt)
        return entering.go_on(self.request, form.get_user(), self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what more the page shows."""
        more = self.suggestions() if self.suggestions else {}
        return super().get_context_data(**kwargs) | self._ways() | more

    def _ways(self) -> dict[str, Any]:
        """In which ways one signs in here."""
        return {"has_passwords": settings.PASSWORDS, "doors": doors(self.get_redirect_url())}


@require_POST
def sign_out_everywhere(request: PersonRequest) -> HttpResponse:
    """End every session of the person, this one too."""
    end_sessions(user=request.user, by=request.user, at=timezone.now())
    logout(request)
    messages.success(request, _("Du är utloggad överallt."))
    return redirect("login")


def attempt_of(request: HttpRequest, email: str) -> guessing.Attempt:
    """Say who tries to get in, from where; however the address is spelled, it is the account that it leads to."""
    email = (UsernameField().to_python(email) or "").strip()
    device = devices.device_of(request)
    person = User.objects.filter(email__iexact=email).first()
    return guessing.Attempt(
        account=(person.email if person else email).casefold(),
        address=client_address(request.META, proxies=settings.PROXY_COUNT),
        device=device.name if device and person and device.knows(person) else "",
    )
