"""Ask for a second factor, and try what is answered: on the way in, and before factors are changed."""

import json
from dataclasses import dataclass

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from factors import passkeys
from factors.forms import CodeForm
from factors.holdings import Type, factors_of
from factors.operations.using import use_code, use_passkey
from organizations.models import User
from organizations.operations import guessing


@dataclass(slots=True)
class Asking:
    """The form of a second factor."""

    form: CodeForm
    has_app: bool
    question: str = ""
    """What the browser is asked for a passkey, as JSON."""

    @property
    def status(self) -> int:
        """How the page answers."""
        return 422 if self.form.errors else 200


def asking(request: HttpRequest, user: User) -> tuple[Asking, Authenticator | None]:
    """
    Try what the person answered, if she has; returns the factor that she showed, and otherwise what to ask.

    :raises TooManyGuesses: too many codes have been tried.
    """
    answer = request.POST.get("credential", "")
    kinds = {each.type for each in factors_of(user)}
    data = request.POST if request.method == "POST" and not answer else None
    form = CodeForm(data, has_app=Type.TOTP in kinds)
    factor = None
    if answer:
        factor = _passkey_factor(form, user, answer)
    elif form.is_valid():
        factor = _code(form, user)
    if factor is not None:
        record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    question = json.dumps(passkeys.request_options(user)) if Type.WEBAUTHN in kinds and factor is None else ""
    return Asking(form, Type.TOTP in kinds, question), factor


def _code(form: CodeForm, user: User) -> Authenticator | None:
    at = timezone.now()
    guessing.count_code(user, at=at)
    factor = use_code(user=user, code=form.cleaned_data["one_time_code"], at=at)
    if factor is None:
        form.add_error(
            "one_time_code", _("Koden stämmer inte, eller är redan använd. Vänta på nästa och försök igen.")
        )
    else:
        guessing.forget_code(user)
    return factor


def _passkey_factor(form: CodeForm, user: User, answer: str) -> Authenticator | None:
    factor = passkeys.answered(user, answer)
    if factor is None:
        form.cleaned_data = {}
        form.add_error(None, _("Lösennyckeln gick inte att använda. Försök igen, eller skriv en kod."))
    else:
        use_passkey(factor=factor, at=timezone.now())
    return factor
