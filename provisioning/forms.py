"""Forms of provisioning."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DirectoryKeyForm(forms.Form):
    """What a directory's key is called, which directory it is for and how long it lives."""

    name = forms.CharField(
        max_length=60,
        label=_("Vad ska katalognyckeln heta?"),
        help_text=_("Till exempel Entra ID, produktion."),
        error_messages={"required": _("Ge nyckeln ett namn")},
    )
    directory = forms.CharField(
        max_length=40,
        label=_("Vilken katalog är den för?"),
        help_text=_("Samma namn som i gruppreglerna och i inloggningens inställningar."),
        error_messages={"required": _("Skriv vilken katalog nyckeln är för")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "directories"}),
    )
    days = forms.TypedChoiceField(
        label=_("Hur länge ska den gälla?"),
        coerce=int,
        choices=[(90, _("90 dagar")), (365, _("Ett år")), (730, _("Två år"))],
        initial=365,
    )
