"""Forms of second factors."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from factors.operations.keeping import LONGEST_NAME


def _code(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        max_length=20,
        label=label,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": _("Skriv koden")},
    )


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    one_time_code = _code(
        _("Kod"), _("De sex siffrorna i appen. Har du inte telefonen här, skriv en återställningskod.")
    )

    def __init__(self, *args: Any, has_app: bool, **kwargs: Any) -> None:
        """Ask for what the person can have."""
        super().__init__(*args, **kwargs)
        if not has_app:
            self.fields["one_time_code"].label = _("Återställningskod")
            self.fields["one_time_code"].help_text = ""


class NewAppForm(forms.Form):
    """The first code that a new app shows."""

    one_time_code = _code(_("Koden som appen visar"), _("Sex siffror som byts var trettionde sekund."))


class PasswordForm(forms.Form):
    """The person's own password, once more."""

    password = forms.CharField(
        max_length=200,
        strip=False,
        label=_("Lösenord"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Skriv ditt lösenord")},
    )


class NewPasskeyForm(forms.Form):
    """A passkey that the browser has made, and what it is called."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        label=_("Vad ska nyckeln heta?"),
        help_text=_("Till exempel Jobbtelefonen, så att du vet vilken du tar bort."),
        error_messages={"required": _("Ge nyckeln ett namn")},
    )
    credential = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Webbläsaren gjorde ingen nyckel. Försök igen.")},
    )
