"""Signing in with e-mail and password, in words that help."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from organizations.operations.accounts import LONGEST_NAME


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


class ForgottenForm(forms.Form):
    """The address of whoever has forgotten her password."""

    email = forms.EmailField(
        max_length=254,
        label=_("E-post"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("Skriv din e-postadress"), "invalid": _("Skriv hela e-postadressen")},
    )


def _new_password(label: Any) -> forms.CharField:
    return forms.CharField(
        max_length=200,
        strip=False,
        label=label,
        help_text=_("Minst 12 tecken. Flera ord i rad är lättare att minnas och svårare att gissa."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Skriv ett lösenord")},
    )


class NewPasswordForm(forms.Form):
    """A password that is chosen."""

    password = _new_password(_("Välj ett lösenord"))


class NameForm(forms.Form):
    """What a person is called."""

    first_name = forms.CharField(
        max_length=LONGEST_NAME,
        label=_("Förnamn"),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Skriv ditt förnamn")},
    )
    last_name = forms.CharField(
        max_length=LONGEST_NAME,
        label=_("Efternamn"),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Skriv ditt efternamn")},
    )


class ChangePasswordForm(forms.Form):
    """A password that takes another's place."""

    old_password = forms.CharField(
        max_length=200,
        strip=False,
        label=_("Nuvarande lösenord"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Skriv ditt nuvarande lösenord")},
    )
    password = _new_password(_("Nytt lösenord"))
