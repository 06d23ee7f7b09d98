"""On which other day an ordered line is needed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField


class DayWishForm(forms.Form):
    """The day, and why."""

    day = DayField(label=_("Vilken dag behövs den i stället?"))
    reason = forms.CharField(
        max_length=200,
        label=_("Varför?"),
        help_text=_("Läses av den som ansvarar för raden, och står i samtalet om den."),
        error_messages={"required": _("Skriv varför en annan dag behövs")},
    )
