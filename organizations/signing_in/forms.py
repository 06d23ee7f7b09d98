"""Signing in with e-mail and password, in words that help."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Django's form, saying what to do instead of what is invalid; never whether an account exists."""

    error_messages = {
        "invalid_login": _("E-post och lösenord hör inte ihop. Kontrollera dem och försök igen."),
        "inactive": _("Kontot är avslutat. Vänd dig till den som lade upp det."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say in a sentence what is missing."""
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Skriv din e-postadress")
        self.fields["password"].error_messages["required"] = _("Skriv ditt lösenord")
