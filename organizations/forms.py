"""Forms of API keys."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import KeyScope


class ApiTokenForm(forms.Form):
    """What a new key is called, what it may do and how long it lives."""

    name = forms.CharField(
        max_length=60,
        label=_("Vad ska använda nyckeln?"),
        help_text=_("Till exempel Kökets beställningssystem."),
        error_messages={"required": _("Ge nyckeln ett namn")},
    )
    days = forms.TypedChoiceField(
        label=_("Hur länge ska den gälla?"),
        coerce=int,
        choices=[(30, _("30 dagar")), (90, _("90 dagar")), (365, _("Ett år"))],
        initial=90,
    )
    scope = forms.ChoiceField(
        label=_("Vad ska den få göra?"),
        choices=KeyScope.choices,
        initial=KeyScope.READ,
        widget=forms.RadioSelect,
    )
