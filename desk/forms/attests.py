"""Forms of the budget holder's attests and of orders."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RefusalForm(forms.Form):
    """Why an attest is refused."""

    comment = forms.CharField(
        max_length=500,
        label=_("Skäl"),
        help_text=_("Den som har beställt får det genast."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv varför du inte attesterar")},
    )


class CancellationForm(forms.Form):
    """Why an order is cancelled."""

    reason = forms.CharField(
        max_length=200,
        label=_("Skäl"),
        help_text=_("Syns för dem som har beställt."),
        error_messages={"required": _("Skriv varför ordern makuleras")},
    )
